package slack_test

import (
	"testing"
	"testing/synctest"
	"time"

	"muster/bot/slacksim"
	"muster/incident"
)

// A hostile Slack: while people work, Slack fails in one way, hard; once it is well again, nothing is lost and nothing is
// there twice.
func TestHostileSlack(t *testing.T) {
	for _, test := range []struct {
		name string
		harm func(w *world)
	}{
		{"429 with Retry-After", faulty(slacksim.Fault{Kind: slacksim.FaultRateLimited, Delay: 7 * time.Second, Probability: 0.4})},
		{"429 without Retry-After", faulty(slacksim.Fault{Kind: slacksim.FaultRateLimited, Delay: -1, Probability: 0.4})},
		{"500 and 503", faulty(slacksim.Fault{Kind: slacksim.FaultStatus, Status: 500, Probability: 0.3}, slacksim.Fault{Kind: slacksim.FaultStatus, Probability: 0.3})},
		{"internal_error", faulty(slacksim.Fault{Kind: slacksim.FaultError, Code: "internal_error", Probability: 0.4})},
		{"connections cut before the call took effect", faulty(slacksim.Fault{Kind: slacksim.FaultCutBefore, Probability: 0.4})},
		{"connections cut after the call took effect", faulty(slacksim.Fault{Kind: slacksim.FaultCutAfter, Probability: 0.4})},
		{"connections cut before the call took effect two seconds later", faulty(slacksim.Fault{Kind: slacksim.FaultLate, Delay: 1900 * time.Millisecond, Probability: 0.4})},
		{"time-outs after the call took effect", faulty(slacksim.Fault{Kind: slacksim.FaultHangAfter, Probability: 0.3})},
		{"time-outs before the call took effect", faulty(slacksim.Fault{Kind: slacksim.FaultHang, Probability: 0.3})},
		{"answers after four seconds", faulty(slacksim.Fault{Kind: slacksim.FaultLatency, Delay: 4 * time.Second})},
		{"names taken twice at one moment", faulty(slacksim.Fault{Kind: slacksim.FaultNameRace}, slacksim.Fault{Kind: slacksim.FaultCutAfter, Match: "conversations.create", Probability: 0.5})},
		{"invalid_auth in mid-flight", faulty(slacksim.Fault{Kind: slacksim.FaultError, Code: "invalid_auth", Probability: 0.5, Count: 30})},
		{"events twice", faulty(slacksim.Fault{Kind: slacksim.FaultEnvelopeTwice})},
		{"events late and out of order", faulty(slacksim.Fault{Kind: slacksim.FaultEnvelopeSwap, Delay: time.Minute, Probability: 0.5},
			slacksim.Fault{Kind: slacksim.FaultEnvelopeLate, Delay: 90 * time.Second, Probability: 0.3})},
		{"envelopes lost", faulty(slacksim.Fault{Kind: slacksim.FaultEnvelopeLost, Probability: 0.3})},
		{"acknowledgements lost", faulty(slacksim.Fault{Kind: slacksim.FaultAckLost, Probability: 0.3})},
		{"socket warnings and refreshes", sockets(func(w *world) { w.ws.Disconnect(oneOf(w, "warning", "refresh_requested")) })},
		{"sockets cut", sockets(func(w *world) { w.ws.CutSockets() })},
		{"sockets half open", sockets(func(w *world) { w.ws.HalfOpen() })},
		{"everything at once", faulty(slacksim.Fault{Kind: slacksim.FaultRateLimited, Delay: time.Second, Probability: 0.1},
			slacksim.Fault{Kind: slacksim.FaultStatus, Probability: 0.1}, slacksim.Fault{Kind: slacksim.FaultCutAfter, Probability: 0.1},
			slacksim.Fault{Kind: slacksim.FaultCutBefore, Probability: 0.1}, slacksim.Fault{Kind: slacksim.FaultEnvelopeTwice, Probability: 0.2},
			slacksim.Fault{Kind: slacksim.FaultAckLost, Probability: 0.1})},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			total := &tally{}
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t, 11, total)
				defer w.end()
				for i := range 60 {
					if i%6 == 5 {
						test.harm(w)
					}
					w.total.acts.Add(1)
					w.human(w.chance.IntN(79))
					// Besides whatever people do, somebody always has something to say on some incident.
					if all := w.incidents(); len(all) > 0 {
						w.types(w.people[i%6], "general", "/incident "+string(oneOf(w, all...).ID)+" "+oneOf(w, "update ", "note ")+w.token())
						if i%10 == 9 { // and somebody is brought in
							w.types(w.people[i%6], "general", "/incident "+string(all[i%len(all)].ID)+" assign scribe @"+[]string{"alice", "bob", "carol"}[i%3])
						}
					}
					pass(time.Duration(w.chance.IntN(40)) * time.Second)
					w.checkStore()
				}
				w.calm()
				w.checkStore()
				w.checkSlack()
			})
			if total.faults.Load() == 0 {
				t.Error("the harm never struck: nothing was tried")
			}
			t.Logf("REPORT | hostile Slack: %s | %s", test.name, total.row())
		})
	}
}

