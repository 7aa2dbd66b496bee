package storage

import (
	"bytes"
	"encoding/json"
	"fmt"
	"time"

	"muster/incident/ledger"
)

// jobRecord is a job as it is kept.
type jobRecord struct {
	Of        ledger.Ref      `json:"of,omitzero"` // whose it is, also where the effect cannot be read
	Effect    json.RawMessage `json:"effect"`
	Attempt   int             `json:"attempt,omitempty"`
	CreatedAt time.Time       `json:"created_at"`
	NotBefore time.Time       `json:"not_before,omitzero"`
	LastError string          `json:"last_error,omitempty"`
	Failed    bool            `json:"failed,omitempty"`
	Condition string          `json:"condition,omitempty"` // that it is set aside under
}

// Unreadable stands for the effect of a job that this version cannot read: of a kind it does not know, or damaged. The job
// is listed as failed and otherwise left alone, so that a version that can read it performs it.
type Unreadable struct {
	Kind ledger.EffectKind // this and the next as far as they can be read
	Of   ledger.Ref
	Data []byte // the record as it is kept
	Job  ledger.JobID
}

// Handling keeps the job apart from all others.
func (u Unreadable) Handling() ledger.Handling {
	key := fmt.Sprintf("unreadable/%d", u.Job)
	return ledger.Handling{Kind: u.Kind, Of: u.Of, Key: key, Lane: key, Urgency: ledger.UrgencyCosmetic}
}

// EncodeJob writes a job as it is kept.
func EncodeJob(effects *ledger.EffectCodec, job ledger.Job) ([]byte, error) {
	effect, err := effects.Encode(job.Effect)
	if err != nil {
		return nil, err
	}
	return json.Marshal(jobRecord{
		Of: job.Effect.Handling().Of, Effect: effect, Attempt: job.Attempt, CreatedAt: job.CreatedAt, NotBefore: job.NotBefore,
		LastError: job.LastError, Failed: job.Failed, Condition: job.Condition,
	})
}

// DecodeJob reads what EncodeJob wrote. What cannot be read comes back as a failed job with an Unreadable effect.
func DecodeJob(effects *ledger.EffectCodec, id ledger.JobID, data []byte) ledger.Job {
	var record jobRecord
	err := json.Unmarshal(data, &record)
	var effect ledger.Effect
	if err == nil {
		effect, err = effects.Decode(record.Effect)
	}
	if err != nil {
		effect = unreadable(id, record, data)
		record.Failed, record.LastError, record.Condition = true, err.Error(), ""
	}
	return ledger.Job{
		ID: id, Effect: effect, Attempt: record.Attempt, CreatedAt: record.CreatedAt, NotBefore: record.NotBefore,
		LastError: record.LastError, Failed: record.Failed, Condition: record.Condition, Unreadable: err != nil,
	}
}

func unreadable(id ledger.JobID, record jobRecord, data []byte) Unreadable {
	var known struct {
		Kind ledger.EffectKind `json:"kind"`
	}
	_ = json.Unmarshal(record.Effect, &known) // whatever of it can be read
	return Unreadable{Kind: known.Kind, Of: record.Of, Data: bytes.Clone(data), Job: id}
}
