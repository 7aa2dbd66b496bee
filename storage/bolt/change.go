package bolt

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"runtime/debug"

	"go.etcd.io/bbolt"

	"muster/incident/ledger"
	"muster/storage"
	"muster/storage/keys"
)

// Change keeps what a decision makes of an aggregate's newest state.
func (e *Engine) Change(ctx context.Context, operation string, change storage.Change) error {
	a, err := e.aggregate(change.Of.Aggregate)
	if err != nil {
		return fmt.Errorf("%s: %w", operation, err)
	}
	if change.Of.ID == "" && a.Numbered() {
		return e.create(ctx, operation, a, change)
	}
	d, err := e.decideAhead(ctx, operation, change)
	if err != nil {
		return err
	}
	return e.write(ctx, operation, func(tx *writeTx) error {
		if err := e.checkOnce(tx.Tx, change.Once); err != nil {
			return err
		}
		if err := d.renew(tx.reader); err != nil {
			return err
		}
		if err := d.write(tx, ""); err != nil {
			return err
		}
		return tx.remember(change.Once, change.Of)
	})
}

// create makes an aggregate with the next number, which is only known in the writer's turn.
func (e *Engine) create(ctx context.Context, operation string, a *aggregate, change storage.Change) error {
	return e.write(ctx, operation, func(tx *writeTx) error {
		if err := e.checkOnce(tx.Tx, change.Once); err != nil {
			return err
		}
		number := last(tx.Tx, lastOf(a.Name)) + 1
		d := &decision{engine: e, aggregate: a, of: ledger.Ref{Aggregate: a.Name, ID: a.NewID(number)}, decide: change.Decide}
		if err := d.make(storage.State{ID: d.of.ID}); err != nil {
			return err
		}
		if err := d.write(tx, ""); err != nil {
			return err
		}
		if err := tx.put(tx.Bucket([]byte(bucketMeta)), []byte(lastOf(a.Name)), keys.Number(number)); err != nil {
			return err
		}
		return tx.remember(change.Once, d.of)
	})
}

// decision is what a caller's Decide makes of an aggregate. The caller works it out side by side with everybody else's, before
// the writer's turn; the writer only looks whether the state still is what it was made of, and has it made anew if not.
type decision struct {
	engine    *Engine
	aggregate *aggregate
	of        ledger.Ref
	decide    func(storage.State) (storage.Kept, error)

	decided bool
	made    []byte // the snapshot that it was made of; nil: of none
	kept    storage.Kept
	jobs    []newJob
}

// decideAhead works a decision out on what can be read now; its errors are refusals, and that nothing can be read. A once-key that
// was seen already is left to the writer: its own commit may still be on the way to the disk, and nobody may hear "done" before.
func (e *Engine) decideAhead(ctx context.Context, operation string, change storage.Change) (*decision, error) {
	a, err := e.aggregate(change.Of.Aggregate)
	if err == nil {
		err = e.writer.broken()
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", operation, err)
	}
	d := &decision{engine: e, aggregate: a, of: change.Of, decide: change.Decide}
	select {
	case e.deciding <- struct{}{}:
		defer func() { <-e.deciding }()
	case <-ctx.Done():
		return nil, fmt.Errorf("%s: %w", operation, ctx.Err())
	}
	err = e.view(ctx, operation, func(tx *bbolt.Tx) error {
		if e.checkOnce(tx, change.Once) != nil {
			return nil
		}
		return d.renew(newReader(e, tx))
	})
	return d, err
}

// renew works the decision out on what the transaction reads, unless it was made of just that. Without Decide there is none.
func (d *decision) renew(r *reader) error {
	if d.decide == nil {
		return nil
	}
	data := r.Snapshot(d.of)
	if data == nil && (d.aggregate.Numbered() || d.aggregate.key(d.of.ID) == nil) {
		return fmt.Errorf("%s: %w", d.of.ID, ledger.ErrNotFound)
	}
	if d.decided && bytes.Equal(d.made, data) {
		return nil
	}
	d.decided = false
	if err := d.make(storage.State{ID: d.of.ID, Snapshot: data, Folded: func() ([]byte, error) { return r.Folded(d.of) }}); err != nil {
		return err
	}
	d.decided, d.made = true, bytes.Clone(data)
	return nil
}

// make runs the caller's Decide. Its panic is that caller's error and nobody else's.
func (d *decision) make(state storage.State) (err error) {
	defer func() {
		if cause := recover(); cause != nil {
			err = fmt.Errorf("the decision panicked: %T", cause) // its words may be what people typed
			d.engine.options.OnProblem(fmt.Errorf("%w\n%s", err, debug.Stack()))
		}
	}()
	if d.kept, err = d.decide(state); err != nil {
		return err
	}
	d.jobs = nil
	for _, effect := range d.kept.Effects {
		job, err := d.engine.newJob(effect)
		if err != nil {
			return err
		}
		d.jobs = append(d.jobs, job)
	}
	return nil
}

// write keeps what was decided: snapshot, entries, indexes, due time and effects. A decision without entries changes nothing.
// avoid is the key of a failed job that nothing of it must bring back.
func (d *decision) write(tx *writeTx, avoid string) error {
	if d.decide == nil || len(d.kept.Entries) == 0 {
		return nil
	}
	a, b := tx.reader.find(d.of.Aggregate)
	if err := tx.put(b.snapshots(), a.key(d.of.ID), d.kept.Snapshot); err != nil {
		return err
	}
	for _, entry := range d.kept.Entries {
		if err := tx.put(b.timeline(), a.entryKey(d.of.ID, entry.Seq), entry.Data); err != nil {
			return err
		}
	}
	if err := tx.reindex(b, d.kept.Before, d.kept.After); err != nil {
		return err
	}
	if err := tx.setDue(a, d.of.ID, d.kept.NextDue); err != nil {
		return err
	}
	return d.writeJobs(tx, avoid)
}

// writeJobs keeps what a decision means for the outbox.
func (d *decision) writeJobs(tx *writeTx, avoid string) error {
	for _, id := range d.kept.Requeue {
		if err := tx.requeue(id, avoid); err != nil && !errors.Is(err, ledger.ErrNotFound) {
			return err // a job that is gone was replaced by a newer one, or discarded
		}
	}
	for _, id := range d.kept.Drop {
		if err := tx.dropFailed(id); err != nil {
			return err
		}
	}
	if err := tx.release(d.of, d.kept.Release); err != nil {
		return err
	}
	for _, job := range d.jobs {
		if avoid != "" && job.Effect.Handling().Key == avoid {
			continue
		}
		if err := tx.enqueue(job); err != nil {
			return err
		}
	}
	return nil
}
