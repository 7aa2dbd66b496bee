package bolt

import (
	"context"
	"fmt"
	"time"

	"muster/incident/ledger"
	"muster/storage"
)

// Claim takes jobs that may run at now. Claims are remembered in memory only: they cost no write.
func (e *Engine) Claim(ctx context.Context, now time.Time, limit int, media ...ledger.Medium) ([]ledger.Job, error) {
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("claim jobs: %w", err)
	}
	return e.queue.claim(now, limit, media...), nil
}

// Finish decides on the follow-up, and only if that is not refused ends the job and keeps what was decided.
func (e *Engine) Finish(ctx context.Context, job ledger.Job, ending storage.Ending) error {
	operation := "complete job " + job.ID.String()
	if ending.Failed {
		operation = "keep job " + job.ID.String() + " as failed"
	}
	if _, err := newPending(e.queue).running(job); err != nil {
		return fmt.Errorf("%s: %w", operation, err)
	}
	d := &decision{}
	if ending.FollowUp != nil {
		var err error
		if d, err = e.decideAhead(ctx, operation, *ending.FollowUp); err != nil {
			return err
		}
	}
	return e.write(ctx, operation, func(tx *writeTx) error {
		claimed, err := tx.pending.running(job)
		if err != nil {
			return err
		}
		if err := d.renew(tx.reader); err != nil {
			return err
		}
		avoid, err := tx.end(claimed, ending)
		if err != nil {
			return err
		}
		return d.write(tx, avoid)
	})
}

// end takes a job out of the outbox, or keeps it as failed. It answers the key that nothing of the follow-up must bring back.
func (tx *writeTx) end(claimed *queued, ending storage.Ending) (avoid string, err error) {
	if !ending.Failed {
		return "", tx.dropJob(claimed.job.ID)
	}
	if claimed.handling.Coalesces {
		avoid = claimed.handling.Key
	}
	failed := claimed.job
	failed.Failed, failed.LastError, failed.NotBefore = true, ending.Reason, time.Time{}
	return avoid, tx.setJob(failed)
}

// Retry makes a claimed job wait until at.
func (e *Engine) Retry(ctx context.Context, job ledger.Job, at time.Time, reason string) error {
	return e.write(ctx, "retry job "+job.ID.String(), func(tx *writeTx) error {
		claimed, err := tx.pending.running(job)
		if err != nil {
			return err
		}
		again := claimed.job
		again.NotBefore, again.LastError = at, reason
		return tx.putBack(claimed, again)
	})
}

// putBack keeps a job that ran as again; coalescing effects with its key that came meanwhile fold into it.
func (tx *writeTx) putBack(claimed *queued, again ledger.Job) error {
	if claimed.handling.Coalesces {
		for _, other := range tx.pending.sameKey(claimed.handling.Key) {
			if other.running || other.job.Failed {
				continue
			}
			again.Effect = ledger.Newer(again.Effect, other.job.Effect)
			if err := tx.dropJob(other.job.ID); err != nil {
				return err
			}
		}
	}
	return tx.setJob(again)
}

// SetAside takes a claimed job out of its lane until its condition is released. The command that fulfils the condition does so in a
// transaction before this one, so that still says no, or in one after it, which finds the job set aside.
func (e *Engine) SetAside(ctx context.Context, job ledger.Job, condition string, still func(storage.State) (bool, error)) (aside bool, err error) {
	operation := "set job " + job.ID.String() + " aside"
	if condition == "" {
		return false, fmt.Errorf("%s: there is no condition", operation)
	}
	err = e.write(ctx, operation, func(tx *writeTx) error {
		aside = false
		claimed, err := tx.pending.running(job)
		if err != nil {
			return err
		}
		of := claimed.handling.Of
		data := tx.reader.Snapshot(of)
		if data == nil {
			return fmt.Errorf("%s: %w", of, ledger.ErrNotFound)
		}
		wait, err := still(storage.State{ID: of.ID, Snapshot: data, Folded: func() ([]byte, error) { return tx.reader.Folded(of) }})
		if err != nil || !wait {
			return err
		}
		aside = true
		again := claimed.job
		again.Condition, again.NotBefore = condition, time.Time{}
		return tx.putBack(claimed, again)
	})
	return aside && err == nil, err
}

// Release makes a claimed job wait again. It writes nothing.
func (e *Engine) Release(_ context.Context, job ledger.Job) error {
	if err := e.queue.release(job); err != nil {
		return fmt.Errorf("release job %d: %w", job.ID, err)
	}
	signal(e.wake)
	return nil
}

// Enqueue puts effects into the outbox that follow from no command.
func (e *Engine) Enqueue(ctx context.Context, effects ...ledger.Effect) error {
	var jobs []newJob
	for _, effect := range effects {
		job, err := e.newJob(effect)
		if err != nil {
			return err
		}
		jobs = append(jobs, job)
	}
	return e.write(ctx, "enqueue effects", func(tx *writeTx) error {
		for _, job := range jobs {
			if err := tx.enqueue(job); err != nil {
				return err
			}
		}
		return nil
	})
}

// Jobs lists what is in the outbox by ID.
func (e *Engine) Jobs(ctx context.Context, state ledger.JobState, limit int) ([]ledger.Job, error) {
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("list jobs: %w", err)
	}
	jobs := e.queue.list(func(q *queued) bool { return state == ledger.JobsAll || q.state() == state })
	if limit > 0 && len(jobs) > limit {
		jobs = jobs[:limit]
	}
	return jobs, nil
}

// Requeue makes a failed, delayed or set aside job wait to be claimed now.
func (e *Engine) Requeue(ctx context.Context, id ledger.JobID) error {
	return e.write(ctx, "requeue job "+id.String(), func(tx *writeTx) error { return tx.requeue(id, "") })
}

// Discard takes a job out of the outbox for good.
func (e *Engine) Discard(ctx context.Context, id ledger.JobID) error {
	return e.write(ctx, "discard job "+id.String(), func(tx *writeTx) error {
		found := tx.pending.hold(id)
		if found == nil {
			return ledger.ErrNotFound
		}
		if found.running {
			return storage.ErrRunning
		}
		return tx.dropJob(id)
	})
}

// NextJob is when Claim can answer something.
func (e *Engine) NextJob(_ context.Context, media ...ledger.Medium) (at time.Time, ok bool) {
	return e.queue.next(media...)
}

// Wake is signalled after whatever can change the answer of Claim or NextJob.
func (e *Engine) Wake() <-chan struct{} { return e.wake }
