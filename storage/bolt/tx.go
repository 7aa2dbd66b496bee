package bolt

import (
	"encoding/binary"
	"fmt"
	"slices"
	"time"

	"go.etcd.io/bbolt"

	"muster/storage"
	"muster/storage/keys"
)

// writeTx is a write transaction that several calls share. Each call first reads and decides, and only then writes: as
// long as writes stands still, its refusal costs the others nothing.
type writeTx struct {
	*bbolt.Tx
	engine  *Engine
	reader  *reader
	now     time.Time
	pending *pending
	writes  int
	seen    int // once-keys that were added

	dueBefore, dueAfter string // the earliest key of the agenda
}

func (tx *writeTx) put(bucket *bbolt.Bucket, key, value []byte) error {
	tx.writes++
	if err := bucket.Put(key, value); err != nil {
		return fmt.Errorf("write: %w", err)
	}
	return nil
}

func (tx *writeTx) del(bucket *bbolt.Bucket, key []byte) error {
	tx.writes++
	if err := bucket.Delete(key); err != nil {
		return fmt.Errorf("delete: %w", err)
	}
	return nil
}

// last reads one of the counters in meta.
func last(tx *bbolt.Tx, name string) uint64 {
	n, _ := keys.ReadNumber(tx.Bucket([]byte(bucketMeta)).Get([]byte(name)))
	return n
}

// reindex turns the keys and counts of one state into those of the next.
func (tx *writeTx) reindex(b *buckets, before, after storage.Keys) error {
	for _, key := range before.Index {
		if !slices.Contains(after.Index, key) {
			if err := tx.del(b.by(key.Index), []byte(key.Key)); err != nil {
				return err
			}
		}
	}
	for _, key := range after.Index {
		if !slices.Contains(before.Index, key) {
			if err := tx.put(b.by(key.Index), []byte(key.Key), []byte(key.Value)); err != nil {
				return fmt.Errorf("index %s: %w", key.Index, err)
			}
		}
	}
	if before.Count == after.Count {
		return nil
	}
	if err := tx.count(b.counts(), before.Count, -1); err != nil {
		return err
	}
	return tx.count(b.counts(), after.Count, 1)
}

// count changes how many are counted under a word; an empty one is none.
func (tx *writeTx) count(counts *bbolt.Bucket, word string, change int64) error {
	if word == "" {
		return nil
	}
	n, _ := keys.ReadNumber(counts.Get([]byte(word)))
	return tx.put(counts, []byte(word), binary.BigEndian.AppendUint64(nil, uint64(max(int64(n)+change, 0))))
}
