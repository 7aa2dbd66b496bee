package main

import (
	"strings"
	"testing"

	"muster/bot/slacksim"
	"muster/bot/slacksim/page/pagetest"
)

// A whole outage in a real browser, in two windows: declared by form, roles taken and given, pinged, snoozed, resolved.
func TestAnOutageInTwoWindows(t *testing.T) {
	d, address := openDemo(t, 100) // thirty minutes pass in eighteen seconds
	browser := pagetest.Start(t)
	alice, bob := browser.Open(t, address+"/as/alice"), browser.Open(t, address+"/as/bob")

	alice.Say("/incident declare")
	alice.Sees("What is wrong?", "dialog")
	alice.Type("dialog [data-block-id=title] input", `Checkout <img src=x onerror="document.title='broken'"> is down <!channel>`)
	alice.Choose("dialog [data-block-id=severity] select", "SEV1")
	alice.Press("Declare incident")
	alice.Sees("INC-1", "dialog")
	alice.Press("Close", "dialog footer")
	channel := d.incidentChannel(t)
	room := "/c/" + channel
	alice.Go(address + "/as/alice" + room)
	alice.Sees("<img src=x", "#log")
	bob.Go(address + "/as/bob/c/" + d.channel("incidents"))
	bob.Sees("INC-1", "#log")
	if err := d.ws.Person("bob").Joins(channel); err != nil {
		t.Fatal(err)
	}
	bob.Go(address + "/as/bob" + room)

	alice.Press("Take: Incident manager")
	bob.Sees("is now Incident manager", "#log") // live, in the other window
	alice.Choose(`#log [data-action-id="assign_role:INC-1:tech_lead"] select`, "Bob Okafor")
	bob.Sees("made @Bob Okafor Tech lead", "#log")

	alice.Say("/incident roles")
	alice.Sees("Only visible to you", "#log")
	if strings.Contains(bob.Text("#log"), "Only visible to you") {
		t.Error("bob sees what is for alice alone")
	}

	bob.Say("/incident update The queue is full; we add workers")
	alice.Sees("The queue is full; we add workers", "#log")
	alice.Go(address + "/as/alice/dm/muster")
	alice.Sees("The next update is due now", "#log") // as the manager, by direct message
	alice.Press("Snooze 10 min")
	bob.Sees("silenced the reminders", "#log")

	bob.Say("/incident resolve More workers; the queue is empty")
	bob.Sees("INC-1 is resolved", "#log")
	bob.Sees("Thank you, everybody", "#log")
	bob.Go(address + "/as/bob/c/" + d.channel("incidents"))
	bob.Sees("Resolved", "#log")

	for name, window := range map[string]*pagetest.Window{"alice": alice, "bob": bob} {
		if complaints := window.Complaints(); len(complaints) > 0 {
			t.Errorf("the page of %s complains: %v", name, complaints)
		}
		var title string
		if window.Eval("document.title", &title); title == "broken" {
			t.Errorf("text that somebody typed ran in the window of %s", name)
		}
	}
}

// Slack goes down in the midst of a declaration and comes back: there is one channel, one card and one announcement.
func TestSlackGoesDownInTheMidstOfADeclaration(t *testing.T) {
	d, address := openDemo(t, 1)
	browser := pagetest.Start(t)
	alice := browser.Open(t, address+"/as/alice/c/"+d.channel("general")+"?panel=trouble")
	alice.Press("Answers get lost", "#panel")
	alice.Press("Slack is slow", "#panel")
	alice.Say("/incident declare sev1 Checkout is down")
	alice.Sees("INC-1", "#log")
	alice.Press("Slack is down", "#panel")
	alice.Sees("Slack is down", "#top")
	alice.Press("End all trouble", "#panel")
	channel := d.incidentChannel(t)
	alice.Go(address + "/as/alice/c/" + channel)
	alice.Sees("Take: Tech lead", "#log")
	alice.Go(address + "/as/alice/c/" + d.channel("incidents"))
	alice.Sees("INC-1", "#log")

	who := d.ws.Person("alice")
	rooms := 0
	for _, room := range who.Channels() {
		if strings.HasPrefix(room.Name, "inc-") {
			rooms++
		}
	}
	cards := who.SeesAll(slacksim.Inside(channel), slacksim.WithButton("Take: Tech lead"))
	announcements := who.SeesAll(slacksim.Inside("incidents"), slacksim.Says("INC-1"), slacksim.FromApp())
	if rooms != 1 || len(cards) != 1 || len(announcements) != 1 {
		t.Errorf("%d channels, %d cards and %d announcements, want one of each", rooms, len(cards), len(announcements))
	}
}

// channel is the ID of a channel that alice knows by its name.
func (d *demo) channel(name string) string {
	channel, _ := d.ws.Person("alice").Channel(name)
	return channel.ID
}
