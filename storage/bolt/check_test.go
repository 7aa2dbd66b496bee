package bolt

import (
	"bytes"
	"context"
	"reflect"
	"strings"
	"testing"
	"time"

	"go.etcd.io/bbolt"

	"muster/storage"
	"muster/storage/keys"
)

// TestCheckFinds changes one thing at a time that no command would, and wants it told.
func TestCheckFinds(t *testing.T) {
	put := func(bucket, key string, value []byte) func(tx *bbolt.Tx) error {
		return func(tx *bbolt.Tx) error { return inTx(tx, bucket).Put([]byte(key), value) }
	}
	drop := func(bucket string) func(tx *bbolt.Tx) error {
		return func(tx *bbolt.Tx) error {
			b := inTx(tx, bucket)
			key, _ := b.Cursor().First()
			return b.Delete(bytes.Clone(key))
		}
	}
	number := func(n uint64) string { return string(keys.Number(n)) }
	owner := string(keys.AppendText(nil, "incident"))
	tests := []struct {
		name   string
		want   string
		tamper func(tx *bbolt.Tx) error
	}{
		{"snapshot that is not its timeline", "adds up to", func(tx *bbolt.Tx) error {
			b := inTx(tx, "incident/incidents")
			return b.Put(keys.Number(1), bytes.Replace(b.Get(keys.Number(1)), []byte("Outage"), []byte("Outing"), 1))
		}},
		{"snapshot that cannot be read", "snapshot of INC-1 cannot be read", put("incident/incidents", number(1), []byte("{"))},
		{"snapshot of nobody", "which is nobody's", put("incident/incidents", "odd", []byte("{}"))},
		{"entry that is gone", "timeline of INC-1", drop("incident/timeline")},
		{"entry of nobody", "of no incident", put("incident/timeline", number(77)+number(1), []byte("{}"))},
		{"index that lacks a key", "queue lacks", drop("incident/index_queue")},
		{"status that lacks a key", "status lacks", drop("incident/index_status")},
		{"severity that lacks a key", "severity lacks", drop("incident/index_severity")},
		{"person that lacks a key", "person lacks", drop("incident/index_person")},
		{"watched that lacks a key", "watched lacks", drop("incident/index_watched")},
		{"channel of nobody", "channel has a key", put("incident/index_channel", "C9", keys.Number(1))},
		{"wrong count", "count of", drop("incident/counts")},
		{"due time that is gone", "agenda has", drop(bucketDue)},
		{"due time that is another", "should come", func(tx *bbolt.Tx) error {
			w := &writeTx{Tx: tx}
			return w.setDue(newAggregate(storage.Kinds(nil)[0]), "INC-1", time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC))
		}},
		{"due time of nobody", "INC-9, which does not exist", put(bucketDueOf, owner+number(9), keys.AppendTime(nil, time.Unix(0, 0)))},
		{"due time of no kind", "which is nobody's", put(bucketDueOf, "strange", keys.AppendTime(nil, time.Unix(0, 0)))},
		{"job of nobody", "INC-9, which does not exist", put(bucketJobs, number(1), []byte(`{"effect":{"kind":"draw_card","effect":{"of":"INC-9"}}}`))},
		{"job that was never given out", "never given out", put(bucketJobs, number(999), []byte(`{}`))},
		{"job that is only in memory", "in memory", drop(bucketJobs)},
		{"once-key without expiry", "once-keys have", drop(bucketSeenExpiry)},
		{"last number too small", "last number given out", put(bucketMeta, lastOf("incident"), keys.Number(1))},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := mustOpen(t, filled(t, 3), Options{})
			if report, err := s.Check(context.Background()); err != nil || len(report.Problems) > 0 {
				t.Fatalf("before: %v and %v", report.Problems, err)
			}
			if err := s.db.Update(tt.tamper); err != nil {
				t.Fatal(err)
			}
			report, err := s.Check(context.Background())
			if err != nil {
				t.Fatal(err)
			}
			found := strings.Join(report.Problems, "\n")
			if !strings.Contains(found, tt.want) {
				t.Errorf("found %q, want something with %q", found, tt.want)
			}
			for _, problem := range report.Problems {
				if !strings.Contains(problem, ": ") && !strings.Contains(problem, "discard") {
					t.Errorf("%q does not say what to do", problem)
				}
			}
		})
	}
}

// inTx is a bucket by its path.
func inTx(tx *bbolt.Tx, path string) *bbolt.Bucket {
	first, rest, nested := strings.Cut(path, "/")
	bucket := tx.Bucket([]byte(first))
	if nested {
		bucket = bucket.Bucket([]byte(rest))
	}
	return bucket
}

// TestSnapshotIsMadeAnew: the timeline holds all that a lost snapshot held.
func TestSnapshotIsMadeAnew(t *testing.T) {
	s := mustOpen(t, filled(t, 1), Options{})
	want, err := s.Get(context.Background(), "INC-1")
	if err != nil {
		t.Fatal(err)
	}
	err = s.db.Update(func(tx *bbolt.Tx) error { return inTx(tx, "incident/incidents").Put(keys.Number(1), []byte("?")) })
	if err != nil {
		t.Fatal(err)
	}
	got, err := s.Get(context.Background(), "INC-1")
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v and %v, want %+v", got, err, want)
	}
	if _, err := s.Apply(context.Background(), "INC-1", "", note(testPolicy(t), "on")); err != nil {
		t.Error(err)
	}
	if report, err := s.Check(context.Background()); err != nil || len(report.Problems) > 0 {
		t.Errorf("afterwards: %v and %v", report.Problems, err)
	}
}

func TestSeenExpires(t *testing.T) {
	now := time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC)
	s := mustOpen(t, filled(t, 0), Options{SeenFor: time.Hour, Now: func() time.Time { return now }})
	see := func(key string, want bool) {
		t.Helper()
		if fresh, err := s.See(context.Background(), key); err != nil || fresh != want {
			t.Errorf("%s at %s: got %v and %v, want %v", key, now.Format(time.TimeOnly), fresh, err, want)
		}
	}
	for _, key := range []string{"a", "b", "c"} {
		see(key, true)
	}
	now = now.Add(time.Hour - time.Nanosecond)
	see("a", false)
	now = now.Add(time.Nanosecond)
	see("a", true)
	see("a", false)
	report, err := s.Check(context.Background())
	if err != nil || len(report.Problems) > 0 || report.Seen != 1 {
		t.Errorf("%d keys are kept, %v, %v; want the 1 that has not expired", report.Seen, report.Problems, err)
	}
}

func TestStats(t *testing.T) {
	s := mustOpen(t, filled(t, 2), Options{})
	if _, err := s.Apply(context.Background(), "INC-1", "", note(testPolicy(t), "x")); err != nil {
		t.Fatal(err)
	}
	stats, err := s.Stats(context.Background())
	if err != nil || len(stats.Counts) != 1 || stats.Counts[0] != (storage.Count{Status: "declared", Severity: "sev1", Count: 2}) {
		t.Errorf("counts: %+v and %v, want two of sev1 in declared", stats.Counts, err)
	}
	jobs := 0
	for _, backlog := range stats.Backlog {
		jobs += backlog.Count
		if backlog.Oldest.IsZero() || backlog.State != "waiting" {
			t.Errorf("backlog: %+v", backlog)
		}
	}
	if kept, err := s.Jobs(context.Background(), "all", 0); err != nil || jobs != len(kept) || jobs == 0 {
		t.Errorf("the backlog counts %d, want %d (%v)", jobs, len(kept), err)
	}
}
