package perform_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/slack-go/slack"

	"muster/bot/slacksim"
	"muster/incident"
	"muster/templates"
)

var leak = incident.Declare{Title: "Leak", Severity: "sev3", Private: true}

// other is a client with our token that the program knows nothing of.
func (w *world) other() *slack.Client {
	return slack.New(w.BotToken(), slack.OptionAPIURL(w.net.APIURL()), slack.OptionHTTPClient(w.net.Client()))
}

// archive archives a channel or brings it back, and has Slack's event of it told.
func (w *world) archive(id incident.ID, archived bool) {
	w.t.Helper()
	change := w.other().UnArchiveConversationContext
	if archived {
		change = w.other().ArchiveConversationContext
	}
	must(w.t, change(w.t.Context(), string(w.incident(id).Channel.ID)))
	w.do(id, "", incident.RecordArchived{Archived: archived})
}

// TestAnothersPrivateChannel leaves alone a private channel of the right name and time that an incident has which our database
// does not know: whoever declared this one must not get into it.
func TestAnothersPrivateChannel(t *testing.T) {
	inWorld(t, func(w *world, _ *slacksim.Options) { w.policy.ChannelTemplate = "{title}" }, func(w *world) {
		w.AddFault(slacksim.Fault{Kind: slacksim.FaultStatus, Match: "conversations.create", Count: 1})
		id := w.declare(alice, leak).ID
		w.pass(100 * time.Millisecond)
		theirs, err := w.other().CreateConversationContext(w.t.Context(), slack.CreateConversationParams{ChannelName: "leak", IsPrivate: true})
		must(w.t, err)
		_, _, err = w.other().PostMessageContext(w.t.Context(), theirs.ID, slack.MsgOptionText("a card", false),
			slack.MsgOptionMetadata(slack.SlackMetadata{EventType: "muster_effect", EventPayload: map[string]any{"key": "INC-9/card#4"}}))
		must(w.t, err)
		w.mustSettle()
		if got := w.incident(id).Channel.ID; got == incident.ChannelID(theirs.ID) {
			w.t.Error("the incident got somebody else's channel")
		}
	})
}

// TestNamesInTrouble declares incidents of one name while calls land late, answers are lost and the program is killed. Each gets a
// channel of its own, and none is left over.
func TestNamesInTrouble(t *testing.T) {
	for seed := range uint64(60) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			chance := rand.New(rand.NewPCG(seed, 3))
			inWorld(t, func(w *world, o *slacksim.Options) {
				o.Seed, w.policy.ChannelTemplate, w.drain = seed, "{title}", time.Millisecond
			}, func(w *world) {
				for _, fault := range []slacksim.Fault{
					{Kind: slacksim.FaultLate, Delay: 400 * time.Millisecond}, {Kind: slacksim.FaultNameRace}, {Kind: slacksim.FaultCutAfter},
					{Kind: slacksim.FaultCutBefore}, {Kind: slacksim.FaultLatency, Delay: 3 * time.Second},
				} {
					fault.Match, fault.Probability, fault.Count = "conversations.create", 0.35, 6
					w.AddFault(fault)
				}
				owners := map[incident.ID]incident.ChannelID{}
				for range 4 {
					owners[w.declare(alice, incident.Declare{Title: "Leak", Severity: "sev3", Private: chance.IntN(2) == 0}).ID] = ""
					w.pass(time.Duration(chance.IntN(1500)) * time.Millisecond)
					if chance.IntN(2) == 0 {
						w.process.kill()
						w.restart()
					}
				}
				w.mustSettle()
				w.pass(5 * time.Second)
				theirs := map[incident.ChannelID]bool{}
				for id := range owners {
					theirs[w.incident(id).Channel.ID] = true
				}
				made := 0
				for _, call := range slacksim.Calls(w.Journal(0), "conversations.create") {
					if call.Effect != "" {
						made++
					}
				}
				if len(theirs) != len(owners) || theirs[""] || made != len(owners) {
					w.t.Errorf("%d incidents have %v; %d channels were made", len(owners), theirs, made)
				}
			})
		})
	}
}

// TestCardOfAnArchivedChannel archives the channel while nobody knows whether the card stands there: once it is back there is one.
func TestCardOfAnArchivedChannel(t *testing.T) {
	inWorld(t, nil, func(w *world) {
		w.AddFault(slacksim.Fault{Kind: slacksim.FaultCutAfter, Match: "chat.postMessage", Count: 1})
		id := w.declare(alice, leak).ID
		w.pass(500 * time.Millisecond)
		w.archive(id, true)
		w.mustSettle()
		w.archive(id, false)
		w.mustSettle()
		if texts := w.texts("alice", string(w.incident(id).Channel.ID)); count(texts, "INC-1") != 1 {
			w.t.Errorf("there are %q", texts)
		}
	})
}

