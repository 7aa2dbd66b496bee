package bolt

import (
	"slices"

	"muster/incident"
)

// stage is what a transaction makes of the queue. Nobody sees it before the transaction is on disk. Until then the waiting
// jobs that it changes are held, so that none of them starts with the state of before: a card that was asked to show what
// is being committed must not be drawn from what was.
type stage struct {
	queue   *queue
	changed map[incident.JobID]*entry   // nil: deleted
	added   map[string][]incident.JobID // new redraws by key, so that later calls of the transaction find them
	held    []incident.JobID
}

func newStage(q *queue) *stage {
	return &stage{queue: q, changed: map[incident.JobID]*entry{}, added: map[string][]incident.JobID{}}
}

// find is a copy of a job as this transaction sees it; nil when there is none.
func (s *stage) find(id incident.JobID) *entry {
	if e, changed := s.changed[id]; changed {
		if e == nil {
			return nil
		}
		found := *e
		return &found
	}
	s.queue.mu.Lock()
	defer s.queue.mu.Unlock()
	e := s.queue.jobs[id]
	if e == nil {
		return nil
	}
	found := *e
	return &found
}

// running is the job if this claim of it still holds, else incident.ErrFenced.
func (s *stage) running(job incident.Job) (*entry, error) {
	e := s.find(job.ID)
	if e == nil || !e.running || e.job.Attempt != job.Attempt {
		return nil, incident.ErrFenced
	}
	return e, nil
}

// hold keeps a job from being claimed until the transaction has ended, and answers what it then is; nil when it is none.
func (s *stage) hold(id incident.JobID) *entry {
	if _, changed := s.changed[id]; changed {
		return s.find(id)
	}
	s.queue.mu.Lock()
	defer s.queue.mu.Unlock()
	e := s.queue.jobs[id]
	if e == nil {
		return nil
	}
	if e.waiting() && !e.held {
		s.held = append(s.held, id)
		s.queue.setHeld(e, true)
	}
	found := *e
	return &found
}

// sameKey lists the redraws with a key, the oldest first. Those that wait are held.
func (s *stage) sameKey(key string) []*entry {
	s.queue.mu.Lock()
	ids := slices.Clone(s.queue.redraws[key])
	s.queue.mu.Unlock()
	ids = append(ids, s.added[key]...)
	slices.Sort(ids)
	var same []*entry
	for _, id := range slices.Compact(ids) {
		if e := s.hold(id); e != nil && e.handling.Coalesces && e.handling.Key == key {
			same = append(same, e)
		}
	}
	return same
}

func (s *stage) set(e *entry) {
	e.held = false
	s.changed[e.job.ID] = e
}

func (s *stage) add(e *entry) {
	s.set(e)
	if e.handling.Coalesces {
		s.added[e.handling.Key] = append(s.added[e.handling.Key], e.job.ID)
	}
}

func (s *stage) delete(id incident.JobID) { s.changed[id] = nil }

// publish makes the queue what the transaction made of it, and reports whether that changed anything.
func (s *stage) publish() bool {
	s.queue.mu.Lock()
	defer s.queue.mu.Unlock()
	for id, e := range s.changed {
		if e == nil {
			s.queue.remove(id)
			continue
		}
		s.queue.insert(e)
	}
	return s.unhold() || len(s.changed) > 0
}

// abort forgets the transaction, and reports whether a job can be claimed again.
func (s *stage) abort() bool {
	s.queue.mu.Lock()
	defer s.queue.mu.Unlock()
	return s.unhold()
}

func (s *stage) unhold() bool {
	for _, id := range s.held {
		if e := s.queue.jobs[id]; e != nil && e.held {
			s.queue.setHeld(e, false)
		}
	}
	return len(s.held) > 0
}

func (q *queue) setHeld(e *entry, held bool) {
	l := q.lanes[e.handling.Lane]
	l.leave()
	e.held = held
	q.settle(l)
}
