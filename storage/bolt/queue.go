package bolt

import (
	"maps"
	"slices"
	"sync"
	"time"

	"muster/incident/ledger"
)

// queued is a job in memory. Only running and held change, under the queue's lock.
type queued struct {
	job      ledger.Job
	handling ledger.Handling
	running  bool
	held     bool // the writer is changing it: it cannot be claimed until that is on disk
}

func newQueued(job ledger.Job) *queued { return &queued{job: job, handling: job.Effect.Handling()} }

func (q *queued) readable() bool { return !q.job.Unreadable }

// waiting reports whether the job is neither running nor failed; it may be set aside.
func (q *queued) waiting() bool { return !q.running && !q.job.Failed }

// claimable reports whether the job waits in its lane.
func (q *queued) claimable() bool { return q.waiting() && q.job.Condition == "" }

func (q *queued) state() ledger.JobState {
	switch {
	case q.running:
		return ledger.JobsRunning
	case q.job.Failed:
		return ledger.JobsFailed
	case q.job.Condition != "":
		return ledger.JobsSetAside
	}
	return ledger.JobsWaiting
}

// queue is the order of the outbox: lanes of jobs, first in, first out, with their heads sorted, for each medium by itself, into
// those that can be claimed and those that are delayed. Failed jobs, and those that are set aside, are in no lane.
type queue struct {
	mu         sync.Mutex
	jobs       map[ledger.JobID]*queued
	lanes      map[string]*lane
	coalescing map[string][]ledger.JobID     // by key
	setAside   map[ledger.Ref][]ledger.JobID // whose they are
	media      map[ledger.Medium]*heads
}

func newQueue() *queue {
	return &queue{
		jobs: map[ledger.JobID]*queued{}, lanes: map[string]*lane{}, coalescing: map[string][]ledger.JobID{}, setAside: map[ledger.Ref][]ledger.JobID{},
		media: map[ledger.Medium]*heads{},
	}
}

// of answers the heads of a medium.
func (q *queue) of(medium ledger.Medium) *heads {
	if q.media[medium] == nil {
		q.media[medium] = &heads{ready: laneHeap{less: moreUrgent}, delayed: laneHeap{less: earlier}}
	}
	return q.media[medium]
}

// among answers the heads of these media, or of all when none is named.
func (q *queue) among(media []ledger.Medium) []*heads {
	if len(media) == 0 {
		return slices.Collect(maps.Values(q.media))
	}
	all := make([]*heads, len(media))
	for i, medium := range media {
		all[i] = q.of(medium)
	}
	return all
}

// insert puts a job in, or replaces the one with its ID.
func (q *queue) insert(e *queued) {
	q.remove(e.job.ID)
	q.jobs[e.job.ID] = e
	if e.handling.Coalesces {
		q.coalescing[e.handling.Key] = append(q.coalescing[e.handling.Key], e.job.ID)
	}
	if e.job.Condition != "" {
		q.setAside[e.handling.Of] = append(q.setAside[e.handling.Of], e.job.ID)
	}
	if !e.running && !e.claimable() {
		return
	}
	l := q.lanes[e.handling.Lane]
	if l == nil {
		l = &lane{name: e.handling.Lane}
		q.lanes[l.name] = l
	}
	l.leave()
	place, _ := slices.BinarySearchFunc(l.jobs, e.job.ID, byID)
	l.jobs = slices.Insert(l.jobs, place, e)
	if e.running {
		l.running++
	}
	q.settle(l)
}

func byID(e *queued, id ledger.JobID) int {
	switch {
	case e.job.ID < id:
		return -1
	case e.job.ID > id:
		return 1
	}
	return 0
}

func (q *queue) remove(id ledger.JobID) {
	e := q.jobs[id]
	if e == nil {
		return
	}
	delete(q.jobs, id)
	if e.handling.Coalesces {
		forget(q.coalescing, e.handling.Key, id)
	}
	if e.job.Condition != "" {
		forget(q.setAside, e.handling.Of, id)
	}
	l := q.lanes[e.handling.Lane]
	if l == nil {
		return
	}
	l.leave()
	if place, found := slices.BinarySearchFunc(l.jobs, id, byID); found {
		l.jobs = slices.Delete(l.jobs, place, place+1)
		if e.running {
			l.running--
		}
	}
	q.settle(l)
}

// forget takes a job out of a list, and the list away with its last one.
func forget[K comparable](lists map[K][]ledger.JobID, key K, id ledger.JobID) {
	lists[key] = slices.DeleteFunc(lists[key], func(other ledger.JobID) bool { return other == id })
	if len(lists[key]) == 0 {
		delete(lists, key)
	}
}

// settle sorts a lane in by its head, once it has left its heap and was changed.
func (q *queue) settle(l *lane) {
	switch {
	case len(l.jobs) == 0:
		delete(q.lanes, l.name)
	case l.running > 0 || l.jobs[0].held:
	case l.jobs[0].job.NotBefore.IsZero():
		l.enter(&q.of(l.jobs[0].handling.Medium).ready)
	default:
		l.enter(&q.of(l.jobs[0].handling.Medium).delayed)
	}
}

// claim marks up to limit jobs of these media as running; of all media when none is named.
func (q *queue) claim(now time.Time, limit int, media ...ledger.Medium) []ledger.Job {
	q.mu.Lock()
	defer q.mu.Unlock()
	among := q.among(media)
	for _, of := range among {
		for len(of.delayed.lanes) > 0 && !of.delayed.first().job.NotBefore.After(now) {
			l := of.delayed.lanes[0]
			l.leave()
			l.enter(&of.ready)
		}
	}
	var jobs []ledger.Job
	for len(jobs) < limit {
		var best *heads
		for _, of := range among {
			if len(of.ready.lanes) > 0 && (best == nil || moreUrgent(of.ready.first(), best.ready.first())) {
				best = of
			}
		}
		if best == nil {
			break
		}
		l := best.ready.lanes[0]
		l.leave()
		head := l.jobs[0]
		if head.job.NotBefore.After(now) { // the clock was set back
			l.enter(&best.delayed)
			continue
		}
		head.running = true
		l.running++
		head.job.Attempt++
		jobs = append(jobs, head.job)
	}
	return jobs
}

// next is when claim may answer something of these media; of all when none is named.
func (q *queue) next(media ...ledger.Medium) (at time.Time, ok bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, of := range q.among(media) {
		if len(of.ready.lanes) > 0 {
			return time.Time{}, true
		}
		if len(of.delayed.lanes) == 0 {
			continue
		}
		if first := of.delayed.first().job.NotBefore; !ok || first.Before(at) {
			at, ok = first, true
		}
	}
	return at, ok
}

// release makes a running job wait again.
func (q *queue) release(job ledger.Job) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	e := q.jobs[job.ID]
	if e == nil || !e.running || e.job.Attempt != job.Attempt {
		return ledger.ErrFenced
	}
	e.running = false
	l := q.lanes[e.handling.Lane]
	l.running--
	q.settle(l)
	return nil
}

// list copies the jobs that fit, by ID.
func (q *queue) list(fits func(*queued) bool) []ledger.Job {
	q.mu.Lock()
	defer q.mu.Unlock()
	var jobs []ledger.Job
	for _, e := range q.jobs {
		if fits(e) {
			jobs = append(jobs, e.job)
		}
	}
	slices.SortFunc(jobs, func(a, b ledger.Job) int {
		if a.ID < b.ID {
			return -1
		}
		return 1
	})
	return jobs
}
