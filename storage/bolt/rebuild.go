package bolt

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"go.etcd.io/bbolt"

	"muster/incident/ledger"
	"muster/storage"
	"muster/storage/keys"
)

// layout is what a file says of one kind of aggregate, under layoutKey in its bucket.
type layout struct {
	Version uint64   `json:"version"` // of the snapshots
	Indexes []string `json:"indexes,omitempty"`
	Rebuild *rebuild `json:"rebuild,omitempty"` // one that has begun
}

const layoutKey = "layout"

// rebuild is how far the making anew of indexes, counts and maybe snapshots has come. It goes on where it was interrupted.
type rebuild struct {
	Fold bool   `json:"fold,omitempty"` // snapshots too
	Done int    `json:"done"`
	Next []byte `json:"next,omitempty"` // the key after the last one that is done
}

// rebuildBatch is how many are made anew in one transaction.
const rebuildBatch = 1000

func readLayout(root *bbolt.Bucket) (layout, error) {
	var l layout
	if err := json.Unmarshal(root.Get([]byte(layoutKey)), &l); err != nil {
		return l, fmt.Errorf("%w: the layout of a kind of aggregate: %w", storage.ErrDamaged, err)
	}
	return l, nil
}

func (l layout) write(root *bbolt.Bucket) error {
	data, err := json.Marshal(l)
	if err != nil {
		return err
	}
	return root.Put([]byte(layoutKey), data)
}

