package bolt

import (
	"bytes"
	"encoding/json"
	"fmt"
	"time"

	"go.etcd.io/bbolt"

	"muster/incident"
	"muster/incident/registry"
)

// jobRecord is a job as the file keeps it.
type jobRecord struct {
	Effect    json.RawMessage `json:"effect"`
	Attempt   int             `json:"attempt,omitempty"`
	CreatedAt time.Time       `json:"created_at"`
	NotBefore time.Time       `json:"not_before,omitzero"`
	LastError string          `json:"last_error,omitempty"`
	Failed    bool            `json:"failed,omitempty"`
}

// Unreadable stands for the effect of a job that this version cannot read: of a kind it does not know, or damaged. The job
// is listed as failed and otherwise left alone, so that a version that can read it performs it.
type Unreadable struct {
	Kind incident.EffectKind // this and the next as far as they can be read
	Of   incident.ID
	Data []byte // the record as it is in the file
	Job  incident.JobID
}

// Handling keeps the job apart from all others.
func (u Unreadable) Handling() incident.Handling {
	key := fmt.Sprintf("unreadable/%d", u.Job)
	return incident.Handling{Kind: u.Kind, Of: u.Of.Ref(), Key: key, Lane: key, Urgency: incident.UrgencyCosmetic}
}

// unreadable makes the most of a record that cannot be read.
func unreadable(id incident.JobID, record jobRecord, data []byte) Unreadable {
	var known struct {
		Kind   incident.EffectKind `json:"kind"`
		Effect struct {
			Of string `json:"of"`
		} `json:"effect"`
	}
	_ = json.Unmarshal(record.Effect, &known) // whatever of it can be read
	of, err := incident.ParseID(known.Effect.Of)
	if err != nil {
		of = ""
	}
	return Unreadable{Kind: known.Kind, Of: of, Data: bytes.Clone(data), Job: id}
}

func encodeJob(job incident.Job) ([]byte, error) {
	effect, err := encodeEffect(job.Effect)
	if err != nil {
		return nil, err
	}
	return json.Marshal(jobRecord{effect, job.Attempt, job.CreatedAt, job.NotBefore, job.LastError, job.Failed})
}

// decodeJob reads a record. One that cannot be read comes back as a failed job with an Unreadable effect.
func decodeJob(id incident.JobID, data []byte) incident.Job {
	var record jobRecord
	err := json.Unmarshal(data, &record)
	var effect incident.Effect
	if err == nil {
		effect, err = decodeEffect(record.Effect)
	}
	if err != nil {
		effect = unreadable(id, record, data)
		record.Failed, record.LastError = true, err.Error()
	}
	return incident.Job{
		ID: id, Effect: effect, Attempt: record.Attempt, CreatedAt: record.CreatedAt, NotBefore: record.NotBefore,
		LastError: record.LastError, Failed: record.Failed, Unreadable: err != nil,
	}
}

// longestRest is more than anybody makes a job wait before it is tried again.
const longestRest = time.Hour

// loadQueue reads the outbox into memory. Any job that waits may have been claimed and performed before the program ended,
// hence one more attempt is counted for it.
func (s *Store) loadQueue() (*queue, error) {
	q := newQueue()
	err := s.db.View(func(tx *bbolt.Tx) error {
		return tx.Bucket([]byte(bucketJobs)).ForEach(func(key, data []byte) error {
			number, ok := readNumber(key)
			if !ok {
				s.options.OnProblem(fmt.Errorf("%w: the outbox has the key %x", ErrDamaged, key))
				return nil
			}
			job := decodeJob(incident.JobID(number), data)
			if job.Unreadable {
				s.options.OnProblem(fmt.Errorf("job %d is set aside: %s", job.ID, job.LastError))
			}
			if !job.Failed {
				job.Attempt++
			}
			if job.NotBefore.After(s.options.Now().Add(longestRest)) {
				job.NotBefore = time.Time{} // the clock was set back since
			}
			q.insert(newEntry(job))
			return nil
		})
	})
	return q, err
}

func encodeEffect(effect incident.Effect) ([]byte, error) {
	codec, err := registry.EffectCodec()
	if err != nil {
		return nil, err
	}
	return codec.Encode(effect)
}

func decodeEffect(data []byte) (incident.Effect, error) {
	codec, err := registry.EffectCodec()
	if err != nil {
		return nil, err
	}
	return codec.Decode(data)
}
