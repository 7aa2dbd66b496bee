package storagetest

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"muster/incident"
)

func testCreate(t *testing.T, w *world) {
	for i, want := range []incident.ID{"INC-1", "INC-2", "INC-3"} {
		in := w.declared(t, fmt.Sprintf("Outage %d", i))
		if in.ID != want {
			t.Fatalf("incident %d is %s, want %s", i, in.ID, want)
		}
		if got := w.get(t, want); text(t, got) != text(t, in) {
			t.Errorf("kept %s, want %s", text(t, got), text(t, in))
		}
	}
	for _, id := range []incident.ID{"INC-4", "INC-0", "", "nonsense"} {
		_, err := w.Get(context.Background(), id)
		wantError(t, "get "+string(id), err, incident.ErrNotFound)
	}
}

func testRefusedCreate(t *testing.T, w *world) {
	_, err := w.Create(context.Background(), "view/1", w.declare(incident.Declare{Title: ""}, Alice()))
	var refusal *incident.Refusal
	if !errors.As(err, &refusal) {
		t.Fatalf("an empty title: got %v, want a refusal", err)
	}
	out, err := w.Create(context.Background(), "view/1", w.declare(incident.Declare{Title: "Now with words"}, Alice()))
	if err != nil || out.State.ID != "INC-1" {
		t.Fatalf("after a refusal: got %s and %v, want INC-1 with the same once-key", out.State.ID, err)
	}
	if jobs := w.jobs(t, incident.JobsAll); len(jobs) != len(out.Effects) {
		t.Errorf("%d jobs in the outbox, want the %d of the one that came through", len(jobs), len(out.Effects))
	}
}

func testOnce(t *testing.T, w *world) {
	ctx := context.Background()
	decide := w.declare(incident.Declare{Title: "Double click"}, Alice())
	first, err := w.Create(ctx, "view/V1", decide)
	if err != nil {
		t.Fatal(err)
	}
	_, err = w.Create(ctx, "view/V1", decide)
	wantSeen(t, "declared twice", err, first.State.ID)
	_, err = w.Apply(ctx, first.State.ID, "view/V1", w.step(incident.AddNote{Text: "no"}, Alice()))
	wantSeen(t, "applied with the key of a declaration", err, first.State.ID)

	note := w.step(incident.AddNote{Text: "once"}, Alice())
	if _, err := w.Apply(ctx, first.State.ID, "view/V2", note); err != nil {
		t.Fatal(err)
	}
	w.reopen(t)
	_, err = w.Apply(ctx, first.State.ID, "view/V2", note)
	wantSeen(t, "applied twice, with a crash in between", err, first.State.ID)
	for i, want := range []bool{true, false, false} {
		if fresh, err := w.See(ctx, "event/E1"); err != nil || fresh != want {
			t.Errorf("event seen for the %d. time: got %v and %v, want %v", i+1, fresh, err, want)
		}
	}
	_, err = w.Apply(ctx, first.State.ID, "event/E1", note)
	wantSeen(t, "applied with the key of an event", err, "")
	if got := w.get(t, first.State.ID).Notes; got != 1 {
		t.Errorf("%d notes, want 1", got)
	}
	for _, key := range []string{"", strings.Repeat("x", 100_000)} {
		if fresh, err := w.See(ctx, key); fresh || err == nil {
			t.Errorf("a key of %d bytes: got %v and no error, want an error", len(key), fresh)
		}
	}
}

func wantSeen(t tb, what string, err error, id incident.ID) {
	t.Helper()
	var seen *incident.SeenError
	if !errors.As(err, &seen) || incident.IDOf(seen.Of) != id {
		t.Fatalf("%s: got %v, want seen before with %q", what, err, id)
	}
}

