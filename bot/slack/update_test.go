package slack_test

import (
	"strings"
	"testing"
	"time"

	"muster/bot/slacksim"
	"muster/incident"
)

// An update by command and by form; each restarts the cadence and says when the next one comes.
func TestUpdates(t *testing.T) {
	inHouse(t, setup{}, func(h *house) {
		in := h.declared("sev1 Checkout is down")
		alice, bob := h.person("alice"), h.person("bob")
		if err := bob.Joins(in.Channel.Name); err != nil {
			t.Fatal(err)
		}
		pass(20 * time.Minute)
		h.reads("update", alice.types(in.Channel.Name, "/incident update Payments time out"), "posted", "next one is due")
		h.settle()
		posted := bob.sees(slacksim.Inside(in.Channel.Name), slacksim.FromApp(), slacksim.Says("Update on INC-1", "Payments time out", "@alice"))
		h.reads("the update", posted.Text(), "The next update comes by", "here in #")
		if got, want := incident.NextUpdate(h.get(in.ID), h.policy), time.Now().Add(30*time.Minute); got.Sub(want).Abs() > time.Minute {
			t.Errorf("the next update is due at %v, want %v", got, want)
		}
		bob.sees(slacksim.Inside(announcements), slacksim.Says("INC-1", "Payments time out"))
		h.reads("the card", h.card(in).Text(), "Payments time out", "Next update by")

		// The form: from the card, from the bare command here and from elsewhere.
		bob.clicks(h.card(in), "Post update")
		form := bob.modal()
		h.reads("the form", form.Text(), "What is the real impact?", "INC-1")
		if wrong := bob.submits(form); len(wrong) == 0 {
			t.Error("an empty update was taken")
		}
		bob.fills(form, "State and impact", "Half of the payments work", "Where we stand", "one node is back\nthe other boots", "What comes next", "watch the queue")
		h.choose(form, "Next update", "45")
		if wrong := bob.submits(form); len(wrong) != 0 {
			t.Fatal(wrong)
		}
		h.settle()
		alice.sees(slacksim.Inside(in.Channel.Name), slacksim.FromApp(),
			slacksim.Says("Half of the payments work", "Where we stand", "• one node is back", "• the other boots", "What comes next", "• watch the queue"))
		if got := time.Until(h.get(in.ID).Reminders.NextUpdate); got < 44*time.Minute || got > 45*time.Minute {
			t.Errorf("the next update was promised in %v", got)
		}
		for _, place := range [][2]string{{in.Channel.Name, "/incident update"}, {"general", "/incident INC-1 업데이트"}} {
			alice.types(place[0], place[1])
			form := alice.modal()
			alice.fills(form, "State and impact", "Still the same as before")
			if wrong := alice.submits(form); len(wrong) != 0 {
				t.Fatal(wrong)
			}
		}
		h.settle()
		if got := h.get(in.ID).Updates; got != 4 {
			t.Errorf("%d updates, want 4", got)
		}
		h.reads("too long", alice.types(in.Channel.Name, "/incident update "+strings.Repeat("very long ", 600)), "shorten")
	})
}

// What people write reaches its readers as they wrote it, and calls nobody.
func TestUpdatesCallNobody(t *testing.T) {
	inHouse(t, setup{}, func(h *house) {
		in := h.declared("sev1 Checkout is down")
		alice := h.person("alice")
		const words = "5 < 6 & 7 > 6, <!channel> *not bold* @here `x` 결제 🔥"
		alice.types(in.Channel.Name, "/incident update "+words)
		alice.types(in.Channel.Name, "/incident note "+words)
		alice.types(in.Channel.Name, "/incident summary "+words)
		alice.types(in.Channel.Name, "/incident resolve "+words)
		h.settle()
		for _, message := range alice.SeesAll(slacksim.FromApp()) {
			for _, text := range append(markup(t, message.Blocks), message.Fallback) {
				if strings.Contains(text, "<!channel>") || strings.Contains(text, "<!here>") {
					t.Errorf("a message calls everybody: %s", text)
				}
			}
		}
		now := h.get(in.ID)
		for what, got := range map[string]string{"update": now.LastUpdate.Text.State, "summary": now.Summary, "closing": now.Closing} {
			if got != words {
				t.Errorf("%s: kept as %q, want %q", what, got, words)
			}
		}
		alice.sees(slacksim.Inside(in.Channel.Name), slacksim.FromApp(), slacksim.Says("5 < 6 & 7 > 6", "결제 🔥"))
	})
}
