package worker

import (
	"context"
	"fmt"
	"runtime/debug"
	"time"

	"github.com/rs/zerolog"

	"muster/incident"
	"muster/incident/ledger"
)

// Attempt is one attempt at one job, as its performer sees it.
type Attempt struct {
	Job      ledger.Job
	Handling ledger.Handling
	Log      zerolog.Logger

	Waits context.Context // ends when nothing new is to be begun
	Calls context.Context // ends when calls under way are to be cut
	Keeps context.Context // never ends: what happened is always kept

	Unsure   bool // an earlier attempt may have taken effect
	Before   bool // that attempt was made by a process before this one
	Troubled bool // something went wrong with this job before, since the process began

	worker *Worker
	medium *medium
}

func newAttempt(waits, calls context.Context, w *Worker, job ledger.Job) *Attempt {
	a := &Attempt{
		Job: job, Handling: job.Effect.Handling(), Waits: waits, Calls: calls, Keeps: context.WithoutCancel(waits), worker: w,
	}
	a.medium = w.media[a.Handling.Medium]
	a.Unsure, a.Before, a.Troubled = w.tries.doubt(job)
	a.Log = w.Log.With().Str("incident", string(incident.IDOf(a.Handling.Of))).Str("effect", string(a.Handling.Kind)).
		Uint64("job", uint64(job.ID)).Int("attempt", job.Attempt).Logger()
	return a
}

// Reached tells that the medium has taken something: it is not away, or not any more.
func (a *Attempt) Reached() { a.medium.gate.open() }

// perform does what the effect asks for, and answers the commands that record it. A panic ends the job, not the program.
func (a *Attempt) perform(by Performer) (commands []ledger.Command, err error) {
	defer func() {
		if cause := recover(); cause != nil {
			a.Log.Error().Str("panic", PanicOf(cause)).Bytes("stack", debug.Stack()).Msg("performing an effect panicked")
			commands, err = nil, FailurePanic
		}
	}()
	if err := a.outwait(); err != nil {
		return nil, err
	}
	return by.perform(a, a.Job.Effect)
}

// outwait waits until what a process before this one had asked of the medium has taken effect or never will: who looks earlier
// misses it, and who draws earlier is drawn over. After an attempt of this process retry sees to that.
func (a *Attempt) outwait() error {
	if !a.Unsure || !a.Before {
		return nil
	}
	timer := time.NewTimer(time.Until(a.worker.began.Add(a.medium.Linger)))
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-a.Waits.Done():
		return fmt.Errorf("wait for the calls of an earlier process: %w", ErrStopping)
	}
}

// PanicOf describes the cause of a panic for the log: its type, or what it says of itself there. Anything else that it says may hold
// words that people typed.
func PanicOf(cause any) string {
	if known, is := cause.(interface{ Loggable() string }); is {
		return known.Loggable()
	}
	return fmt.Sprintf("%T", cause)
}
