package perform_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/slack-go/slack"

	"muster/bot/slacksim"
	"muster/incident"
	"muster/storage/local"
)

// TestNames opens channels whose names are taken, by people and by each other, with answers lost on the way.
func TestNames(t *testing.T) {
	lost := slacksim.FaultCutAfter
	for _, test := range []struct {
		name   string
		theirs bool // somebody has the name already
		faults []slacksim.Fault
		want   []string
	}{
		{"no trouble", true, nil, []string{"checkout-is-down-2", "checkout-is-down-3"}},
		{"the first answer is lost", false, []slacksim.Fault{{Kind: lost, Count: 1}}, []string{"checkout-is-down", "checkout-is-down-2"}},
		{"no answer for long", false, []slacksim.Fault{{Kind: slacksim.FaultHangAfter, Count: 1}}, []string{"checkout-is-down", "checkout-is-down-2"}},
		// The second incident hears that the name is taken, and then nothing of the next name.
		{"both channels stand and nobody knows of them", false, []slacksim.Fault{{Kind: lost, Count: 1}, {Kind: lost, Skip: 1, Count: 1}}, []string{"checkout-is-down", "checkout-is-down-2"}},
		{"the name is taken in the same instant", false, []slacksim.Fault{{Kind: lost, Count: 1}, {Kind: slacksim.FaultNameRace}}, []string{"checkout-is-down", "checkout-is-down"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			inWorld(t, func(w *world, _ *slacksim.Options) { w.policy.ChannelTemplate = "{title}" }, func(w *world) {
				if test.theirs {
					_, err := w.Person("bob").Creates("checkout-is-down", false)
					must(w.t, err)
				}
				for _, fault := range test.faults {
					fault.Match = "conversations.create"
					w.AddFault(fault)
				}
				var ids []incident.ID
				for _, who := range []incident.UserID{alice, bob} {
					ids = append(ids, w.declare(who, sev1).ID)
					w.pass(10 * time.Millisecond) // before anything is tried again
				}
				w.mustSettle()
				var names []string
				for _, id := range ids {
					channel := w.channelOf(id)
					names = append(names, channel.Name)
					if !slices.Contains(channel.Members, string(w.incident(id).DeclaredBy)) || len(channel.Pins) != 1 {
						w.t.Errorf("%s: %+v", id, channel)
					}
				}
				slices.Sort(names)
				if !slices.Equal(names, test.want) {
					w.t.Errorf("got %v, want %v", names, test.want)
				}
				made := 0
				for _, channel := range w.Person("alice").Channels() {
					if channel.Creator == w.BotUserID() {
						made++
					}
				}
				if made != len(ids) {
					w.t.Errorf("%d channels were made, want %d", made, len(ids))
				}
			})
		})
	}
}

// TestOursAlready takes over a channel whose making nobody heard of, even when people have found it and talk.
func TestOursAlready(t *testing.T) {
	inWorld(t, nil, func(w *world) {
		w.AddFault(slacksim.Fault{Kind: slacksim.FaultHangAfter, Match: "conversations.create", Count: 1})
		id := w.declare(alice, sev1).ID
		w.pass(time.Second)
		const name = "inc-1-20000101-checkout-is-down"
		must(w.t, w.Person("bob").Joins(name))
		_, err := w.Person("bob").In(name).Types(w.t.Context(), "Is this the place?")
		must(w.t, err)
		w.mustSettle()
		if got := w.channelOf(id).Name; got != name {
			w.t.Errorf("the incident got #%s", got)
		}
	})
}

// TestTwoOfOneName has somebody look for the channel of an earlier attempt just when another incident's of that name has come
// into being and nobody has heard of it yet.
func TestTwoOfOneName(t *testing.T) {
	inWorld(t, func(w *world, _ *slacksim.Options) { w.policy.ChannelTemplate = "{title}" }, func(w *world) {
		w.AddFault(slacksim.Fault{Kind: slacksim.FaultLatency, Match: "conversations.create", Delay: 7 * time.Second, Count: 1})
		first := w.declare(alice, sev1).ID
		w.pass(10 * time.Millisecond)
		w.AddFault(slacksim.Fault{Kind: slacksim.FaultCutBefore, Match: "conversations.create", Count: 2})
		second := w.declare(bob, sev1).ID
		w.mustSettle()
		if one, other := w.channelOf(first), w.channelOf(second); one.ID == other.ID {
			w.t.Errorf("both got #%s", one.Name)
		}
	})
}

