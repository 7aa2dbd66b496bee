package bolt

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"go.etcd.io/bbolt"

	"muster/incident"
)

// writeTx is a write transaction that several calls share. Each call first reads and decides, and only then writes: as
// long as writes stands still, its refusal costs the others nothing.
type writeTx struct {
	*bbolt.Tx
	store  *Store
	now    time.Time
	stage  *stage
	writes int
	seen   int // once-keys that were added

	dueBefore, dueAfter string // the earliest key of the due index
}

func (tx *writeTx) put(bucket string, key, value []byte) error {
	tx.writes++
	if err := tx.Bucket([]byte(bucket)).Put(key, value); err != nil {
		return fmt.Errorf("write to %s: %w", bucket, err)
	}
	return nil
}

func (tx *writeTx) del(bucket string, key []byte) error {
	tx.writes++
	if err := tx.Bucket([]byte(bucket)).Delete(key); err != nil {
		return fmt.Errorf("delete from %s: %w", bucket, err)
	}
	return nil
}

// last reads one of the counters in meta.
func last(tx *bbolt.Tx, name string) uint64 {
	n, _ := readNumber(tx.Bucket([]byte(bucketMeta)).Get([]byte(name)))
	return n
}

// loadIncident reads a snapshot. One that cannot be read is made anew from its timeline.
func loadIncident(tx *bbolt.Tx, number uint64) (incident.Incident, error) {
	id := incident.NewID(number)
	data := tx.Bucket([]byte(bucketIncidents)).Get(numberKey(number))
	if number == 0 || data == nil {
		return incident.Incident{}, fmt.Errorf("%s: %w", id, incident.ErrNotFound)
	}
	in, err := decodeIncident(data, id)
	if err == nil {
		return in, nil
	}
	folded, foldErr := foldTimeline(tx, number)
	if foldErr != nil {
		return incident.Incident{}, fmt.Errorf("%s: %w", id, errors.Join(err, foldErr))
	}
	return folded, nil
}

func decodeIncident(data []byte, id incident.ID) (incident.Incident, error) {
	var in incident.Incident
	if err := json.Unmarshal(data, &in); err != nil {
		return in, fmt.Errorf("%w: snapshot of %s: %w", ErrDamaged, id, err)
	}
	if in.ID != id {
		return in, fmt.Errorf("%w: snapshot of %s says that it is of %q", ErrDamaged, id, in.ID)
	}
	return in, nil
}

// foldTimeline makes an incident of its entries.
func foldTimeline(tx *bbolt.Tx, number uint64) (incident.Incident, error) {
	var in incident.Incident
	err := scanTimeline(tx, number, 1, func(entry incident.Entry) bool {
		in = incident.Fold(in, entry)
		return true
	})
	if err == nil && in.ID != incident.NewID(number) {
		err = fmt.Errorf("%w: %s has no timeline that begins with its declaration", ErrDamaged, incident.NewID(number))
	}
	return in, err
}
