package worker

import (
	"sync"

	"muster/incident/ledger"
)

// tries is what this process remembers of its attempts. All of it may be lost: then a medium looks once more.
type tries struct {
	mu   sync.Mutex
	jobs map[ledger.JobID]try
}

// try is what is known of a job's attempts so far.
type try struct {
	clean    bool // none of them can have taken effect
	troubles int  // how often in a row something was wrong with the medium
}

// doubt says whether an earlier attempt of a job may have taken effect, whether that attempt was made before this process began,
// and whether something went wrong with the job since.
func (t *tries) doubt(job ledger.Job) (unsure, before, troubled bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	tried, known := t.jobs[job.ID]
	return job.Attempt > 1 && !tried.clean, !known, tried.troubles > 0
}

// failed remembers an attempt that did not work out; it answers how many in a row that makes.
func (t *tries) failed(job ledger.Job, v Verdict) int {
	t.mu.Lock()
	defer t.mu.Unlock()
	tried, known := t.jobs[job.ID]
	tried.clean = !v.Unsure && (tried.clean || (!known && job.Attempt == 1))
	if v.Class != RetryAfter && v.Class != Permanent && !v.Away {
		tried.troubles++
	}
	t.jobs[job.ID] = tried
	return tried.troubles
}

// over forgets a job that is done.
func (t *tries) over(job ledger.Job) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.jobs, job.ID)
}
