package bolt

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	"muster/incident/ledger"
	"muster/storage"
)

// ReplaceEntry replaces the words of one entry and folds the log anew.
func (e *Engine) ReplaceEntry(ctx context.Context, of ledger.Ref, seq uint64, rewrite func(entry []byte) ([]byte, error)) error {
	operation := fmt.Sprintf("rewrite entry %d of %s", seq, of.ID)
	return e.write(ctx, operation, func(tx *writeTx) error {
		a, b := tx.reader.find(of.Aggregate)
		if a == nil || a.key(of.ID) == nil {
			return ledger.ErrNotFound
		}
		key := a.entryKey(of.ID, seq)
		old := b.timeline().Get(key)
		if old == nil {
			return ledger.ErrNotFound
		}
		entry, err := rewrite(bytes.Clone(old))
		if err != nil {
			return err
		}
		before, err := a.keysOf(b, of.ID)
		if err != nil {
			return err
		}
		log := entries(b.timeline(), a.log(of.ID), 0)
		snapshot, err := a.Fold(of.ID, func(yield func(uint64, []byte) bool) {
			for found, data := range log {
				if found == seq {
					data = entry
				}
				if !yield(found, data) {
					return
				}
			}
		})
		if err != nil {
			return err
		}
		after, err := a.Keys(of.ID, snapshot)
		if err != nil {
			return err
		}
		if err := errors.Join(tx.put(b.timeline(), key, entry), tx.put(b.snapshots(), a.key(of.ID), snapshot), tx.reindex(b, before, after)); err != nil {
			return err
		}
		if a.Due == nil {
			return nil
		}
		due, err := a.Due(of.ID, snapshot)
		if err != nil {
			return err
		}
		return tx.setDue(a, of.ID, due)
	})
}

// keysOf is what an aggregate is found by at present.
func (a *aggregate) keysOf(b *buckets, id string) (storage.Keys, error) {
	found, err := a.Keys(id, b.snapshots().Get(a.key(id)))
	if err == nil {
		return found, nil
	}
	snapshot, foldErr := a.fold(b, id)
	if foldErr != nil {
		return storage.Keys{}, errors.Join(err, foldErr)
	}
	return a.Keys(id, snapshot)
}
