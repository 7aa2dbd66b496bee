package bolt

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"go.etcd.io/bbolt"

	"muster/storage/keys"
)

// A shelf is a bucket of two: what is kept, each with the number of its putting, and those numbers in order.
const (
	shelfItems = "items" // key -> number, value
	shelfOrder = "order" // number -> key
	shelfCount = "count" // how many items, beside the two
)

// Recall reads one thing from a shelf.
func (e *Engine) Recall(ctx context.Context, shelf, key string) (value []byte, ok bool, err error) {
	err = e.view(ctx, "recall from "+shelf, func(tx *bbolt.Tx) error {
		if bucket := tx.Bucket([]byte(bucketShelves)).Bucket([]byte(shelf)); bucket != nil {
			if data := bucket.Bucket([]byte(shelfItems)).Get([]byte(key)); len(data) >= keys.NumberSize {
				value, ok = bytes.Clone(data[keys.NumberSize:]), true
			}
		}
		return nil
	})
	return value, ok, err
}

// RecallAll reads a whole shelf.
func (e *Engine) RecallAll(ctx context.Context, shelf string) (map[string][]byte, error) {
	all := map[string][]byte{}
	err := e.view(ctx, "recall all of "+shelf, func(tx *bbolt.Tx) error {
		bucket := tx.Bucket([]byte(bucketShelves)).Bucket([]byte(shelf))
		if bucket == nil {
			return nil
		}
		return bucket.Bucket([]byte(shelfItems)).ForEach(func(key, data []byte) error {
			if len(data) >= keys.NumberSize {
				all[string(key)] = bytes.Clone(data[keys.NumberSize:])
			}
			return nil
		})
	})
	return all, err
}

// Remember puts things on a shelf, and forgets what was put there longest ago as long as there are more than most.
func (e *Engine) Remember(ctx context.Context, shelf string, most int, values map[string][]byte) error {
	return e.write(ctx, "remember in "+shelf, func(tx *writeTx) error {
		if most < 1 || shelf == "" {
			return fmt.Errorf("the shelf %q is to hold %d", shelf, most)
		}
		for key := range values {
			if key == "" || len(key) > maxID {
				return fmt.Errorf("a key of a shelf has 1 to %d bytes, not %d", maxID, len(key))
			}
		}
		s, err := tx.shelf(shelf)
		if err != nil {
			return err
		}
		for _, key := range slices.Sorted(maps.Keys(values)) {
			if err := s.put(key, values[key]); err != nil {
				return err
			}
		}
		return s.trim(most)
	})
}

// Forget takes things off a shelf; what is not there is left out.
func (e *Engine) Forget(ctx context.Context, shelf string, names ...string) error {
	return e.write(ctx, "forget from "+shelf, func(tx *writeTx) error {
		if tx.Bucket([]byte(bucketShelves)).Bucket([]byte(shelf)) == nil {
			return nil
		}
		s, err := tx.shelf(shelf)
		if err != nil {
			return err
		}
		for _, name := range names {
			if err := s.drop(name); err != nil {
				return err
			}
		}
		return s.writeCount()
	})
}

// shelfTx is a shelf in a write transaction.
type shelfTx struct {
	tx                 *writeTx
	root, items, order *bbolt.Bucket
	count              uint64
}

func (tx *writeTx) shelf(name string) (*shelfTx, error) {
	tx.writes++
	root, err := tx.Bucket([]byte(bucketShelves)).CreateBucketIfNotExists([]byte(name))
	if err != nil {
		return nil, err
	}
	items, itemsErr := root.CreateBucketIfNotExists([]byte(shelfItems))
	order, orderErr := root.CreateBucketIfNotExists([]byte(shelfOrder))
	if err := errors.Join(itemsErr, orderErr); err != nil {
		return nil, err
	}
	count, _ := keys.ReadNumber(root.Get([]byte(shelfCount)))
	return &shelfTx{tx: tx, root: root, items: items, order: order, count: count}, nil
}

func (s *shelfTx) put(key string, value []byte) error {
	if err := s.drop(key); err != nil {
		return err
	}
	number := uint64(1)
	if newest, _ := s.order.Cursor().Last(); newest != nil {
		last, _ := keys.ReadNumber(newest)
		number = last + 1
	}
	s.count++
	return errors.Join(s.tx.put(s.items, []byte(key), append(keys.Number(number), value...)), s.tx.put(s.order, keys.Number(number), []byte(key)))
}

func (s *shelfTx) drop(key string) error {
	data := s.items.Get([]byte(key))
	if len(data) < keys.NumberSize {
		return nil
	}
	number := bytes.Clone(data[:keys.NumberSize])
	s.count--
	return errors.Join(s.tx.del(s.order, number), s.tx.del(s.items, []byte(key)))
}

// trim forgets the oldest until most are left.
func (s *shelfTx) trim(most int) error {
	for s.count > uint64(most) {
		_, key := s.order.Cursor().First()
		if key == nil {
			break
		}
		if err := s.drop(string(key)); err != nil {
			return err
		}
	}
	return s.writeCount()
}

func (s *shelfTx) writeCount() error {
	return s.tx.put(s.root, []byte(shelfCount), keys.Number(s.count))
}
