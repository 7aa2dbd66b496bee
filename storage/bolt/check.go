package bolt

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"time"

	"go.etcd.io/bbolt"

	"muster/incident"
)

// Report is what Check found. Each problem is a sentence that says what to do.
type Report struct {
	Incidents int
	Entries   int
	Jobs      int
	Seen      int
	Bytes     int64
	Problems  []string
}

// check goes through one state of the store.
type check struct {
	tx     *bbolt.Tx
	policy *incident.Policy
	now    time.Time
	report Report

	entries map[string]map[string]string // index -> key -> value, as the snapshots ask for
	counts  map[string]uint64
	last    uint64 // the greatest number
}

// Check reads everything and compares each part with every other: pages, snapshots with timelines, indexes, counts, due
// times (with a policy, or nil to leave them out), the outbox in the file and in memory. Others may write meanwhile. The
// error is for a check that could not be made; what is wrong with the store is in the report.
func (s *Store) Check(ctx context.Context, policy *incident.Policy) (Report, error) {
	c := &check{policy: policy, now: s.options.Now(), entries: map[string]map[string]string{}, counts: map[string]uint64{}}
	err := s.view(ctx, "check the store", func(tx *bbolt.Tx) error {
		c.tx = tx
		c.report.Bytes = tx.Size()
		if sound := c.pages(s.path); !sound {
			return nil // the rest would be read from pages that lead nowhere
		}
		if err := c.incidents(ctx); err != nil {
			return err
		}
		c.timelines()
		c.indexes()
		c.due()
		c.jobs()
		c.seen()
		return nil
	})
	if err == nil && len(c.report.Problems) == 0 {
		err = s.checkQueue(ctx, c)
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

const askReport = "restore the newest backup, and keep this file for a bug report"

func (c *check) incidents(ctx context.Context) error {
	cursor := c.tx.Bucket([]byte(bucketIncidents)).Cursor()
	for key, data := cursor.First(); key != nil; key, data = cursor.Next() {
		if err := ctx.Err(); err != nil {
			return err
		}
		c.report.Incidents++
		number, ok := readNumber(key)
		if !ok || number == 0 {
			c.problem("the incidents have the key %x, which is no number: %s", key, askReport)
			continue
		}
		c.last = max(c.last, number)
		c.incident(number, data)
	}
	if counter := last(c.tx, metaLastIncident); counter < c.last {
		c.problem("the last number given out is %d, but there is %s: %s", counter, incident.NewID(c.last), askReport)
	}
	return nil
}

func (c *check) incident(number uint64, data []byte) {
	id := incident.NewID(number)
	folded, foldErr := foldTimeline(c.tx, number)
	in, err := decodeIncident(data, id)
	switch {
	case err != nil && foldErr != nil:
		c.problem("%s can be read neither from its snapshot nor from its timeline: %s", id, askReport)
		return
	case err != nil:
		c.problem("the snapshot of %s cannot be read, its timeline can: any command on it writes it anew", id)
		return
	case foldErr != nil:
		c.problem("the timeline of %s cannot be read (%v): %s", id, foldErr, askReport)
	case !sameJSON(folded, in):
		c.problem("the snapshot of %s is not what its timeline adds up to: %s", id, askReport)
	}
	for _, entry := range indexEntries(in) {
		if c.entries[entry.bucket] == nil {
			c.entries[entry.bucket] = map[string]string{}
		}
		c.entries[entry.bucket][entry.key] = entry.value
	}
	c.counts[countKey(in)]++
	c.dueOf(number, in)
}

func sameJSON(a, b incident.Incident) bool {
	left, leftErr := json.Marshal(a)
	right, rightErr := json.Marshal(b)
	return leftErr == nil && rightErr == nil && bytes.Equal(left, right)
}

// timelines looks for gaps, and for entries of no incident.
func (c *check) timelines() {
	cursor := c.tx.Bucket([]byte(bucketTimeline)).Cursor()
	incidents := c.tx.Bucket([]byte(bucketIncidents))
	var of, want uint64
	for key, _ := cursor.First(); key != nil; key, _ = cursor.Next() {
		c.report.Entries++
		number, _ := readNumber(key[:min(numberSize, len(key))])
		seq, ok := lastNumber(key)
		if !ok || len(key) != 2*numberSize || incidents.Get(numberKey(number)) == nil {
			c.problem("the timeline has an entry %x of no incident: %s", key, askReport)
			continue
		}
		if number != of {
			of, want = number, 1
		}
		if seq != want {
			c.problem("the timeline of %s has entry %d where %d should be: %s", incident.NewID(number), seq, want, askReport)
		}
		want = seq + 1
	}
}

// indexes compares each index and the counts with what the snapshots ask for, both ways.
func (c *check) indexes() {
	for _, bucket := range []string{bucketQueue, bucketStatus, bucketSeverity, bucketPerson, bucketChannel, bucketWatched} {
		wanted := c.entries[bucket]
		found := 0
		cursor := c.tx.Bucket([]byte(bucket)).Cursor()
		for key, value := cursor.First(); key != nil; key, value = cursor.Next() {
			if want, ok := wanted[string(key)]; !ok || want != string(value) {
				c.problem("the index %s has a key %x that no incident asks for: %s", bucket, key, askReport)
				continue
			}
			found++
		}
		if found < len(wanted) {
			c.problem("the index %s lacks %d of %d keys, so that lists are incomplete: %s", bucket, len(wanted)-found, len(wanted), askReport)
		}
	}
	_ = c.tx.Bucket([]byte(bucketCounts)).ForEach(func(key, value []byte) error { // visits answer no error
		if n, _ := readNumber(value); n != c.counts[string(key)] {
			c.problem("the count of %q is %d and should be %d: %s", key, n, c.counts[string(key)], askReport)
		}
		delete(c.counts, string(key))
		return nil
	})
	for key, n := range c.counts {
		c.problem("the count of %q is missing and should be %d: %s", key, n, askReport)
	}
}

// dueOf compares an incident's due time with what the policy derives.
func (c *check) dueOf(number uint64, in incident.Incident) {
	if c.policy == nil {
		return
	}
	at, _ := readTime(c.tx.Bucket([]byte(bucketDueOf)).Get(numberKey(number)))
	if want := incident.NextDue(in, c.policy); !want.Equal(at) {
		c.problem("the next reminder of %s is kept for %s and should come %s: restart muster, which derives it anew", in.ID, sayTime(at), sayTime(want))
	}
}

func sayTime(t time.Time) string {
	if t.IsZero() {
		return "never"
	}
	return t.Format(time.RFC3339)
}

// due compares the two halves of the due index.
func (c *check) due() {
	byTime, byNumber := c.tx.Bucket([]byte(bucketDue)), c.tx.Bucket([]byte(bucketDueOf))
	times := 0
	cursor := byTime.Cursor()
	for key, _ := cursor.First(); key != nil; key, _ = cursor.Next() {
		times++
		number, ok := lastNumber(key)
		if !ok || len(key) != timeSize+numberSize || !bytes.Equal(byNumber.Get(numberKey(number)), key[:timeSize]) {
			c.problem("the due index has a time %x of no incident: restart muster, which derives it anew", key)
		}
	}
	numbers := 0
	cursor = byNumber.Cursor()
	for key, _ := cursor.First(); key != nil; key, _ = cursor.Next() {
		numbers++
		if number, ok := readNumber(key); !ok || c.tx.Bucket([]byte(bucketIncidents)).Get(key) == nil {
			c.problem("the due index has a time of %s, which does not exist: restart muster, which derives it anew", incident.NewID(number))
		}
	}
	if times != numbers {
		c.problem("the due index has %d times for %d incidents: restart muster, which derives it anew", times, numbers)
	}
}

func (c *check) jobs() {
	cursor := c.tx.Bucket([]byte(bucketJobs)).Cursor()
	counter := last(c.tx, metaLastJob)
	for key, data := cursor.First(); key != nil; key, data = cursor.Next() {
		c.report.Jobs++
		number, ok := readNumber(key)
		if !ok || number > counter {
			c.problem("the outbox has the key %x, which was never given out: %s", key, askReport)
			continue
		}
		job := decodeJob(incident.JobID(number), data)
		if job.Unreadable {
			continue // it is among the failed jobs, and no fault of the file
		}
		of := incident.IDOf(job.Effect.Handling().Of)
		if of != "" && c.tx.Bucket([]byte(bucketIncidents)).Get(numberKey(of.Number())) == nil {
			c.problem("job %d is for %s, which does not exist: %s", job.ID, of, askReport)
		}
	}
}

func (c *check) seen() {
	expiries := 0
	cursor := c.tx.Bucket([]byte(bucketSeenExpiry)).Cursor()
	seen := c.tx.Bucket([]byte(bucketSeen))
	for key, _ := cursor.First(); key != nil; key, _ = cursor.Next() {
		expiries++
		if len(key) <= timeSize || !bytes.HasPrefix(seen.Get(key[timeSize:]), key[:timeSize]) {
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
func (s *Store) checkQueue(ctx context.Context, c *check) error {
	return s.write(ctx, "check the outbox", func(tx *writeTx) error {
		s.queue.mu.Lock()
		defer s.queue.mu.Unlock()
		jobs := tx.Bucket([]byte(bucketJobs))
		kept := len(keysOf(tx.Tx, bucketJobs))
		if kept != len(s.queue.jobs) {
			c.problem("the outbox has %d jobs in the file and %d in memory: restart muster", kept, len(s.queue.jobs))
		}
		for id := range s.queue.jobs {
			if jobs.Get(numberKey(uint64(id))) == nil {
				c.problem("job %d is in memory and not in the file: restart muster", id)
			}
		}
		return nil
	})
}
