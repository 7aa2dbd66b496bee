package slack_test

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"muster/bot/slacksim"
	"muster/incident"
)

// ping is a reminder as somebody saw it: so many minutes into the story, in the channel or with one person.
type ping struct {
	minute int
	where  string
}

func (p ping) String() string { return fmt.Sprintf("%d:%s", p.minute, p.where) }

// pings are all reminders that people saw since the story began, by the minute.
func (h *house) pings(began time.Time) []string {
	h.Helper()
	type seen struct {
		ping
		ts string
	}
	var all []seen
	for _, user := range h.ws.Users() {
		if user.Bot {
			continue
		}
		who := h.ws.Person(user.ID)
		for _, message := range who.SeesAll(slacksim.FromApp(), slacksim.WithButton("Why this?")) {
			if message.EphemeralTo != "" {
				continue
			}
			at, err := time.ParseDuration(message.TS[:strings.Index(message.TS, ".")] + "s")
			if err != nil {
				h.Fatal(err)
			}
			one := seen{ping{int((at - time.Duration(began.Unix())*time.Second).Round(time.Minute).Minutes()), "channel"}, message.TS}
			if channel, ok := who.Channel(message.Channel); ok && channel.IM {
				one.where = user.Handle
			}
			if !slices.Contains(all, one) {
				all = append(all, one)
			}
		}
	}
	slices.SortFunc(all, func(a, b seen) int { return cmp.Or(a.minute-b.minute, strings.Compare(a.where, b.where)) })
	var names []string
	for _, one := range all {
		names = append(names, one.String())
	}
	return names
}

// only keeps one reminder rule of the default policy.
func only(names ...incident.RuleName) func(*incident.Policy) {
	return func(p *incident.Policy) {
		p.Rules = slices.DeleteFunc(p.Rules, func(rule incident.Rule) bool { return !slices.Contains(names, rule.Name) })
	}
}

// Each rule of the default policy comes at its time to its addressee, goes up its ladder, ends, and offers what it asks for.
func TestEachRuleFires(t *testing.T) {
	for _, c := range []struct {
		rule    incident.RuleName
		setting []string // what is typed first in the incident's channel
		wait    time.Duration
		want    string
		says    string
		buttons []string
	}{
		{incident.RuleNoManager, nil, 2 * time.Hour, "5:channel 15:alice 25:channel 35:channel 45:channel 55:channel",
			"obody is in charge yet", []string{"Take: Incident manager"}},
		{incident.RuleRoleEmpty, []string{"assign im @bob", "assign comms @frank"}, 3 * time.Hour, "15:channel 45:bob 75:bob",
			"obody is *Tech lead* yet", []string{"Take: Tech lead"}},
		{incident.RuleUpdateDue, []string{"assign im @bob", "assign comms @frank"}, 2 * time.Hour, "30:frank",
			"he next update is due", []string{"Post update"}},
		{incident.RuleUpdateDue, []string{"assign im @bob"}, 2 * time.Hour, "30:bob", "Two sentences are enough", []string{"Post update"}},
		{incident.RuleUpdateDue, nil, 2 * time.Hour, "30:channel", "he next update is due", []string{"Post update"}},
		{incident.RuleUpdateOverdue, []string{"assign im @bob"}, 3 * time.Hour, "35:channel 45:bob 55:channel 65:channel 75:channel 85:channel",
			"overdue, and people are waiting", []string{"Post update"}},
		{incident.RuleMonitoring, []string{"assign im @bob", "status monitor"}, 210 * time.Minute, "60:bob 120:channel 180:channel",
			"Does it hold?", []string{"Resolve", "Start fixing"}},
		{incident.RuleRoleHeld, []string{"assign im @bob"}, 20 * time.Hour, "240:bob 480:bob 720:bob", "Time for a rest?", []string{"Hand over"}},
		{incident.RuleStale, []string{"assign im @bob"}, 50 * time.Hour, "1440:bob 2880:channel", "othing has happened for", []string{"Post update", "Resolve"}},
	} {
		t.Run(string(c.rule)+" "+strings.Join(c.setting, ", "), func(t *testing.T) {
			inHouse(t, setup{policy: only(c.rule)}, func(h *house) {
				began := time.Now()
				in := h.declared("sev1 Checkout is down")
				for _, line := range c.setting {
					h.person("alice").types(in.Channel.Name, "/incident "+line)
				}
				pass(c.wait)
				h.settle()
				if got := strings.Join(h.pings(began), " "); got != c.want {
					t.Errorf("got  %s\nwant %s", got, c.want)
				}
				for _, handle := range []string{"alice", "bob", "frank"} {
					for _, message := range h.person(handle).SeesAll(slacksim.FromApp(), slacksim.WithButton("Why this?")) {
						h.reads("the ping", message.Text(), c.says, "INC-1")
						for _, label := range append(c.buttons, "Snooze 10 min") {
							if !message.Button(label).Exists() {
								t.Errorf("no button %q: %s", label, labels(message.Elements()))
							}
						}
					}
				}
			})
		})
	}
}

