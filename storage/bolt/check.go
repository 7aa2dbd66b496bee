package bolt

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"os"
	"slices"

	"go.etcd.io/bbolt"

	"muster/incident/ledger"
	"muster/storage"
	"muster/storage/keys"
)

// check goes through one state of the file.
type check struct {
	engine *Engine
	tx     *bbolt.Tx
	reader *reader
	report storage.Report
}

// Check reads everything and compares each part with every other: pages, snapshots with logs, indexes, counts, due times where
// they can be told, the outbox in the file and in memory.
func (e *Engine) Check(ctx context.Context) (storage.Report, error) {
	c := &check{engine: e, report: storage.Report{Aggregates: map[ledger.Aggregate]int{}}}
	err := e.view(ctx, "check the store", func(tx *bbolt.Tx) error {
		c.tx, c.reader = tx, newReader(e, tx)
		c.report.Bytes = tx.Size()
		if sound := c.pages(e.path); !sound {
			return nil // the rest would be read from pages that lead nowhere
		}
		for _, name := range slices.Sorted(maps.Keys(e.aggregates)) {
			if err := c.kind(ctx, e.aggregates[name]); err != nil {
				return err
			}
		}
		c.due()
		c.jobs()
		c.seen()
		return nil
	})
	if err == nil && len(c.report.Problems) == 0 {
		err = e.checkQueue(ctx, c)
	}
	return c.report, err
}

func (c *check) problem(format string, args ...any) {
	if len(c.report.Problems) < maxProblems {
		c.report.Problems = append(c.report.Problems, fmt.Sprintf(format, args...))
	}
}

// pages checks the pages of this transaction's state, which nobody may reuse while it is read.
func (c *check) pages(path string) bool {
	file, err := os.Open(path)
	if err != nil {
		c.problem("the file cannot be read (%v): make it readable for this user", err)
		return false
	}
	defer file.Close()
	for _, meta := range metas(file) {
		if meta.txid == uint64(c.tx.ID()) {
			problems := checkTree(file, meta)
			c.report.Problems = append(c.report.Problems, problems...)
			return len(problems) == 0
		}
	}
	return true // two commits since this state: its meta page is gone, the rest is checked through it
}

const (
	askReport   = "restore the newest backup, and keep this file for a bug report"
	askReminder = "restart muster, which derives it anew"
)

// due compares the two halves of the agenda.
func (c *check) due() {
	byTime, byRef := c.tx.Bucket([]byte(bucketDue)), c.tx.Bucket([]byte(bucketDueOf))
	times := 0
	cursor := byTime.Cursor()
	for key, _ := cursor.First(); key != nil; key, _ = cursor.Next() {
		times++
		if len(key) <= keys.TimeSize || !bytes.Equal(byRef.Get(key[keys.TimeSize:]), key[:keys.TimeSize]) {
			c.problem("the agenda has a time %x of nobody: %s", key, askReminder)
		}
	}
	refs := 0
	cursor = byRef.Cursor()
	for key, _ := cursor.First(); key != nil; key, _ = cursor.Next() {
		refs++
		if ref, ok := c.engine.readRef(key); !ok {
			c.problem("the agenda has a time of %x, which is nobody's: %s", key, askReminder)
		} else if c.reader.Snapshot(ref) == nil {
			c.problem("the agenda has a time of %s, which does not exist: %s", ref.ID, askReminder)
		}
	}
	if times != refs {
		c.problem("the agenda has %d times for %d: %s", times, refs, askReminder)
	}
}

func (c *check) jobs() {
	cursor := c.tx.Bucket([]byte(bucketJobs)).Cursor()
	counter := last(c.tx, metaLastJob)
	for key, data := cursor.First(); key != nil; key, data = cursor.Next() {
		c.report.Jobs++
		number, ok := keys.ReadNumber(key)
		if !ok || number > counter {
			c.problem("the outbox has the key %x, which was never given out: %s", key, askReport)
			continue
		}
		job := storage.DecodeJob(c.engine.effects, ledger.JobID(number), data)
		if job.Unreadable {
			continue // it is among the failed jobs, and no fault of the file
		}
		if of := job.Effect.Handling().Of; !of.IsZero() && c.reader.Snapshot(of) == nil {
			c.problem("job %d is for %s, which does not exist: %s", job.ID, of.ID, askReport)
		}
	}
}

func (c *check) seen() {
	expiries := 0
	cursor := c.tx.Bucket([]byte(bucketSeenExpiry)).Cursor()
	seen := c.tx.Bucket([]byte(bucketSeen))
	for key, _ := cursor.First(); key != nil; key, _ = cursor.Next() {
		expiries++
		if len(key) <= keys.TimeSize || !bytes.HasPrefix(seen.Get(key[keys.TimeSize:]), key[:keys.TimeSize]) {
			c.problem("the expiry %x belongs to no once-key: %s", key, askReport)
		}
	}
	cursor = seen.Cursor()
	for key, _ := cursor.First(); key != nil; key, _ = cursor.Next() {
		c.report.Seen++
	}
	if expiries != c.report.Seen {
		c.problem("%d once-keys have %d expiries: %s", c.report.Seen, expiries, askReport)
	}
}

// checkQueue compares the outbox in memory with the file. It takes the writer's turn, since only then both stand still.
func (e *Engine) checkQueue(ctx context.Context, c *check) error {
	return e.write(ctx, "check the outbox", func(tx *writeTx) error {
		e.queue.mu.Lock()
		defer e.queue.mu.Unlock()
		jobs := tx.Bucket([]byte(bucketJobs))
		kept := 0
		cursor := jobs.Cursor()
		for key, _ := cursor.First(); key != nil; key, _ = cursor.Next() {
			if _, ok := keys.ReadNumber(key); ok {
				kept++
			}
		}
		if kept != len(e.queue.jobs) {
			c.problem("the outbox has %d jobs in the file and %d in memory: restart muster", kept, len(e.queue.jobs))
		}
		for id := range e.queue.jobs {
			if jobs.Get(keys.Number(uint64(id))) == nil {
				c.problem("job %d is in memory and not in the file: restart muster", id)
			}
		}
		return nil
	})
}
