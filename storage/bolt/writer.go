package bolt

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"go.etcd.io/bbolt"
	bolterrors "go.etcd.io/bbolt/errors"

	"muster/storage"
)

// maxBatch bounds how many calls share a transaction, so that the last of a storm need not wait for all of it.
const maxBatch = 512

// request is one caller's part of a transaction.
type request struct {
	run   func(*writeTx) error // may be called again; what it captures holds the last call's results
	err   error
	taken atomic.Bool // by the writer, or by its caller who went away
	done  chan struct{}
}

// writer is the one goroutine that writes. It takes whatever waits, commits it as one transaction, and answers.
type writer struct {
	engine *Engine
	kick   chan struct{}
	ended  chan struct{}

	mu      sync.Mutex
	waiting []*request
	closed  bool
	failed  error
	failure chan struct{} // closed once failed is set
}

func startWriter(e *Engine) *writer {
	w := &writer{engine: e, kick: make(chan struct{}, 1), ended: make(chan struct{}), failure: make(chan struct{})}
	go w.loop()
	return w
}

// stop lets the writer finish what waits, and waits for it.
func (w *writer) stop() {
	w.mu.Lock()
	w.closed = true
	w.mu.Unlock()
	signal(w.kick)
	<-w.ended
}

// broken is the reason why nothing can be written any more.
func (w *writer) broken() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.failed
}

// write has run called in a write transaction and answers its error once the transaction is on disk. A caller whose
// context ends while it waits leaves without a trace; once its turn has come, it waits for the result.
func (e *Engine) write(ctx context.Context, operation string, run func(*writeTx) error) error {
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("%s: %w", operation, err)
	}
	r := &request{run: run, done: make(chan struct{})}
	if err := e.writer.submit(r); err != nil {
		return fmt.Errorf("%s: %w", operation, err)
	}
	select {
	case <-r.done:
	case <-ctx.Done():
		if r.taken.CompareAndSwap(false, true) {
			return fmt.Errorf("%s: %w", operation, ctx.Err())
		}
		<-r.done
	}
	if r.err != nil {
		return fmt.Errorf("%s: %w", operation, r.err)
	}
	return nil
}

func (w *writer) submit(r *request) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.closed {
		return storage.ErrClosed
	}
	if w.failed != nil {
		return w.failed
	}
	w.waiting = append(w.waiting, r)
	signal(w.kick)
	return nil
}

func (w *writer) loop() {
	defer close(w.ended)
	for {
		batch, closed := w.take()
		if len(batch) > 0 {
			w.perform(batch)
			continue
		}
		if closed {
			return
		}
		<-w.kick
	}
}

func (w *writer) take() (batch []*request, closed bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for len(w.waiting) > 0 && len(batch) < maxBatch {
		r := w.waiting[0]
		w.waiting[0] = nil
		w.waiting = w.waiting[1:]
		if r.taken.CompareAndSwap(false, true) {
			batch = append(batch, r)
		}
	}
	return batch, w.closed && len(w.waiting) == 0
}

// perform commits a batch and answers everybody in it. A call that failed while it was writing is answered with its error
// and taken out, and the others run again without it.
func (w *writer) perform(batch []*request) {
	defer func() {
		for _, r := range batch {
			close(r.done)
		}
	}()
	for left := batch; len(left) > 0; {
		culprit, err := w.attempt(left)
		if culprit < 0 {
			if err != nil {
				for _, r := range left {
					r.err = err
				}
			}
			return
		}
		left = append(append([]*request{}, left[:culprit]...), left[culprit+1:]...)
	}
}

// attempt runs the calls of a batch in one transaction. It answers the index of a call that has to be left out, or -1.
func (w *writer) attempt(batch []*request) (culprit int, err error) {
	if err := w.broken(); err != nil {
		return -1, err
	}
	began := time.Now()
	tx, err := w.begin()
	if err != nil {
		return -1, err
	}
	for i, r := range batch {
		before := tx.writes
		if r.err = catchPanic(func() error { return r.run(tx) }); r.err == nil {
			continue
		}
		r.err = explain(r.err)
		if tx.writes != before {
			return i, w.breakOn(w.rollback(tx))
		}
	}
	if tx.writes == 0 {
		return -1, w.breakOn(w.rollback(tx))
	}
	if err := w.commit(tx); err != nil {
		return -1, err
	}
	if tx.pending.publish() {
		signal(w.engine.wake)
	}
	if tx.dueBefore != tx.dueAfter {
		signal(w.engine.dueChanged)
	}
	w.engine.options.OnCommit(time.Since(began), len(batch))
	return -1, nil
}

func (w *writer) begin() (*writeTx, error) {
	e := w.engine
	tx := &writeTx{engine: e, now: e.options.Now(), pending: newPending(e.queue)}
	var refused error
	panicked := catchPanic(func() error {
		if tx.Tx, refused = e.db.Begin(true); refused == nil {
			tx.reader = newReader(e, tx.Tx)
			tx.dueBefore = tx.earliestDue()
		}
		return nil
	})
	switch {
	case refused != nil:
		return nil, explain(refused)
	case panicked != nil && tx.Tx != nil:
		return nil, errors.Join(explain(panicked), w.breakOn(w.rollback(tx)))
	case panicked != nil:
		return nil, w.breakOn(panicked) // nobody knows which locks it took
	}
	return tx, nil
}

// rollback drops the transaction and lets the jobs go that it held.
func (w *writer) rollback(tx *writeTx) error {
	if tx.pending.abort() {
		signal(w.engine.wake)
	}
	return catchPanic(tx.Rollback)
}

// commit makes the transaction durable. A full disk or a failed write leaves the store as it was before, and usable. When
// the last write of a commit fails, nobody knows what is on disk: then nothing more is written until a restart has read it.
func (w *writer) commit(tx *writeTx) error {
	txid := uint64(tx.ID())
	err := catchPanic(func() error {
		if err := tx.purgeSeen(); err != nil {
			return err
		}
		tx.dueAfter = tx.earliestDue()
		return tx.Commit()
	})
	if err == nil {
		return nil
	}
	unknown := w.breakOn(catchPanic(func() error {
		if err := w.rollback(tx); err != nil && !errors.Is(err, bolterrors.ErrTxClosed) { // closed: bbolt has rolled it back
			return err
		}
		return w.engine.db.View(func(read *bbolt.Tx) error {
			if uint64(read.ID()) >= txid {
				return fmt.Errorf("the commit's last write: %w", err)
			}
			return nil
		})
	}))
	if unknown != nil {
		return unknown
	}
	return explain(err)
}

// breakOn stops all writing for good when err is one.
func (w *writer) breakOn(err error) error {
	if err == nil {
		return nil
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.failed == nil {
		w.failed = fmt.Errorf("%w: %w", storage.ErrBroken, err)
		close(w.failure)
	}
	return w.failed
}

// AwaitBroken waits until nothing can be written any more, and answers why: ErrBroken. Until a restart that stays so. It answers
// nil when the context ends first.
func (e *Engine) AwaitBroken(ctx context.Context) error {
	select {
	case <-e.writer.failure:
		return e.writer.broken()
	case <-ctx.Done():
		return nil
	}
}