// All rules together, untouched for two hours: this is what a night looks like in which nobody answers.
func TestNobodyAnswers(t *testing.T) {
	inHouse(t, setup{}, func(h *house) {
		began := time.Now()
		h.declared("sev1 Checkout is down")
		pass(2 * time.Hour)
		h.settle()
		want := "5:channel 15:alice 15:channel 25:channel 30:channel 35:channel 35:channel 45:channel 45:channel 45:channel 55:channel 55:channel 65:channel 75:channel 75:channel 85:channel"
		if got := strings.Join(h.pings(began), " "); got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	})
}

// What was done before a reminder fires silences it; what it offers can be done from it, wherever it stands.
func TestPingsAreAnswered(t *testing.T) {
	inHouse(t, setup{}, func(h *house) {
		began := time.Now()
		in := h.declared("sev2 Checkout is down")
		alice := h.person("alice")
		pass(6 * time.Minute)
		alice.clicks(alice.sees(slacksim.Inside(in.Channel.Name), slacksim.WithButton("Why this?"), slacksim.Says("obody is in charge")), "Take: Incident manager")
		pass(12 * time.Minute) // no second one
		alice.clicks(alice.sees(slacksim.Inside(in.Channel.Name), slacksim.Says("obody is *Tech lead*")), "Take: Tech lead")
		pass(45 * time.Minute) // 63 minutes: the update is due since 3
		due := alice.sees(slacksim.Direct(), slacksim.Says("he next update is due"))
		alice.clicks(due, "Why this?")
		h.reads("why", alice.told(), "by the rule “an update is due”", "an update is overdue")
		alice.clicks(due, "Snooze 10 min")
		h.settle()
		h.reads("a snooze from a direct message", alice.told(), "No reminders for INC-1, for anybody, until")
		alice.sees(slacksim.Inside(in.Channel.Name), slacksim.Says("silenced the reminders"))
		pass(9 * time.Minute)
		alice.clicks(due, "Post update")
		alice.fills(alice.modal(), "State and impact", "We look into it")
		if wrong := alice.submits(alice.modal()); len(wrong) != 0 {
			t.Fatal(wrong)
		}
		pass(40 * time.Minute)
		h.settle()
		if got, want := strings.Join(h.pings(began), " "), "5:channel 15:channel 60:alice"; got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
		alice.types(in.Channel.Name, "/incident status monitor")
		pass(61 * time.Minute)
		h.settle()
		asked := alice.sees(slacksim.Direct(), slacksim.Says("Does it hold?"))
		alice.clicks(asked, "Start fixing")
		h.settle()
		h.reads("a status from a direct message", alice.told(), "Fixing")
		h.clickVerb(alice, asked, in.ID, incident.VerbResolve)
		h.settle()
		if got := h.get(in.ID).Status; got != incident.Resolved {
			t.Errorf("status %s", got)
		}
		before := len(h.pings(began))
		pass(24 * time.Hour)
		h.settle()
		if got := len(h.pings(began)); got != before {
			t.Errorf("%d pings came after the resolution", got-before)
		}
	})
}

