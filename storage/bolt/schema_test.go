package bolt

import (
	"context"
	"errors"
	"os"
	"strings"
	"testing"

	"go.etcd.io/bbolt"

	"muster/incident"
	"muster/storage"
)

func TestMigrate(t *testing.T) {
	path := filled(t, 2)
	var ran []string
	step := func(name string, err error) migration {
		return migration{name, func(tx *bbolt.Tx) error {
			ran = append(ran, name)
			if putErr := tx.Bucket([]byte(bucketMeta)).Put([]byte(name), []byte("done")); putErr != nil {
				return putErr
			}
			return err
		}}
	}
	// A program that was killed while it copied leaves half a copy behind.
	if err := os.WriteFile(path+".schema2.partial", []byte("half"), 0o600); err != nil {
		t.Fatal(err)
	}
	broken := errors.New("cannot")
	_, err := open(t, path, Options{migrations: append(migrations(), step("second", nil), step("third", broken))})
	if !errors.Is(err, broken) || !strings.Contains(err.Error(), "third") {
		t.Fatalf("got %v, want the failed step by name", err)
	}
	ran = nil
	s := mustOpen(t, path, Options{migrations: append(migrations(), step("second", nil), step("third", nil))})
	if got := strings.Join(ran, " "); got != "second third" {
		t.Errorf("ran %q, want both, since the failed attempt left nothing behind", got)
	}
	if _, err := s.Get(context.Background(), "INC-2"); err != nil {
		t.Errorf("get: %v", err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	ran = nil
	s = mustOpen(t, path, Options{migrations: append(migrations(), step("second", nil), step("third", nil))})
	if len(ran) > 0 {
		t.Errorf("ran %v again", ran)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := open(t, path, Options{}); !errors.Is(err, storage.ErrNewer) {
		t.Errorf("an older program: got %v, want %v", err, storage.ErrNewer)
	}
	if _, err := os.Stat(path + ".schema2.partial"); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("half a copy is still there: %v", err)
	}
	if err := os.Rename(path+".schema2", path); err != nil {
		t.Fatalf("the copy of before the migration: %v", err)
	}
	s = mustOpen(t, path, Options{})
	if report, err := s.Check(context.Background()); err != nil || len(report.Problems) > 0 || report.Aggregates[incident.Aggregate] != 2 {
		t.Errorf("the copy: %+v and %v", report, err)
	}
}
