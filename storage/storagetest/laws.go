package storagetest

import (
	"context"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"muster/incident"
	"muster/incident/ledger"
)

// modelJob is a job as the model of the outbox keeps it.
type modelJob struct {
	incident.Job
	running bool
	claimed bool // ever
}

func (m *modelJob) state() incident.JobState {
	switch {
	case m.running:
		return incident.JobsRunning
	case m.Failed:
		return incident.JobsFailed
	case m.Condition != "":
		return ledger.JobsSetAside
	}
	return incident.JobsWaiting
}

// folds reports whether a drawing that is asked for folds into this one.
func (m *modelJob) folds() bool { return !m.running && !m.Failed }

// model is an outbox in a few plain loops: what an engine does must look like this.
type model struct {
	*world
	outer *testing.T
	of    incident.ID
	jobs  []*modelJob // by ID
	seen  time.Time   // the latest time that the engine was told; once it has come, a delay may count as over
}

func testOutboxLaws(t *testing.T, w *world) {
	of := w.declared(t, "Laws").ID
	rapid.Check(t, func(rt *rapid.T) {
		for _, job := range w.jobs(rt, incident.JobsRunning) {
			w.completes(rt, job)
		}
		for _, job := range w.jobs(rt, incident.JobsAll) {
			if err := w.Discard(context.Background(), job.ID); err != nil {
				rt.Fatalf("discard: %v", err)
			}
		}
		m := &model{world: w, outer: t, of: of}
		rt.Repeat(map[string]func(*rapid.T){
			"":         m.compare,
			"enqueue":  m.enqueue,
			"enqueue2": m.enqueue,
			"claim":    m.claim,
			"complete": m.complete,
			"retry":    m.retry,
			"fail":     m.fail,
			"release":  m.release,
			"stale":    m.stale,
			"requeue":  m.requeue,
			"aside":    m.aside,
			"fulfil":   m.fulfil,
			"discard":  m.discard,
			"crash":    m.crash,
			"time":     m.time,
		})
	})
}

func (m *model) effects() []incident.Effect {
	return []incident.Effect{
		incident.PostEntry{Of: m.of, Seq: 1}, incident.PostEntry{Of: m.of, Seq: 2}, incident.DrawCard{Of: m.of}, incident.DrawCard{Of: m.of, First: true},
		incident.PinCard{Of: m.of}, incident.DrawTopic{Of: m.of}, incident.DrawHome{User: "U1"}, incident.SendBrief{Of: m.of, Seq: 1, User: "U1"},
		incident.SendReminder{Of: m.of, Seq: 1, Rule: "stale", User: "U1"}, incident.SendReminder{Of: m.of, Seq: 2, Rule: "stale", User: "U1"},
		incident.InviteGroup{Of: m.of, Seq: 1, Group: "S1"},
	}
}

// compare looks at the whole outbox after each act.
func (m *model) compare(t *rapid.T) {
	for _, state := range []incident.JobState{incident.JobsAll, incident.JobsWaiting, incident.JobsRunning, incident.JobsFailed, ledger.JobsSetAside} {
		var want []incident.Job
		for _, job := range m.jobs {
			if state == incident.JobsAll || job.state() == state {
				want = append(want, job.Job)
			}
		}
		if got := m.world.jobs(t, state); text(t, got) != text(t, want) {
			t.Fatalf("%s jobs:\ngot  %s\nwant %s", state, text(t, got), text(t, want))
		}
	}
	at, ok := m.NextJob(context.Background())
	wantAt, wantOK := time.Time{}, false
	for _, head := range m.heads() {
		if !wantOK || head.NotBefore.Before(wantAt) {
			wantAt, wantOK = head.NotBefore, true
		}
	}
	if now := wantOK && !wantAt.After(m.seen); ok != wantOK || (!now && !at.Equal(wantAt)) || (now && at.After(wantAt)) {
		t.Fatalf("next job: got %v, %v; want %v, %v", at, ok, wantAt, wantOK)
	}
}

// heads are the jobs that are first in a lane in which nothing runs.
func (m *model) heads() []*modelJob {
	first, busy := map[string]*modelJob{}, map[string]bool{}
	for _, job := range m.jobs {
		lane := job.Effect.Handling().Lane
		busy[lane] = busy[lane] || job.running
		if first[lane] == nil && (job.running || job.state() == incident.JobsWaiting) {
			first[lane] = job
		}
	}
	var heads []*modelJob
	for lane, job := range first {
		if !busy[lane] {
			heads = append(heads, job)
		}
	}
	return heads
}

func (m *model) enqueue(t *rapid.T) {
	effects := rapid.SliceOfN(rapid.SampledFrom(m.effects()), 1, 4).Draw(t, "effects")
	m.enqueues(t, effects...)
	var fresh []incident.Effect
	for _, effect := range effects {
		handling := effect.Handling()
		into := -1
		if handling.Coalesces {
			m.jobs = slices.DeleteFunc(m.jobs, func(job *modelJob) bool { return job.Failed && m.same(job, handling) })
			into = slices.IndexFunc(m.jobs, func(job *modelJob) bool { return job.folds() && m.same(job, handling) })
		}
		if into >= 0 {
			m.jobs[into].Effect = newest(m.jobs[into].Effect, effect)
			continue
		}
		at := slices.IndexFunc(fresh, func(other incident.Effect) bool { return handling.Coalesces && other.Handling().Key == handling.Key })
		if at >= 0 {
			fresh[at] = newest(fresh[at], effect)
			continue
		}
		fresh = append(fresh, effect)
	}
	kept := m.world.jobs(t, incident.JobsAll)
	if len(kept) != len(m.jobs)+len(fresh) {
		t.Fatalf("%d jobs, want %d and %d new ones", len(kept), len(m.jobs), len(fresh))
	}
	for i, job := range kept[len(m.jobs):] {
		if text(t, job.Effect) != text(t, fresh[i]) || job.Attempt != 0 || len(m.jobs) > 0 && job.ID <= m.jobs[len(m.jobs)-1].ID {
			t.Fatalf("new job %+v, want a greater ID and %s", job, text(t, fresh[i]))
		}
		m.jobs = append(m.jobs, &modelJob{Job: job})
	}
}

func (m *model) same(job *modelJob, handling incident.Handling) bool {
	other := job.Effect.Handling()
	return other.Coalesces && other.Key == handling.Key
}

// newest is the effect of two redraws that became one.
func newest(old, new incident.Effect) incident.Effect {
	if old.Handling().Urgency < new.Handling().Urgency {
		return old
	}
	return new
}

func (m *model) claim(t *rapid.T) {
	limit := rapid.IntRange(0, 4).Draw(t, "limit")
	if m.now.After(m.seen) {
		m.seen = m.now
	}
	var ready []*modelJob
	for _, head := range m.heads() {
		if !head.NotBefore.After(m.now) {
			ready = append(ready, head)
		}
	}
	slices.SortFunc(ready, func(a, b *modelJob) int {
		if x, y := a.Effect.Handling().Urgency, b.Effect.Handling().Urgency; x != y {
			return int(x - y)
		}
		return order(a.ID < b.ID)
	})
	var want []incident.Job
	for _, job := range ready[:min(limit, len(ready))] {
		job.running, job.claimed = true, true
		job.Attempt++
		want = append(want, job.Job)
	}
	if got := m.claims(t, limit); text(t, got) != text(t, want) {
		t.Fatalf("claimed\n%s\nwant\n%s", text(t, got), text(t, want))
	}
}