// prepareAggregates brings the file to what the kinds of aggregates of this version are: a new kind gets its buckets, a new index
// is made of the snapshots, and where another version folded otherwise, every log is folded anew, once.
func (e *Engine) prepareAggregates() error {
	missing, err := e.missingKinds()
	if err != nil {
		return err
	}
	if len(missing) > 0 {
		err := e.db.Update(func(tx *bbolt.Tx) error {
			for _, a := range missing {
				if err := a.create(tx); err != nil {
					return fmt.Errorf("make room for aggregates of the kind %s: %w", a.Name, err)
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	for _, a := range e.aggregates {
		if err := e.prepare(a); err != nil {
			return fmt.Errorf("prepare aggregates of the kind %s: %w", a.Name, err)
		}
	}
	return nil
}

// missingKinds are those that the file has no room for yet. A kind that this version does not know makes the file one of a newer.
func (e *Engine) missingKinds() ([]*aggregate, error) {
	var missing []*aggregate
	ours := []string{bucketMeta, bucketJobs, bucketSeen, bucketSeenExpiry, bucketDue, bucketDueOf, bucketShelves}
	err := e.db.View(func(tx *bbolt.Tx) error {
		for _, a := range e.aggregates {
			if slices.Contains(ours, string(a.Name)) {
				return fmt.Errorf("aggregates of the kind %q need another name: that is a bucket of the file", a.Name)
			}
			if tx.Bucket(a.name) == nil {
				missing = append(missing, a)
			}
		}
		return tx.ForEach(func(name []byte, _ *bbolt.Bucket) error {
			if !slices.Contains(ours, string(name)) && e.aggregates[ledger.Aggregate(name)] == nil {
				return fmt.Errorf("%w (it holds aggregates of the kind %q)", storage.ErrNewer, name)
			}
			return nil
		})
	})
	return missing, err
}

func (a *aggregate) create(tx *bbolt.Tx) error {
	root, err := tx.CreateBucket(a.name)
	if err != nil {
		return err
	}
	for _, name := range []string{a.snapshots, bucketTimeline, bucketCounts} {
		if _, err := root.CreateBucket([]byte(name)); err != nil {
			return err
		}
	}
	return errors.Join(a.createIndexes(root), layout{Version: a.Version, Indexes: a.Indexes}.write(root))
}

func (a *aggregate) createIndexes(root *bbolt.Bucket) error {
	for _, name := range a.Indexes {
		if _, err := root.CreateBucket([]byte(indexPrefix + name)); err != nil {
			return fmt.Errorf("index %s: %w", name, err)
		}
	}
	return nil
}

// prepare finds out whether a kind has to be made anew, and does it.
func (e *Engine) prepare(a *aggregate) error {
	var l layout
	empty := false
	err := e.db.View(func(tx *bbolt.Tx) (err error) {
		root := tx.Bucket(a.name)
		first, _ := root.Bucket([]byte(bucketTimeline)).Cursor().First()
		empty = first == nil
		l, err = readLayout(root)
		return err
	})
	sameIndexes := slices.Equal(slices.Sorted(slices.Values(l.Indexes)), slices.Sorted(slices.Values(a.Indexes)))
	switch {
	case err != nil:
		return err
	case l.Version > a.Version:
		return fmt.Errorf("%w (its snapshots have version %d, this version knows %d)", storage.ErrNewer, l.Version, a.Version)
	case l.Version == a.Version && sameIndexes && l.Rebuild == nil:
		return nil
	case l.Version < a.Version || !sameIndexes:
		fold := l.Version < a.Version || l.Rebuild != nil && l.Rebuild.Fold
		if fold && !empty {
			if err := keepOld(e.db, fmt.Sprintf("%s.%s%d", e.path, a.Name, l.Version)); err != nil {
				return fmt.Errorf("copy the database before its logs are folded anew: %w", err)
			}
		}
		l = layout{Version: a.Version, Indexes: a.Indexes, Rebuild: &rebuild{Fold: fold}}
		if err := e.db.Update(func(tx *bbolt.Tx) error { return a.clear(tx.Bucket(a.name), l) }); err != nil {
			return err
		}
	}
	for l.Rebuild != nil {
		if l, err = e.rebuildSome(a, l); err != nil {
			return err
		}
	}
	return nil
}

// clear drops all that is made of snapshots.
func (a *aggregate) clear(root *bbolt.Bucket, l layout) error {
	var old [][]byte
	err := root.ForEachBucket(func(name []byte) error {
		if strings.HasPrefix(string(name), indexPrefix) || string(name) == bucketCounts {
			old = append(old, bytes.Clone(name))
		}
		return nil
	})
	for _, name := range old {
		err = errors.Join(err, root.DeleteBucket(name))
	}
	if err != nil {
		return err
	}
	_, err = root.CreateBucket([]byte(bucketCounts))
	return errors.Join(err, a.createIndexes(root), l.write(root))
}

// rebuildSome makes the next ones anew, and answers how far that is.
func (e *Engine) rebuildSome(a *aggregate, l layout) (layout, error) {
	total := 0
	err := e.db.Update(func(tx *bbolt.Tx) error {
		b := a.in(tx)
		total = b.snapshots().Stats().KeyN
		var some [][]byte
		cursor := b.snapshots().Cursor()
		for key, _ := cursor.Seek(l.Rebuild.Next); key != nil && len(some) < rebuildBatch; key, _ = cursor.Next() {
			some = append(some, bytes.Clone(key))
		}
		for _, key := range some {
			if err := e.rebuildOne(a, b, key, l.Rebuild.Fold); err != nil {
				return err
			}
		}
		if len(some) < rebuildBatch {
			l.Rebuild = nil
			return l.write(b.root)
		}
		l.Rebuild = &rebuild{Fold: l.Rebuild.Fold, Done: l.Rebuild.Done + len(some), Next: append(some[len(some)-1], 0)}
		return l.write(b.root)
	})
	if err == nil {
		done := total
		if l.Rebuild != nil {
			done = l.Rebuild.Done
		}
		e.options.OnRebuild(a.Name, done, total)
	}
	return l, err
}

// rebuildOne makes one anew. What cannot be read is left as it is and told of; Check names it, too.
func (e *Engine) rebuildOne(a *aggregate, b *buckets, key []byte, fold bool) error {
	id, ok := a.id(key)
	if !ok {
		e.options.OnProblem(fmt.Errorf("%w: the kind %s has the key %x", storage.ErrDamaged, a.Name, key))
		return nil
	}
	snapshot := b.snapshots().Get(key)
	if fold {
		folded, err := a.fold(b, id)
		if err != nil {
			e.options.OnProblem(fmt.Errorf("%s is not folded anew: %w", id, err))
		} else {
			if err := b.snapshots().Put(key, folded); err != nil {
				return err
			}
			snapshot = folded
		}
	}
	found, err := a.Keys(id, snapshot)
	if err != nil {
		e.options.OnProblem(fmt.Errorf("%s is found by nothing: %w", id, err))
		return nil
	}
	for _, one := range found.Index {
		if err := b.by(one.Index).Put([]byte(one.Key), []byte(one.Value)); err != nil {
			return fmt.Errorf("index %s: %w", one.Index, err)
		}
	}
	if found.Count == "" {
		return nil
	}
	n, _ := keys.ReadNumber(b.counts().Get([]byte(found.Count)))
	return b.counts().Put([]byte(found.Count), binary.BigEndian.AppendUint64(nil, n+1))
}
