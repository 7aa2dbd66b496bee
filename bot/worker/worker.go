package worker

import (
	"context"
	"fmt"
	"reflect"
	"sync"
	"sync/atomic"
	"time"

	"muster/incident/ledger"
)

// Bounds of what a job waits for its next attempt.
const (
	firstBackoff = time.Second
	mostBackoff  = time.Minute      // so that people hear within a minute once the medium is back
	mostRest     = 15 * time.Minute // however long a medium asks for
	// No job is ever put off as far as this. One that seems to be was put off before the clock was set back.
	horizon = 20 * time.Minute
)

// storePause is how long to wait after the store did not answer.
const storePause = time.Second

// Worker performs the effects of an outbox. One worker at a time may run on a store.
type Worker struct {
	Options
	began  time.Time
	media  map[ledger.Medium]*medium
	tries  tries
	random sync.Mutex

	slots   chan struct{} // as many as jobs under way
	held    atomic.Int64  // how many hold it
	freed   chan struct{} // signalled when a slot became free, a hold has ended, or a medium became ready
	running sync.WaitGroup
}

// New makes a worker that Run sets to work. An effect that nobody performs, or two do, is an error.
func New(options Options) (*Worker, error) {
	options.fill()
	if err := Check(options.Effects, options.Media); err != nil {
		return nil, fmt.Errorf("new worker: %w", err)
	}
	w := &Worker{
		Options: options, began: time.Now(), media: map[ledger.Medium]*medium{}, tries: tries{jobs: map[ledger.JobID]try{}},
		slots: make(chan struct{}, options.AtOnce), freed: make(chan struct{}, 1),
	}
	for _, one := range options.Media {
		m := &medium{Medium: one, performers: map[reflect.Type]Performer{}}
		m.ready.Store(one.Ready == nil)
		for _, performer := range one.Performers {
			m.performers[performer.effect] = performer
		}
		w.media[one.Name] = m
	}
	return w, nil
}

// Run performs effects until the context ends. Then nothing more is claimed, calls under way get Options.Drain to finish, and
// what did not finish goes back into the outbox. It returns when no job is under way any more; the error is always nil.
func (w *Worker) Run(ctx context.Context) error {
	// Calls outlive ctx for as long as the drain lasts.
	calls, cut := context.WithCancel(context.WithoutCancel(ctx))
	defer cut()
	var getting sync.WaitGroup
	for _, m := range w.media {
		if !m.ready.Load() {
			getting.Go(func() { w.await(ctx, m) })
		}
	}
	for ctx.Err() == nil {
		w.pause(ctx, w.claim(ctx, calls))
	}
	getting.Wait()
	limit := time.AfterFunc(w.Drain, cut)
	defer limit.Stop()
	w.running.Wait()
	return nil
}

// await lets the effects of a medium begin once it is ready.
func (w *Worker) await(ctx context.Context, m *medium) {
	select {
	case <-ctx.Done():
	case <-m.Ready:
		m.ready.Store(true)
		w.signal()
	}
}

func (w *Worker) signal() {
	select {
	case w.freed <- struct{}{}:
	default:
	}
}

// claim starts as many jobs as there is room for, and answers when to look again by itself; zero: not before something
// happens.
func (w *Worker) claim(ctx, calls context.Context) time.Time {
	now := time.Now()
	if w.held.Load() > 0 {
		return time.Time{}
	}
	open, trying, again := w.openMedia(now)
	if len(open) > 0 {
		again = earliest(again, w.claimOf(ctx, calls, now, cap(w.slots), open...))
	}
	for _, medium := range trying {
		again = earliest(again, w.claimOf(ctx, calls, now, 1, medium))
	}
	return again
}

// openMedia lists the media that take whatever there is, and those of which a single job may try; again is when the first of the
// others may be tried.
func (w *Worker) openMedia(now time.Time) (open, trying []ledger.Medium, again time.Time) {
	for name, m := range w.media {
		until, away := m.gate.state()
		switch {
		case !m.ready.Load():
		case !away:
			open = append(open, name)
		case now.Before(until):
			again = earliest(again, until)
		case m.running.Load() == 0:
			trying = append(trying, name)
		}
	}
	return open, trying, again
}

// earliest is the earlier of two moments; a zero one is no moment.
func earliest(a, b time.Time) time.Time {
	if a.IsZero() || (!b.IsZero() && b.Before(a)) {
		return b
	}
	return a
}

// claimOf starts jobs of these media, at most so many, and answers when to look again.
func (w *Worker) claimOf(ctx, calls context.Context, now time.Time, limit int, media ...ledger.Medium) time.Time {
	room := min(limit, cap(w.slots)-len(w.slots))
	if room == 0 {
		return time.Time{} // a slot that becomes free says so
	}
	at, ok := w.Queue.NextJob(ctx, media...)
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
	jobs, err := w.Queue.Claim(ctx, asOf, room, media...)
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
	at, _ = w.Queue.NextJob(ctx, media...)
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
	case <-w.Queue.Wake():
	case <-w.freed:
	case <-moment:
	}
}

// start performs a job in its own goroutine; there is a slot for it.
func (w *Worker) start(ctx, calls context.Context, job ledger.Job) {
	w.slots <- struct{}{}
	a := newAttempt(ctx, calls, w, job)
	a.medium.running.Add(1)
	w.running.Go(func() {
		defer func() {
			a.medium.running.Add(-1)
			<-w.slots
			w.signal()
		}()
		w.At(fmt.Sprintf("claimed/%s", a.Handling.Kind))
		by, err := a.medium.of(job.Effect)
		if err != nil {
			a.settle(by, nil, err)
			return
		}
		if !a.admitted() {
			return
		}
		commands, err := a.perform(by)
		w.At(fmt.Sprintf("performed/%s", a.Handling.Kind))
		a.settle(by, commands, err)
		w.At(fmt.Sprintf("completed/%s", a.Handling.Kind))
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
