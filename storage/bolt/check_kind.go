package bolt

import (
	"bytes"
	"context"
	"fmt"
	"time"

	"muster/storage"
	"muster/storage/keys"
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
