package storagetest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"muster/incident"
	"muster/incident/ledger"
	"muster/storage"
)

func (w *world) adds(t tb, id tallyID, n int, words string) tally {
	t.Helper()
	out, err := w.tallies.Apply(context.Background(), id, "", adds(id, n, words))
	if err != nil {
		t.Fatalf("add %d to %s: %v", n, id, err)
	}
	return out.State
}

func (w *world) tally(t tb, id tallyID) tally {
	t.Helper()
	state, err := w.tallies.Get(context.Background(), id)
	if err != nil {
		t.Fatalf("get %s: %v", id, err)
	}
	return state
}

// testNamed: an aggregate that is not numbered begins with its first change, under the name that it was given.
func testNamed(t *testing.T, w *world) {
	ctx := context.Background()
	_, err := w.tallies.Get(ctx, "beans")
	wantError(t, "before its first mark", err, ledger.ErrNotFound)
	_, err = w.tallies.Apply(ctx, "beans", "", adds("beans", -1, ""))
	wantError(t, "a refused beginning", err, errNegative)
	_, err = w.tallies.Get(ctx, "beans")
	wantError(t, "after a refused beginning", err, ledger.ErrNotFound)
	w.adds(t, "beans", 3, "three")
	w.adds(t, "bean", 1, "one")
	w.adds(t, "beans", 4, "four")
	w.reopen(t)
	if got := w.tally(t, "beans"); got != (tally{Name: "beans", Total: 7, Words: "four", Marks: 2}) {
		t.Errorf("kept %+v", got)
	}
	log, err := w.tallies.Timeline(ctx, "bean", 0, 0)
	if err != nil || text(t, log) != text(t, []mark{{Seq: 1, Of: "bean", Add: 1, Words: "one"}}) {
		t.Errorf("the log of the one whose name begins the other's: %s and %v", text(t, log), err)
	}
	for _, id := range []tallyID{"", tallyID(strings.Repeat("x", 100_000))} {
		_, err := w.tallies.Apply(ctx, id, "", adds(id, 1, ""))
		wantError(t, fmt.Sprintf("a name of %d bytes", len(id)), err, ledger.ErrNotFound)
	}
}

// testKindsBesideEachOther: what one kind keeps is nothing to the other; outbox, agenda and once-keys serve both.
func testKindsBesideEachOther(t *testing.T, w *world) {
	ctx := context.Background()
	in := w.declared(t, "Beside a tally")
	w.adds(t, tallyID(in.ID), 2, "named like an incident")
	if got := w.get(t, in.ID); text(t, got) != text(t, in) {
		t.Errorf("the incident became %s", text(t, got))
	}
	_, err := w.tallies.Apply(ctx, "beans", "event/1", adds("beans", 1, ""))
	if err != nil {
		t.Fatal(err)
	}
	var seen *ledger.SeenError
	_, err = w.Apply(ctx, in.ID, "event/1", w.step(incident.AddNote{Text: "twice"}, Alice()))
	if !errors.As(err, &seen) || seen.Of != tallyID("beans").ref() {
		t.Errorf("the once-key of a tally: got %v, want that it was the tally's", err)
	}
	due, err := w.AllDue(ctx, began().Add(24*time.Hour), 0)
	want := []ledger.Ref{in.ID.Ref(), tallyID("beans").ref(), tallyID(in.ID).ref()}
	if err != nil || text(t, due) != text(t, want) {
		t.Errorf("due are %s and %v, want %s", text(t, due), err, text(t, want))
	}
	if mine, err := w.tallies.DueBefore(ctx, began().Add(24*time.Hour), 1); err != nil || len(mine) != 1 || mine[0] != "beans" {
		t.Errorf("the first tally that is due: %v and %v", mine, err)
	}
	if err := w.Reindex(ctx); err != nil {
		t.Fatal(err)
	}
	if again, err := w.AllDue(ctx, began().Add(24*time.Hour), 0); err != nil || text(t, again) != text(t, want) {
		t.Errorf("derived anew, due are %s and %v, want %s", text(t, again), err, text(t, want))
	}
	figures, err := w.Figures(ctx)
	if err != nil || figures.Counts[tallyName][parity(0)] != 1 || figures.Counts[tallyName][parity(1)] != 1 || len(figures.Counts[incident.Aggregate]) != 1 {
		t.Errorf("counted %v and %v", figures.Counts, err)
	}
	report, err := w.Check(ctx)
	if err != nil || report.Aggregates[tallyName] != 2 || report.Aggregates[incident.Aggregate] != 1 {
		t.Errorf("checked %v and %v", report.Aggregates, err)
	}
}

