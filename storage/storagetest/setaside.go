package storagetest

import (
	"context"
	"slices"
	"testing"

	"muster/incident"
	"muster/incident/ledger"
)

// fulfils is a note that releases conditions.
func (w *world) fulfils(t tb, id incident.ID, conditions ...string) {
	t.Helper()
	_, err := w.Apply(context.Background(), id, "", func(current incident.Incident) (incident.Outcome, error) {
		out, err := w.step(incident.AddNote{Text: "fulfilled"}, Alice())(current)
		out.Effects, out.Release = nil, conditions
		return out, err
	})
	if err != nil {
		t.Fatalf("fulfil %v: %v", conditions, err)
	}
}

// waits sets a claimed job aside.
func (w *world) waits(t tb, job incident.Job, condition string) {
	t.Helper()
	aside, err := w.Wait(context.Background(), job, condition, func(incident.Incident) bool { return true })
	if err != nil || !aside {
		t.Fatalf("set job %d aside: %v, %v", job.ID, aside, err)
	}
}

func jobIDs(jobs []incident.Job) []incident.JobID {
	var ids []incident.JobID
	for _, job := range jobs {
		ids = append(ids, job.ID)
	}
	return ids
}

// testSetAside: a job that waits for something lets the others of its lane pass, and comes back to its place once it is there.
func testSetAside(t *testing.T, w *world) {
	ctx := context.Background()
	in, other := w.declared(t, "Aside"), w.declared(t, "Another")
	w.drain(t)
	w.enqueues(t, incident.PostEntry{Of: in.ID, Seq: 1}, incident.PostEntry{Of: in.ID, Seq: 2}, incident.PostEntry{Of: in.ID, Seq: 3})
	first := w.claims(t, 1)[0]
	if aside, err := w.Wait(ctx, first, "a member list", func(incident.Incident) bool { return false }); err != nil || aside {
		t.Fatalf("what need not wait any more: %v, %v; want it to go on", aside, err)
	}
	if running := w.jobs(t, ledger.JobsRunning); len(running) != 1 {
		t.Fatalf("running: %+v, want it still claimed", running)
	}
	asked := incident.Incident{}
	aside, err := w.Wait(ctx, first, "a member list", func(current incident.Incident) bool {
		asked = current
		return true
	})
	if err != nil || !aside || asked.ID != in.ID {
		t.Fatalf("set aside: %v, %v, asked of %q", aside, err, asked.ID)
	}
	_, err = w.Complete(ctx, first, nil)
	wantError(t, "the claim of what is set aside", err, ledger.ErrFenced)
	kept := w.jobs(t, ledger.JobsSetAside)
	if len(kept) != 1 || kept[0].ID != first.ID || kept[0].Condition != "a member list" || len(w.jobs(t, ledger.JobsWaiting)) != 2 {
		t.Fatalf("set aside are %+v, waiting %v", kept, jobIDs(w.jobs(t, ledger.JobsWaiting)))
	}
	second := w.claims(t, 10)
	if len(second) != 1 || text(t, second[0].Effect) != text(t, incident.PostEntry{Of: in.ID, Seq: 2}) {
		t.Fatalf("claimed %+v, want the next of the lane", second)
	}
	w.reopen(t)
	if kept := w.jobs(t, ledger.JobsSetAside); len(kept) != 1 || kept[0].ID != first.ID || kept[0].Attempt != first.Attempt {
		t.Fatalf("after a crash, set aside are %+v, want job %d at its attempt %d", kept, first.ID, first.Attempt)
	}
	w.fulfils(t, in.ID, "something else")
	w.fulfils(t, other.ID, "a member list")
	if kept := w.jobs(t, ledger.JobsSetAside); len(kept) != 1 {
		t.Fatal("another condition, or that of another incident, brought it back")
	}
	w.drainSome(t, 1) // the second
	signalled(w.Wake())
	w.fulfils(t, in.ID, "something else", "a member list")
	if !signalled(w.Wake()) {
		t.Error("no signal after it came back")
	}
	next := w.claims(t, 10)
	if len(next) != 1 || next[0].ID != first.ID || next[0].Condition != "" || next[0].Attempt != first.Attempt+1 {
		t.Errorf("claimed %+v, want job %d before the third", next, first.ID)
	}
	for _, still := range w.jobs(t, ledger.JobsSetAside) {
		t.Errorf("job %d is still set aside", still.ID)
	}
}

