package bolt

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"muster/incident"
)

const day = 24 * time.Hour

// desk is a store beside a clock that can be set, and a ledger of what it took.
type desk struct {
	*testing.T
	*Store
	path   string
	policy *incident.Policy
	now    time.Time
	notes  map[incident.ID][]string // what was noted, in the order it was taken
	jobs   map[string]bool          // the keys of the effects that were asked for and are not yet completed
}

func newDesk(t *testing.T) *desk {
	d := &desk{T: t, path: filepath.Join(t.TempDir(), "muster.db"), policy: testPolicy(t), notes: map[incident.ID][]string{},
		jobs: map[string]bool{}, now: time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC)}
	d.opens()
	return d
}

// opens opens the store as the program does, with the reminders derived anew.
func (d *desk) opens() {
	d.Helper()
	d.Store = mustOpen(d.T, d.path, Options{Now: func() time.Time { return d.now }})
	if err := d.Reindex(d.Context()); err != nil {
		d.Fatal(err)
	}
}

func (d *desk) reopens() {
	d.Helper()
	if err := d.Close(); err != nil {
		d.Fatal(err)
	}
	d.opens()
}

func (d *desk) decides(command incident.Command) FollowUp {
	return func(current incident.Incident) (incident.Outcome, error) {
		return incident.Step(current, current.ID, command, incident.Actor{ID: "U0ALICE", Kind: incident.Person}, d.now, d.policy)
	}
}

func (d *desk) declares(once string) incident.ID {
	d.Helper()
	out, err := d.Create(d.Context(), once, func(id incident.ID) (incident.Outcome, error) {
		return incident.Step(incident.Incident{}, id, incident.Declare{Title: once, Severity: "sev1"}, incident.Actor{ID: "U0ALICE", Kind: incident.Person}, d.now, d.policy)
	})
	if err != nil {
		d.Fatal(err)
	}
	d.asks(out)
	return out.State.ID
}

// asks takes down what has to be done.
func (d *desk) asks(out incident.Outcome) {
	for _, effect := range out.Effects {
		d.jobs[effect.Handling().Key] = true
	}
}

// adds notes a key as words too, and tries the same key once more: the second time nothing may come of it.
func (d *desk) adds(id incident.ID, once string) {
	d.Helper()
	out, err := d.Apply(d.Context(), id, once, d.decides(incident.AddNote{Text: once}))
	if err != nil {
		d.Fatalf("%s at %s: %v", once, d.now, err)
	}
	d.asks(out)
	d.notes[id] = append(d.notes[id], once)
	d.again(id, once)
}

func (d *desk) again(id incident.ID, once string) {
	d.Helper()
	var seen *incident.SeenError
	if _, err := d.Apply(d.Context(), id, once, d.decides(incident.AddNote{Text: once})); !errors.As(err, &seen) || incident.IDOf(seen.Of) != id {
		d.Errorf("%s once more at %s: %v, want that it was seen", once, d.now, err)
	}
}

// due wants these incidents to have a reminder that is due, each once.
func (d *desk) due(want ...incident.ID) {
	d.Helper()
	got, err := d.DueBefore(d.Context(), d.now, 0)
	if err != nil || fmt.Sprint(got) != fmt.Sprint(want) {
		d.Errorf("due at %s: %v, %v; want %v", d.now, got, err, want)
	}
}

// reminds fires what is due.
func (d *desk) reminds(id incident.ID) {
	d.Helper()
	out, err := d.Apply(d.Context(), id, "", func(current incident.Incident) (incident.Outcome, error) {
		return incident.Step(current, id, incident.Remind{}, incident.Actor{Kind: incident.System}, d.now, d.policy)
	})
	if err != nil {
		d.Errorf("remind %s at %s: %v", id, d.now, err)
	}
	d.asks(out)
}

// holds wants nothing lost and nothing twice, times that never run backwards, and a store that is whole.
func (d *desk) holds() {
	d.Helper()
	for id, want := range d.notes {
		entries, err := d.Timeline(d.Context(), id, 0, 0)
		if err != nil {
			d.Fatal(err)
		}
		var notes []string
		reminded, last := map[string]bool{}, time.Time{}
		for _, entry := range entries {
			if entry.At.Before(last) {
				d.Errorf("%s: entry %d is of %s, after one of %s", id, entry.Seq, entry.At, last)
			}
			last = entry.At
			switch e := entry.Event.(type) {
			case incident.EventNoteAdded:
				notes = append(notes, e.Text)
			case incident.EventReminded:
				key := fmt.Sprint(e.Rule, e.Subject, e.Anchor, e.Step)
				if reminded[key] {
					d.Errorf("%s was reminded twice: %s", id, key)
				}
				reminded[key] = true
			}
		}
		if fmt.Sprint(notes) != fmt.Sprint(want) {
			d.Errorf("%s has the notes %v, want %v", id, notes, want)
		}
	}
	waiting, err := d.Jobs(d.Context(), incident.JobsWaiting, 0)
	if err != nil {
		d.Fatal(err)
	}
	jobs := map[string]int{}
	for _, job := range waiting {
		jobs[job.Effect.Handling().Key]++
	}
	for key := range d.jobs {
		if jobs[key] != 1 {
			d.Errorf("%s waits %d times", key, jobs[key])
		}
	}
	if len(jobs) != len(d.jobs) {
		d.Errorf("%v wait, want %v", jobs, d.jobs)
	}
	if report, err := d.Check(d.Context()); err != nil || len(report.Problems) > 0 {
		d.Errorf("check at %s: %v, %v", d.now, report.Problems, err)
	}
}