// testFollowUpElsewhere ends a job of a tally with what follows for an incident, and the other way round.
func testFollowUpElsewhere(t *testing.T, w *world) {
	ctx := context.Background()
	in := w.declared(t, "Elsewhere")
	w.drain(t)
	w.adds(t, "beans", 1, "")
	job := w.claims(t, 1)[0]
	if job.Effect.Handling().Of != tallyID("beans").ref() {
		t.Fatalf("claimed %+v", job)
	}
	_, err := w.Complete(ctx, job, w.step(incident.AddNote{Text: "not its own"}, Alice()))
	wantError(t, "what follows for an incident from a job that is none of its own", err, ledger.ErrNotFound)
	refused := errors.New("not now")
	_, err = w.CompleteFor(ctx, job, in.ID, func(incident.Incident) (incident.Outcome, error) { return incident.Outcome{}, refused })
	wantError(t, "a refused follow-up", err, refused)
	out, err := w.CompleteFor(ctx, job, in.ID, w.step(incident.AddNote{Text: "it rang"}, incident.Muster))
	if err != nil || out.State.Notes != 1 || w.get(t, in.ID).Notes != 1 {
		t.Errorf("got %+v and %v, want a note on the incident", out.State, err)
	}
	w.drain(t)
	w.enqueues(t, incident.PinCard{Of: in.ID})
	job = w.claims(t, 1)[0]
	if _, err := w.tallies.FailFor(ctx, job, "no_permission", "beans", adds("beans", 1, "could not pin")); err != nil {
		t.Fatal(err)
	}
	if got := w.tally(t, "beans"); got.Words != "could not pin" || len(w.jobs(t, ledger.JobsFailed)) != 1 {
		t.Errorf("the tally is %+v, failed are %+v", got, w.jobs(t, ledger.JobsFailed))
	}
	_, err = w.tallies.CompleteFor(ctx, job, "beans", adds("beans", 1, "once more"))
	wantError(t, "once more", err, ledger.ErrFenced)
}

// testDrop takes failed jobs that nobody waits for out of the outbox, and no others.
func testDrop(t *testing.T, w *world) {
	ctx := context.Background()
	for range 3 {
		w.adds(t, "beans", 1, "")
	}
	failed := w.claims(t, 1)[0]
	if _, err := w.tallies.Fail(ctx, failed, "broken", nil); err != nil {
		t.Fatal(err)
	}
	running := w.claims(t, 1)[0]
	all := w.jobs(t, ledger.JobsAll)
	waiting := all[len(all)-1]
	_, err := w.tallies.Apply(ctx, "beans", "", func(before tally) (tallyOutcome, error) {
		out, err := adds("beans", 1, "")(before)
		out.Effects, out.Drop = nil, []ledger.JobID{failed.ID, running.ID, waiting.ID, 999}
		return out, err
	})
	if err != nil {
		t.Fatal(err)
	}
	var left []ledger.JobID
	for _, job := range w.jobs(t, ledger.JobsAll) {
		left = append(left, job.ID)
	}
	if !slices.Equal(left, []ledger.JobID{running.ID, waiting.ID}) {
		t.Errorf("left are %v, want the running %d and the waiting %d", left, running.ID, waiting.ID)
	}
}

// testReplaceEntry takes words back that must not stand on a log: entry, snapshot and indexes change together.
func testReplaceEntry(t *testing.T, w *world) {
	ctx := context.Background()
	w.adds(t, "beans", 3, "a name that must go")
	w.adds(t, "beans", 1, "and on")
	w.adds(t, "peas", 2, "last words")
	redact := func(m mark) mark {
		m.Words = "[redacted]"
		return m
	}
	for id, seq := range map[tallyID]uint64{"beans": 1, "peas": 1} {
		if err := w.tallies.Rewrite(ctx, id, seq, redact); err != nil {
			t.Fatal(err)
		}
	}
	w.reopen(t)
	entry, err := w.tallies.Entry(ctx, "beans", 1)
	if err != nil || entry != (mark{Seq: 1, Of: "beans", Add: 3, Words: "[redacted]"}) {
		t.Errorf("the entry is %+v and %v", entry, err)
	}
	if beans, peas := w.tally(t, "beans"), w.tally(t, "peas"); beans.Words != "and on" || peas.Words != "[redacted]" || beans.Total != 4 {
		t.Errorf("the tallies are %+v and %+v", beans, peas)
	}
	for what, err := range map[string]error{
		"an entry that is not there":   w.tallies.Rewrite(ctx, "beans", 3, redact),
		"an aggregate that is not":     w.tallies.Rewrite(ctx, "corn", 1, redact),
		"an aggregate without a name":  w.tallies.Rewrite(ctx, "", 1, redact),
		"an incident that is not":      w.Incidents.Rewrite(ctx, "INC-9", 1, func(e incident.Entry) incident.Entry { return e }),
		"an incident that cannot even": w.Incidents.Rewrite(ctx, "nonsense", 1, func(e incident.Entry) incident.Entry { return e }),
	} {
		wantError(t, what, err, ledger.ErrNotFound)
	}
	err = w.tallies.Rewrite(ctx, "beans", 1, func(m mark) mark {
		m.Seq = 2
		return m
	})
	if err == nil {
		t.Error("an entry took another's number")
	}
	// What it is counted by, and when it is due, follow from the words that stand.
	if err := w.tallies.Rewrite(ctx, "beans", 2, func(m mark) mark {
		m.Add = 2
		return m
	}); err != nil {
		t.Fatal(err)
	}
	if at := w.nextDue(t); !at.Equal(tallyDue(tally{Total: 2})) || w.tally(t, "beans").Total != 5 {
		t.Errorf("next due at %v, beans are %+v", at, w.tally(t, "beans"))
	}
}

