package bolt

import (
	"bytes"
	"fmt"

	"go.etcd.io/bbolt"

	"muster/incident/ledger"
	"muster/storage"
	"muster/storage/keys"
)

// Buckets of one kind of aggregate, in a bucket of its name. That of the snapshots has the name in the plural: "incidents".
const (
	bucketTimeline = "timeline" // id, seq -> entry
	bucketCounts   = "counts"   // word -> how many
	indexPrefix    = "index_"   // and the index's name
)

// aggregate is one kind of aggregate, and how its keys are made. The number of a numbered one stands for its ID.
type aggregate struct {
	storage.Aggregate
	name      []byte
	snapshots string // the bucket
}

func newAggregate(one storage.Aggregate) *aggregate {
	return &aggregate{Aggregate: one, name: []byte(one.Name), snapshots: string(one.Name) + "s"}
}

// aggregate is the kind with a name.
func (e *Engine) aggregate(name ledger.Aggregate) (*aggregate, error) {
	if a := e.aggregates[name]; a != nil {
		return a, nil
	}
	return nil, fmt.Errorf("the store was opened without aggregates of the kind %q", name)
}

// key is the key of an ID; nil when there can be none with that ID.
func (a *aggregate) key(id string) []byte {
	if !a.Numbered() {
		if id == "" || len(id) > maxID {
			return nil
		}
		return []byte(id)
	}
	if number := a.Number(id); number > 0 {
		return keys.Number(number)
	}
	return nil
}

// maxID bounds the IDs that others give.
const maxID = 1024

// id reads what key wrote.
func (a *aggregate) id(key []byte) (id string, ok bool) {
	if !a.Numbered() {
		return string(key), len(key) > 0
	}
	number, ok := keys.ReadNumber(key)
	return a.NewID(number), ok && number > 0
}

// log is what the keys of an aggregate's entries begin with.
func (a *aggregate) log(id string) []byte {
	if a.Numbered() {
		return a.key(id)
	}
	return keys.AppendText(nil, id)
}

func (a *aggregate) entryKey(id string, seq uint64) []byte { return keys.AppendNumber(a.log(id), seq) }

// readEntryKey reads what entryKey wrote.
func (a *aggregate) readEntryKey(key []byte) (id string, seq uint64, ok bool) {
	seq, ok = keys.LastNumber(key)
	if !ok {
		return "", 0, false
	}
	of := key[:len(key)-keys.NumberSize]
	if a.Numbered() {
		id, ok = a.id(of)
		return id, seq, ok
	}
	id, rest, ok := keys.ReadText(of)
	return id, seq, ok && len(rest) == 0
}

// buckets are those of one kind of aggregate, in one transaction. Each is looked for when it is asked for.
type buckets struct {
	of    *aggregate
	root  *bbolt.Bucket
	found []namedBucket // a handful: walking them is faster than a map
	room  [4]namedBucket
}

type namedBucket struct {
	prefix, name string
	bucket       *bbolt.Bucket
}

func (a *aggregate) in(tx *bbolt.Tx) *buckets {
	b := &buckets{of: a, root: tx.Bucket(a.name)}
	b.found = b.room[:0]
	return b
}

func (b *buckets) bucket(prefix, name string) *bbolt.Bucket {
	for _, one := range b.found {
		if one.name == name && one.prefix == prefix {
			return one.bucket
		}
	}
	bucket := b.root.Bucket([]byte(prefix + name))
	b.found = append(b.found, namedBucket{prefix, name, bucket})
	return bucket
}

func (b *buckets) snapshots() *bbolt.Bucket { return b.bucket("", b.of.snapshots) }
func (b *buckets) timeline() *bbolt.Bucket  { return b.bucket("", bucketTimeline) }
func (b *buckets) counts() *bbolt.Bucket    { return b.bucket("", bucketCounts) }

// by is an index; nil when the aggregate has none of that name.
func (b *buckets) by(name string) *bbolt.Bucket { return b.bucket(indexPrefix, name) }

// refKey is an aggregate among those of all kinds.
func (a *aggregate) refKey(id string) []byte {
	return append(keys.AppendText(nil, string(a.Name)), a.key(id)...)
}

// readRef reads what refKey wrote.
func (e *Engine) readRef(key []byte) (ledger.Ref, bool) {
	name, rest, ok := keys.ReadText(key)
	if !ok {
		return ledger.Ref{}, false
	}
	a := e.aggregates[ledger.Aggregate(name)]
	if a == nil {
		return ledger.Ref{}, false
	}
	id, ok := a.id(rest)
	return ledger.Ref{Aggregate: a.Name, ID: id}, ok
}

// fold makes the snapshot of a log.
func (a *aggregate) fold(b *buckets, id string) ([]byte, error) {
	return a.Fold(id, entries(b.timeline(), a.log(id), 0))
}

// entries visits a log from a number on.
func entries(timeline *bbolt.Bucket, log []byte, from uint64) func(yield func(uint64, []byte) bool) {
	return func(yield func(uint64, []byte) bool) {
		if log == nil {
			return
		}
		cursor := timeline.Cursor()
		for key, data := cursor.Seek(keys.AppendNumber(bytes.Clone(log), from)); bytes.HasPrefix(key, log); key, data = cursor.Next() {
			seq, _ := keys.LastNumber(key)
			if !yield(seq, data) {
				return
			}
		}
	}
}
