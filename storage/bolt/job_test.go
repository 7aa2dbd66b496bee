package bolt

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"go.etcd.io/bbolt"

	"muster/incident"
	"muster/storage/keys"
)

// TestUnreadableJob: set aside and told, and performed by whoever can read it.
func TestUnreadableJob(t *testing.T) {
	ctx := context.Background()
	path := filled(t, 1)
	s := mustOpen(t, path, Options{})
	record := []byte(`{"of":{"aggregate":"incident","id":"INC-1"},"effect":{"kind":"fax_someone","effect":{"of":"INC-1"}},"created_at":"2026-11-02T09:00:00Z"}`)
	err := s.db.Update(func(tx *bbolt.Tx) error {
		return tx.Bucket([]byte(bucketJobs)).Put(binary.BigEndian.AppendUint64(nil, 1), record)
	})
	if err := errors.Join(err, s.Close()); err != nil {
		t.Fatal(err)
	}
	s = mustOpen(t, path, Options{})
	jobs, err := s.Jobs(ctx, incident.JobsFailed, 0)
	if err != nil || len(jobs) != 1 || jobs[0].Effect.Handling().Kind != "fax_someone" || jobs[0].Effect.Handling().Of.ID != "INC-1" || !jobs[0].Unreadable || !strings.Contains(jobs[0].LastError, "fax_someone") || !jobs[0].Failed {
		t.Fatalf("unreadable: %+v and %v", jobs, err)
	}
	for _, job := range s.queue.claim(time.Now(), 100) {
		if job.ID == jobs[0].ID {
			t.Error("it was claimed")
		}
	}
	if err := s.Requeue(ctx, jobs[0].ID); err == nil {
		t.Error("it was requeued")
	}
	if report, err := s.Check(ctx); err != nil || len(report.Problems) != 0 {
		t.Errorf("check: %v and %v; the file is sound", report.Problems, err)
	}
	err = s.db.View(func(tx *bbolt.Tx) error {
		if got := tx.Bucket([]byte(bucketJobs)).Get(keys.Number(1)); !bytes.Equal(got, record) {
			return fmt.Errorf("the record became %s", got)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
	if err := s.Discard(ctx, jobs[0].ID); err != nil {
		t.Error(err)
	}
}
