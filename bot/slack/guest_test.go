package slack_test

import (
	"strings"
	"testing"

	"muster/incident"
)

// A guest who holds a role is drawn the home that they would open, and nowhere reads of other incidents.
func TestGuestsWithARole(t *testing.T) {
	inHouse(t, setup{}, func(h *house) {
		in := h.declared("sev1 Checkout is down")
		h.declared("sev2 Zanzibar is slow")
		gina := h.person("gina")
		if err := h.person("alice").Invites(in.Channel.Name, "gina"); err != nil {
			t.Fatal(err)
		}
		h.give(in, incident.TechLead, "gina")
		h.settle()
		home, ok := gina.Home()
		if !ok {
			t.Fatal("gina's home was not drawn")
		}
		h.reads("the home", home.Text(), "Guests")
		if text := home.Text() + string(home.Blocks); strings.Contains(text, "Zanzibar") || strings.Contains(text, "Checkout") {
			t.Errorf("gina reads in her home %q", text)
		}
		for _, line := range []string{"INC-2", "INC-2 status", "INC-2 status frobnicate", "INC-2 help", "INC-2 release"} {
			if got := gina.types("support", "/incident "+line); strings.Contains(got, "Zanzibar") || strings.Contains(got, "Declared") {
				t.Errorf("gina types %s and reads %q", line, got)
			}
		}
	})
}

// Whoever leaves a private incident loses it from their home at once.
func TestHomeOfThoseWhoLeft(t *testing.T) {
	inHouse(t, setup{}, func(h *house) {
		in := h.declared("sev1 --private Zanzibar breach")
		bob := h.person("bob")
		if err := h.person("alice").Invites(in.Channel.Name, "bob"); err != nil {
			t.Fatal(err)
		}
		h.settle()
		h.reads("the home", bob.home().Text(), "Zanzibar")
		if err := bob.Leaves(in.Channel.Name); err != nil {
			t.Fatal(err)
		}
		h.settle()
		if home, _ := bob.Home(); strings.Contains(home.Text(), "Zanzibar") {
			t.Errorf("bob has left and has in his home %q", home.Text())
		}
	})
}