// TestNotOurs leaves a channel alone that we made under the right name before the incident was declared and that somebody
// talks in: another database may have known of it.
func TestNotOurs(t *testing.T) {
	for said, want := range map[string]string{"": "", "What is this?": "-2"} {
		t.Run("said: "+said, func(t *testing.T) {
			inWorld(t, nil, func(w *world) {
				const name = "inc-1-20000101-checkout-is-down"
				_, err := w.other().CreateConversationContext(w.t.Context(), slack.CreateConversationParams{ChannelName: name})
				must(w.t, err)
				must(w.t, w.Person("bob").Joins(name))
				if said != "" {
					_, err = w.Person("bob").In(name).Types(w.t.Context(), said)
					must(w.t, err)
				}
				w.pass(time.Minute)
				w.AddFault(slacksim.Fault{Kind: slacksim.FaultCutBefore, Match: "conversations.create", Count: 1})
				id := w.declare(alice, sev1).ID
				w.mustSettle()
				if got := w.channelOf(id).Name; got != name+want {
					w.t.Errorf("%q was said, and the incident got #%s", said, got)
				}
			})
		})
	}
}

// TestInviteGroup brings in whoever of a group can be brought in.
func TestInviteGroup(t *testing.T) {
	inWorld(t, func(_ *world, o *slacksim.Options) {
		o.UserGroups[0].Users = []string{"gone", "dave", "stella", "alice", "jiho", "muster"}
	}, func(w *world) {
		id := w.declare(alice, sev1).ID
		w.mustSettle()
		members := w.channelOf(id).Members
		for handle, want := range map[string]bool{"dave": true, "jiho": true, "alice": true, "stella": false, "gone": false} {
			if got := slices.Contains(members, w.Person(handle).ID); got != want {
				w.t.Errorf("%s in the channel: %v, want %v", handle, got, want)
			}
		}
		if failed := w.jobs(incident.JobsFailed); len(failed) > 0 {
			w.t.Errorf("failed: %+v", failed)
		}
		recorded := w.incident(id).Members
		if slices.Contains(recorded, gone) || !slices.Contains(recorded, alice) {
			w.t.Errorf("recorded as members: %v", recorded)
		}
	})
}

// TestDeletedCard posts the card anew when it was deleted, and pins it again.
func TestDeletedCard(t *testing.T) {
	inWorld(t, nil, func(w *world) {
		// A private one has no announcement that would be edited too.
		id := w.declare(alice, incident.Declare{Title: "Leak", Severity: "sev3", Private: true}).ID
		w.mustSettle()
		first := w.incident(id).Card
		_, _, err := w.other().DeleteMessageContext(w.t.Context(), string(first.Channel), string(first.TS))
		must(w.t, err)
		w.AddFault(slacksim.Fault{Kind: slacksim.FaultCutAfter, Match: "chat.postMessage", Count: 2})
		w.do(id, alice, incident.ChangeStatus{Verb: incident.VerbFix})
		w.mustSettle()
		card := w.incident(id).Card
		if card == first {
			w.t.Error("the card was not posted anew")
		}
		if pins := w.channelOf(id).Pins; !slices.Contains(pins, string(card.TS)) {
			w.t.Errorf("pinned are %v, not %s", pins, card.TS)
		}
		cards := w.Person("alice").SeesAll(slacksim.Inside(w.channelOf(id).ID), slacksim.FromApp(), func(m slacksim.Message) bool { return m.Pinned })
		if len(cards) != 1 {
			w.t.Errorf("%d cards, want one", len(cards))
		}
	})
}

