package bolt

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"

	"go.etcd.io/bbolt"

	"muster/incident"
)

// defaultLimit is how many come when a limit of 0 is asked for.
const defaultLimit = 20

// Timeline reads the entries of an incident after a sequence number, in order; a limit of 0 means all.
// incident.ErrNotFound when there is no such incident.
func (s *Store) Timeline(ctx context.Context, id incident.ID, after uint64, limit int) ([]incident.Entry, error) {
	var entries []incident.Entry
	err := s.view(ctx, "read the timeline of "+string(id), func(tx *bbolt.Tx) error {
		if tx.Bucket([]byte(bucketIncidents)).Get(numberKey(id.Number())) == nil {
			return incident.ErrNotFound
		}
		if after == ^uint64(0) {
			return nil
		}
		return scanTimeline(tx, id.Number(), after+1, func(entry incident.Entry) bool {
			entries = append(entries, entry)
			return limit <= 0 || len(entries) < limit
		})
	})
	return entries, err
}

// Entry reads one entry of a timeline; incident.ErrNotFound when there is none.
func (s *Store) Entry(ctx context.Context, id incident.ID, seq uint64) (incident.Entry, error) {
	var entry incident.Entry
	err := s.view(ctx, fmt.Sprintf("read entry %d of %s", seq, id), func(tx *bbolt.Tx) error {
		data := tx.Bucket([]byte(bucketTimeline)).Get(entryKey(id.Number(), seq))
		if data == nil {
			return incident.ErrNotFound
		}
		return decodeEntry(data, id, &entry)
	})
	return entry, err
}

// scanTimeline calls visit with each entry from a sequence number on until it answers false.
func scanTimeline(tx *bbolt.Tx, number, from uint64, visit func(incident.Entry) bool) error {
	prefix := numberKey(number)
	cursor := tx.Bucket([]byte(bucketTimeline)).Cursor()
	for key, data := cursor.Seek(entryKey(number, from)); bytes.HasPrefix(key, prefix); key, data = cursor.Next() {
		var entry incident.Entry
		if err := decodeEntry(data, incident.NewID(number), &entry); err != nil {
			return err
		}
		if !visit(entry) {
			return nil
		}
	}
	return nil
}

func decodeEntry(data []byte, id incident.ID, entry *incident.Entry) error {
	if err := json.Unmarshal(data, entry); err != nil {
		return fmt.Errorf("%w: an entry of %s: %w", ErrDamaged, id, err)
	}
	return nil
}
