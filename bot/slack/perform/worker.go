package perform

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/singleflight"

	"muster/incident"
)

// Bounds of what a job waits for its next attempt.
const (
	firstBackoff = time.Second
	mostBackoff  = time.Minute      // so that people hear within a minute once Slack is back
	mostRest     = 15 * time.Minute // however long Slack asks for
	// No job is ever put off as far as this. One that seems to be was put off before the clock was set back.
	horizon = 20 * time.Minute
)

// storePause is how long to wait after the store did not answer.
const storePause = time.Second

// Worker performs the effects of an outbox. One worker at a time may run on a store.
type Worker struct {
	Options
	began    time.Time
	memory   *memory
	history  *history
	gate     gate
	random   sync.Mutex
	adopting chan struct{}      // holds one: channels are looked for one at a time
	flights  singleflight.Group // what several jobs would ask Slack at once

	slots   chan struct{} // as many as jobs under way
	held    atomic.Int64  // how many hold it
	freed   chan struct{} // signalled when a slot became free, or a hold has ended
	running sync.WaitGroup
}

// New makes a worker that Run sets to work.
func New(options Options) *Worker {
	options.fill()
	return &Worker{
		Options: options, began: time.Now(), memory: newMemory(), history: newHistory(),
		slots: make(chan struct{}, options.AtOnce), freed: make(chan struct{}, 1), adopting: make(chan struct{}, 1),
	}
}

// Run performs effects until the context ends. Then nothing more is claimed, calls under way get Options.Drain to finish, and
// what did not finish goes back into the outbox. It returns when no job is under way any more; the error is always nil.
func (w *Worker) Run(ctx context.Context) error {
	// Calls outlive ctx for as long as the drain lasts.
	calls, cut := context.WithCancel(context.WithoutCancel(ctx))
	defer cut()
	for ctx.Err() == nil {
		w.pause(ctx, w.claim(ctx, calls))
	}
	limit := time.AfterFunc(w.Drain, cut)
	defer limit.Stop()
	w.running.Wait()
	return nil
}

// claim starts as many jobs as there is room for, and answers when to look again by itself; zero: not before something
// happens.
func (w *Worker) claim(ctx, calls context.Context) time.Time {
	now := time.Now()
	room := cap(w.slots) - len(w.slots)
	if until, probing := w.gate.state(); probing {
		if now.Before(until) {
			return until
		}
		room = min(room, 1-min(len(w.slots), 1))
	}
	if room == 0 || w.held.Load() > 0 {
		return time.Time{}
	}
	at, ok := w.Store.NextJob(ctx)
	if !ok {
		return time.Time{}
	}
	asOf := now
	if at.Sub(now) > horizon {
		asOf = at
	}
	if at.After(asOf) {
		return at
	}
	jobs, err := w.Store.Claim(ctx, asOf, room)
	if err != nil {
		w.Log.Error().Err(err).Msg("effects could not be claimed and are tried again")
		return now.Add(storePause)
	}
	for _, job := range jobs {
		w.start(ctx, calls, job)
	}
	switch {
	case len(jobs) == 0:
		return now.Add(storePause)
	case len(jobs) == room:
		return time.Time{} // a slot that becomes free says so
	}
	at, _ = w.Store.NextJob(ctx)
	return at
}

// pause waits for something to do: a commit, a free slot, or the moment.
func (w *Worker) pause(ctx context.Context, at time.Time) {
	var moment <-chan time.Time
	if !at.IsZero() {
		timer := time.NewTimer(min(time.Until(at), horizon))
		defer timer.Stop()
		moment = timer.C
	}
	select {
	case <-ctx.Done():
	case <-w.Store.Wake():
	case <-w.freed:
	case <-moment:
	}
}

// start performs a job in its own goroutine; there is a slot for it.
func (w *Worker) start(ctx, calls context.Context, job incident.Job) {
	w.slots <- struct{}{}
	w.running.Go(func() {
		defer func() {
			<-w.slots
			select {
			case w.freed <- struct{}{}:
			default:
			}
		}()
		t := newTask(ctx, calls, w, job)
		w.At(fmt.Sprintf("claimed/%s", t.handling.Kind))
		commands, err := t.perform()
		w.At(fmt.Sprintf("performed/%s", t.handling.Kind))
		t.settle(commands, err)
		w.At(fmt.Sprintf("completed/%s", t.handling.Kind))
	})
}

// backoff is how long a job waits after so many troubles in a row: twice as long each time, half of it left to chance, so
// that what failed together does not come back together.
func (w *Worker) backoff(troubles int) time.Duration {
	full := min(firstBackoff<<min(max(troubles-1, 0), 20), mostBackoff)
	w.random.Lock()
	defer w.random.Unlock()
	return full/2 + time.Duration(w.Random.Int64N(int64(full/2)+1))
}
