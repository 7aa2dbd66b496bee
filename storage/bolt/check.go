package bolt

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"os"
	"slices"
	"time"

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

// kindCheck is what the snapshots of one kind ask for.
type kindCheck struct {
	*check
	*aggregate
	buckets *buckets
	index   map[string]map[string]string // index -> key -> value
	counts  map[string]uint64
	last    uint64 // the greatest number
}

func (c *check) kind(ctx context.Context, a *aggregate) error {
	k := &kindCheck{check: c, aggregate: a, buckets: a.in(c.tx), index: map[string]map[string]string{}, counts: map[string]uint64{}}
	cursor := k.buckets.snapshots().Cursor()
	for key, data := cursor.First(); key != nil; key, data = cursor.Next() {
		if err := ctx.Err(); err != nil {
			return err
		}
		c.report.Aggregates[a.Name]++
		id, ok := a.id(key)
		if !ok {
			c.problem("the %ss have the key %x, which is nobody's: %s", a.Name, key, askReport)
			continue
		}
		if a.Numbered() {
			k.last = max(k.last, a.Number(id))
		}
		k.one(id, data)
	}
	if counter := last(c.tx, lastOf(a.Name)); counter < k.last {
		c.problem("the last number given out is %d, but there is %s: %s", counter, a.NewID(k.last), askReport)
	}
	k.logs()
	k.indexes()
	return nil
}

func (k *kindCheck) one(id string, data []byte) {
	k.report.Largest = max(k.report.Largest, len(data))
	if len(data) >= storage.MaxSnapshot {
		k.report.Warnings = append(k.report.Warnings, fmt.Sprintf(
			"the snapshot of %s has %d bytes, and should stay below %d: each command on it reads and writes them all", id, len(data), storage.MaxSnapshot))
	}
	folded, foldErr := k.fold(k.buckets, id)
	snapshot, err := k.aggregate.Rewrite(id, data)
	switch {
	case err != nil && foldErr != nil:
		k.problem("%s can be read neither from its snapshot nor from its timeline: %s", id, askReport)
		return
	case err != nil:
		k.problem("the snapshot of %s cannot be read, its timeline can: any command on it writes it anew", id)
		return
	case foldErr != nil:
		k.problem("the timeline of %s cannot be read (%v): %s", id, foldErr, askReport)
	case !bytes.Equal(folded, snapshot):
		k.problem("the snapshot of %s is not what its timeline adds up to: %s", id, askReport)
	}
	found, err := k.Keys(id, data)
	if err != nil {
		k.problem("it cannot be told what %s is found by (%v): %s", id, err, askReport)
		return
	}
	for _, key := range found.Index {
		if k.index[key.Index] == nil {
			k.index[key.Index] = map[string]string{}
		}
		k.index[key.Index][key.Key] = key.Value
	}
	if found.Count != "" {
		k.counts[found.Count]++
	}
	k.dueOf(id, data)
}

// logs looks for gaps, and for entries of nobody.
func (k *kindCheck) logs() {
	cursor := k.buckets.timeline().Cursor()
	var of string
	var want uint64
	for key, _ := cursor.First(); key != nil; key, _ = cursor.Next() {
		k.report.Entries++
		id, seq, ok := k.readEntryKey(key)
		if !ok || k.buckets.snapshots().Get(k.key(id)) == nil {
			k.problem("the timeline has an entry %x of no %s: %s", key, k.Name, askReport)
			continue
		}
		if id != of {
			of, want = id, 1
		}
		if seq != want {
			k.problem("the timeline of %s has entry %d where %d should be: %s", id, seq, want, askReport)
		}
		want = seq + 1
	}
}

// indexes compares each index and the counts with what the snapshots ask for, both ways.
func (k *kindCheck) indexes() {
	for _, name := range k.Indexes {
		wanted := k.index[name]
		found := 0
		cursor := k.buckets.by(name).Cursor()
		for key, value := cursor.First(); key != nil; key, value = cursor.Next() {
			if want, ok := wanted[string(key)]; !ok || want != string(value) {
				k.problem("the index %s has a key %x that no %s asks for: %s", name, key, k.Name, askReport)
				continue
			}
			found++
		}
		if found < len(wanted) {
			k.problem("the index %s lacks %d of %d keys, so that lists are incomplete: %s", name, len(wanted)-found, len(wanted), askReport)
		}
	}
	_ = k.buckets.counts().ForEach(func(word, value []byte) error { // visits answer no error
		if n, _ := keys.ReadNumber(value); n != k.counts[string(word)] {
			k.problem("the count of %q is %d and should be %d: %s", word, n, k.counts[string(word)], askReport)
		}
		delete(k.counts, string(word))
		return nil
	})
	for word, n := range k.counts {
		k.problem("the count of %q is missing and should be %d: %s", word, n, askReport)
	}
}

// dueOf compares a due time with what is derived.
func (k *kindCheck) dueOf(id string, data []byte) {
	if k.Due == nil {
		return
	}
	at, _ := keys.ReadTime(k.tx.Bucket([]byte(bucketDueOf)).Get(k.refKey(id)))
	want, err := k.Due(id, data)
	if err != nil || !want.Equal(at) {
		k.problem("the next reminder of %s is kept for %s and should come %s: %s", id, sayTime(at), sayTime(want), askReminder)
	}
}

func sayTime(t time.Time) string {
	if t.IsZero() {
		return "never"
	}
	return t.Format(time.RFC3339)
}

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