// The bot stands still while reminders come due. Afterwards each rule speaks once, and says that it is late.
func TestOneCatchUpAfterAStop(t *testing.T) {
	inHouse(t, setup{}, func(h *house) {
		began := time.Now()
		in := h.declared("sev1 Checkout is down")
		h.stop()
		pass(time.Hour)
		h.start()
		pass(atOnce)
		h.settle()
		// No manager, roles empty, update overdue; what is due of one update is said once.
		if got, want := strings.Join(h.pings(began), " "), "60:channel 60:channel 60:channel"; got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
		rules := map[incident.RuleName]int{}
		for _, event := range events[incident.EventReminded](h, in.ID) {
			rules[event.Rule]++
		}
		for _, rule := range []incident.RuleName{incident.RuleNoManager, incident.RuleRoleEmpty, incident.RuleUpdateOverdue} {
			if rules[rule] != 1 || len(rules) != 3 {
				t.Errorf("reminders %v, want each of three once", rules)
			}
		}
		h.person("alice").sees(slacksim.Inside(in.Channel.Name), slacksim.Says("overdue", "late"))
		pass(9 * time.Minute)
		h.settle()
		if got := len(h.pings(began)); got != 3 {
			t.Errorf("%d pings, want 3: the ladder goes on from the catch-up", got)
		}
		pass(2 * time.Minute)
		h.settle()
		if got, want := strings.Join(h.pings(began)[3:], " "), "70:alice 70:channel"; got != want {
			t.Errorf("afterwards %s, want %s", got, want)
		}
	})
}

// Stops at every minute around the time of a reminder neither lose nor double it.
func TestStopsAroundAReminder(t *testing.T) {
	inHouse(t, setup{policy: only(incident.RuleNoManager)}, func(h *house) {
		began := time.Now()
		h.declared("sev1 Checkout is down")
		for i := range 12 {
			h.stop()
			pass(time.Duration(i%3) * 20 * time.Second)
			h.start()
			pass(150*time.Second - time.Duration(i%3)*20*time.Second)
		}
		h.settle()
		if got, want := strings.Join(h.pings(began), " "), "5:channel 15:alice 25:channel"; got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	})
}

// Several incidents at once: each has its own reminders, in its own channel.
func TestPingsOfSeveralIncidents(t *testing.T) {
	inHouse(t, setup{policy: only(incident.RuleNoManager)}, func(h *house) {
		var all []incident.Incident
		for range 5 {
			all = append(all, h.declared("sev1 Checkout is down"))
		}
		alice := h.person("alice")
		alice.types("general", "/incident INC-3 claim im")
		pass(6 * time.Minute)
		h.settle()
		for _, in := range all {
			want := 1
			if in.ID == "INC-3" {
				want = 0
			}
			if got := len(alice.SeesAll(slacksim.Inside(in.Channel.Name), slacksim.WithButton("Why this?"), slacksim.Says(string(in.ID), "obody is in charge"))); got != want {
				t.Errorf("%s: %d pings, want %d", in.ID, got, want)
			}
		}
	})
}

// A severity without nights waits for the morning, and its updates come on weekdays only. The story begins on a Saturday at
// midnight, in the policy's time zone.
func TestNightsAndWeekdays(t *testing.T) {
	inHouse(t, setup{}, func(h *house) {
		began := time.Now()
		if began.Weekday() != time.Saturday || began.Hour() != 0 {
			t.Fatalf("the story begins on a %s at %d", began.Weekday(), began.Hour())
		}
		in := h.declared("sev3 Reports are slow")
		pass(8*time.Hour - time.Minute)
		h.settle()
		if got := h.pings(began); len(got) != 0 {
			t.Errorf("pings at night: %v", got)
		}
		pass(2 * time.Minute)
		h.settle()
		if got, want := strings.Join(h.pings(began), " "), "480:channel"; got != want {
			t.Errorf("in the morning: %s, want %s", got, want)
		}
		h.person("alice").types(in.Channel.Name, "/incident claim im")
		if got, want := incident.NextUpdate(h.get(in.ID), h.policy), time.Date(2000, 1, 3, 10, 0, 0, 0, time.UTC); !got.Equal(want) {
			t.Errorf("the next update is due at %v, want %v", got, want)
		}
		pass(50 * time.Hour) // Monday 10:01
		h.settle()
		pings := h.pings(began)
		if got, want := pings[len(pings)-1], "3480:alice"; got != want {
			t.Errorf("got %v, want %s among them at last", pings, want)
		}
		// A graver one comes at night too.
		pass(14 * time.Hour)
		h.person("alice").types(in.Channel.Name, "/incident severity sev1 no report is made at all")
		pass(31 * time.Minute)
		h.settle()
		if now := h.pings(began); len(now) == len(pings) {
			t.Error("sev1 is silent at night")
		}
	})
}
