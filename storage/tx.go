package storage

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

// keep writes what follows from a command: snapshot, entries, indexes, due time and effects. An outcome without entries
// changes nothing. avoid is the key of a failed redraw that nothing of it must bring back.
func (tx *writeTx) keep(before incident.Incident, number uint64, out incident.Outcome, avoid string) error {
	if len(out.Entries) == 0 {
		return nil
	}
	if err := follows(before, number, out); err != nil {
		return err
	}
	snapshot, err := json.Marshal(out.Incident)
	if err != nil {
		return fmt.Errorf("encode %s: %w", out.Incident.ID, err)
	}
	entries := make([][]byte, len(out.Entries))
	for i, entry := range out.Entries {
		if entries[i], err = json.Marshal(entry); err != nil {
			return err
		}
	}
	if err := tx.put(bucketIncidents, numberKey(number), snapshot); err != nil {
		return err
	}
	for i, entry := range out.Entries {
		if err := tx.put(bucketTimeline, entryKey(number, entry.Seq), entries[i]); err != nil {
			return err
		}
	}
	if err := tx.reindex(before, out.Incident); err != nil {
		return err
	}
	if err := tx.setDue(number, out.NextDue); err != nil {
		return err
	}
	for _, id := range out.Requeue {
		if err := tx.requeue(id, avoid); err != nil && !errors.Is(err, incident.ErrNotFound) {
			return err // a job that is gone was replaced by a newer one, or discarded
		}
	}
	for _, effect := range out.Effects {
		if avoid != "" && effect.Handling().Key == avoid {
			continue
		}
		if err := tx.enqueue(effect); err != nil {
			return err
		}
	}
	return nil
}

// follows refuses an outcome that was made of another state than the one it is to replace.
func follows(before incident.Incident, number uint64, out incident.Outcome) error {
	after := out.Incident
	if after.ID != incident.NewID(number) {
		return fmt.Errorf("the outcome for %s is of %q", incident.NewID(number), after.ID)
	}
	for i, entry := range out.Entries {
		if want := before.Seq + 1 + uint64(i); entry.Seq != want {
			return fmt.Errorf("entry %d of %s comes where %d should", entry.Seq, after.ID, want)
		}
	}
	if want := before.Seq + uint64(len(out.Entries)); after.Seq != want {
		return fmt.Errorf("%s has %d entries and says %d", after.ID, want, after.Seq)
	}
	return nil
}
