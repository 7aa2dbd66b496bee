package worker_test

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"os"
	"testing"
	"time"

	"muster/incident"
	"muster/storage"
)

// TestWriteHouse writes the database of a program that was stopped in the middle of everything, once. For each kind of effect
// there is an incident where such a job waits, one where it was tried once, and one where it failed for good.
func TestWriteHouse(t *testing.T) {
	if _, err := os.Stat(houseFile); err == nil {
		t.Skip("it stands")
	}
	inWorld(t, nil, func(w *world) {
		w.pass(24 * time.Hour)
		var err error
		whole := w.wholeStory()
		houses := w.declareHouses()
		w.pass(73 * time.Hour)
		for _, h := range houses {
			if h.kind == incident.KindRestoreChannel {
				w.do(h.of, "", incident.Remind{})
			}
		}
		w.mustSettle()
		w.stop()
		w.store, err = storage.Open(w.path, storage.Options{})
		must(w.t, err)
		for i := range houses {
			houses[i].bring(w)
		}
		for _, h := range houses {
			h.act(w)
		}
		w.do(whole, bob, incident.AddNote{Text: "the program stops here"})
		w.pass(time.Until(houseEnd()))
		if _, err := w.store.See(w.t.Context(), "remembered"); err != nil {
			w.t.Fatal(err)
		}
		if err := w.store.Close(); err != nil {
			w.t.Fatal(err)
		}
		data, err := os.ReadFile(w.path) // closed, so it is whole
		must(w.t, err)
		must(w.t, os.WriteFile(houseFile, packed(data), 0o600))
		var slack bytes.Buffer
		must(w.t, w.Save(&slack))
		must(w.t, os.WriteFile(houseSlack, packed(slack.Bytes()), 0o600))
		w.start()
	})
}

func packed(data []byte) []byte {
	var out bytes.Buffer
	zip, _ := gzip.NewWriterLevel(&out, gzip.BestCompression)
	_, err := io.Copy(zip, bytes.NewReader(data))
	if err = errors.Join(err, zip.Close()); err != nil {
		panic(err)
	}
	return out.Bytes()
}

// wholeStory has everything happen to one incident, and to a private one.
func (w *world) wholeStory() incident.ID {
	reply, err := w.Person("erin").In("support").Types(w.t.Context(), "Payments <time out>?")
	must(w.t, err)
	of := w.declare(alice, incident.Declare{Title: "결제 <장애> & more", Summary: "Payments time out", Severity: "sev1", Drill: true,
		Origin: incident.Origin{Source: incident.FromMessage, Message: incident.MessageRef{Channel: incident.ChannelID(w.channel("support").ID), TS: incident.MessageTS(reply.Message.TS)},
			Author: erin, Quote: "Payments <time out>?", Link: "https://example.slack.com/archives/C0GENERAL/p1"}}).ID
	w.mustSettle()
	for _, c := range []incident.Command{
		incident.AssignRole{Role: incident.IncidentManager, Assignee: person(alice)}, incident.AssignRole{Role: incident.TechLead, Assignee: person(bob)},
		incident.ReleaseRole{Role: incident.TechLead, User: bob}, incident.AssignRole{Role: incident.IncidentManager, Assignee: person(bob), Replace: true},
		incident.ChangeStatus{Verb: incident.VerbFix}, incident.ChangeSeverity{Severity: "sev2", Reason: "fewer are hit"},
		incident.Retitle{Title: "Payments"}, incident.Summarize{Text: "One region"},
		incident.PostUpdate{Text: incident.UpdateText{State: "s", Current: "c", Next: "n"}, NextIn: 20 * time.Minute},
		incident.AddNote{Text: "rolled back", Author: bob, At: time.Now().Add(-time.Hour)},
		incident.Snooze{For: time.Hour}, incident.PauseReminders{}, incident.ResumeReminders{}, incident.SetCadence{Every: 25 * time.Minute},
	} {
		w.pass(7 * time.Second)
		w.do(of, alice, c)
	}
	w.mustSettle()
	w.pass(3 * time.Hour)
	w.do(of, "", incident.Remind{})
	w.mustSettle()
	fault := w.AddFault(refuse("conversations.setTopic", "restricted_action"))
	w.do(of, bob, incident.ChangeSeverity{Severity: "sev3", Reason: "hardly anybody"})
	w.mustSettle()
	w.ClearFaults(fault)
	w.do(of, bob, incident.RetryEffect{Job: w.incident(of).Troubles[0].Job})
	w.do(of, alice, incident.ChangeStatus{Verb: incident.VerbResolve, Text: "rolled back"})
	w.mustSettle()
	w.pass(80 * time.Hour)
	w.do(of, "", incident.Remind{})
	w.mustSettle()
	w.do(of, alice, incident.ChangeStatus{Verb: incident.VerbReopen, Text: "it is back"})
	w.mustSettle()

	private := w.declare(alice, incident.Declare{Title: "A leak", Severity: "sev2", Private: true}).ID
	w.mustSettle()
	w.do(private, "", incident.JoinMember{User: bob, At: time.Now()})
	w.do(private, "", incident.LeaveMember{User: bob, At: time.Now().Add(time.Second)})
	w.do(private, alice, incident.ChangeStatus{Verb: incident.VerbCancel, Text: "none"})
	w.mustSettle()
	return of
}

// house is an incident with a job of one kind in one state.
type house struct {
	of    incident.ID
	kind  incident.EffectKind
	state string // waiting, tried or failed
	user  incident.UserID
}

