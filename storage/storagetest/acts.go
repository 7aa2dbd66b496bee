package storagetest

import (
	"context"
	"errors"
	"slices"
	"time"

	"pgregory.net/rapid"

	"muster/incident"
	"muster/incident/ledger"
)

// pick draws one of the jobs in a state; nil when there is none.
func (m *model) pick(t *rapid.T, states ...incident.JobState) *modelJob {
	var fit []*modelJob
	for _, job := range m.jobs {
		if slices.Contains(states, job.state()) {
			fit = append(fit, job)
		}
	}
	if len(fit) == 0 {
		t.Skip("there is none")
	}
	return rapid.SampledFrom(fit).Draw(t, "job")
}

func (m *model) drop(job *modelJob) {
	m.jobs = slices.DeleteFunc(m.jobs, func(other *modelJob) bool { return other == job })
}

func (m *model) complete(t *rapid.T) {
	job := m.pick(t, incident.JobsRunning)
	m.completes(t, job.Job)
	m.drop(job)
}

func (m *model) retry(t *rapid.T) {
	job := m.pick(t, incident.JobsRunning)
	at := m.now.Add(time.Duration(rapid.IntRange(-1, 3).Draw(t, "delay")) * time.Minute)
	if err := m.Retry(context.Background(), job.Job, at, "ratelimited"); err != nil {
		t.Fatalf("retry: %v", err)
	}
	m.fold(job)
	job.running, job.NotBefore, job.LastError = false, at, "ratelimited"
}

// fold takes those into a job that came while it ran.
func (m *model) fold(job *modelJob) {
	handling := job.Effect.Handling()
	if !handling.Coalesces {
		return
	}
	for _, other := range slices.Clone(m.jobs) {
		if other != job && other.folds() && m.same(other, handling) {
			job.Effect = newest(job.Effect, other.Effect)
			m.drop(other)
		}
	}
}

func (m *model) aside(t *rapid.T) {
	job := m.pick(t, incident.JobsRunning)
	condition := rapid.SampledFrom([]string{"a channel", "a list"}).Draw(t, "condition")
	ours := job.Effect.Handling().Of == m.of.Ref()
	still := rapid.Bool().Draw(t, "still")
	aside, err := m.Wait(context.Background(), job.Job, condition, func(incident.Incident) bool { return still })
	if ours != (err == nil) || aside != (ours && still) {
		t.Fatalf("set aside: %v, %v; want %v and an error for a job of nobody", aside, err, still)
	}
	if aside {
		m.fold(job)
		job.running, job.Condition, job.NotBefore = false, condition, time.Time{}
	}
}

func (m *model) fulfil(t *rapid.T) {
	conditions := rapid.SampledFrom([][]string{{"a channel"}, {"a list"}, {"a list", "a channel"}, {"nothing"}}).Draw(t, "conditions")
	m.fulfils(t, m.of, conditions...)
	for _, job := range m.jobs {
		if slices.Contains(conditions, job.Condition) {
			job.Condition = ""
		}
	}
}

func (m *model) fail(t *rapid.T) {
	job := m.pick(t, incident.JobsRunning)
	if _, err := m.Fail(context.Background(), job.Job, "no_permission", nil); err != nil {
		t.Fatalf("fail: %v", err)
	}
	job.running, job.Failed, job.LastError, job.NotBefore = false, true, "no_permission", time.Time{}
}

func (m *model) release(t *rapid.T) {
	job := m.pick(t, incident.JobsRunning)
	if err := m.Release(context.Background(), job.Job); err != nil {
		t.Fatalf("release: %v", err)
	}
	job.running = false
}

func (m *model) stale(t *rapid.T) {
	job := m.pick(t, incident.JobsWaiting, incident.JobsRunning, incident.JobsFailed, ledger.JobsSetAside).Job
	if slices.ContainsFunc(m.jobs, func(other *modelJob) bool { return other.ID == job.ID && other.running }) {
		job.Attempt += rapid.SampledFrom([]int{-1, 1}).Draw(t, "attempt")
	}
	if _, err := m.Complete(context.Background(), job, nil); !errors.Is(err, incident.ErrFenced) {
		t.Fatalf("complete without a claim: got %v, want it fenced", err)
	}
}

func (m *model) requeue(t *rapid.T) {
	job := m.pick(t, incident.JobsWaiting, incident.JobsRunning, incident.JobsFailed, ledger.JobsSetAside)
	if err := m.Requeue(context.Background(), job.ID); err != nil {
		t.Fatalf("requeue: %v", err)
	}
	switch handling := job.Effect.Handling(); {
	case job.running:
	case job.Failed && handling.Coalesces && slices.ContainsFunc(m.jobs, func(other *modelJob) bool {
		return other.folds() && m.same(other, handling)
	}):
		m.drop(job)
	default:
		job.Failed, job.NotBefore, job.Condition = false, time.Time{}, ""
	}
}

func (m *model) discard(t *rapid.T) {
	job := m.pick(t, incident.JobsWaiting, incident.JobsFailed, ledger.JobsSetAside)
	if err := m.Discard(context.Background(), job.ID); err != nil {
		t.Fatalf("discard: %v", err)
	}
	m.drop(job)
}

func (m *model) time(t *rapid.T) {
	m.now = m.now.Add(time.Duration(rapid.IntRange(-1, 3).Draw(t, "minutes")) * time.Minute)
}

// crash loses the claims and nothing else. Attempts may only grow, and whatever was claimed is known to have been.
func (m *model) crash(t *rapid.T) {
	m.reopen(m.outer)
	kept := m.world.jobs(t, incident.JobsAll)
	if len(kept) != len(m.jobs) {
		t.Fatalf("%d jobs after a crash, want %d", len(kept), len(m.jobs))
	}
	for i, job := range kept {
		m.jobs[i].running = false
		if job.ID == m.jobs[i].ID && !job.Failed && job.Condition == "" && (job.Attempt > 0 || !m.jobs[i].claimed) {
			m.jobs[i].Attempt = job.Attempt
		}
	}
}
