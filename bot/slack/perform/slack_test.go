package perform_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"muster/bot/slack/pacer"
	"muster/bot/slacksim"
	"muster/incident"
)

// sev1 is a declaration like any other.
var sev1 = incident.Declare{Title: "Checkout is down", Severity: "sev1"}

// TestStorm declares 50 incidents at once. All of it is done within a twentieth of what Slack's rates demand, and none of
// them is ever overstepped.
func TestStorm(t *testing.T) {
	const incidents, latency = 50, 80 * time.Millisecond
	inWorld(t, func(w *world, o *slacksim.Options) {
		o.Rates, w.paces = true, pacer.Options{}
	}, func(w *world) {
		w.AddFault(slacksim.Fault{Kind: slacksim.FaultLatency, Delay: latency})
		began, mark := time.Now(), w.Mark()
		var ids []incident.ID
		for i := range incidents {
			ids = append(ids, w.declare(alice, incident.Declare{Title: fmt.Sprintf("Storm %d", i), Severity: "sev1"}).ID)
		}
		w.mustSettle()
		calls := slacksim.Calls(w.Journal(mark))
		counts, last := map[string]int{}, began
		for _, call := range calls {
			if call.Status == 429 {
				w.t.Fatalf("%s earned a 429", call.Method)
			}
			name := call.Method
			if name == "chat.postMessage" {
				name += " " + call.Channel
			}
			counts[name]++
			if call.End.After(last) {
				last = call.End
			}
		}
		var shortest time.Duration
		for name, n := range counts {
			method, _, _ := strings.Cut(name, " ")
			rate, _ := pacer.RateOf(method)
			shortest = max(shortest, time.Duration(n-rate.Burst)*rate.Every)
		}
		// Behind the last channel come its invitations and its pinned card.
		shortest += 3 * latency
		if took := last.Sub(began); took > shortest*105/100 {
			w.t.Errorf("took %v, the shortest schedule is %v; calls: %v", took, shortest, counts)
		}
		for _, id := range ids {
			channel := w.channelOf(id)
			if !slices.Contains(channel.Members, string(alice)) || len(channel.Pins) != 1 || channel.Topic.Value == "" {
				w.t.Errorf("%s: %+v", id, channel)
			}
		}
		if n := len(w.texts("alice", "incidents")); n != incidents {
			w.t.Errorf("%d announcements, want %d", n, incidents)
		}
	})
}

// TestPageInTheStorm declares an incident while cosmetic work for others fills every rate: its channel, declarer and card
// wait for none of it.
func TestPageInTheStorm(t *testing.T) {
	inWorld(t, func(w *world, o *slacksim.Options) {
		o.Rates, w.paces = true, pacer.Options{}
	}, func(w *world) {
		var ids []incident.ID
		for i := range 15 {
			ids = append(ids, w.declare(bob, incident.Declare{Title: fmt.Sprintf("Storm %d", i), Severity: "sev3"}).ID)
		}
		w.mustSettle()
		for round := range 6 {
			for _, id := range ids {
				w.do(id, bob, incident.Retitle{Title: fmt.Sprintf("Round %d", round)})
			}
			w.pass(time.Second)
		}
		if len(w.jobs(incident.JobsWaiting))+len(w.jobs(incident.JobsRunning)) < 10 {
			w.t.Fatal("there is no storm")
		}
		w.pass(10 * time.Second) // long enough for another channel
		began, mark := time.Now(), w.Mark()
		id := w.declare(alice, sev1).ID
		w.pass(5 * time.Second)
		channel := string(w.incident(id).Channel.ID)
		if channel == "" {
			w.t.Fatal("the channel was not made within 5 seconds")
		}
		for _, method := range []string{"conversations.invite", "chat.postMessage"} {
			calls := slacksim.Calls(w.Journal(mark), method)
			at := slices.IndexFunc(calls, func(e slacksim.Entry) bool { return e.Channel == channel })
			if at < 0 {
				w.t.Errorf("%s is still missing", method)
			} else if waited := calls[at].Start.Sub(began); waited > 0 {
				w.t.Errorf("%s waited %v", method, waited)
			}
		}
	})
}