func testApply(t *testing.T, w *world) {
	in := w.declared(t, "Search is slow")
	w.does(t, in.ID, incident.AddNote{Text: "first"})
	after := w.does(t, in.ID, incident.Retitle{Title: "Search is down"})
	if got := w.get(t, in.ID); got.Title != "Search is down" || text(t, got) != text(t, after) {
		t.Errorf("kept %s, want %s", text(t, got), text(t, after))
	}
	_, err := w.Apply(context.Background(), "INC-99", "", w.step(incident.AddNote{Text: "?"}, Alice()))
	wantError(t, "unknown incident", err, incident.ErrNotFound)
	_, err = w.Apply(context.Background(), in.ID, "", w.step(incident.ChangeStatus{Verb: incident.VerbClose}, Alice()))
	var refusal *incident.Refusal
	if !errors.As(err, &refusal) || text(t, w.get(t, in.ID)) != text(t, after) {
		t.Errorf("a refusal: got %v, want a refusal and nothing changed", err)
	}
}

func testEmptyOutcome(t *testing.T, w *world) {
	in := w.declared(t, "Quiet")
	before := len(w.jobs(t, incident.JobsAll))
	nothing := func(current incident.Incident) (incident.Outcome, error) {
		current.Title = "never kept"
		return incident.Outcome{State: current, Effects: []incident.Effect{incident.DrawCard{Of: in.ID}}}, nil
	}
	if _, err := w.Apply(context.Background(), in.ID, "event/1", nothing); err != nil {
		t.Fatal(err)
	}
	if got := w.get(t, in.ID); text(t, got) != text(t, in) {
		t.Errorf("kept %s, want %s", text(t, got), text(t, in))
	}
	if after := len(w.jobs(t, incident.JobsAll)); after != before {
		t.Errorf("%d jobs, want %d as before", after, before)
	}
	_, err := w.Apply(context.Background(), in.ID, "event/1", nothing)
	wantSeen(t, "its once-key", err, in.ID)
}

func testStrangeOutcome(t *testing.T, w *world) {
	in := w.declared(t, "Stale")
	w.does(t, in.ID, incident.AddNote{Text: "meanwhile"})
	stale := func(incident.Incident) (incident.Outcome, error) {
		return w.step(incident.AddNote{Text: "late"}, Alice())(in)
	}
	other := func(current incident.Incident) (incident.Outcome, error) {
		out, err := w.step(incident.AddNote{Text: "elsewhere"}, Alice())(current)
		out.State.ID = "INC-7"
		return out, err
	}
	for what, decide := range map[string]Decide{"stale": stale, "of another incident": other} {
		if _, err := w.Apply(context.Background(), in.ID, "", decide); err == nil {
			t.Errorf("an outcome that is %s was kept", what)
		}
	}
	if got := w.get(t, in.ID); got.Notes != 1 {
		t.Errorf("%d notes, want 1", got.Notes)
	}
}

func testPanic(t *testing.T, w *world) {
	in := w.declared(t, "Panic")
	var group sync.WaitGroup
	for i := range 20 {
		group.Go(func() {
			_, err := w.Apply(context.Background(), in.ID, "", func(current incident.Incident) (incident.Outcome, error) {
				if i%2 == 0 {
					panic("a bug")
				}
				return w.step(incident.AddNote{Text: "fine"}, Alice())(current)
			})
			if (err != nil) != (i%2 == 0) {
				t.Errorf("call %d: got error %v", i, err)
			}
		})
	}
	group.Wait()
	if got := w.get(t, in.ID).Notes; got != 10 {
		t.Errorf("%d notes, want the 10 of those that did not panic", got)
	}
}