func (w *world) drainSome(t tb, count int) {
	t.Helper()
	for _, job := range w.claims(t, count) {
		w.completes(t, job)
	}
}

// testSetAsideRace: a command that fulfils a condition while the job is on its way to be set aside does not leave it there for ever.
func testSetAsideRace(t *testing.T, w *world) {
	in := w.declared(t, "Race")
	w.drain(t)
	w.enqueues(t, incident.PostEntry{Of: in.ID, Seq: 1})
	job := w.claims(t, 1)[0]
	looked := w.get(t, in.ID) // it has to wait, by this
	w.fulfils(t, in.ID, "a note")
	aside, err := w.Wait(context.Background(), job, "a note", func(current incident.Incident) bool { return current.Notes == looked.Notes })
	if err != nil || aside {
		t.Errorf("set aside: %v, %v; want it to be told that the note is there", aside, err)
	}
	w.completes(t, job)
}

// testCoalescingAside: drawings that are asked for meanwhile fold into the one that is set aside.
func testCoalescingAside(t *testing.T, w *world) {
	ctx := context.Background()
	in := w.declared(t, "Drawings")
	w.drain(t)
	plain, first := incident.DrawCard{Of: in.ID}, incident.DrawCard{Of: in.ID, First: true}
	w.enqueues(t, plain)
	running := w.claims(t, 1)[0]
	w.enqueues(t, first) // while it runs
	w.waits(t, running, "a channel")
	if all := w.jobs(t, ledger.JobsAll); len(all) != 1 || all[0].ID != running.ID || text(t, all[0].Effect) != text(t, first) {
		t.Fatalf("there are %+v, want one that took the other in", all)
	}
	w.enqueues(t, plain)
	w.reopen(t)
	w.enqueues(t, plain)
	if all := w.jobs(t, ledger.JobsAll); len(all) != 1 || all[0].Condition != "a channel" {
		t.Fatalf("there are %+v, want one that is set aside", all)
	}
	if jobs := w.claims(t, 10); len(jobs) != 0 {
		t.Fatalf("claimed %+v", jobs)
	}
	if _, ok := w.NextJob(ctx); ok {
		t.Error("what is set aside is to be looked for")
	}
	w.fulfils(t, in.ID, "a channel")
	if jobs := w.claims(t, 10); len(jobs) != 1 || text(t, jobs[0].Effect) != text(t, first) {
		t.Fatalf("claimed %+v", jobs)
	}
}

// testPeopleAndWhatIsAside: a person may have it tried, or throw it away.
func testPeopleAndWhatIsAside(t *testing.T, w *world) {
	ctx := context.Background()
	in := w.declared(t, "People")
	w.drain(t)
	w.enqueues(t, incident.PostEntry{Of: in.ID, Seq: 1}, incident.PostEntry{Of: in.ID, Seq: 2})
	for range 2 {
		w.waits(t, w.claims(t, 1)[0], "a channel")
	}
	kept := w.jobs(t, ledger.JobsSetAside)
	if err := w.Requeue(ctx, kept[0].ID); err != nil {
		t.Fatal(err)
	}
	if err := w.Discard(ctx, kept[1].ID); err != nil {
		t.Fatal(err)
	}
	if jobs := w.claims(t, 10); !slices.Equal(jobIDs(jobs), []incident.JobID{kept[0].ID}) {
		t.Errorf("claimed %v, want the one that is tried", jobIDs(jobs))
	}
	w.enqueues(t, incident.DrawHome{User: "U1"})
	home := w.claims(t, 1)[0]
	if _, err := w.Wait(ctx, home, "anything", func(incident.Incident) bool { return true }); err == nil {
		t.Error("a job of nobody was set aside: nothing could bring it back")
	}
	if _, err := w.Wait(ctx, home, "", func(incident.Incident) bool { return true }); err == nil {
		t.Error("a job was set aside under no condition")
	}
	w.completes(t, home)
}