// TestTold has effects fail for good and asks who is told, how often, and what is set aside.
func TestTold(t *testing.T) {
	for _, test := range []struct {
		name   string
		secret bool // no announcement
		before func(w *world)
		after  func(w *world, id incident.ID)
		where  string // whose direct messages; empty: the incident's channel
		want   int
		failed []string
	}{
		{
			name:   "no channel can be made",
			before: func(w *world) { w.AddFault(refuse("conversations.create", "restricted_action")) },
			where:  "alice", want: 1, failed: []string{"create_channel restricted_action"},
		},
		{
			name: "the card is refused", secret: true,
			before: func(w *world) {
				w.AddFault(slacksim.Fault{Kind: slacksim.FaultError, Match: "chat.postMessage", Code: "invalid_blocks", Count: 1})
			},
			want: 1, failed: []string{"draw_card invalid_blocks"},
		},
		{
			name:   "topics are refused, again and again",
			before: func(w *world) { w.AddFault(refuse("conversations.setTopic", "restricted_action")) },
			after: func(w *world, id incident.ID) {
				for i := range 3 {
					w.do(id, bob, incident.Retitle{Title: fmt.Sprintf("Title %d", i)})
					w.mustSettle()
				}
			},
			want: 1, failed: []string{"draw_topic restricted_action"},
		},
		{
			name: "the channel is archived by hand",
			after: func(w *world, id incident.ID) {
				must(w.t, w.Person("alice").Archives(w.channelOf(id).ID, true))
				w.do(id, bob, incident.AddNote{Text: "Too late"})
				w.mustSettle()
			},
			where: "alice", want: 1, failed: []string{"post_entry is_archived"},
		},
		{
			name: "somebody has left",
			after: func(w *world, id incident.ID) {
				w.do(id, bob, incident.AssignRole{Role: incident.TechLead, Assignee: person(gone)})
				w.mustSettle()
			},
			want: 2, failed: []string{"invite_users cant_invite", "send_brief user_disabled"},
		},
		{
			name: "nothing can be told to anybody",
			after: func(w *world, id incident.ID) {
				w.AddFault(refuse("chat.postMessage", "restricted_action"))
				w.do(id, bob, incident.AddNote{Text: "Unheard"})
				w.mustSettle()
				w.ClearFaults()
			},
			want: 0, failed: []string{"post_entry restricted_action"},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			inWorld(t, nil, func(w *world) {
				if test.before != nil {
					test.before(w)
				}
				declare := sev1
				declare.Private = test.secret
				id := w.declare(alice, declare).ID
				w.mustSettle()
				if test.after != nil {
					test.after(w, id)
				}
				w.pass(time.Minute)
				texts := w.direct("alice")
				if test.where == "" {
					texts = w.texts("alice", w.channelOf(id).ID)
				}
				if n := count(texts, ":warning:"); n != test.want {
					w.t.Errorf("told %d times, want %d: %q", n, test.want, texts)
				}
				var failed []string
				for _, job := range w.jobs(incident.JobsFailed) {
					failed = append(failed, string(job.Effect.Handling().Kind)+" "+job.LastError)
				}
				slices.Sort(failed)
				if !slices.Equal(failed, test.failed) {
					w.t.Errorf("set aside %q, want %q", failed, test.failed)
				}
			})
		})
	}
}