// TestPinnedWhenBack pins a card that could not be pinned before its channel was archived once that is back.
func TestPinnedWhenBack(t *testing.T) {
	inWorld(t, nil, func(w *world) {
		w.AddFault(slacksim.Fault{Kind: slacksim.FaultStatus, Match: "pins.add"})
		id := w.declare(alice, incident.Declare{Title: "Checkout is down", Severity: "sev1"}).ID
		w.pass(time.Minute)
		w.do(id, alice, incident.ChangeStatus{Verb: incident.VerbFix})
		w.do(id, alice, incident.ChangeStatus{Verb: incident.VerbResolve, Text: "It is back"})
		for w.incident(id).Channel.State != incident.ChannelArchived {
			w.pass(time.Until(incident.NextDue(w.incident(id), w.policy)) + time.Second)
			w.do(id, "", incident.Remind{})
			w.pass(time.Minute)
		}
		w.ClearFaults()
		w.mustSettle()
		w.do(id, alice, incident.ChangeStatus{Verb: incident.VerbReopen, Text: "It came back"})
		w.mustSettle()
		if pins := w.channelOf(id).Pins; !slices.Contains(pins, string(w.incident(id).Card.TS)) {
			w.t.Errorf("pinned are %v, not the card %s", pins, w.incident(id).Card.TS)
		}
		if failed := w.jobs(incident.JobsFailed); len(failed) > 0 {
			w.t.Errorf("failed: %+v", failed)
		}
	})
}

// TestUnreadableOrigin answers in a channel that the app may write to but not read: when it is not sure, it tells rather
// than answering twice.
func TestUnreadableOrigin(t *testing.T) {
	inWorld(t, func(_ *world, o *slacksim.Options) { o.Channels[2].App = false }, func(w *world) {
		declared := func() (incident.ID, slacksim.Message) {
			reply, err := w.Person("erin").In("support").Types(w.t.Context(), "Nobody can pay")
			must(w.t, err)
			origin := incident.Origin{Source: incident.FromMessage, Message: incident.MessageRef{
				Channel: incident.ChannelID(reply.Message.Channel), TS: incident.MessageTS(reply.Message.TS)}}
			id := w.declare(alice, incident.Declare{Title: "Checkout is down", Severity: "sev3", Origin: origin}).ID
			w.mustSettle()
			return id, reply.Message
		}
		_, first := declared()
		if n := len(w.Person("erin").Replies(first.Channel, first.TS)); n != 2 {
			w.t.Errorf("%d messages in the thread, want the message and the answer", n)
		}
		w.AddFault(slacksim.Fault{Kind: slacksim.FaultCutAfter, Match: "chat.postMessage", Count: 3})
		id, post := declared()
		if n := len(w.Person("erin").Replies(post.Channel, post.TS)); n != 2 {
			w.t.Errorf("%d messages in the thread, want the message and the answer", n)
		}
		if n := count(w.texts("alice", w.channelOf(id).ID), ":warning:"); n != 1 {
			w.t.Errorf("told %d times, want once", n)
		}
	})
}

// TestPrivate walks everything that a private incident could show itself on.
func TestPrivate(t *testing.T) {
	inWorld(t, nil, func(w *world) {
		reply, err := w.Person("erin").In("support").Types(w.t.Context(), "There is a leak")
		must(w.t, err)
		origin := incident.Origin{Source: incident.FromMessage, Message: incident.MessageRef{
			Channel: incident.ChannelID(reply.Message.Channel), TS: incident.MessageTS(reply.Message.TS)}}
		secret := w.declare(alice, incident.Declare{Title: "Leak of keys", Severity: "sev1", Private: true, Origin: origin}).ID
		w.mustSettle()
		w.do(secret, alice, incident.AddNote{Text: "A message of support", Message: origin.Message})
		w.do(secret, alice, incident.AssignRole{Role: incident.IncidentManager, Assignee: person(bob)})
		w.mustSettle()
		// The incident asks for none of these; an outbox of an older version might.
		must(w.t, w.store.Enqueue(w.t.Context(), incident.DrawHome{User: carol}, incident.DrawHome{User: bob},
			incident.DrawAnnouncement{Of: secret}, incident.LinkOrigin{Of: secret}, incident.MarkNoted{Of: secret, Message: origin.Message},
			incident.InviteGroup{Of: secret, Group: sre}))
		w.mustSettle()
		if failed := w.jobs(incident.JobsFailed); len(failed) > 0 {
			w.t.Errorf("failed: %+v", failed)
		}
		if w.incident(secret).Channel.ID == "" {
			w.t.Fatal("it has no channel")
		}
		for _, who := range []string{"carol", "dave", "erin", "jiho"} {
			if channel, ok := w.Person(who).Channel(string(w.incident(secret).Channel.ID)); ok {
				w.t.Errorf("%s knows of #%s", who, channel.Name)
			}
			for _, m := range w.Person(who).SeesAll(slacksim.FromApp()) {
				w.t.Errorf("%s reads %q", who, m.Fallback)
			}
			if home, ok := w.Person(who).Home(); ok && strings.Contains(string(home.Blocks), string(secret)) {
				w.t.Errorf("%s has it on the home", who)
			}
		}
		if m, _ := w.Person("erin").Looks(slacksim.Inside("support")); len(m.Reactions) > 0 {
			w.t.Errorf("the message outside was marked: %v", m.Reactions)
		}
		if home, ok := w.Person("bob").Home(); !ok || !strings.Contains(string(home.Blocks), string(secret)) {
			w.t.Error("its manager does not find it on the home")
		}
	})
}

