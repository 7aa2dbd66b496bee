package bolt

import (
	"bytes"
	"context"
	"fmt"
	"time"

	"go.etcd.io/bbolt"

	"muster/incident/ledger"
	"muster/storage"
	"muster/storage/keys"
)

// maxOnce bounds a once-key; Slack's identities are far shorter.
const maxOnce = 1024

// See remembers a key that belongs to no command, and reports whether it is new.
func (e *Engine) See(ctx context.Context, once string) (fresh bool, err error) {
	err = e.write(ctx, "remember a key", func(tx *writeTx) error {
		fresh = false
		if once == "" || len(once) > maxOnce {
			return fmt.Errorf("a once-key has 1 to %d bytes, not %d", maxOnce, len(once))
		}
		if _, seen := e.lookUp(tx.Tx, once, tx.now); seen {
			return nil
		}
		fresh = true
		return tx.remember(once, ledger.Ref{})
	})
	return fresh && err == nil, err
}

// checkOnce answers *ledger.SeenError for a key that was seen.
func (e *Engine) checkOnce(tx *bbolt.Tx, once string) error {
	if len(once) > maxOnce {
		return fmt.Errorf("a once-key has at most %d bytes, not %d", maxOnce, len(once))
	}
	if once == "" {
		return nil
	}
	if of, seen := e.lookUp(tx, once, e.options.Now()); seen {
		return &ledger.SeenError{Of: of}
	}
	return nil
}

// lookUp reads what came of a once-key: its expiry, and the aggregate if there is one.
func (e *Engine) lookUp(tx *bbolt.Tx, once string, now time.Time) (of ledger.Ref, seen bool) {
	value := tx.Bucket([]byte(bucketSeen)).Get([]byte(once))
	expiry, ok := keys.ReadTime(value)
	if !ok || !expiry.After(now) {
		return ledger.Ref{}, false
	}
	of, _ = e.readRef(value[keys.TimeSize:])
	return of, true
}

// remember keeps a once-key until it expires; an empty one is none.
func (tx *writeTx) remember(once string, of ledger.Ref) error {
	if once == "" {
		return nil
	}
	seen, expiries := tx.Bucket([]byte(bucketSeen)), tx.Bucket([]byte(bucketSeenExpiry))
	if old, ok := keys.ReadTime(seen.Get([]byte(once))); ok {
		if err := tx.del(expiries, expiryKey(old, once)); err != nil {
			return err
		}
	}
	tx.seen++
	expiry := tx.now.Add(tx.engine.options.SeenFor)
	value := keys.AppendTime(nil, expiry)
	if a := tx.engine.aggregates[of.Aggregate]; a != nil {
		value = append(value, a.refKey(of.ID)...)
	}
	if err := tx.put(seen, []byte(once), value); err != nil {
		return err
	}
	return tx.put(expiries, expiryKey(expiry, once), nil)
}

func expiryKey(expiry time.Time, once string) []byte {
	return append(keys.AppendTime(make([]byte, 0, keys.TimeSize+len(once)), expiry), once...)
}

// purgeSeen forgets expired keys, twice as many as were added and a few more, so that no commit pays for all of them.
func (tx *writeTx) purgeSeen() error {
	limit := keys.AppendTime(nil, tx.now)
	var expired [][]byte
	seen, expiries := tx.Bucket([]byte(bucketSeen)), tx.Bucket([]byte(bucketSeenExpiry))
	cursor := expiries.Cursor()
	for key, _ := cursor.First(); key != nil && len(expired) < 2*tx.seen+4; key, _ = cursor.Next() {
		if len(key) > keys.TimeSize && bytes.Compare(key[:keys.TimeSize], limit) > 0 {
			break
		}
		if len(key) > bbolt.MaxKeySize {
			return fmt.Errorf("%w: a once-key of %d bytes", storage.ErrDamaged, len(key))
		}
		expired = append(expired, bytes.Clone(key))
	}
	for _, key := range expired {
		if err := tx.del(expiries, key); err != nil {
			return err
		}
		if len(key) <= keys.TimeSize {
			continue
		}
		if err := tx.del(seen, key[keys.TimeSize:]); err != nil {
			return err
		}
	}
	return nil
}
