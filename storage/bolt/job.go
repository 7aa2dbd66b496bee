package bolt

import (
	"fmt"
	"time"

	"go.etcd.io/bbolt"

	"muster/incident/ledger"
	"muster/storage"
	"muster/storage/keys"
)

// longestRest is more than anybody makes a job wait before it is tried again.
const longestRest = time.Hour

// loadQueue reads the outbox into memory. Any job that waits may have been claimed and performed before the program ended,
// hence one more attempt is counted for it; one that is set aside cannot have been.
func (e *Engine) loadQueue() (*queue, error) {
	q := newQueue()
	err := e.db.View(func(tx *bbolt.Tx) error {
		return tx.Bucket([]byte(bucketJobs)).ForEach(func(key, data []byte) error {
			number, ok := keys.ReadNumber(key)
			if !ok {
				e.options.OnProblem(fmt.Errorf("%w: the outbox has the key %x", storage.ErrDamaged, key))
				return nil
			}
			job := storage.DecodeJob(e.effects, ledger.JobID(number), data)
			if job.Unreadable {
				e.options.OnProblem(fmt.Errorf("job %d is kept as it is: %s", job.ID, job.LastError))
			}
			if !job.Failed && job.Condition == "" {
				job.Attempt++
			}
			if job.NotBefore.After(e.options.Now().Add(longestRest)) {
				job.NotBefore = time.Time{} // the clock was set back since
			}
			q.insert(newQueued(job))
			return nil
		})
	})
	return q, err
}
