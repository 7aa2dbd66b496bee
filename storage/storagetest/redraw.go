package storagetest

import (
	"context"
	"slices"
	"testing"

	"muster/incident"
)

func testRedraw(t *testing.T, w *world) {
	ctx := context.Background()
	in := w.declared(t, "Redraw")
	w.drain(t)
	first, plain := incident.DrawCard{Of: in.ID, First: true}, incident.DrawCard{Of: in.ID}
	w.enqueues(t, first, plain)
	w.enqueues(t, plain)
	jobs := w.jobs(t, incident.JobsWaiting)
	if len(jobs) != 1 || text(t, jobs[0].Effect) != text(t, first) {
		t.Fatalf("waiting: %+v, want one, as urgent as the first", jobs)
	}
	running := w.claims(t, 1)[0]
	w.enqueues(t, plain)
	if got := len(w.jobs(t, incident.JobsWaiting)); got != 1 {
		t.Fatalf("%d wait behind the running one, want 1: it may have drawn the old state", got)
	}
	if err := w.Retry(ctx, running, w.now, "ratelimited"); err != nil {
		t.Fatal(err)
	}
	jobs = w.jobs(t, incident.JobsWaiting)
	if len(jobs) != 1 || jobs[0].ID != running.ID {
		t.Fatalf("waiting: %+v, want the two folded into job %d", jobs, running.ID)
	}
	running = w.claims(t, 1)[0]
	again := func(current incident.Incident) (incident.Outcome, error) {
		out, err := w.step(incident.AddNote{Text: "failed"}, incident.Muster)(current)
		out.Effects = append(out.Effects, plain)
		return out, err
	}
	if _, err := w.Fail(ctx, running, "channel_not_found", again); err != nil {
		t.Fatal(err)
	}
	card := func(state incident.JobState) (cards []incident.Job) {
		for _, job := range w.jobs(t, state) {
			if job.Effect.Handling().Kind == incident.KindDrawCard {
				cards = append(cards, job)
			}
		}
		return cards
	}
	if got := card(incident.JobsWaiting); len(got) != 0 {
		t.Fatalf("waiting: %+v, want none: what failed for good is not asked for again by its own failure", got)
	}
	w.enqueues(t, plain)
	if failed, waiting := card(incident.JobsFailed), card(incident.JobsWaiting); len(failed) != 0 || len(waiting) != 1 || waiting[0].ID == running.ID {
		t.Errorf("failed %+v, waiting %+v; want a new job in place of the failed one", failed, waiting)
	}
	claimed := func() incident.Job {
		jobs := w.claims(t, 100)
		return jobs[slices.Index(kinds(jobs), incident.KindDrawCard)]
	}
	earlier := claimed()
	w.enqueues(t, plain)
	if _, err := w.Fail(ctx, earlier, "is_archived", nil); err != nil {
		t.Fatal(err)
	}
	later := claimed()
	back := func(current incident.Incident) (incident.Outcome, error) {
		out, err := w.step(incident.AddNote{Text: "failed too"}, incident.Muster)(current)
		out.Requeue = append(out.Requeue, earlier.ID)
		return out, err
	}
	if _, err := w.Fail(ctx, later, "is_archived", back); err != nil {
		t.Fatal(err)
	}
	if failed, waiting := card(incident.JobsFailed), card(incident.JobsWaiting); len(failed) != 1 || failed[0].ID != later.ID || len(waiting) != 0 {
		t.Errorf("failed %+v, waiting %+v; want the later one to stand for the earlier", failed, waiting)
	}
}

// testRedrawRace has a worker look for work in the middle of a command: a redraw that a commit folds into a waiting one must not
// be claimed before the commit is kept, since the worker would draw the state of before, and nothing after it. It looks once a
// command: each time that the engine asks for the handling of the command's last effect is another moment to look at.
func testRedrawRace(t *testing.T, w *world) {
	ctx := context.Background()
	for moment := 1; ; moment++ {
		in := w.declared(t, "Race")
		w.drain(t)
		w.enqueues(t, incident.DrawTopic{Of: in.ID})
		var early []incident.Job
		asked := 0
		look := looking{incident.PostEntry{Of: in.ID, Seq: 1}, func() {
			if asked++; asked == moment {
				early = w.claims(t, 10)
			}
		}}
		_, err := w.Apply(ctx, in.ID, "", func(current incident.Incident) (incident.Outcome, error) {
			out, err := w.step(incident.Retitle{Title: "Race, renamed"}, Alice())(current)
			out.Effects = append(out.Effects, incident.DrawTopic{Of: in.ID}, look)
			return out, err
		})
		if err != nil {
			t.Fatal(err)
		}
		if asked < moment {
			return
		}
		for _, job := range early {
			if _, err := w.Complete(ctx, job, nil); err != nil {
				t.Fatal(err)
			}
		}
		if !slices.Contains(kinds(w.claims(t, 10)), incident.KindDrawTopic) {
			t.Errorf("no topic is drawn after the commit; at moment %d of it %v were claimed", moment, kinds(early))
		}
	}
}

// looking is an effect that looks around whenever it is asked how to handle it.
type looking struct {
	incident.PostEntry
	look func()
}

// Handling is that of the entry's post.
func (l looking) Handling() incident.Handling {
	l.look()
	return l.PostEntry.Handling()
}
