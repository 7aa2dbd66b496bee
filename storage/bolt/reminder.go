package bolt

import (
	"bytes"
	"context"
	"runtime"
	"time"

	"go.etcd.io/bbolt"
	"golang.org/x/sync/errgroup"

	"muster/incident"
)

// NextDue is when the earliest reminder of all comes; false when none does.
func (s *Store) NextDue(ctx context.Context) (at time.Time, ok bool, err error) {
	err = s.view(ctx, "look for the next reminder", func(tx *bbolt.Tx) error {
		key, _ := tx.Bucket([]byte(bucketDue)).Cursor().First()
		at, ok = readTime(key)
		return nil
	})
	return at, ok, err
}

// DueBefore lists the incidents whose earliest reminder is due at now, the earliest first; a limit of 0 means all.
func (s *Store) DueBefore(ctx context.Context, now time.Time, limit int) ([]incident.ID, error) {
	var ids []incident.ID
	err := s.view(ctx, "list due reminders", func(tx *bbolt.Tx) error {
		end := appendTime(nil, now)
		cursor := tx.Bucket([]byte(bucketDue)).Cursor()
		for key, _ := cursor.First(); key != nil && (limit <= 0 || len(ids) < limit); key, _ = cursor.Next() {
			if len(key) >= timeSize && bytes.Compare(key[:timeSize], end) > 0 {
				return nil
			}
			if number, ok := lastNumber(key); ok {
				ids = append(ids, incident.NewID(number))
			}
		}
		return nil
	})
	return ids, err
}

// DueChanged is signalled when the earliest reminder has become another one.
func (s *Store) DueChanged() <-chan struct{} { return s.dueChanged }

// Reindex derives anew when each incident's earliest reminder comes. It must run once after Open, since the policy may be
// another than before. It reads only what may have reminders, and writes only what changed.
func (s *Store) Reindex(ctx context.Context, policy *incident.Policy) error {
	return s.write(ctx, "derive the reminders", func(tx *writeTx) error {
		numbers := watchedNumbers(tx.Tx, policy)
		due, err := deriveDue(ctx, tx.Tx, numbers, policy)
		if err != nil {
			return err
		}
		derived := make(map[uint64]bool, len(numbers))
		for i, number := range numbers {
			derived[number] = true
			if err := tx.setDue(number, due[i]); err != nil {
				return err
			}
		}
		for _, number := range keysOf(tx.Tx, bucketDueOf) {
			if !derived[number] {
				if err := tx.setDue(number, time.Time{}); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// watchedNumbers lists what may have a reminder. Where the policy archives nothing, finished incidents have none.
func watchedNumbers(tx *bbolt.Tx, policy *incident.Policy) []uint64 {
	if policy.ArchiveAfter > 0 {
		return keysOf(tx, bucketWatched)
	}
	var numbers []uint64
	cursor := tx.Bucket([]byte(bucketQueue)).Cursor()
	for key, _ := cursor.First(); len(key) > 0 && key[0] == rankOpen; key, _ = cursor.Next() {
		if number, ok := rankNumber(key); ok {
			numbers = append(numbers, number)
		}
	}
	return numbers
}

func keysOf(tx *bbolt.Tx, bucket string) []uint64 {
	var numbers []uint64
	cursor := tx.Bucket([]byte(bucket)).Cursor()
	for key, _ := cursor.First(); key != nil; key, _ = cursor.Next() {
		if number, ok := readNumber(key); ok {
			numbers = append(numbers, number)
		}
	}
	return numbers
}

// deriveDue asks the policy for each incident's earliest reminder, on all cores. One that cannot be read is told of and
// has none.
func deriveDue(ctx context.Context, tx *bbolt.Tx, numbers []uint64, policy *incident.Policy) ([]time.Time, error) {
	due := make([]time.Time, len(numbers))
	snapshots := make([][]byte, len(numbers))
	bucket := tx.Bucket([]byte(bucketIncidents))
	for i, number := range numbers {
		snapshots[i] = bucket.Get(numberKey(number))
	}
	group, ctx := errgroup.WithContext(ctx)
	workers := min(runtime.GOMAXPROCS(0), len(numbers))
	unread := make([][]int, workers)
	for worker := range workers {
		group.Go(func() error {
			return contain(func() error {
				for i := worker; i < len(numbers) && ctx.Err() == nil; i += workers {
					in, err := decodeIncident(snapshots[i], incident.NewID(numbers[i]))
					if err != nil {
						unread[worker] = append(unread[worker], i)
						continue
					}
					due[i] = incident.NextDue(in, policy)
				}
				return ctx.Err()
			})
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	for _, list := range unread {
		for _, i := range list {
			if in, err := loadIncident(tx, numbers[i]); err == nil {
				due[i] = incident.NextDue(in, policy)
			}
		}
	}
	return due, nil
}

// setDue puts an incident's earliest reminder into the due index; the zero time takes it out.
func (tx *writeTx) setDue(number uint64, at time.Time) error {
	old, had := readTime(tx.Bucket([]byte(bucketDueOf)).Get(numberKey(number)))
	if had != at.IsZero() && (!had || old.Equal(at)) {
		return nil
	}
	if had {
		if err := tx.del(bucketDue, dueKey(old, number)); err != nil {
			return err
		}
	}
	if at.IsZero() {
		return tx.del(bucketDueOf, numberKey(number))
	}
	if err := tx.put(bucketDue, dueKey(at, number), nil); err != nil {
		return err
	}
	return tx.put(bucketDueOf, numberKey(number), appendTime(nil, at))
}

// earliestDue is the first key of the due index.
func (tx *writeTx) earliestDue() string {
	key, _ := tx.Bucket([]byte(bucketDue)).Cursor().First()
	return string(key)
}
