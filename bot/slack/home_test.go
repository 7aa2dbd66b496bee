package slack_test

import (
	"strings"
	"testing"

	"muster/bot/slacksim"
)

// home is the App Home of somebody who opens it now.
func (p person) home() slacksim.View {
	p.h.Helper()
	if _, err := p.OpensHome(); err != nil {
		p.h.Fatal(err)
	}
	p.h.settle()
	home, ok := p.Home()
	if !ok {
		p.h.Fatalf("%s has no home", p.Handle)
	}
	return home
}

// The App Home shows what is open, what is mine, and follows by itself.
func TestHome(t *testing.T) {
	inHouse(t, setup{}, func(h *house) {
		alice, bob := h.person("alice"), h.person("bob")
		h.reads("an empty home", bob.home().Text(), "No incident is open", "Declare")
		in := h.declared("sev1 Checkout is down")
		h.declared("sev3 Reports are slow")
		got := bob.home().Text()
		h.reads("what is open", got, "Open incidents", "Checkout is down", "Reports are slow", "#"+in.Channel.Name, "no manager yet")
		if strings.Contains(got, "Yours") {
			t.Error("bob has nothing of his own")
		}
		bob.types("general", "/incident INC-1 claim im")
		h.settle()
		now, _ := bob.Home() // not opened again
		h.reads("by itself", now.Text(), "Yours", "Incident manager")
		alice.types("general", "/incident INC-1 resolve it is over")
		h.settle()
		now, _ = bob.Home()
		if strings.Contains(now.Text(), "Checkout is down") {
			t.Errorf("a resolved incident is still in the home:\n%s", now.Text())
		}
	})
}

// The buttons of the home work: what they show comes as a modal, since a home has no place for words.
func TestHomeButtons(t *testing.T) {
	inHouse(t, setup{}, func(h *house) {
		alice := h.person("alice")
		for range 12 {
			alice.types("general", "/incident declare sev2 Checkout is down")
		}
		h.settle()
		home := alice.home()
		click := func(label string) slacksim.View {
			t.Helper()
			if err := home.Button(label).Click(h.Context(), alice.Person); err != nil {
				t.Fatalf("%s: %v; there are %s", label, err, labels(home.Elements()))
			}
			return alice.modal()
		}
		list := click("Open incidents")
		h.reads("open incidents", list.Text(), "INC-1", "INC-10")
		if err := list.Button("More").Click(h.Context(), alice.Person); err != nil {
			t.Fatal(err)
		}
		h.settle()
		h.reads("more", alice.modal().Text(), "INC-11", "INC-12")
		if got := alice.modal().ID; got != list.ID {
			t.Errorf("the second page came in another modal")
		}
		h.closeAll(alice)
		h.reads("my incidents", click("My incidents").Text(), "INC-1")
		h.closeAll(alice)
		h.reads("help", click("Help").Text(), "How to work with incidents")
		for _, topic := range []string{"Reminders", "Roles", "Status", "Updates", "Reminders"} {
			if err := alice.modal().Button(topic).Click(h.Context(), alice.Person); err != nil {
				t.Fatal(err)
			}
			h.settle()
		}
		h.reads("a topic", alice.modal().Text(), "snooze 30m")
		if got := len(alice.Views()); got != 1 {
			t.Errorf("%d modals are open", got)
		}
		h.closeAll(alice)
		if err := home.Button("Refresh").Click(h.Context(), alice.Person); err != nil {
			t.Fatal(err)
		}
	})
}

// closeAll closes whatever modals somebody has open.
func (h *house) closeAll(who person) {
	h.Helper()
	for {
		top, open := who.View()
		if !open {
			return
		}
		if err := top.Close(h.Context()); err != nil {
			h.Fatal(err)
		}
	}
}

// Guests and strangers are told in their home why it is empty.
func TestHomeOfGuests(t *testing.T) {
	inHouse(t, setup{}, func(h *house) {
		h.declared("sev1 Checkout is down")
		for handle, want := range map[string]string{"gina": "Guests", "stella": "Only members"} {
			got := h.person(handle).home().Text()
			h.reads(handle, got, want)
			if strings.Contains(got, "Checkout") {
				t.Errorf("%s sees the incident", handle)
			}
		}
	})
}