// TestMootReminder drops a reminder of what was done while it waited.
func TestMootReminder(t *testing.T) {
	inWorld(t, nil, func(w *world) {
		id := w.declare(alice, incident.Declare{Title: "Checkout is down", Severity: "sev3"}).ID
		w.mustSettle()
		before := len(w.texts("alice", w.channelOf(id).ID)) + len(w.direct("alice"))
		w.pass(time.Until(incident.NextDue(w.incident(id), w.policy)) + time.Second)
		w.SetDown(true)
		w.do(id, "", incident.Remind{})
		w.pass(time.Second)
		w.do(id, alice, incident.AssignRole{Role: incident.IncidentManager, Assignee: person(alice)})
		w.SetDown(false)
		w.mustSettle()
		texts := append(w.texts("alice", w.channelOf(id).ID), w.direct("alice")...)
		if len(texts) != before+2 {
			w.t.Errorf("want two more messages, that Alice has the role and her brief, got %q", texts)
		}
	})
}

// TestClockSetBack performs at once what was put off before the clock was set back by a day.
func TestClockSetBack(t *testing.T) {
	inWorld(t, nil, func(w *world) {
		w.AddFault(slacksim.Fault{Kind: slacksim.FaultStatus, Match: "conversations.create", Count: 1})
		id := w.declare(alice, sev1).ID
		w.pass(100 * time.Millisecond)
		w.stop()
		var err error
		w.store, err = local.Open(w.path, local.Options{})
		must(w.t, err)
		jobs, err := w.store.Claim(w.t.Context(), time.Now().Add(time.Hour), 10)
		must(w.t, err)
		for _, job := range jobs {
			must(w.t, w.store.Retry(w.t.Context(), job, time.Now().Add(24*time.Hour), "http_503"))
		}
		must(w.t, w.store.Close())
		w.start()
		if !w.settle(time.Minute) || w.incident(id).Channel.ID == "" {
			w.t.Errorf("still waiting: %+v", w.jobs(incident.JobsAll))
		}
	})
}

// TestHostileSlack has everything fail now and then, in every way, and asks that people see exactly what they would see
// otherwise.
func TestHostileSlack(t *testing.T) {
	want := undisturbed(t)
	for seed := range uint64(12) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			inWorld(t, func(_ *world, o *slacksim.Options) { o.Seed = seed }, func(w *world) {
				for _, fault := range []slacksim.Fault{
					{Kind: slacksim.FaultCutAfter}, {Kind: slacksim.FaultCutBefore}, {Kind: slacksim.FaultStatus},
					{Kind: slacksim.FaultRateLimited, Delay: 2 * time.Second}, {Kind: slacksim.FaultRateLimited, Delay: -1},
					{Kind: slacksim.FaultError, Code: "internal_error"}, {Kind: slacksim.FaultLatency, Delay: 700 * time.Millisecond},
				} {
					fault.Probability = 0.08
					w.AddFault(fault)
				}
				wholeStory(w)
				// That something comes late may be true now and then, and is said once in a channel.
				said := map[string]bool{}
				got := slices.DeleteFunc(w.picture(), func(line string) bool {
					channel, _, _ := strings.Cut(line, " | ")
					excuse := strings.Contains(line, "I was cut off for a while.") && !said[channel]
					said[channel] = said[channel] || excuse
					return excuse
				})
				if difference := cmp.Diff(want, got); difference != "" {
					w.t.Errorf("people see something else (-want +got):\n%s", difference)
				}
			})
		})
	}
}
