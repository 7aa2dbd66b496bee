package perform_test

import (
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"muster/bot/slacksim"
	"muster/incident"
	"muster/templates"
)

// wholeStory runs through every kind of effect there is, and waits for the outbox after each act.
func wholeStory(w *world) {
	post, err := w.Person("erin").In("support").Types(w.t.Context(), "Nobody can pay")
	if err != nil {
		w.t.Fatal(err)
	}
	origin := incident.MessageRef{Channel: incident.ChannelID(post.Message.Channel), TS: incident.MessageTS(post.Message.TS)}
	id := w.declare(alice, incident.Declare{Title: "Checkout is down", Severity: "sev1", Origin: incident.Origin{Source: incident.FromMessage, Message: origin}}).ID
	w.mustSettle()
	for _, act := range []struct {
		by      incident.UserID
		command incident.Command
	}{
		{alice, incident.AssignRole{Role: incident.IncidentManager, Assignee: person(bob)}},
		{bob, incident.ChangeStatus{Verb: incident.VerbFix}},
		{bob, incident.PostUpdate{Text: incident.UpdateText{State: "Payments fail for everybody"}}},
		{bob, incident.AddNote{Text: "Rolled back", Message: origin}},
		{bob, incident.Retitle{Title: "Payments are down"}},
		{"", incident.Remind{}},
		{bob, incident.ChangeStatus{Verb: incident.VerbResolve, Text: "The old release is back"}},
		{"", incident.Remind{}},
		{alice, incident.ChangeStatus{Verb: incident.VerbReopen, Text: "It came back"}},
	} {
		if _, ok := act.command.(incident.Remind); ok {
			w.pass(time.Until(incident.NextDue(w.incident(id), w.policy)) + time.Second)
		}
		w.do(id, act.by, act.command)
		w.mustSettle()
	}
	for _, archive := range []bool{true, false} { // by hand
		must(w.t, w.Person("alice").Archives(w.channelOf(id).Name, archive))
		must(w.t, w.store.Enqueue(w.t.Context(), incident.LookAtChannel{Of: id}))
		w.mustSettle()
		if got := w.incident(id).Channel.State == incident.ChannelArchived; got != archive {
			w.t.Errorf("archived: %v in the store, %v in Slack", got, archive)
		}
	}
}

// undisturbed is what people see when nothing goes wrong.
func undisturbed(t *testing.T) []string {
	var want []string
	inWorld(t, nil, func(w *world) {
		wholeStory(w)
		want = w.picture()
	})
	return want
}

// TestFaults has each of Slack's methods fail in each way, and asks that people see exactly what they would see otherwise.
func TestFaults(t *testing.T) {
	want := undisturbed(t)
	for _, kind := range []slacksim.FaultKind{
		slacksim.FaultCutAfter, slacksim.FaultCutBefore, slacksim.FaultHangAfter, slacksim.FaultLate, slacksim.FaultStatus, slacksim.FaultRateLimited,
	} {
		for _, method := range []string{
			"conversations.create", "conversations.invite", "usergroups.users.list", "chat.postMessage", "chat.update", "pins.add",
			"conversations.setTopic", "conversations.open", "reactions.add", "conversations.archive", "conversations.unarchive", "conversations.info", "views.publish", "*",
		} {
			t.Run(string(kind)+" "+strings.ReplaceAll(method, "*", "all"), func(t *testing.T) {
				inWorld(t, nil, func(w *world) {
					// Twice in a row, and again later.
					w.AddFault(slacksim.Fault{Kind: kind, Match: method, Count: 2, Delay: 1900 * time.Millisecond})
					w.AddFault(slacksim.Fault{Kind: kind, Match: method, Skip: 4, Count: 1, Delay: time.Second})
					wholeStory(w)
					if difference := cmp.Diff(want, w.picture()); difference != "" {
						w.t.Errorf("people see something else (-want +got):\n%s", difference)
					}
					if failed := w.jobs(incident.JobsFailed); len(failed) > 0 {
						w.t.Errorf("failed: %+v", failed)
					}
				})
			})
		}
	}
}

// TestCrash kills the program at each point of each kind of effect, and asks that people see exactly what they would see
// otherwise. Calling is while the call is under way, which takes effect when the next program is already running.
func TestCrash(t *testing.T) {
	want := undisturbed(t)
	kinds := []incident.EffectKind{
		incident.KindCreateChannel, incident.KindInviteUsers, incident.KindInviteGroup, incident.KindDrawCard, incident.KindPinCard,
		incident.KindDrawTopic, incident.KindDrawAnnouncement, incident.KindPostEntry, incident.KindSendBrief, incident.KindSendReminder,
		incident.KindLinkOrigin, incident.KindMarkNoted, incident.KindArchiveChannel, incident.KindRestoreChannel, incident.KindLookAtChannel,
		incident.KindDrawHome,
	}
	for _, point := range []string{"claimed", "calling", "performed", "completed"} {
		for _, kind := range kinds {
			t.Run(fmt.Sprintf("%s %s", point, kind), func(t *testing.T) {
				var killed atomic.Bool
				inWorld(t, func(w *world, _ *slacksim.Options) {
					w.deadly = func(here string) bool {
						return here == point+"/"+string(kind) && killed.CompareAndSwap(false, true)
					}
					if point == "calling" {
						w.drain = time.Millisecond // the next one starts at once
						w.deadly = func(here string) bool {
							if here == "claimed/"+string(kind) && killed.CompareAndSwap(false, true) {
								time.AfterFunc(100*time.Millisecond, w.process.kill)
							}
							return false
						}
					}
				}, func(w *world) {
					if point == "calling" {
						for _, changing := range []string{"chat.*", "conversations.create", "conversations.set*", "conversations.*archive", "views.*", "pins.*"} {
							w.AddFault(slacksim.Fault{Kind: slacksim.FaultLatency, Match: changing, Delay: 3 * time.Second})
						}
					}
					wholeStory(w)
					if difference := cmp.Diff(want, w.picture()); difference != "" {
						w.t.Errorf("people see something else (-want +got):\n%s", difference)
					}
				})
				if !killed.Load() {
					t.Error("the story never came there")
				}
			})
		}
	}
}

