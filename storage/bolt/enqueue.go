package bolt

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"time"

	"muster/incident/ledger"
	"muster/storage"
	"muster/storage/keys"
)

// newJob is a job that has no number yet, with its record.
type newJob struct {
	ledger.Job
	record []byte
}

func (e *Engine) newJob(effect ledger.Effect) (newJob, error) {
	if effect == nil {
		return newJob{}, errors.New("enqueue: there is no effect")
	}
	job := ledger.Job{Effect: effect, CreatedAt: e.options.Now().UTC()}
	record, err := storage.EncodeJob(e.effects, job)
	if err != nil {
		return newJob{}, fmt.Errorf("encode a job: %w", err)
	}
	return newJob{job, record}, nil
}

// enqueue puts an effect into the outbox. A coalescing one whose key waits already, or is set aside, folds into that job, and takes
// the place of failed ones.
func (tx *writeTx) enqueue(new newJob) error {
	handling := new.Effect.Handling()
	folded := false
	if handling.Coalesces {
		for _, other := range tx.pending.sameKey(handling.Key) {
			switch {
			case other.job.Failed:
				if err := tx.dropJob(other.job.ID); err != nil {
					return err
				}
			case !other.running && !folded:
				folded = true
				if merged := ledger.Newer(other.job.Effect, new.Effect); !reflect.DeepEqual(merged, other.job.Effect) {
					job := other.job
					job.Effect = merged
					if err := tx.setJob(job); err != nil {
						return err
					}
				}
			}
		}
	}
	if folded {
		return nil
	}
	id := ledger.JobID(last(tx.Tx, metaLastJob) + 1)
	if err := tx.put(tx.Bucket([]byte(bucketJobs)), keys.Number(uint64(id)), new.record); err != nil {
		return err
	}
	job := new.Job
	job.ID = id
	tx.pending.add(newQueued(job))
	return tx.put(tx.Bucket([]byte(bucketMeta)), []byte(metaLastJob), keys.Number(uint64(id)))
}

func (tx *writeTx) putJob(job ledger.Job) error {
	data, err := storage.EncodeJob(tx.engine.effects, job)
	if err != nil {
		return fmt.Errorf("encode job %d: %w", job.ID, err)
	}
	return tx.put(tx.Bucket([]byte(bucketJobs)), keys.Number(uint64(job.ID)), data)
}

// setJob changes a job, which then waits, is set aside or has failed.
func (tx *writeTx) setJob(job ledger.Job) error {
	if err := tx.putJob(job); err != nil {
		return err
	}
	tx.pending.set(newQueued(job))
	return nil
}

func (tx *writeTx) dropJob(id ledger.JobID) error {
	tx.pending.delete(id)
	return tx.del(tx.Bucket([]byte(bucketJobs)), keys.Number(uint64(id)))
}

// requeue makes a failed, delayed or set aside job wait to be claimed now. One with the key avoid, if there is one, is dropped
// instead: another one has just failed in its place.
func (tx *writeTx) requeue(id ledger.JobID, avoid string) error {
	found := tx.pending.hold(id)
	switch {
	case found == nil:
		return ledger.ErrNotFound
	case !found.readable():
		return storage.ErrUnreadable
	case found.running, found.claimable() && found.job.NotBefore.IsZero():
		return nil
	case avoid != "" && found.handling.Key == avoid:
		return tx.dropJob(id)
	}
	if found.job.Failed && found.handling.Coalesces {
		for _, other := range tx.pending.sameKey(found.handling.Key) {
			if other.waiting() {
				return tx.dropJob(id)
			}
		}
	}
	job := found.job
	job.Failed, job.NotBefore, job.Condition = false, time.Time{}, ""
	return tx.setJob(job)
}

// dropFailed takes a job out of the outbox if it has failed; any other is left alone.
func (tx *writeTx) dropFailed(id ledger.JobID) error {
	if found := tx.pending.find(id); found != nil && found.job.Failed {
		return tx.dropJob(id)
	}
	return nil
}

// release brings back the jobs of an aggregate that were set aside under one of these conditions.
func (tx *writeTx) release(of ledger.Ref, conditions []string) error {
	if len(conditions) == 0 {
		return nil
	}
	for _, found := range tx.pending.aside(of) {
		if slices.Contains(conditions, found.job.Condition) {
			job := found.job
			job.Condition = ""
			if err := tx.setJob(job); err != nil {
				return err
			}
		}
	}
	return nil
}
