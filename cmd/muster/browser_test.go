package main

import (
	"flag"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"muster/bot/slacksim/page"
	"muster/bot/slacksim/page/pagetest"
)

var screenshots = flag.String("screenshots", "", "write pictures of the demo into this folder; make screenshots does")

// The demo in a real browser, as a newcomer meets it: declare, take a role, tell everybody how things are, look at home.
func TestTheDemoInABrowser(t *testing.T) {
	d, address := openDemo(t, 1)
	browser := pagetest.Start(t)

	alice := browser.Open(t, address)
	alice.Size(1280, 1300)
	picture := func(name string) {
		if *screenshots != "" {
			alice.Screenshot(filepath.Join(*screenshots, name+".png"))
		}
	}
	alice.Press("Dismiss this hint")
	alice.Say("/incident declare sev1 Checkout is down")
	alice.Sees("INC-1")
	channel := d.incidentChannel(t)
	alice.Go(address + "/as/alice/c/" + channel)
	alice.Sees("Checkout is down")
	alice.Press("Take: Incident manager")
	alice.Sees("is now Incident manager")
	alice.Say("/incident status fix")
	alice.Say("/incident update Payments fail for all customers since 14:05. We roll back release 4.2; next we check the queue.")
	alice.Sees("We roll back release 4.2")
	picture("channel")
	alice.Press("incidents", "#side")
	alice.Sees("Declared by @Alice Meyer", "#log")
	alice.Go(address + "/as/alice/home")
	alice.Sees("INC-1")
	picture("home")
	if complaints := alice.Complaints(); len(complaints) > 0 {
		t.Errorf("the page complains: %v", complaints)
	}
}

// openDemo is the demo as it runs for a newcomer, with reminders so much faster; it answers where its page is.
func openDemo(t *testing.T, pace float64) (d *demo, address string) {
	t.Helper()
	command := demoCommand{Addr: "127.0.0.1:0", Data: t.TempDir(), Pace: pace, Lang: "en"}
	d, err := command.open()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.close(); err != nil {
			t.Error(err)
		}
	})
	if err := d.bot.start(); err != nil {
		t.Fatal(err)
	}
	if err := d.ws.AwaitSockets(within(t), 2); err != nil {
		t.Fatal(err)
	}
	handler, err := page.New(d.ws, d.page())
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(handler)
	t.Cleanup(func() {
		server.CloseClientConnections()
		server.Close()
	})
	return d, server.URL
}

// incidentChannel waits until alice is in the channel of INC-1.
func (d *demo) incidentChannel(t *testing.T) string {
	t.Helper()
	feed := d.ws.Subscribe(1)
	defer feed.Close()
	for {
		for _, channel := range d.ws.Person("alice").Channels() {
			if strings.HasPrefix(channel.Name, "inc-1-") && slices.Contains(channel.Members, d.ws.Person("alice").ID) {
				return channel.ID
			}
		}
		select {
		case <-feed.C:
		case <-within(t).Done():
			t.Fatal("alice is not brought into a channel")
		}
	}
}
