package bolt

import (
	"errors"
	"fmt"
	"reflect"
	"time"

	"muster/incident"
)

// newJob is a job that has no number yet, with its record.
type newJob struct {
	incident.Job
	record []byte
}

func (s *Store) newJob(effect incident.Effect) (newJob, error) {
	if effect == nil {
		return newJob{}, errors.New("enqueue: there is no effect")
	}
	job := incident.Job{Effect: effect, CreatedAt: s.options.Now().UTC()}
	record, err := encodeJob(job)
	if err != nil {
		return newJob{}, fmt.Errorf("encode a job: %w", err)
	}
	return newJob{job, record}, nil
}

// enqueue puts an effect into the outbox. A redraw whose key waits already folds into the waiting job, and takes the place
// of failed ones.
func (tx *writeTx) enqueue(new newJob) error {
	handling := new.Effect.Handling()
	folded := false
	if handling.Coalesces {
		for _, other := range tx.stage.sameKey(handling.Key) {
			switch {
			case other.job.Failed:
				if err := tx.dropJob(other.job.ID); err != nil {
					return err
				}
			case other.waiting() && !folded:
				folded = true
				if merged := newer(other.job.Effect, new.Effect); !reflect.DeepEqual(merged, other.job.Effect) {
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
	id := incident.JobID(last(tx.Tx, metaLastJob) + 1)
	if err := tx.put(bucketJobs, numberKey(uint64(id)), new.record); err != nil {
		return err
	}
	job := new.Job
	job.ID = id
	tx.stage.add(newEntry(job))
	return tx.put(bucketMeta, []byte(metaLastJob), numberKey(uint64(id)))
}

// newer is the effect of two redraws that become one: the newer one, unless that is less urgent.
func newer(old, new incident.Effect) incident.Effect {
	if old.Handling().Urgency < new.Handling().Urgency {
		return old
	}
	return new
}

func (tx *writeTx) putJob(job incident.Job) error {
	data, err := encodeJob(job)
	if err != nil {
		return fmt.Errorf("encode job %d: %w", job.ID, err)
	}
	return tx.put(bucketJobs, numberKey(uint64(job.ID)), data)
}

// setJob changes a job, which then waits or has failed.
func (tx *writeTx) setJob(job incident.Job) error {
	if err := tx.putJob(job); err != nil {
		return err
	}
	tx.stage.set(newEntry(job))
	return nil
}

func (tx *writeTx) dropJob(id incident.JobID) error {
	tx.stage.delete(id)
	return tx.del(bucketJobs, numberKey(uint64(id)))
}

// requeue makes a failed or delayed job wait to be claimed now. A redraw with the key avoid, if there is one, is dropped
// instead: another one has just failed in its place.
func (tx *writeTx) requeue(id incident.JobID, avoid string) error {
	e := tx.stage.hold(id)
	switch {
	case e == nil:
		return incident.ErrNotFound
	case !e.readable():
		return errUnreadable
	case e.running, e.waiting() && e.job.NotBefore.IsZero():
		return nil
	case avoid != "" && e.handling.Key == avoid:
		return tx.dropJob(id)
	}
	if e.job.Failed && e.handling.Coalesces {
		for _, other := range tx.stage.sameKey(e.handling.Key) {
			if other.waiting() {
				return tx.dropJob(id)
			}
		}
	}
	job := e.job
	job.Failed, job.NotBefore = false, time.Time{}
	return tx.setJob(job)
}