// works completes whatever waits, as it can be claimed now.
func (d *desk) works() {
	d.Helper()
	for {
		jobs, err := d.Claim(d.Context(), d.now, 10)
		if err != nil {
			d.Fatal(err)
		}
		if len(jobs) == 0 {
			return
		}
		for _, job := range jobs {
			if _, err := d.Complete(d.Context(), job, nil); err != nil {
				d.Fatal(err)
			}
			delete(d.jobs, job.Effect.Handling().Key)
		}
	}
}

// The clock is set back by a day, between commands and across a restart. Only reminders wait, until it has caught up.
func TestClockSetBackByADay(t *testing.T) {
	d := newDesk(t)
	id := d.declares("declared")
	d.adds(id, "before")
	due, _, err := d.NextDue(context.Background())
	if err != nil || due.IsZero() {
		t.Fatalf("the first reminder comes at %s, %v", due, err)
	}
	d.now = d.now.Add(-day)
	d.again(id, "before")
	d.adds(id, "set back")
	other := d.declares("declared while set back")
	d.adds(other, "of the other")
	d.holds()
	d.reopens()
	d.again(id, "before")
	d.again(id, "set back")
	d.adds(id, "after a restart")
	d.due()
	d.holds()
	if d.works(); len(d.jobs) != 0 {
		t.Errorf("%v wait for nothing and cannot be claimed while the clock is set back", d.jobs)
	}
	// The other one never knew another clock: its reminder comes by this one.
	d.now = due.Add(-day)
	d.due(other)
	d.reminds(other)
	d.due()
	d.now = due // a day later
	d.due(other, id)
	d.reminds(id)
	d.reminds(other)
	d.due()
	d.holds()
	d.reopens()
	d.due()
	d.holds()
}

// The clock is set forward by a day, between commands and across a restart: what has become due comes once, and once-keys of before
// still are good.
func TestClockSetForwardByADay(t *testing.T) {
	d := newDesk(t)
	first, second := d.declares("first"), d.declares("second")
	d.adds(first, "before")
	d.adds(second, "before too")
	d.due()
	d.now = d.now.Add(day)
	d.again(first, "before")
	d.adds(first, "set forward")
	d.due(first, second)
	d.reopens()
	d.again(first, "set forward")
	d.due(first, second)
	d.reminds(first)
	d.due(second)
	d.reminds(second)
	d.due()
	d.adds(second, "reminded")
	d.holds()
	d.reopens()
	d.due()
	d.holds()
	// And back to where it was: what was written by the false clock stands, and work goes on.
	d.now = d.now.Add(-day)
	d.again(second, "reminded")
	d.adds(first, "set right")
	d.reopens()
	d.again(first, "set right")
	d.due()
	d.holds()
	if d.works(); len(d.jobs) != 0 {
		t.Errorf("%v cannot be claimed once the clock is right again", d.jobs)
	}
	d.holds()
}

// What rests before it is tried again does not rest for a day longer because the clock was set back.
func TestClockSetBackWakesWhatRests(t *testing.T) {
	ctx, now, path := t.Context(), storyNow(), filled(t, 0)
	options := Options{Now: func() time.Time { return now }}
	s := mustOpen(t, path, options)
	if _, err := s.Create(ctx, "", declare(testPolicy(t), "Outage")); err != nil {
		t.Fatal(err)
	}
	jobs, err := s.Claim(ctx, now, 100)
	if err != nil || len(jobs) == 0 {
		t.Fatalf("%d jobs, %v", len(jobs), err)
	}
	for _, job := range jobs {
		if err := s.Retry(ctx, job, now.Add(15*time.Minute), "ratelimited"); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	now = now.Add(-day)
	s = mustOpen(t, path, options)
	if again, err := s.Claim(ctx, now, 100); err != nil || len(again) != len(jobs) {
		t.Errorf("%d of %d jobs can be claimed after the clock was set back and the program started again, %v", len(again), len(jobs), err)
	}
}
