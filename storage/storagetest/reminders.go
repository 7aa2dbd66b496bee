package storagetest

import (
	"context"
	"testing"
	"time"

	"muster/incident"
)

func (w *world) nextDue(t tb) time.Time {
	t.Helper()
	at, ok, err := w.NextDue(context.Background())
	if err != nil || ok == at.IsZero() {
		t.Fatalf("next due: %v, %v, %v", at, ok, err)
	}
	return at
}

func testDue(t *testing.T, w *world) {
	if at := w.nextDue(t); !at.IsZero() {
		t.Fatalf("an empty store has a reminder at %v", at)
	}
	first := w.declared(t, "First")
	if !signalled(w.DueChanged()) {
		t.Error("no signal after the first reminder was armed")
	}
	firstAt := incident.NextDue(first, w.policy)
	if got := w.nextDue(t); !got.Equal(firstAt) {
		t.Errorf("next due at %v, want %v", got, firstAt)
	}
	w.now = w.now.Add(time.Minute)
	second := w.declared(t, "Second")
	if signalled(w.DueChanged()) {
		t.Error("a signal although a later reminder changed nothing")
	}
	secondAt := incident.NextDue(second, w.policy)
	for _, tt := range []struct {
		at    time.Time
		limit int
		want  string
	}{
		{firstAt.Add(-time.Nanosecond), 0, `null`},
		{firstAt, 0, `["INC-1"]`},
		{secondAt, 0, `["INC-1","INC-2"]`},
		{secondAt.Add(time.Hour), 1, `["INC-1"]`},
	} {
		got, err := w.DueBefore(context.Background(), tt.at, tt.limit)
		if err != nil || text(t, got) != tt.want {
			t.Errorf("due at %v: got %s and %v, want %s", tt.at, text(t, got), err, tt.want)
		}
	}
	w.does(t, first.ID, incident.PauseReminders{})
	if got := w.nextDue(t); !got.Equal(secondAt) || !signalled(w.DueChanged()) {
		t.Errorf("after a pause: next due at %v, want %v and a signal", got, secondAt)
	}
	w.reopen(t)
	if got := w.nextDue(t); !got.Equal(secondAt) {
		t.Errorf("after a restart: next due at %v, want %v", got, secondAt)
	}
}

func testReindex(t *testing.T, w *world) {
	open := w.declared(t, "Open")
	finished := w.declared(t, "Finished")
	w.does(t, finished.ID, incident.RecordChannel{Channel: "C2", Name: "inc-2"})
	finished = w.does(t, finished.ID, incident.ChangeStatus{Verb: incident.VerbResolve, Text: "done"})

	w.policy.ArchiveAfter, w.policy.Rules = 0, nil
	w.reindexes(t)
	if at := w.nextDue(t); !at.IsZero() {
		t.Errorf("no rules, and a reminder at %v", at)
	}
	*w.policy = *Policy(t)
	w.policy.ArchiveAfter = time.Minute
	w.reindexes(t)
	got, err := w.DueBefore(context.Background(), w.now.AddDate(1, 0, 0), 0)
	if err != nil || text(t, got) != text(t, []incident.ID{finished.ID, open.ID}) {
		t.Errorf("got %v and %v, want the archive of %s and then %s", got, err, finished.ID, open.ID)
	}
}

func (w *world) reindexes(t tb) {
	t.Helper()
	if err := w.Reindex(context.Background()); err != nil {
		t.Fatalf("reindex: %v", err)
	}
}
