package slacksim_test

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/slack-go/slack"
	"github.com/slack-go/slack/slackevents"
	"github.com/slack-go/slack/socketmode"

	"muster/bot/slacksim"
)

func TestFaultsOfCalls(t *testing.T) {
	tests := []struct {
		name   string
		fault  slacksim.Fault
		posted int // messages there afterwards
		check  func(error) bool
	}{
		{"error", slacksim.Fault{Kind: slacksim.FaultError, Code: "fatal_error"}, 0, func(err error) bool { return err.Error() == "fatal_error" }},
		{"429", slacksim.Fault{Kind: slacksim.FaultRateLimited, Delay: 7 * time.Second}, 0, func(err error) bool {
			var limited *slack.RateLimitedError
			return errors.As(err, &limited) && limited.RetryAfter == 7*time.Second
		}},
		{"429 without a header", slacksim.Fault{Kind: slacksim.FaultRateLimited, Delay: -1}, 0, func(err error) bool {
			var limited *slack.RateLimitedError
			return err != nil && !errors.As(err, &limited)
		}},
		{"500", slacksim.Fault{Kind: slacksim.FaultStatus, Status: 500}, 0, func(err error) bool {
			var status slack.StatusCodeError
			return errors.As(err, &status) && status.Code == 500
		}},
		{"cut before", slacksim.Fault{Kind: slacksim.FaultCutBefore}, 0, func(err error) bool { return err != nil }},
		{"cut after", slacksim.Fault{Kind: slacksim.FaultCutAfter}, 1, func(err error) bool { return err != nil }},
		{"hang", slacksim.Fault{Kind: slacksim.FaultHang}, 0, func(err error) bool { return errors.Is(err, context.DeadlineExceeded) }},
		{"hang after", slacksim.Fault{Kind: slacksim.FaultHangAfter}, 1, func(err error) bool { return errors.Is(err, context.DeadlineExceeded) }},
		{"latency", slacksim.Fault{Kind: slacksim.FaultLatency, Delay: 5 * time.Second}, 1, func(err error) bool { return err == nil }},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			inWorld(t, slacksim.Options{}, func(w *world) {
				tt.fault.Match, tt.fault.Count = "chat.*", 1
				w.AddFault(tt.fault)
				ctx, cancel := context.WithTimeout(w.ctx, 10*time.Second)
				defer cancel()
				start := time.Now()
				_, _, err := w.api.PostMessageContext(ctx, w.id("incidents"), slack.MsgOptionText("x", false))
				if !tt.check(err) {
					t.Errorf("the caller got %v", err)
				}
				if got := len(w.Person("alice").History("incidents", 0)); got != tt.posted {
					t.Errorf("posted: got %d, want %d", got, tt.posted)
				}
				if took := time.Since(start); tt.name == "latency" && took != 5*time.Second {
					t.Errorf("took %s", took)
				}
				synctest.Wait()
				e := slacksim.Calls(w.Journal(0), "chat.postMessage")
				if len(e) != 1 || (e[0].Effect != "") != (tt.posted == 1) || tt.name != "latency" && e[0].Fault != string(tt.fault.Kind) {
					t.Errorf("journal: %+v", e)
				}
				if a := w.call("chat.postMessage", "channel", w.id("incidents"), "text", "after"); !a.OK {
					t.Errorf("the call after the fault: %+v", a)
				}
			})
		})
	}
}

// What has arrived takes effect, even when nobody waits for the answer any more.
func TestCallsLandLate(t *testing.T) {
	for _, fault := range []slacksim.Fault{
		{Kind: slacksim.FaultLate, Delay: 5 * time.Second},
		{Kind: slacksim.FaultLatency, Delay: 10 * time.Second},
	} {
		t.Run(string(fault.Kind), func(t *testing.T) {
			inWorld(t, slacksim.Options{}, func(w *world) {
				fault.Match, fault.Count = "chat.*", 1
				w.AddFault(fault)
				ctx, cancel := context.WithTimeout(w.ctx, time.Second)
				defer cancel()
				_, _, err := w.api.PostMessageContext(ctx, w.id("incidents"), slack.MsgOptionText("x", false))
				if err == nil || len(w.Person("alice").History("incidents", 0)) != 0 {
					t.Errorf("before it lands: %v, %v", err, w.Person("alice").History("incidents", 0))
				}
				w.pass(6 * time.Second)
				if got := len(w.Person("alice").History("incidents", 0)); got != 1 {
					t.Errorf("%d messages after it landed, want 1", got)
				}
				if e := slacksim.Calls(w.Journal(0), "chat.postMessage"); len(e) != 1 || e[0].Effect == "" || !e[0].AnswerLost {
					t.Errorf("journal: %+v", e)
				}
			})
		})
	}
}