// TestTwoRoundTrips measures the way from the command to a channel with its declarer in it and the buttons posted.
func TestTwoRoundTrips(t *testing.T) {
	inWorld(t, nil, func(w *world) {
		const latency = 100 * time.Millisecond
		w.AddFault(slacksim.Fault{Kind: slacksim.FaultLatency, Delay: latency})
		began, mark := time.Now(), w.Mark()
		id := w.declare(alice, incident.Declare{Title: "Checkout is down", Severity: "sev1"}).ID
		w.mustSettle()
		channel := string(w.incident(id).Channel.ID)
		var needed []slacksim.Entry
		for _, call := range slacksim.Calls(w.Journal(mark), "conversations.create", "conversations.invite", "chat.postMessage") {
			if call.Method == "conversations.create" || call.Channel == channel {
				needed = append(needed, call)
			}
		}
		in := slices.IndexFunc(needed, func(e slacksim.Entry) bool {
			return e.Method == "conversations.invite" && strings.Contains(e.Args["users"], string(alice))
		})
		card := slices.IndexFunc(needed, func(e slacksim.Entry) bool { return e.Method == "chat.postMessage" })
		if in < 0 || card < 0 {
			w.t.Fatalf("the declarer or the card is missing: %+v", needed)
		}
		if trips := slacksim.RoundTrips([]slacksim.Entry{needed[0], needed[in], needed[card]}); trips != 2 {
			w.t.Errorf("%d round trips, want 2", trips)
		}
		for _, call := range []slacksim.Entry{needed[in], needed[card]} {
			if took := call.End.Sub(began); took > 2*latency {
				w.t.Errorf("%s was answered after %v of simulated time, want %v", call.Method, took, 2*latency)
			}
		}
		message, ok := w.Person("alice").Looks(slacksim.Inside(channel), slacksim.FromApp())
		if !ok || len(message.Elements()) == 0 || !message.Pinned {
			w.t.Errorf("the card with its buttons is not pinned: %v", message.Fallback)
		}
	})
}

// TestOutage takes Slack away for two hours in the middle of an incident.
func TestOutage(t *testing.T) {
	inWorld(t, nil, func(w *world) {
		id := w.declare(alice, incident.Declare{Title: "Checkout is down", Severity: "sev1"}).ID
		w.do(id, alice, incident.AssignRole{Role: incident.IncidentManager, Assignee: person(bob)})
		w.mustSettle()
		w.SetDown(true)
		w.do(id, bob, incident.ChangeStatus{Verb: incident.VerbFix})
		w.do(id, bob, incident.AddNote{Text: "First note"})
		for range 12 {
			w.pass(10 * time.Minute)
			if incident.NextDue(w.incident(id), w.policy).Before(time.Now()) {
				w.do(id, "", incident.Remind{})
			}
		}
		w.do(id, bob, incident.AddNote{Text: "Second note"})
		w.SetDown(false)
		back := time.Now()
		w.mustSettle()
		if took := time.Since(back); took > 6*time.Minute {
			w.t.Errorf("it took %v after the outage", took)
		}
		channel := w.channelOf(id).ID
		texts := w.texts("alice", channel)
		for _, part := range []string{"First note", "Second note"} {
			if n := count(texts, part); n != 1 {
				w.t.Errorf("%q stands there %d times: %q", part, n, texts)
			}
		}
		late := string(w.views.In(templates.Workspace).Late(2 * time.Hour).Text)
		if n := count(texts, strings.SplitN(late, "2", 2)[0]); n != 1 {
			w.t.Errorf("the delay was told %d times: %q", n, texts)
		}
		for _, who := range []string{"alice", "bob", "carol"} {
			direct := w.direct(who)
			slices.Sort(direct)
			if once := slices.Compact(slices.Clone(direct)); len(once) != len(direct) {
				w.t.Errorf("%s got something twice: %q", who, direct)
			}
		}
		if failed := w.jobs(incident.JobsFailed); len(failed) > 0 {
			w.t.Errorf("failed: %+v", failed)
		}
	})
}

// TestOutageAndRestart restarts the program in the middle of what is delayed: the delay is told once all the same.
func TestOutageAndRestart(t *testing.T) {
	inWorld(t, nil, func(w *world) {
		id := w.declare(alice, incident.Declare{Title: "Checkout is down", Severity: "sev3"}).ID
		w.mustSettle()
		w.SetDown(true)
		for i := range 6 {
			w.do(id, bob, incident.AddNote{Text: fmt.Sprintf("Note %d", i)})
		}
		w.pass(time.Hour)
		var posts atomic.Int32
		w.deadly = func(point string) bool {
			if point != "performed/post_entry" {
				return false
			}
			n := posts.Add(1)
			return n == 2 || n == 5
		}
		w.restart()
		w.SetDown(false)
		w.mustSettle()
		texts := w.texts("alice", w.channelOf(id).ID)
		var want []string
		for i := range 6 {
			part := fmt.Sprintf("Note %d", i)
			want = append(want, part)
			if n := count(texts, part); n != 1 {
				w.t.Errorf("%s stands there %d times", part, n)
			}
		}
		if len(texts) != len(want)+2 {
			w.t.Errorf("want the card, the delay and six notes, got %q", texts)
		}
	})
}