// testFoldedAnew opens what was kept with a version that folds otherwise, and is found otherwise: both are made anew, once.
func testFoldedAnew(t *testing.T, w *world) {
	const many = 2300 // more than fit into one transaction of the making
	ctx := context.Background()
	old := w.tallies
	var group sync.WaitGroup
	for i := range many {
		group.Go(func() {
			id := tallyID(fmt.Sprintf("t%04d", i))
			if _, err := old.Apply(ctx, id, "", func(before tally) (tallyOutcome, error) {
				out, err := adds(id, i%3+1, "words")(before)
				out.Effects = nil
				return out, err
			}); err != nil {
				t.Errorf("begin %s: %v", id, err)
			}
		})
	}
	group.Wait()
	folds := 0
	next := tallyKind()
	next.Version, next.Indexes = 2, []string{"size"}
	next.Fold = func(t tally, m mark) tally {
		folds++
		return tally{Name: m.Of, Total: t.Total + 10*m.Add, Marks: m.Seq} // in tenths, and it no longer keeps the words
	}
	next.Keys = func(t tally) storage.Keys {
		if t.Name == "" {
			return storage.Keys{}
		}
		return storage.Keys{Index: []storage.Key{{Index: "size", Key: fmt.Sprintf("%d/%s", t.Total, t.Name)}}, Count: fmt.Sprint(t.Total)}
	}
	next.MayBeDue = nil
	next.Due = nil
	reopen := func() {
		t.Helper()
		w.Engine = w.Reopen(t, w.kinds(next))
		w.tallies = storage.NewStore(w.Engine, next)
	}
	reopen()
	if folds != many {
		t.Errorf("%d logs were folded, want %d", folds, many)
	}
	if got := w.tally(t, "t0004"); got != (tally{Name: "t0004", Total: 20, Marks: 1}) {
		t.Errorf("kept %+v, want it without words", got)
	}
	figures, err := w.Figures(ctx)
	if err != nil || figures.Counts[tallyName]["30"] != many/3 || len(figures.Counts[tallyName]) != 3 {
		t.Errorf("counted %v and %v", figures.Counts[tallyName], err)
	}
	largest := ""
	if err := w.View(ctx, "look", func(r storage.Reader) error {
		key, _ := r.Index(tallyName, "size").Seek([]byte("30/"))
		largest = string(key)
		return nil
	}); err != nil || largest != "30/t0002" {
		t.Errorf("the first of size 30 is %q and %v", largest, err)
	}
	folds = 0
	reopen()
	if folds > 0 {
		t.Errorf("%d logs were folded again", folds)
	}
}

// testLargeSnapshot: what is larger than it should be is kept all the same, and told.
func testLargeSnapshot(t *testing.T, w *world) {
	w.adds(t, "beans", 1, strings.Repeat("x", storage.MaxSnapshot-200))
	report, err := w.Check(context.Background())
	if err != nil || len(report.Warnings) > 0 || report.Largest < storage.MaxSnapshot-200 {
		t.Errorf("warned %q of %d bytes, %v", report.Warnings, report.Largest, err)
	}
	w.adds(t, "beans", 1, strings.Repeat("x", storage.MaxSnapshot))
	report, err = w.Check(context.Background())
	if err != nil || len(report.Warnings) != 1 || !strings.Contains(report.Warnings[0], "beans") {
		t.Errorf("warned %q of %d bytes, %v; want one warning that names it", report.Warnings, report.Largest, err)
	}
}
