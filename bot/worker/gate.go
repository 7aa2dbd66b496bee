package worker

import (
	"sync"
	"time"
)

// How long the gate stays shut: the first time, and at most.
const (
	gateFirst = 15 * time.Second
	gateMost  = 5 * time.Minute
)

// gate shuts when a medium takes nothing from us, such as when Slack refuses the token: no job can do anything about that, so all of
// the medium's wait together, and a single one tries again now and then.
type gate struct {
	mu     sync.Mutex
	until  time.Time
	streak int
}

// shut answers until when the gate is shut, and whether this refusal is what shut it: jobs that were under way when it did
// do not shut it again.
func (g *gate) shut(now time.Time) (until time.Time, anew bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if now.Before(g.until) {
		return g.until, false
	}
	g.until = now.Add(min(gateFirst<<min(g.streak, 10), gateMost))
	g.streak++
	return g.until, true
}

// open lets everything through again, since a job got through.
func (g *gate) open() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.until, g.streak = time.Time{}, 0
}

// state answers until when it is shut, and whether it is shut or only a single job may try.
func (g *gate) state() (until time.Time, probing bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.until, g.streak > 0
}