func (w *world) declareHouses() []house {
	var houses []house
	users := map[incident.EffectKind][]incident.UserID{
		incident.KindSendBrief: {"U0BOB00002", "U0DAVE0004", "U0JIHO0007"},
		incident.KindDrawHome:  {"U0MINJUN05", "U0SEOYEON6", "U0HAEUN008"},
	}
	for _, kind := range incident.EffectKinds() {
		for i, state := range []string{"waiting", "tried", "failed"} {
			h := house{kind: kind, state: state, user: carol}
			if list := users[kind]; list != nil {
				h.user = list[i]
			}
			if kind != incident.KindCreateChannel {
				h.of = w.declare(alice, h.declaration(w)).ID
				w.mustSettle()
			}
			if kind == incident.KindArchiveChannel || kind == incident.KindRestoreChannel {
				w.do(h.of, alice, incident.ChangeStatus{Verb: incident.VerbResolve, Text: "over"})
				w.mustSettle()
			}
			houses = append(houses, h)
		}
	}
	return houses
}

func (h house) declaration(w *world) incident.Declare {
	c := incident.Declare{Title: fmt.Sprintf("%s, %s", h.kind, h.state), Severity: "sev2"}
	if h.kind == incident.KindLinkOrigin {
		c.Origin = incident.Origin{Source: incident.FromMessage, Message: h.message(w), Author: erin, Quote: "Is it down?"}
	}
	return c
}

const erin = incident.UserID("U0ERIN0009")

// message is said where customers' questions are asked.
func (h house) message(w *world) incident.MessageRef {
	reply, err := w.Person("erin").In("support").Types(w.t.Context(), fmt.Sprintf("Is it down? (%s, %s)", h.kind, h.state))
	must(w.t, err)
	return incident.MessageRef{Channel: incident.ChannelID(w.channel("support").ID), TS: incident.MessageTS(reply.Message.TS)}
}

// bring has the job asked for, while nobody performs anything.
func (h *house) bring(w *world) {
	w.pass(time.Second)
	switch h.kind {
	case incident.KindCreateChannel:
		h.of = w.declare(alice, h.declaration(w)).ID
	case incident.KindInviteUsers, incident.KindSendBrief, incident.KindDrawHome:
		w.do(h.of, alice, incident.AssignRole{Role: incident.Scribe, Assignee: person(h.user)})
	case incident.KindInviteGroup:
		w.do(h.of, alice, incident.ChangeSeverity{Severity: "sev1", Reason: "everybody is hit"})
	case incident.KindDrawCard, incident.KindDrawTopic, incident.KindDrawAnnouncement:
		w.do(h.of, alice, incident.Retitle{Title: string(h.kind) + " is " + h.state})
	case incident.KindPinCard:
		w.do(h.of, "", incident.RecordArchived{Archived: true})
		w.do(h.of, "", incident.RecordArchived{Archived: false})
	case incident.KindPostEntry:
		w.do(h.of, bob, incident.AddNote{Text: "a note that is " + h.state})
	case incident.KindSendReminder, incident.KindArchiveChannel:
		w.do(h.of, "", incident.Remind{})
	case incident.KindLinkOrigin:
		must(w.t, w.store.Enqueue(w.t.Context(), incident.LinkOrigin{Of: h.of}))
	case incident.KindMarkNoted:
		w.do(h.of, bob, incident.AddNote{Text: "Is it down?", Author: erin, Message: h.message(w)})
	case incident.KindRestoreChannel:
		w.do(h.of, alice, incident.ChangeStatus{Verb: incident.VerbReopen, Text: "it is back"})
	case incident.KindLookAtChannel:
		w.do(h.of, "", incident.RecordArchived{Archived: true})
	default:
		w.t.Fatalf("what asks for %s?", h.kind)
	}
}

// act brings the job into its state.
func (h house) act(w *world) {
	if h.state == "waiting" {
		return
	}
	ctx, job := w.t.Context(), h.claim(w)
	if h.state == "tried" {
		must(w.t, w.store.Retry(ctx, job, time.Now().Add(time.Minute), "ratelimited"))
		return
	}
	_, err := w.store.Fail(ctx, job, "restricted_action", func(current incident.Incident) (incident.Outcome, error) {
		return incident.Step(current, h.of, incident.RecordFailure{Job: job.ID, Kind: h.kind, Key: job.Effect.Handling().Key, Reason: "restricted_action"},
			incident.Muster, time.Now(), w.policy)
	})
	must(w.t, err)
}

// claim gets at the job; what stands before it in its lane counts as done.
func (h house) claim(w *world) incident.Job {
	lane := ""
	for _, job := range w.jobs(incident.JobsWaiting) {
		if handling := job.Effect.Handling(); handling.Kind == h.kind && handling.Incident == h.of {
			lane = handling.Lane
		}
	}
	for range 20 {
		jobs, err := w.store.Claim(w.t.Context(), time.Now(), 1000)
		must(w.t, err)
		var found incident.Job
		for _, job := range jobs {
			handling := job.Effect.Handling()
			switch {
			case handling.Kind == h.kind && handling.Incident == h.of:
				found = job
			case handling.Incident == h.of && handling.Lane == lane:
				_, err := w.store.Complete(w.t.Context(), job, nil)
				must(w.t, err)
			default:
				must(w.t, w.store.Release(w.t.Context(), job))
			}
		}
		if found.ID != 0 {
			return found
		}
	}
	w.t.Fatalf("there is no %s of %s", h.kind, h.of)
	return incident.Job{}
}