// faulty arms faults once and leaves them armed.
func faulty(faults ...slacksim.Fault) func(*world) {
	return func(w *world) {
		if len(w.ws.Faults()) == 0 {
			for _, fault := range faults {
				w.ws.AddFault(fault)
			}
		}
	}
}

// sockets harms all open sockets while people go on. A socket is counted when it is seen, at the next time, to be gone.
func sockets(harm func(*world)) func(*world) {
	harmed := map[int]bool{}
	return func(w *world) {
		open := map[int]bool{}
		for _, socket := range w.ws.Sockets() {
			open[socket.ID] = true
		}
		for id := range harmed {
			if !open[id] {
				delete(harmed, id)
				w.total.faults.Add(1)
			}
		}
		harm(w)
		for id := range open {
			harmed[id] = true
		}
	}
}

// Slack is away for two hours in the midst of open incidents. People are reminded late and not doubly, and each channel is
// told of the delay in one sentence.
func TestTwoHoursWithoutSlack(t *testing.T) {
	inHouse(t, setup{}, func(h *house) {
		var channels []string
		for range 5 {
			channels = append(channels, h.declared("sev1 Checkout is down").Channel.Name)
		}
		pass(20 * time.Minute)
		alice := h.person("alice")
		for _, channel := range channels {
			alice.types(channel, "/incident claim im")
		}
		h.settle()
		before, mark := len(alice.SeesAll(slacksim.FromApp())), h.ws.Mark()
		h.ws.SetDown(true)
		pass(2 * time.Hour)
		vain := 0
		for _, entry := range h.ws.Journal(mark) {
			if entry.Kind == slacksim.EntryCall && entry.Fault == "down" {
				vain++
			}
		}
		if vain == 0 {
			t.Error("nobody called while Slack was away: nothing was tried")
		}
		h.ws.SetDown(false)
		pass(time.Minute)
		h.settle()
		lost, doubled := 0, 0
		count := func(times int) {
			lost, doubled = lost+max(0, 1-times), doubled+max(0, times-1)
		}
		for _, channel := range channels {
			late := alice.SeesAll(slacksim.Inside(channel), slacksim.Says("This comes", "late"), slacksim.FromApp())
			count(len(late))
			if len(late) != 1 {
				t.Errorf("#%s was told of the delay %d times:\n%s", channel, len(late), alice.everything())
			}
			overdue := 0
			for _, message := range alice.SeesAll(slacksim.Inside(channel), slacksim.Says("overdue"), slacksim.FromApp()) {
				if message.Button("Snooze 10 min").Exists() {
					overdue++
				}
			}
			count(overdue)
			if overdue != 1 {
				t.Errorf("#%s: %d reminders of one overdue update; want the newest alone", channel, overdue)
			}
		}
		// Two hours of silence: an update that was due and then overdue, a role that is empty. Not twenty stale pings each.
		after := len(alice.SeesAll(slacksim.FromApp()))
		if after-before > 6*len(channels) {
			t.Errorf("%d messages came after the outage:\n%s", after-before, alice.everything())
		}
		for _, id := range []incident.ID{"INC-1", "INC-5"} {
			h.holds(id)
		}
		t.Logf("REPORT | hostile Slack: away for two hours | %d incidents, %d calls in vain, 1 outage; %d messages came late, "+
			"one of them in each channel to tell of the delay | %d | %d | %d |", len(channels), vain, after-before, 2*len(channels), lost, doubled)
	})
}
