package bolt

import (
	"context"
	"fmt"
	"iter"

	"go.etcd.io/bbolt"

	"muster/incident/ledger"
	"muster/storage"
)

// View runs read in a read transaction.
func (e *Engine) View(ctx context.Context, operation string, read func(storage.Reader) error) error {
	return e.view(ctx, operation, func(tx *bbolt.Tx) error { return read(newReader(e, tx)) })
}

func (e *Engine) view(ctx context.Context, operation string, fn func(tx *bbolt.Tx) error) error {
	err := ctx.Err()
	if err == nil {
		err = catchPanic(func() error { return e.db.View(fn) })
	}
	if err != nil {
		return fmt.Errorf("%s: %w", operation, explain(err))
	}
	return nil
}

// reader reads one state of the file.
type reader struct {
	engine *Engine
	tx     *bbolt.Tx
	of     []*buckets // those that were asked for
}

func newReader(e *Engine, tx *bbolt.Tx) *reader {
	return &reader{engine: e, tx: tx}
}

// find is the kind of an aggregate with its buckets; nil when there is no such kind.
func (r *reader) find(name ledger.Aggregate) (*aggregate, *buckets) {
	a := r.engine.aggregates[name]
	if a == nil {
		return nil, nil
	}
	for _, b := range r.of {
		if b.of == a {
			return a, b
		}
	}
	b := a.in(r.tx)
	r.of = append(r.of, b)
	return a, b
}

// Snapshot is the newest state of an aggregate.
func (r *reader) Snapshot(of ledger.Ref) []byte {
	a, b := r.find(of.Aggregate)
	if a == nil {
		return nil
	}
	key := a.key(of.ID)
	if key == nil {
		return nil
	}
	return b.snapshots().Get(key)
}

// Folded makes the snapshot anew.
func (r *reader) Folded(of ledger.Ref) ([]byte, error) {
	a, b := r.find(of.Aggregate)
	if a == nil {
		return nil, ledger.ErrNotFound
	}
	return a.fold(b, of.ID)
}

// Log visits the entries of an aggregate.
func (r *reader) Log(of ledger.Ref, from uint64) iter.Seq2[uint64, []byte] {
	a, b := r.find(of.Aggregate)
	if a == nil {
		return func(func(uint64, []byte) bool) {}
	}
	return entries(b.timeline(), a.log(of.ID), from)
}

// Index walks an index.
func (r *reader) Index(of ledger.Aggregate, name string) storage.Cursor {
	if a, b := r.find(of); a != nil {
		if bucket := b.by(name); bucket != nil {
			return bucket.Cursor()
		}
	}
	return nowhere{}
}

// nowhere is a walk of an index that is not there.
type nowhere struct{}

func (nowhere) Seek([]byte) (key, value []byte) { return nil, nil }
func (nowhere) Next() (key, value []byte)       { return nil, nil }