func TestFaultsAreCountedAndCleared(t *testing.T) {
	inWorld(t, slacksim.Options{Seed: 1}, func(w *world) {
		id := w.AddFault(slacksim.Fault{Kind: slacksim.FaultError, Code: "x", Match: "auth.*", Skip: 1, Count: 2})
		var got []string
		for range 4 {
			got = append(got, w.call("auth.test").Error)
		}
		if diff := cmp.Diff([]string{"", "x", "x", ""}, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		if f := w.Faults(); len(f) != 1 || f[0].ID != id || f[0].Hits != 2 {
			t.Errorf("faults: %+v", f)
		}
		w.AddFault(slacksim.Fault{Kind: slacksim.FaultError, Code: "y", Probability: 0.5})
		hits := 0
		for range 200 {
			if w.call("auth.test").Error == "y" {
				hits++
			}
		}
		if hits < 60 || hits > 140 {
			t.Errorf("a fault of probability one half struck %d times of 200", hits)
		}
		w.ClearFaults(id)
		if len(w.Faults()) != 1 {
			t.Error("one fault should be left")
		}
		w.ClearFaults()
		if got := w.call("auth.test"); len(w.Faults()) != 0 || !got.OK {
			t.Errorf("after clearing: %+v", got)
		}
	})
}

func TestNameRace(t *testing.T) {
	inWorld(t, slacksim.Options{}, func(w *world) {
		w.AddFault(slacksim.Fault{Kind: slacksim.FaultNameRace, Count: 2})
		for i, want := range []string{"", "", "name_taken"} {
			if got := w.call("conversations.create", "name", "inc-1").Error; got != want {
				t.Errorf("create %d: got %q, want %q", i+1, got, want)
			}
		}
	})
}

func TestFaultsOfEvents(t *testing.T) {
	o := slacksim.Options{Manifest: manifest(t, allScopes, "app_home_opened", "reaction_added")}
	tests := []struct {
		kind slacksim.FaultKind
		want []string
	}{
		{slacksim.FaultEnvelopeTwice, []string{"app_home_opened", "app_home_opened", "reaction_added"}},
		{slacksim.FaultEnvelopeLate, []string{"reaction_added", "app_home_opened"}},
		{slacksim.FaultEnvelopeSwap, []string{"reaction_added", "app_home_opened"}},
		{slacksim.FaultEnvelopeLost, []string{"reaction_added", "app_home_opened"}},
		{slacksim.FaultAckLost, []string{"app_home_opened", "reaction_added", "app_home_opened"}},
	}
	for _, tt := range tests {
		t.Run(string(tt.kind), func(t *testing.T) {
			inWorld(t, o, func(w *world) {
				w.connect(nil)
				w.AddFault(slacksim.Fault{Kind: tt.kind, Match: "app_home_opened", Delay: 20 * time.Second, Count: 1})
				alice := w.Person("alice")
				_, err := alice.OpensHome()
				w.must(err)
				said, err := alice.In("incidents").Types(w.ctx, "x")
				w.must(err)
				w.must(alice.Reacts(said.Message, "eyes"))
				w.pass(time.Hour)
				var got []string
				ids := map[string]bool{}
				for len(w.seen) > 0 {
					if ev, ok := (<-w.seen).Data.(slackevents.EventsAPIEvent); ok {
						got = append(got, ev.InnerEvent.Type)
						ids[ev.Data.(*slackevents.EventsAPICallbackEvent).EventID] = true
					}
				}
				if diff := cmp.Diff(tt.want, got); diff != "" {
					t.Errorf("events (-want +got):\n%s", diff)
				}
				if len(ids) != 2 {
					t.Errorf("event IDs: got %d, want 2: a repeated event keeps its own", len(ids))
				}
			})
		})
	}
}

func TestSlackIsDown(t *testing.T) {
	inWorld(t, slacksim.Options{}, func(w *world) {
		w.connect(nil)
		w.SetDown(true)
		if _, _, err := w.api.PostMessageContext(w.ctx, "C1", slack.MsgOptionText("x", false)); err == nil {
			t.Error("a call was answered")
		}
		if _, err := w.Person("alice").In("general").Types(w.ctx, "/probe"); !errors.Is(err, slacksim.ErrDown) {
			t.Errorf("alice types: %v", err)
		}
		synctest.Wait()
		if got := len(w.Sockets()); got != 0 {
			t.Errorf("sockets: %d", got)
		}
		w.SetDown(false)
		w.must(w.AwaitSockets(w.ctx, 1))
	})
}

func TestRates(t *testing.T) {
	o := slacksim.Options{Rates: true}
	inWorld(t, o, func(w *world) {
		ch := w.id("incidents")
		count := func(n int, method string, args ...string) (fine int, wait time.Duration) {
			for range n {
				if w.call(method, args...).OK {
					fine++
				}
			}
			all := slacksim.Calls(w.Journal(0), method)
			return fine, all[len(all)-1].RetryAfter
		}
		if fine, wait := count(30, "users.list"); fine != 20 || wait != 3*time.Second {
			t.Errorf("tier 2: %d fine, then wait %s; want 20, 3s", fine, wait)
		}
		if fine, wait := count(8, "chat.postMessage", "channel", ch, "text", "x"); fine != 5 || wait != time.Second {
			t.Errorf("posts to a channel: %d fine, then wait %s; want 5, 1s", fine, wait)
		}
		if a := w.call("chat.postMessage", "channel", w.id("general"), "text", "x"); !a.OK {
			t.Errorf("another channel is slowed by the first: %+v", a)
		}
		w.pass(3 * time.Second)
		if fine, _ := count(2, "users.list"); fine != 1 {
			t.Errorf("after the wait: %d fine, want 1", fine)
		}
		status, a := w.send("users.list", "", w.BotToken(), "")
		if status != http.StatusTooManyRequests || a.Error != "ratelimited" {
			t.Errorf("got %d %+v", status, a)
		}
	})
}

func TestPaceQuickensRates(t *testing.T) {
	inWorld(t, slacksim.Options{Rates: true, Pace: 60}, func(w *world) {
		for range 20 {
			w.call("users.list")
		}
		w.pass(50 * time.Millisecond)
		if a := w.call("users.list"); !a.OK {
			t.Errorf("at pace 60 the next call may come after 50 ms: %+v", a)
		}
	})
}

// Calls that go out together are one round trip, one that waits for another is a second.
func TestRoundTrips(t *testing.T) {
	inWorld(t, slacksim.Options{}, func(w *world) {
		w.AddFault(slacksim.Fault{Kind: slacksim.FaultLatency, Delay: 100 * time.Millisecond})
		w.connect(func(c *socketmode.Client, e socketmode.Event) {
			if e.Type != socketmode.EventTypeSlashCommand {
				return
			}
			_ = c.Ack(*e.Request)
			ch, err := w.api.CreateConversationContext(w.ctx, slack.CreateConversationParams{ChannelName: "inc-1"})
			if err != nil {
				t.Error(err)
				return
			}
			var all sync.WaitGroup
			all.Go(func() { _, _ = w.api.InviteUsersToConversationContext(w.ctx, ch.ID, w.Person("alice").ID) })
			all.Go(func() { _, _, _ = w.api.PostMessageContext(w.ctx, ch.ID, slack.MsgOptionText("card", false)) })
			all.Wait()
			_, _ = w.api.SetTopicOfConversationContext(w.ctx, ch.ID, "sev1")
		})
		mark := w.Mark()
		alice := w.Person("alice")
		_, err := alice.In("general").Types(w.ctx, "/probe")
		w.must(err)
		_, err = w.AwaitEntry(w.ctx, mark, func(e slacksim.Entry) bool { return e.Method == "conversations.setTopic" && e.EndSeq > 0 })
		w.must(err)
		command := func(e slacksim.Entry) bool { return e.Kind == slacksim.EntryEnvelope && e.Method == "slash_commands" }
		ends := func(method string) func(slacksim.Entry) bool {
			return func(e slacksim.Entry) bool { return e.Method == method && e.OK }
		}
		j := w.Journal(mark)
		if got := slacksim.RoundTrips(slacksim.Between(j, command, ends("chat.postMessage"))); got != 2 {
			t.Errorf("to the card: got %d round trips, want 2", got)
		}
		if got := slacksim.RoundTrips(slacksim.Between(j, command, ends("conversations.setTopic"))); got != 3 {
			t.Errorf("to the topic: got %d round trips, want 3", got)
		}
	})
}
