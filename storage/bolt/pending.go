package bolt

import (
	"slices"

	"muster/incident/ledger"
)

// pending is what a transaction will make of the queue. Nobody sees it before the transaction is on disk. Until then the waiting
// jobs that it changes are held, so that none of them starts with the state of before: a card that was asked to show what
// is being committed must not be drawn from what was.
type pending struct {
	queue   *queue
	changed map[ledger.JobID]*queued  // nil: deleted
	added   map[string][]ledger.JobID // new coalescing ones by key, so that later calls of the transaction find them
	held    []ledger.JobID
}

func newPending(q *queue) *pending {
	return &pending{queue: q, changed: map[ledger.JobID]*queued{}, added: map[string][]ledger.JobID{}}
}

// find is a copy of a job as this transaction sees it; nil when there is none.
func (p *pending) find(id ledger.JobID) *queued {
	if e, changed := p.changed[id]; changed {
		if e == nil {
			return nil
		}
		found := *e
		return &found
	}
	p.queue.mu.Lock()
	defer p.queue.mu.Unlock()
	e := p.queue.jobs[id]
	if e == nil {
		return nil
	}
	found := *e
	return &found
}

// running is the job if this claim of it still holds, else ledger.ErrFenced.
func (p *pending) running(job ledger.Job) (*queued, error) {
	e := p.find(job.ID)
	if e == nil || !e.running || e.job.Attempt != job.Attempt {
		return nil, ledger.ErrFenced
	}
	return e, nil
}

// hold keeps a job from being claimed until the transaction has ended, and answers what it then is; nil when it is none.
func (p *pending) hold(id ledger.JobID) *queued {
	if _, changed := p.changed[id]; changed {
		return p.find(id)
	}
	p.queue.mu.Lock()
	defer p.queue.mu.Unlock()
	e := p.queue.jobs[id]
	if e == nil {
		return nil
	}
	if e.claimable() && !e.held {
		p.held = append(p.held, id)
		p.queue.setHeld(e, true)
	}
	found := *e
	return &found
}

// sameKey lists the coalescing with a key, the oldest first. Those that wait are held.
func (p *pending) sameKey(key string) []*queued {
	p.queue.mu.Lock()
	ids := slices.Clone(p.queue.coalescing[key])
	p.queue.mu.Unlock()
	ids = append(ids, p.added[key]...)
	slices.Sort(ids)
	var same []*queued
	for _, id := range slices.Compact(ids) {
		if e := p.hold(id); e != nil && e.handling.Coalesces && e.handling.Key == key {
			same = append(same, e)
		}
	}
	return same
}

// aside lists the jobs of an aggregate that are set aside, the oldest first.
func (p *pending) aside(of ledger.Ref) []*queued {
	p.queue.mu.Lock()
	ids := slices.Clone(p.queue.setAside[of])
	p.queue.mu.Unlock()
	for id := range p.changed {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	var found []*queued
	for _, id := range slices.Compact(ids) {
		if e := p.find(id); e != nil && e.handling.Of == of && e.state() == ledger.JobsSetAside {
			found = append(found, e)
		}
	}
	return found
}

func (p *pending) set(e *queued) {
	e.held = false
	p.changed[e.job.ID] = e
}

func (p *pending) add(e *queued) {
	p.set(e)
	if e.handling.Coalesces {
		p.added[e.handling.Key] = append(p.added[e.handling.Key], e.job.ID)
	}
}

func (p *pending) delete(id ledger.JobID) { p.changed[id] = nil }

// publish makes the queue what the transaction made of it, and reports whether that changed anything.
func (p *pending) publish() bool {
	p.queue.mu.Lock()
	defer p.queue.mu.Unlock()
	for id, e := range p.changed {
		if e == nil {
			p.queue.remove(id)
			continue
		}
		p.queue.insert(e)
	}
	return p.unhold() || len(p.changed) > 0
}

// abort forgets the transaction, and reports whether a job can be claimed again.
func (p *pending) abort() bool {
	p.queue.mu.Lock()
	defer p.queue.mu.Unlock()
	return p.unhold()
}

func (p *pending) unhold() bool {
	for _, id := range p.held {
		if e := p.queue.jobs[id]; e != nil && e.held {
			p.queue.setHeld(e, false)
		}
	}
	return len(p.held) > 0
}

func (q *queue) setHeld(e *queued, held bool) {
	l := q.lanes[e.handling.Lane]
	l.leave()
	e.held = held
	q.settle(l)
}
