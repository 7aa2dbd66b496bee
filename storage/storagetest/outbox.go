package storagetest

import (
	"context"
	"errors"
	"testing"
	"time"

	"muster/incident"
)

func kinds(jobs []incident.Job) []incident.EffectKind {
	var kinds []incident.EffectKind
	for _, job := range jobs {
		kinds = append(kinds, job.Effect.Handling().Kind)
	}
	return kinds
}

func testClaim(t *testing.T, w *world) {
	if at, ok := w.NextJob(context.Background()); ok {
		t.Errorf("an empty outbox has a job at %v", at)
	}
	in := w.declared(t, "Work to do")
	if !signalled(w.Wake()) {
		t.Error("no signal after a command with effects")
	}
	if at, ok := w.NextJob(context.Background()); !ok || !at.IsZero() {
		t.Errorf("next job at %v, %v; want now", at, ok)
	}
	waiting := w.jobs(t, incident.JobsWaiting)
	if len(waiting) == 0 {
		t.Fatal("a declaration has no effects")
	}
	for _, job := range waiting {
		if job.Attempt != 0 || job.Failed || incident.IDOf(job.Effect.Handling().Of) != in.ID || job.CreatedAt.IsZero() {
			t.Errorf("a new job: %+v", job)
		}
	}
	jobs := w.claims(t, 1)
	if len(jobs) != 1 || jobs[0].Attempt != 1 {
		t.Fatalf("claimed %+v, want one job at its first attempt", jobs)
	}
	if running := w.jobs(t, incident.JobsRunning); len(running) != 1 || running[0].ID != jobs[0].ID {
		t.Errorf("running: %v, want %d", running, jobs[0].ID)
	}
	if got := w.claims(t, 0); len(got) != 0 {
		t.Errorf("claimed %d with a limit of 0", len(got))
	}
	some, err := w.Jobs(context.Background(), incident.JobsAll, 1)
	if err != nil || len(some) != 1 {
		t.Errorf("one of all jobs: %d and %v", len(some), err)
	}
}

func testLanes(t *testing.T, w *world) {
	in := w.declared(t, "Lanes")
	w.drain(t)
	w.enqueues(t,
		incident.PostEntry{Of: in.ID, Seq: 1}, incident.PostEntry{Of: in.ID, Seq: 2}, // one lane
		incident.DrawTopic{Of: in.ID},                                // cosmetic
		incident.InviteGroup{Of: in.ID, Seq: 3, Group: "S1"},         // a page
		incident.SendBrief{Of: in.ID, Seq: 4, User: "U1", Role: "x"}, // an update
	)
	jobs := w.claims(t, 10)
	want := text(t, []incident.EffectKind{incident.KindInviteGroup, incident.KindPostEntry, incident.KindSendBrief, incident.KindDrawTopic})
	if got := text(t, kinds(jobs)); got != want {
		t.Fatalf("claimed %s, want one of each lane by urgency: %s", got, want)
	}
	if more := w.claims(t, 10); len(more) != 0 {
		t.Errorf("claimed %v while their lanes run", kinds(more))
	}
	first := jobs[1]
	later := w.now.Add(time.Minute)
	if err := w.Retry(context.Background(), first, later, "ratelimited"); err != nil {
		t.Fatal(err)
	}
	if more := w.claims(t, 10); len(more) != 0 {
		t.Errorf("claimed %v behind a delayed one", more)
	}
	if at, ok := w.NextJob(context.Background()); !ok || !at.Equal(later) {
		t.Errorf("next job at %v, %v; want %v", at, ok, later)
	}
	w.now = later
	again := w.claims(t, 10)
	if len(again) != 1 || again[0].ID != first.ID || again[0].Attempt != 2 || again[0].LastError != "ratelimited" {
		t.Fatalf("claimed %+v, want the delayed one at its second attempt", again)
	}
	signalled(w.Wake())
	w.completes(t, again[0])
	if !signalled(w.Wake()) {
		t.Error("no signal after the lane became free")
	}
	if next := w.claims(t, 10); len(next) != 1 || text(t, next[0].Effect) != text(t, incident.PostEntry{Of: in.ID, Seq: 2}) {
		t.Errorf("claimed %+v, want the second of the lane", next)
	}
}

func testFence(t *testing.T, w *world) {
	ctx := context.Background()
	w.declared(t, "Fence")
	job := w.claims(t, 1)[0]
	if err := w.Release(ctx, job); err != nil {
		t.Fatal(err)
	}
	again := w.claims(t, 1)[0]
	if again.ID != job.ID || again.Attempt != 2 {
		t.Fatalf("claimed %+v, want job %d at its second attempt", again, job.ID)
	}
	stale := func(what string) {
		_, err := w.Complete(ctx, job, nil)
		wantError(t, what+": complete", err, incident.ErrFenced)
		_, err = w.Fail(ctx, job, "x", nil)
		wantError(t, what+": fail", err, incident.ErrFenced)
		wantError(t, what+": retry", w.Retry(ctx, job, w.now, "x"), incident.ErrFenced)
		wantError(t, what+": release", w.Release(ctx, job), incident.ErrFenced)
	}
	stale("an earlier attempt")
	w.completes(t, again)
	job = again
	stale("a completed job")
	wantError(t, "requeue what is gone", w.Requeue(ctx, job.ID), incident.ErrNotFound)
	wantError(t, "discard what is gone", w.Discard(ctx, job.ID), incident.ErrNotFound)
}