func refuse(method, code string) slacksim.Fault {
	return slacksim.Fault{Kind: slacksim.FaultError, Match: method, Code: code}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// TestOutdated shows one trouble for however many drawings fail, and none once one of them works.
func TestOutdated(t *testing.T) {
	inWorld(t, nil, func(w *world) {
		fault := w.AddFault(refuse("conversations.setTopic", "restricted_action"))
		id := w.declare(alice, sev1).ID
		w.mustSettle()
		for i := range 3 {
			w.do(id, bob, incident.Retitle{Title: fmt.Sprintf("Title %d", i)})
			w.mustSettle()
			troubles, failed := w.incident(id).Troubles, w.jobs(incident.JobsFailed)
			if len(troubles) != 1 || len(failed) != 1 || troubles[0].Job != failed[0].ID {
				w.t.Fatalf("troubles %+v, set aside %+v", troubles, failed)
			}
		}
		w.ClearFaults(fault)
		w.do(id, bob, incident.Retitle{Title: "At last"})
		w.mustSettle()
		if troubles, failed := w.incident(id).Troubles, w.jobs(incident.JobsFailed); len(troubles)+len(failed) > 0 {
			w.t.Errorf("troubles %+v, set aside %+v", troubles, failed)
		}
		if topic := w.channelOf(id).Topic.Value; topic == "" {
			w.t.Errorf("the topic is %q", topic)
		}
	})
}

// TestRepaired retries what failed once the cause is gone.
func TestRepaired(t *testing.T) {
	inWorld(t, nil, func(w *world) {
		fault := w.AddFault(refuse("conversations.create", "restricted_action"))
		id := w.declare(alice, sev1).ID
		w.mustSettle()
		w.ClearFaults(fault)
		trouble := w.incident(id).Troubles
		if len(trouble) != 1 {
			w.t.Fatalf("troubles: %+v", trouble)
		}
		w.do(id, alice, incident.RetryEffect{Job: trouble[0].Job})
		w.mustSettle()
		channel := w.channelOf(id)
		if !slices.Contains(channel.Members, string(alice)) || len(w.incident(id).Troubles) > 0 {
			w.t.Errorf("after the retry: %+v, %+v", channel, w.incident(id).Troubles)
		}
		if n := count(w.texts("alice", "incidents"), "Checkout"); n != 1 {
			w.t.Errorf("announced %d times", n)
		}
	})
}

// TestUnauthorized takes the token away for an hour: hardly a call is wasted on it, nobody is bothered, nothing is lost.
func TestUnauthorized(t *testing.T) {
	inWorld(t, nil, func(w *world) {
		id := w.declare(alice, sev1).ID
		w.mustSettle()
		fault := w.AddFault(refuse("*", "invalid_auth"))
		mark := w.Mark()
		for i := range 10 {
			w.do(id, bob, incident.AddNote{Text: fmt.Sprintf("Note %d", i)})
			w.declare(bob, incident.Declare{Title: "Another", Severity: "sev2"})
			w.pass(6 * time.Minute)
		}
		if calls := len(slacksim.Calls(w.Journal(mark))); calls > 40 {
			w.t.Errorf("%d calls with a token that does not work", calls)
		}
		if failed := w.jobs(incident.JobsFailed); len(failed) > 0 || w.seen.away == 0 {
			w.t.Errorf("failed %+v; told of the token %d times", failed, w.seen.away)
		}
		w.ClearFaults(fault)
		back := time.Now()
		w.mustSettle()
		if took := time.Since(back); took > 6*time.Minute {
			w.t.Errorf("it took %v to get going again", took)
		}
		if n := count(w.texts("alice", w.channelOf(id).ID), "Note"); n != 10 {
			w.t.Errorf("%d notes, want 10", n)
		}
	})
}

// TestStop ends the program while calls hang: it goes within 10 seconds, and what it had under way is done by the next one.
func TestStop(t *testing.T) {
	inWorld(t, nil, func(w *world) {
		w.AddFault(slacksim.Fault{Kind: slacksim.FaultHangAfter, Match: "chat.postMessage", Count: 1})
		id := w.declare(alice, sev1).ID
		w.pass(time.Second)
		if running := w.jobs(incident.JobsRunning); len(running) == 0 {
			w.t.Fatal("nothing is under way")
		}
		began := time.Now()
		w.stop()
		if took := time.Since(began); took > 10*time.Second {
			w.t.Errorf("stopping took %v", took)
		}
		w.start()
		w.mustSettle()
		if texts := w.texts("alice", w.channelOf(id).ID); len(texts) != 1 {
			w.t.Errorf("want one card, got %q", texts)
		}
	})
}

// TestPanic has the drawing itself break: every job that draws is set aside, and the worker lives on.
func TestPanic(t *testing.T) {
	inWorld(t, nil, func(w *world) {
		w.stop()
		w.views.Words = nil
		w.start()
		id := w.declare(alice, sev1).ID
		w.mustSettle()
		failed := w.jobs(incident.JobsFailed)
		if len(failed) == 0 || failed[0].LastError != "panic" {
			w.t.Errorf("set aside: %+v", failed)
		}
		if members := w.channelOf(id).Members; !slices.Contains(members, string(alice)) {
			w.t.Errorf("the declarer was not invited any more: %v", members)
		}
	})
}
