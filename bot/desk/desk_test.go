package desk_test

import (
	"context"
	"errors"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"github.com/robfig/cron/v3"
	"github.com/rs/zerolog"

	"muster/bot/desk"
	"muster/incident"
	"muster/incident/ledger"
	"muster/storage"
	"muster/storage/local"
)

// office is a desk on a real store, and the people who come to it.
type office struct {
	*testing.T
	*desk.Desk
	store *storage.Stores
}

func inOffice(t *testing.T, story func(o *office)) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "muster.db")
	synctest.Test(t, func(t *testing.T) {
		store, err := local.Open(path, local.Options{})
		if err != nil {
			t.Fatal(err)
		}
		defer func() {
			if err := store.Close(); err != nil {
				t.Error(err)
			}
		}()
		policy := incident.DefaultPolicy()
		if err := policy.Compile(func(spec string) (incident.Schedule, error) { return cron.ParseStandard(spec) }); err != nil {
			t.Fatal(err)
		}
		story(&office{T: t, store: store, Desk: desk.New(desk.Options{Store: store, People: members{}, Policy: policy, Log: zerolog.Nop()})})
	})
}

// members takes whoever is asked for as a member of the workspace.
type members struct{}

func (members) Actor(_ context.Context, user incident.UserID) (incident.Actor, error) {
	return incident.Actor{ID: user, Kind: incident.Person}, nil
}

func (o *office) asks(user incident.UserID, once string) desk.Asked {
	o.Helper()
	who, err := o.Who(o.Context(), user)
	if err != nil {
		o.Fatal(err)
	}
	return desk.Asked{By: who, At: time.Now(), Once: once}
}

func (o *office) declares(user incident.UserID, declare incident.Declare) incident.Incident {
	o.Helper()
	out, err := o.Declare(o.Context(), o.asks(user, ""), declare)
	if err != nil {
		o.Fatal(err)
	}
	return out.State
}

func (o *office) claims() ledger.Job {
	o.Helper()
	jobs, err := o.store.Claim(o.Context(), time.Now(), 1)
	if err != nil || len(jobs) != 1 {
		o.Fatalf("claimed %d jobs: %v", len(jobs), err)
	}
	return jobs[0]
}

func (o *office) get(id incident.ID) incident.Incident {
	o.Helper()
	in, err := o.store.Get(o.Context(), id)
	if err != nil {
		o.Fatal(err)
	}
	return in
}

func code(err error) incident.Code {
	var refusal *incident.Refusal
	if errors.As(err, &refusal) {
		return refusal.Code
	}
	return ""
}

// A form that Slack delivers twice declares once, and the second answer is the first one's incident.
func TestAskedTwice(t *testing.T) {
	inOffice(t, func(o *office) {
		asked := o.asks("UALICE", "view/V1")
		first, err := o.Declare(o.Context(), asked, incident.Declare{Title: "Checkout is down"})
		if err != nil {
			t.Fatal(err)
		}
		again, err := o.Declare(o.Context(), asked, incident.Declare{Title: "Checkout is down"})
		if err != nil || again.State.ID != first.State.ID || len(again.Entries) != 0 {
			t.Errorf("again: %s with %d entries, %v; want %s with none", again.State.ID, len(again.Entries), err, first.State.ID)
		}
		note := o.asks("UALICE", "view/V2")
		if _, err := o.Apply(o.Context(), note, first.State.ID, incident.AddNote{Text: "The disk is full"}); err != nil {
			t.Error(err)
		}
		var seen *incident.SeenError
		if _, err := o.Apply(o.Context(), note, first.State.ID, incident.AddNote{Text: "The disk is full"}); !errors.As(err, &seen) {
			t.Errorf("the note again: %v", err)
		}
		if got := o.get(first.State.ID).Notes; got != 1 {
			t.Errorf("%d notes, want one", got)
		}
	})
}

// Eve hears of no private incident of Alice's, by whatever name she asks for it.
func TestAPrivateIncidentIsNotShown(t *testing.T) {
	inOffice(t, func(o *office) {
		in := o.declares("UALICE", incident.Declare{Title: "Checkout is down", Private: true})
		eve := o.asks("UEVE", "")
		if _, err := o.Show(o.Context(), eve.By, in.ID); code(err) != incident.RefuseUnknownIncident {
			t.Errorf("shown: %v", err)
		}
		page, err := o.List(o.Context(), eve.By, incident.Query{Scope: incident.ScopeAll, AllSeen: true, Viewer: "UALICE"})
		if err != nil || len(page.Incidents) != 0 {
			t.Errorf("listed: %v, %v", page.Incidents, err)
		}
		if entries, err := o.Timeline(o.Context(), eve.By, in, 0, 10); code(err) != incident.RefuseUnknownIncident || len(entries) != 0 {
			t.Errorf("the timeline: %v, %v", entries, err)
		}
		if _, err := o.Apply(o.Context(), eve, in.ID, incident.AddNote{Text: "I know"}); code(err) != incident.RefuseUnknownIncident {
			t.Errorf("noted: %v", err)
		}
		if err := o.Refused(eve.By, incident.AddNote{}, &in); code(err) != incident.RefuseUnknownIncident {
			t.Errorf("her form: %v", err)
		}
		if got, err := o.Show(o.Context(), o.asks("UALICE", "").By, in.ID); err != nil || got.ID != in.ID {
			t.Errorf("to Alice: %v, %v", got.ID, err)
		}
	})
}