func testFollowUp(t *testing.T, w *world) {
	ctx := context.Background()
	in := w.declared(t, "Follow up")
	job := w.claims(t, 1)[0]
	refused := errors.New("not now")
	_, err := w.Complete(ctx, job, func(incident.Incident) (incident.Outcome, error) { return incident.Outcome{}, refused })
	wantError(t, "a refused follow-up", err, refused)
	if running := w.jobs(t, incident.JobsRunning); len(running) != 1 {
		t.Errorf("%d jobs run after a refused follow-up, want it still claimed", len(running))
	}
	out, err := w.Complete(ctx, job, w.step(incident.RecordChannel{Channel: "C1", Name: "inc-1"}, incident.Muster))
	if err != nil {
		t.Fatal(err)
	}
	if got := w.get(t, in.ID); got.Channel.ID != "C1" || text(t, got) != text(t, out.State) {
		t.Errorf("kept %s, want %s", text(t, got), text(t, out.State))
	}
	for _, other := range w.jobs(t, incident.JobsAll) {
		if other.ID == job.ID {
			t.Errorf("job %d is still there", job.ID)
		}
	}
	w.drain(t)
	w.enqueues(t, incident.DrawHome{User: "U1"})
	home := w.claims(t, 1)[0]
	_, err = w.Complete(ctx, home, w.step(incident.AddNote{Text: "of nothing"}, incident.Muster))
	wantError(t, "a follow-up of no incident", err, incident.ErrNotFound)
	w.completes(t, home)
}

func testFail(t *testing.T, w *world) {
	ctx := context.Background()
	in := w.declared(t, "Failing")
	w.drain(t)
	w.enqueues(t, incident.PostEntry{Of: in.ID, Seq: 1}, incident.PostEntry{Of: in.ID, Seq: 2})
	job := w.claims(t, 1)[0]
	trouble := incident.RecordFailure{Job: job.ID, Kind: incident.KindPostEntry, Reason: "is_archived"}
	if _, err := w.Fail(ctx, job, "is_archived", w.step(trouble, incident.Muster)); err != nil {
		t.Fatal(err)
	}
	if got := w.get(t, in.ID).Troubles; len(got) != 1 {
		t.Errorf("troubles %v, want one", got)
	}
	w.reopen(t)
	failed := w.jobs(t, incident.JobsFailed)
	if len(failed) != 1 || failed[0].ID != job.ID || !failed[0].Failed || failed[0].LastError != "is_archived" {
		t.Fatalf("failed: %+v, want job %d with its reason", failed, job.ID)
	}
	next := w.claims(t, 1)
	if len(next) != 1 || text(t, next[0].Effect) != text(t, incident.PostEntry{Of: in.ID, Seq: 2}) {
		t.Fatalf("claimed %+v, want the next of the lane", next)
	}
	w.completes(t, next[0])
	if _, err := w.Apply(ctx, in.ID, "", w.step(incident.RetryEffect{Job: job.ID}, Alice())); err != nil {
		t.Fatal(err)
	}
	found := false
	for _, again := range w.claims(t, 100) {
		if again.ID == job.ID {
			found = again.Attempt > 1 && !again.Failed
		}
		w.completes(t, again)
	}
	if !found {
		t.Errorf("job %d did not come back with a further attempt", job.ID)
	}
	w.enqueues(t, incident.PostEntry{Of: in.ID, Seq: 3})
	running := w.claims(t, 1)[0]
	if err := w.Discard(ctx, running.ID); err == nil {
		t.Error("a running job was discarded")
	}
	if _, err := w.Fail(ctx, running, "x", nil); err != nil {
		t.Fatal(err)
	}
	if err := w.Discard(ctx, running.ID); err != nil || len(w.jobs(t, incident.JobsFailed)) != 0 {
		t.Errorf("discard: %v, left %v", err, w.jobs(t, incident.JobsFailed))
	}
}

func testReopen(t *testing.T, w *world) {
	in := w.declared(t, "Power cut")
	claimed := w.claims(t, 10)
	before := w.jobs(t, incident.JobsAll)
	w.reopen(t)
	if got := w.get(t, in.ID); text(t, got) != text(t, in) {
		t.Errorf("kept %s, want %s", text(t, got), text(t, in))
	}
	after := w.jobs(t, incident.JobsWaiting)
	if len(after) != len(before) {
		t.Fatalf("%d jobs wait, want all %d", len(after), len(before))
	}
	if _, err := w.Complete(context.Background(), claimed[0], nil); !errors.Is(err, incident.ErrFenced) {
		t.Errorf("a claim of before the crash: got %v, want it fenced", err)
	}
	for _, job := range w.claims(t, 10) {
		if job.Attempt < 2 {
			t.Errorf("job %d is at attempt %d, want 2 or more: it may have been performed", job.ID, job.Attempt)
		}
	}
	if next := w.declared(t, "Afterwards"); next.ID != "INC-2" {
		t.Errorf("the next incident is %s, want INC-2", next.ID)
	}
}
