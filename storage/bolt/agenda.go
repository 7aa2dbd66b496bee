package bolt

import (
	"bytes"
	"context"
	"runtime"
	"time"

	"go.etcd.io/bbolt"
	"golang.org/x/sync/errgroup"

	"muster/incident/ledger"
	"muster/storage/keys"
)

// NextDue is when the earliest of all is due; false when nothing is.
func (e *Engine) NextDue(ctx context.Context) (at time.Time, ok bool, err error) {
	err = e.view(ctx, "look for what is due next", func(tx *bbolt.Tx) error {
		key, _ := tx.Bucket([]byte(bucketDue)).Cursor().First()
		at, ok = keys.ReadTime(key)
		return nil
	})
	return at, ok, err
}

// AllDue lists what is due at now, the earliest first; a limit of 0 means all.
func (e *Engine) AllDue(ctx context.Context, now time.Time, limit int) ([]ledger.Ref, error) {
	var due []ledger.Ref
	err := e.view(ctx, "list what is due", func(tx *bbolt.Tx) error {
		end := keys.AppendTime(nil, now)
		cursor := tx.Bucket([]byte(bucketDue)).Cursor()
		for key, _ := cursor.First(); key != nil && (limit <= 0 || len(due) < limit); key, _ = cursor.Next() {
			if len(key) < keys.TimeSize {
				continue
			}
			if bytes.Compare(key[:keys.TimeSize], end) > 0 {
				return nil
			}
			if ref, ok := e.readRef(key[keys.TimeSize:]); ok {
				due = append(due, ref)
			}
		}
		return nil
	})
	return due, err
}

// DueChanged is signalled when the earliest due time has become another one.
func (e *Engine) DueChanged() <-chan struct{} { return e.dueChanged }

// Reindex derives all due times anew.
func (e *Engine) Reindex(ctx context.Context) error {
	return e.write(ctx, "derive what is due", func(tx *writeTx) error {
		for _, a := range e.aggregates {
			if a.Due == nil {
				continue
			}
			if err := tx.deriveAgenda(ctx, a); err != nil {
				return err
			}
		}
		return nil
	})
}

// deriveAgenda derives the due times of one kind.
func (tx *writeTx) deriveAgenda(ctx context.Context, a *aggregate) error {
	var ids []string
	if a.MayBeDue != nil {
		ids = a.MayBeDue(tx.reader)
	}
	due, err := tx.derive(ctx, a, ids)
	if err != nil {
		return err
	}
	derived := make(map[string]bool, len(ids))
	for i, id := range ids {
		derived[id] = true
		if err := tx.setDue(a, id, due[i]); err != nil {
			return err
		}
	}
	for _, id := range a.scheduled(tx.Tx) {
		if !derived[id] {
			if err := tx.setDue(a, id, time.Time{}); err != nil {
				return err
			}
		}
	}
	return nil
}

// scheduled lists those of a kind that have a due time.
func (a *aggregate) scheduled(tx *bbolt.Tx) []string {
	var ids []string
	prefix := keys.AppendText(nil, string(a.Name))
	cursor := tx.Bucket([]byte(bucketDueOf)).Cursor()
	for key, _ := cursor.Seek(prefix); bytes.HasPrefix(key, prefix); key, _ = cursor.Next() {
		if id, ok := a.id(key[len(prefix):]); ok {
			ids = append(ids, id)
		}
	}
	return ids
}

// derive asks when each is due, on all cores. What cannot be read even when it is folded anew is never due.
func (tx *writeTx) derive(ctx context.Context, a *aggregate, ids []string) ([]time.Time, error) {
	_, b := tx.reader.find(a.Name)
	due := make([]time.Time, len(ids))
	snapshots := make([][]byte, len(ids))
	for i, id := range ids {
		if key := a.key(id); key != nil {
			snapshots[i] = b.snapshots().Get(key)
		}
	}
	group, ctx := errgroup.WithContext(ctx)
	workers := min(runtime.GOMAXPROCS(0), len(ids))
	unread := make([][]int, workers)
	for worker := range workers {
		group.Go(func() error {
			return catchPanic(func() (err error) {
				for i := worker; i < len(ids) && ctx.Err() == nil; i += workers {
					if due[i], err = a.Due(ids[i], snapshots[i]); err != nil {
						due[i] = time.Time{}
						unread[worker] = append(unread[worker], i)
					}
				}
				return ctx.Err()
			})
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	for _, list := range unread {
		for _, i := range list {
			if snapshot, err := a.fold(b, ids[i]); err == nil {
				due[i], _ = a.Due(ids[i], snapshot) // an error is of no other kind than the first one
			}
		}
	}
	return due, nil
}

// setDue puts an aggregate's due time into the agenda; the zero time takes it out.
func (tx *writeTx) setDue(a *aggregate, id string, at time.Time) error {
	byTime, byRef, ref := tx.Bucket([]byte(bucketDue)), tx.Bucket([]byte(bucketDueOf)), a.refKey(id)
	old, had := keys.ReadTime(byRef.Get(ref))
	if had != at.IsZero() && (!had || old.Equal(at)) {
		return nil
	}
	if had {
		if err := tx.del(byTime, dueKey(old, ref)); err != nil {
			return err
		}
	}
	if at.IsZero() {
		return tx.del(byRef, ref)
	}
	if err := tx.put(byTime, dueKey(at, ref), nil); err != nil {
		return err
	}
	return tx.put(byRef, ref, keys.AppendTime(nil, at))
}

func dueKey(at time.Time, ref []byte) []byte {
	return append(keys.AppendTime(make([]byte, 0, keys.TimeSize+len(ref)), at), ref...)
}

// earliestDue is the first key of the agenda.
func (tx *writeTx) earliestDue() string {
	key, _ := tx.Bucket([]byte(bucketDue)).Cursor().First()
	return string(key)
}