// An effect ends together with what is known of it: done, it leaves what it found; given up, it leaves a trouble, and both take back
// the trouble of an earlier one that they stand for.
func TestHowEffectsEnd(t *testing.T) {
	inOffice(t, func(o *office) {
		in := o.declares("UALICE", incident.Declare{Title: "Checkout is down"})
		room := o.claims()
		if err := o.Done(o.Context(), room, []ledger.Command{incident.RecordChannel{Channel: "C1", Name: "inc-1"}}); err != nil {
			t.Fatal(err)
		}
		if got := o.get(in.ID).Channel.ID; got != "C1" {
			t.Errorf("the channel is %q", got)
		}
		if err := o.Done(o.Context(), room, nil); !errors.Is(err, incident.ErrFenced) {
			t.Errorf("ended again: %v", err)
		}
		for _, command := range []incident.Command{incident.RecordMembers{Users: []incident.UserID{"UALICE"}}} {
			if _, err := o.Record(o.Context(), desk.Asked{At: time.Now()}, in.ID, command); err != nil {
				t.Fatal(err)
			}
		}
		fails := func(reason string) ledger.Job {
			t.Helper()
			if err := o.store.Enqueue(o.Context(), incident.DrawTopic{Of: in.ID}); err != nil {
				t.Fatal(err)
			}
			job := o.topic()
			if err := o.GiveUp(o.Context(), job, reason, nil); err != nil {
				t.Fatal(err)
			}
			return job
		}
		fails("channel_not_found")
		second := fails("no_permission")
		if got := o.get(in.ID).Troubles; len(got) != 1 || got[0].Job != second.ID || got[0].Reason != "no_permission" {
			t.Errorf("troubles: %+v, want the newer one", got)
		}
		if err := o.store.Enqueue(o.Context(), incident.DrawTopic{Of: in.ID}); err != nil {
			t.Fatal(err)
		}
		if err := o.Done(o.Context(), o.topic(), nil); err != nil {
			t.Fatal(err)
		}
		if got := o.get(in.ID).Troubles; len(got) != 0 {
			t.Errorf("troubles: %+v, want none after it worked out", got)
		}
	})
}

// topic claims until a topic is to be drawn.
func (o *office) topic() ledger.Job {
	o.Helper()
	for {
		job := o.claims()
		if job.Effect.Handling().Kind == incident.KindDrawTopic {
			return job
		}
	}
}

// What failed under an incident that is not there any more, or belongs to none, is set aside all the same.
func TestEffectsOfNobody(t *testing.T) {
	inOffice(t, func(o *office) {
		for _, effect := range []incident.Effect{incident.DrawTopic{Of: "INC-99"}, incident.DrawHome{User: "UALICE"}} {
			if err := o.store.Enqueue(o.Context(), effect); err != nil {
				t.Fatal(err)
			}
			if err := o.GiveUp(o.Context(), o.claims(), "not_found", nil); err != nil {
				t.Error(err)
			}
		}
		failed, err := o.store.Jobs(o.Context(), incident.JobsFailed, 0)
		if err != nil || len(failed) != 2 {
			t.Errorf("%d are set aside, %v; want two", len(failed), err)
		}
		if err := o.TellOfFailed(o.Context()); err != nil {
			t.Error(err)
		}
	})
}

// A reminder that is due is recorded once; asked again at once, there is none.
func TestRemind(t *testing.T) {
	inOffice(t, func(o *office) {
		in := o.declares("UALICE", incident.Declare{Title: "Checkout is down", Severity: "sev1"})
		reminds := func(when string, want bool) {
			t.Helper()
			reminded, fired, err := o.Remind(o.Context(), in.ID.Ref())
			if err != nil || fired != want || fired != (len(reminded) > 0) {
				t.Errorf("%s: %v, %v, %v; want %v", when, reminded, fired, err, want)
			}
		}
		reminds("before anything is due", false)
		<-time.After(time.Hour)
		reminds("an hour later", true)
		reminds("again", false)
	})
	inOffice(t, func(o *office) {
		if _, _, err := o.Remind(o.Context(), ledger.Ref{Aggregate: "recipe", ID: "soup"}); err == nil {
			t.Error("the desk reminds of what it does not know")
		}
	})
}
