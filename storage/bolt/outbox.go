package bolt

import (
	"context"
	"errors"
	"fmt"
	"time"

	"muster/incident"
	"muster/incident/ledger"
)

// FollowUp decides what follows from a job for its incident. It runs inside the transaction, as decide does.
type FollowUp = func(current incident.Incident) (incident.Outcome, error)

// Claim takes up to limit jobs of these media that may run at now, of all media when none is named: of each lane the oldest, unless one of the lane runs or the oldest is
// delayed; the most urgent first, then the oldest. Each has one Attempt more than before, and stays with its claimer until
// Complete, Retry, Fail or Release. An Attempt above 1 means that it may have been performed before.
//
// Claims are remembered in memory only: they cost no write, and Open makes all of them wait again with one more attempt.
func (s *Store) Claim(ctx context.Context, now time.Time, limit int, media ...ledger.Medium) ([]incident.Job, error) {
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("claim jobs: %w", err)
	}
	return s.queue.claim(now, limit, media...), nil
}

// Complete takes a claimed job out of the outbox and keeps what follows for its incident, in one transaction. A nil
// followUp means nothing does. incident.ErrFenced: the claim is stale, and nothing was done. When followUp refuses, its
// error comes back and the job is still claimed.
func (s *Store) Complete(ctx context.Context, job incident.Job, followUp func(current incident.Incident) (incident.Outcome, error)) (incident.Outcome, error) {
	return s.finish(ctx, "complete job "+job.ID.String(), job, followUp, func(tx *writeTx, claimed *entry) (avoid string, err error) {
		return "", tx.dropJob(claimed.job.ID)
	})
}

// Fail sets a claimed job aside as failed for good, with what tells a person of it; else as Complete. A redraw that its own
// followUp asks for again, by an effect or by bringing an earlier one back, is left out: it would fail again.
func (s *Store) Fail(ctx context.Context, job incident.Job, reason string, followUp func(current incident.Incident) (incident.Outcome, error)) (incident.Outcome, error) {
	return s.finish(ctx, "set job "+job.ID.String()+" aside", job, followUp, func(tx *writeTx, claimed *entry) (avoid string, err error) {
		if claimed.handling.Coalesces {
			avoid = claimed.handling.Key
		}
		failed := claimed.job
		failed.Failed, failed.LastError, failed.NotBefore = true, reason, time.Time{}
		return avoid, tx.setJob(failed)
	})
}

// finish decides on the follow-up, and only if that is not refused changes the job and keeps the outcome.
func (s *Store) finish(ctx context.Context, operation string, job incident.Job, followUp FollowUp, change func(*writeTx, *entry) (avoid string, err error)) (incident.Outcome, error) {
	claimed, err := newStage(s.queue).running(job)
	if err != nil {
		return incident.Outcome{}, fmt.Errorf("%s: %w", operation, err)
	}
	d := &decision{}
	if followUp != nil {
		if d, err = s.ahead(ctx, operation, "", incident.IDOf(claimed.handling.Of), followUp); err != nil {
			return incident.Outcome{}, err
		}
	}
	err = s.write(ctx, operation, func(tx *writeTx) error {
		claimed, err := tx.stage.running(job)
		if err != nil {
			return err
		}
		if err := d.on(tx.Tx); err != nil {
			return err
		}
		avoid, err := change(tx, claimed)
		if err != nil {
			return err
		}
		return d.keep(tx, avoid)
	})
	return result(d.out, err)
}

// Retry makes a claimed job wait until at; its attempts are kept. incident.ErrFenced as with Complete. A newer redraw with
// its key folds into it.
func (s *Store) Retry(ctx context.Context, job incident.Job, at time.Time, reason string) error {
	return s.write(ctx, "retry job "+job.ID.String(), func(tx *writeTx) error {
		claimed, err := tx.stage.running(job)
		if err != nil {
			return err
		}
		again := claimed.job
		again.NotBefore, again.LastError = at, reason
		if claimed.handling.Coalesces {
			for _, other := range tx.stage.sameKey(claimed.handling.Key) {
				if !other.waiting() {
					continue
				}
				again.Effect = newer(again.Effect, other.job.Effect)
				if err := tx.dropJob(other.job.ID); err != nil {
					return err
				}
			}
		}
		return tx.setJob(again)
	})
}

// Release makes a claimed job wait again as if it had not been claimed, but for its attempt. It writes nothing.
func (s *Store) Release(_ context.Context, job incident.Job) error {
	if err := s.queue.release(job); err != nil {
		return fmt.Errorf("release job %d: %w", job.ID, err)
	}
	signal(s.wake)
	return nil
}

// Enqueue puts effects into the outbox that follow from no command.
func (s *Store) Enqueue(ctx context.Context, effects ...incident.Effect) error {
	var jobs []newJob
	for _, effect := range effects {
		job, err := s.newJob(effect)
		if err != nil {
			return err
		}
		jobs = append(jobs, job)
	}
	return s.write(ctx, "enqueue effects", func(tx *writeTx) error {
		for _, job := range jobs {
			if err := tx.enqueue(job); err != nil {
				return err
			}
		}
		return nil
	})
}

// Jobs lists what is in the outbox by ID; a limit of 0 means all. Jobs that cannot be read are among the failed ones, with
// an Unreadable effect.
func (s *Store) Jobs(ctx context.Context, state incident.JobState, limit int) ([]incident.Job, error) {
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("list jobs: %w", err)
	}
	jobs := s.queue.list(func(e *entry) bool { return state == incident.JobsAll || e.state() == state })
	if limit > 0 && len(jobs) > limit {
		jobs = jobs[:limit]
	}
	return jobs, nil
}

// Unreadable lists the jobs that this version cannot read; LastError says why.
func (s *Store) Unreadable(ctx context.Context) ([]incident.Job, error) {
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("list unreadable jobs: %w", err)
	}
	return s.queue.list(func(e *entry) bool { return !e.readable() }), nil
}

func (e *entry) state() incident.JobState {
	switch {
	case e.running:
		return incident.JobsRunning
	case e.job.Failed:
		return incident.JobsFailed
	}
	return incident.JobsWaiting
}

// errUnreadable and errRunning say why a person cannot have a job changed now.
var (
	errUnreadable = errors.New("this version of muster cannot read the job: run the version that wrote it")
	errRunning    = errors.New("the job is running: wait until it has ended, then try again")
)

// Requeue makes a failed or delayed job wait to be claimed now; a running one is left alone. incident.ErrNotFound when it
// is gone. A failed redraw folds into one with its key that waits.
func (s *Store) Requeue(ctx context.Context, id incident.JobID) error {
	return s.write(ctx, "requeue job "+id.String(), func(tx *writeTx) error { return tx.requeue(id, "") })
}

// Discard takes a failed or waiting job out of the outbox for good. incident.ErrNotFound when it is gone; a running one is
// refused.
func (s *Store) Discard(ctx context.Context, id incident.JobID) error {
	return s.write(ctx, "discard job "+id.String(), func(tx *writeTx) error {
		e := tx.stage.hold(id)
		if e == nil {
			return incident.ErrNotFound
		}
		if e.running {
			return errRunning
		}
		return tx.dropJob(id)
	})
}

// NextJob is when Claim can answer something; the zero time means now. False: not before something changes, which Wake tells.
// Media are as with Claim.
func (s *Store) NextJob(_ context.Context, media ...ledger.Medium) (at time.Time, ok bool) {
	return s.queue.next(media...)
}

// Wake is signalled after whatever can change the answer of Claim or NextJob. It holds one signal.
func (s *Store) Wake() <-chan struct{} { return s.wake }
