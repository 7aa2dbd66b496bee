package bolt

import (
	"bytes"
	"context"
	"fmt"
	"time"

	"go.etcd.io/bbolt"

	"muster/incident"
)

// maxOnce bounds a once-key; Slack's identities are far shorter.
const maxOnce = 1024

// See remembers a key that belongs to no command, and reports whether it is new.
func (s *Store) See(ctx context.Context, once string) (fresh bool, err error) {
	err = s.write(ctx, "remember a key", func(tx *writeTx) error {
		fresh = false
		if once == "" || len(once) > maxOnce {
			return fmt.Errorf("a once-key has 1 to %d bytes, not %d", maxOnce, len(once))
		}
		if _, seen := lookUp(tx.Tx, once, tx.now); seen {
			return nil
		}
		fresh = true
		return tx.remember(once, 0)
	})
	return fresh && err == nil, err
}

// checkOnce answers *incident.SeenError for a key that was seen.
func (s *Store) checkOnce(tx *bbolt.Tx, once string) error {
	if len(once) > maxOnce {
		return fmt.Errorf("a once-key has at most %d bytes, not %d", maxOnce, len(once))
	}
	if once == "" {
		return nil
	}
	number, seen := lookUp(tx, once, s.options.Now())
	if !seen {
		return nil
	}
	if number == 0 {
		return &incident.SeenError{}
	}
	return &incident.SeenError{Of: incident.NewID(number).Ref()}
}

func lookUp(tx *bbolt.Tx, once string, now time.Time) (number uint64, seen bool) {
	value := tx.Bucket([]byte(bucketSeen)).Get([]byte(once))
	expiry, ok := readTime(value)
	if !ok || !expiry.After(now) {
		return 0, false
	}
	number, _ = lastNumber(value)
	return number, true
}

// remember keeps a once-key until it expires; an empty one is none.
func (tx *writeTx) remember(once string, number uint64) error {
	if once == "" {
		return nil
	}
	if old, ok := readTime(tx.Bucket([]byte(bucketSeen)).Get([]byte(once))); ok {
		if err := tx.del(bucketSeenExpiry, expiryKey(old, once)); err != nil {
			return err
		}
	}
	tx.seen++
	expiry := tx.now.Add(tx.store.options.SeenFor)
	if err := tx.put(bucketSeen, []byte(once), dueKey(expiry, number)); err != nil {
		return err
	}
	return tx.put(bucketSeenExpiry, expiryKey(expiry, once), nil)
}

func expiryKey(expiry time.Time, once string) []byte {
	return append(appendTime(make([]byte, 0, timeSize+len(once)), expiry), once...)
}

// purgeSeen forgets expired keys, twice as many as were added and a few more, so that no commit pays for all of them.
func (tx *writeTx) purgeSeen() error {
	limit := appendTime(nil, tx.now)
	var expired [][]byte
	cursor := tx.Bucket([]byte(bucketSeenExpiry)).Cursor()
	for key, _ := cursor.First(); key != nil && len(expired) < 2*tx.seen+4; key, _ = cursor.Next() {
		if len(key) > timeSize && bytes.Compare(key[:timeSize], limit) > 0 {
			break
		}
		if len(key) > bbolt.MaxKeySize {
			return fmt.Errorf("%w: a once-key of %d bytes", ErrDamaged, len(key))
		}
		expired = append(expired, bytes.Clone(key))
	}
	for _, key := range expired {
		if err := tx.del(bucketSeenExpiry, key); err != nil {
			return err
		}
		if len(key) <= timeSize {
			continue
		}
		if err := tx.del(bucketSeen, key[timeSize:]); err != nil {
			return err
		}
	}
	return nil
}