// TestBackBeforeWeHeard brings a channel back before it is heard that a pin found it archived.
func TestBackBeforeWeHeard(t *testing.T) {
	inWorld(t, nil, func(w *world) {
		id := w.declare(alice, leak).ID
		w.mustSettle()
		card := w.incident(id).Card
		w.archive(id, true)
		w.mustSettle()
		must(w.t, w.other().UnArchiveConversationContext(w.t.Context(), string(card.Channel)))
		must(w.t, w.other().RemovePinContext(w.t.Context(), string(card.Channel), slack.NewRefToMessage(string(card.Channel), string(card.TS))))
		w.AddFault(slacksim.Fault{Kind: slacksim.FaultLatency, Match: "pins.add", Delay: 8 * time.Second, Count: 1})
		w.do(id, "", incident.RecordArchived{})
		w.pass(time.Second)
		w.archive(id, true)
		w.pass(4 * time.Second) // the pin is refused, but the answer is still on its way
		w.archive(id, false)
		w.mustSettle()
		if pins := w.channelOf(id).Pins; w.incident(id).Channel.State == incident.ChannelArchived || !slices.Contains(pins, string(card.TS)) {
			w.t.Errorf("archived: %v, pinned: %v", w.incident(id).Channel.State == incident.ChannelArchived, pins)
		}
	})
}

// TestTopicThatLandsLate takes back what the topic says before it is known whether it says so.
func TestTopicThatLandsLate(t *testing.T) {
	inWorld(t, nil, func(w *world) {
		id := w.declare(alice, leak).ID
		w.mustSettle()
		w.AddFault(slacksim.Fault{Kind: slacksim.FaultLate, Match: "conversations.setTopic", Delay: time.Second, Count: 1})
		w.do(id, alice, incident.AssignRole{Role: incident.IncidentManager, Assignee: person(alice)})
		w.pass(500 * time.Millisecond)
		w.do(id, alice, incident.ReleaseRole{Role: incident.IncidentManager, User: alice})
		w.mustSettle()
		if got, want := w.channelOf(id).Topic.Value, w.views.In(templates.Workspace).Topic(w.incident(id), time.Now()); got != want {
			w.t.Errorf("the topic is %q, want %q", got, want)
		}
	})
}

// TestReopenedWhileArchived reopens an incident while its channel is being archived. What happens in between is told in the
// channel all the same, also if the program was killed before it heard that the channel is archived.
func TestReopenedWhileArchived(t *testing.T) {
	for _, killed := range []bool{false, true} {
		t.Run(fmt.Sprint("killed: ", killed), func(t *testing.T) {
			inWorld(t, func(w *world, _ *slacksim.Options) { w.drain = time.Millisecond }, func(w *world) {
				id := w.declare(alice, sev1).ID
				w.mustSettle()
				w.do(id, alice, incident.ChangeStatus{Verb: incident.VerbResolve, Text: "It is back"})
				w.mustSettle()
				w.AddFault(slacksim.Fault{Kind: slacksim.FaultLatency, Match: "conversations.archive", Delay: time.Second, Count: 1})
				for len(w.jobs(incident.JobsRunning)) == 0 {
					w.pass(time.Until(incident.NextDue(w.incident(id), w.policy)))
					w.do(id, "", incident.Remind{})
					w.pass(time.Millisecond)
				}
				w.do(id, alice, incident.AssignRole{Role: incident.ProblemManager, Assignee: person(carol)})
				if killed {
					w.process.kill()
					w.restart()
				}
				w.do(id, alice, incident.ChangeStatus{Verb: incident.VerbReopen, Text: "It came back"})
				w.mustSettle()
				channel := w.channelOf(id)
				if channel.Archived || w.incident(id).Channel.State == incident.ChannelArchived {
					w.t.Errorf("archived: in Slack %v, in the store %v", channel.Archived, w.incident(id).Channel.State == incident.ChannelArchived)
				}
				if n := count(w.texts("alice", channel.ID), "Problem manager"); n != 1 {
					w.t.Errorf("who became problem manager stands there %d times", n)
				}
				if failed := w.jobs(incident.JobsFailed); len(failed) > 0 {
					w.t.Errorf("failed: %+v", failed)
				}
			})
		})
	}
}
