package slack_test

import (
	"strings"
	"testing"
	"time"

	"muster/bot/slacksim"
	"muster/incident"
)

// The commands that control the reminders of one incident.
func TestRemindCommands(t *testing.T) {
	inHouse(t, setup{policy: only(incident.RuleNoManager, incident.RuleUpdateDue)}, func(h *house) {
		began := time.Now()
		in := h.declared("sev1 Checkout is down")
		alice := h.person("alice")
		type line struct {
			line  string
			reads []string
		}
		run := func(lines ...line) {
			t.Helper()
			for _, c := range lines {
				h.reads(c.line, alice.types(in.Channel.Name, c.line), c.reads...)
			}
		}
		run(line{"/incident remind", []string{"Reminders of", "no incident manager", "the channel", "an update is due"}},
			line{"/incident remind why", []string{"no incident manager"}},
			line{"/incident 알림 왜", []string{"no incident manager"}},
			line{"/incident remind snooze 30m", []string{"No reminders for INC-1, for anybody, until"}},
			line{"/incident remind why", []string{"Silent until"}})
		pass(29 * time.Minute)
		h.settle()
		if got := h.pings(began); len(got) != 0 {
			t.Errorf("pings during a snooze: %v", got)
		}
		pass(2 * time.Minute)
		h.settle()
		if got, want := strings.Join(h.pings(began), " "), "30:channel 30:channel"; got != want {
			t.Errorf("after the snooze %s, want %s", got, want)
		}
		run(line{"/incident remind pause", []string{"paused", "remind resume"}},
			line{"/incident remind pause", []string{"Nothing had to change"}},
			line{"/incident remind", []string{"Paused"}})
		pass(time.Hour)
		h.settle()
		if got := len(h.pings(began)); got != 2 {
			t.Errorf("%d pings, want none during a pause", got-2)
		}
		run(line{"/incident remind resume", []string{"on again"}})
		pass(time.Minute)
		h.settle()
		if got, want := strings.Join(h.pings(began)[2:], " "), "91:alice"; got != want {
			t.Errorf("after the pause %s, want %s", got, want)
		}
		run(line{"/incident update We are on it", nil}, line{"/incident remind every 20m", []string{"every 20 min"}},
			line{"/incident claim im", nil})
		pass(21 * time.Minute)
		h.settle()
		if got, want := strings.Join(h.pings(began)[3:], " "), "112:alice"; got != want {
			t.Errorf("with a cadence of its own %s, want %s", got, want)
		}
		run(line{"/incident remind every default", []string{"as usual for SEV1"}},
			line{"/incident INC-1 알림 간격 45분", []string{"every 45 min"}},
			line{"/incident remind every 기본", []string{"as usual"}},
			line{"/incident remind snooze", []string{"until"}},
			line{"/incident remind on", []string{"on again"}})
	})
}

func TestRemindRefusals(t *testing.T) {
	inHouse(t, setup{}, func(h *house) {
		in := h.declared("sev1 Checkout is down")
		alice := h.person("alice")
		for _, c := range []struct{ line, want string }{
			{"/incident remind snooze soon-ish", "20m"},
			{"/incident remind snooze 0", "20m"},
			{"/incident remind snooze 30d", "seven days"},
			{"/incident remind every now and then", "remind every 30m"},
			{"/incident remind every 1000d", "remind every 30m"},
			{"/incident remind every", "remind every 30m"},
			{"/incident remind frobnicate me", "snooze 30m"},
		} {
			h.changesNothing(c.line, func() { h.reads(c.line, alice.types(in.Channel.Name, c.line), c.want) })
		}
		alice.types(in.Channel.Name, "/incident resolve it is over")
		h.settle()
		for _, line := range []string{"/incident remind snooze 30m", "/incident remind pause", "/incident remind every 20m"} {
			h.changesNothing(line, func() { h.reads(line, alice.types(in.Channel.Name, line), "Resolved", "reopen") })
		}
		h.reads("why of what is over", alice.types(in.Channel.Name, "/incident remind why"), "No more reminders", "the channel will be archived")
	})
}

// The buttons below "why" do what they say, and in the channel the deed speaks for itself.
func TestWhyButtons(t *testing.T) {
	inHouse(t, setup{}, func(h *house) {
		in := h.declared("sev1 Checkout is down")
		alice := h.person("alice")
		for _, step := range []struct{ label, says string }{
			{"Pause reminders", "paused the reminders"}, {"Resume reminders", "turned the reminders on"}, {"Snooze 10 min", "silenced the reminders"},
		} {
			alice.types(in.Channel.Name, "/incident remind why")
			alice.clicks(alice.sees(slacksim.OnlyForMe(), slacksim.WithButton(step.label)), step.label)
			h.settle()
			alice.sees(slacksim.Inside(in.Channel.Name), slacksim.FromApp(), slacksim.Says("@alice", step.says))
		}
	})
}