func testTimeline(t *testing.T, w *world) {
	ctx := context.Background()
	in := w.declared(t, "Long night")
	w.declared(t, "Another")
	for i := range 9 {
		in = w.does(t, in.ID, incident.AddNote{Text: fmt.Sprintf("note %d", i)})
	}
	whole, err := w.Timeline(ctx, in.ID, 0, 0)
	if err != nil || uint64(len(whole)) != in.Seq {
		t.Fatalf("%d entries and %v, want %d", len(whole), err, in.Seq)
	}
	var folded incident.Incident
	for i, entry := range whole {
		if entry.Seq != uint64(i+1) {
			t.Fatalf("entry %d has number %d", i+1, entry.Seq)
		}
		folded = incident.Fold(folded, entry)
		alone, err := w.Entry(ctx, in.ID, entry.Seq)
		if err != nil || text(t, alone) != text(t, entry) {
			t.Errorf("entry %d alone: got %s and %v, want %s", entry.Seq, text(t, alone), err, text(t, entry))
		}
	}
	if got := w.get(t, in.ID); text(t, folded) != text(t, got) {
		t.Errorf("the timeline folds to %s, want %s", text(t, folded), text(t, got))
	}
	part, err := w.Timeline(ctx, in.ID, 3, 4)
	if err != nil || text(t, part) != text(t, whole[3:7]) {
		t.Errorf("4 after 3: got %s and %v, want %s", text(t, part), err, text(t, whole[3:7]))
	}
	if rest, err := w.Timeline(ctx, in.ID, in.Seq, 0); err != nil || len(rest) != 0 {
		t.Errorf("after the last: got %d and %v, want none", len(rest), err)
	}
	if rest, err := w.Timeline(ctx, in.ID, ^uint64(0), 0); err != nil || len(rest) != 0 {
		t.Errorf("after the greatest number: got %d and %v, want none", len(rest), err)
	}
	_, err = w.Timeline(ctx, "INC-99", 0, 0)
	wantError(t, "timeline of nothing", err, incident.ErrNotFound)
	_, err = w.Entry(ctx, in.ID, in.Seq+1)
	wantError(t, "entry after the last", err, incident.ErrNotFound)
}

func testByChannel(t *testing.T, w *world) {
	in := w.declared(t, "With a room")
	_, err := w.ByChannel(context.Background(), "C1")
	wantError(t, "no channel yet", err, incident.ErrNotFound)
	_, err = w.ByChannel(context.Background(), "")
	wantError(t, "the empty channel", err, incident.ErrNotFound)
	out, err := w.Apply(context.Background(), in.ID, "", w.step(incident.RecordChannel{Channel: "C1", Name: "inc-1"}, incident.Muster))
	if err != nil {
		t.Fatal(err)
	}
	got, err := w.ByChannel(context.Background(), "C1")
	if err != nil || text(t, got) != text(t, out.State) {
		t.Errorf("got %s and %v, want %s", text(t, got), err, text(t, out.State))
	}
}

func testConcurrent(t *testing.T, w *world) {
	const people, each = 20, 5
	in := w.declared(t, "Everybody at once")
	var group sync.WaitGroup
	for person := range people {
		group.Go(func() {
			for i := range each {
				if _, err := w.Apply(context.Background(), in.ID, "", w.step(incident.AddNote{Text: fmt.Sprintf("%d/%d", person, i)}, Alice())); err != nil {
					t.Errorf("note: %v", err)
				}
			}
			w.declared(t, fmt.Sprintf("Outage %d", person))
		})
	}
	group.Wait()
	if got := w.get(t, in.ID); got.Notes != people*each {
		t.Errorf("%d notes, want %d", got.Notes, people*each)
	}
	page, err := w.List(context.Background(), incident.Query{AllSeen: true, Limit: 100})
	if err != nil || len(page.Incidents) != people+1 {
		t.Errorf("%d incidents and %v, want %d", len(page.Incidents), err, people+1)
	}
}

func testCanceled(t *testing.T, w *world) {
	in := w.declared(t, "Impatience")
	inside, leave := make(chan struct{}), make(chan struct{})
	var group sync.WaitGroup
	group.Go(func() { // keeps the writer busy
		var once sync.Once
		_, err := w.Apply(context.Background(), in.ID, "", func(current incident.Incident) (incident.Outcome, error) {
			once.Do(func() {
				close(inside)
				<-leave
			})
			return w.step(incident.AddNote{Text: "slow"}, Alice())(current)
		})
		if err != nil {
			t.Errorf("the slow one: %v", err)
		}
	})
	<-inside
	ctx, cancel := context.WithCancel(context.Background())
	gone := make(chan error)
	go func() {
		_, err := w.Apply(ctx, in.ID, "", w.step(incident.AddNote{Text: "gave up"}, Alice()))
		gone <- err
	}()
	cancel()
	wantError(t, "the one who gave up", <-gone, context.Canceled)
	close(leave)
	group.Wait()
	if got := w.get(t, in.ID).Notes; got != 1 {
		t.Errorf("%d notes, want 1", got)
	}
}
