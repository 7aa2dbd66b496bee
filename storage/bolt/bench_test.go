package bolt

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"go.etcd.io/bbolt"

	"muster/incident"
	"muster/storage"
	"muster/storage/keys"
)

// BenchmarkBareCommit is the limit: bbolt with one key of an incident's size a commit.
func BenchmarkBareCommit(b *testing.B) {
	db, err := bbolt.Open(filepath.Join(b.TempDir(), "bare.db"), 0o600, &bbolt.Options{InitialMmapSize: mapped})
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	value := make([]byte, 1000)
	for i := 0; b.Loop(); i++ {
		err := db.Update(func(tx *bbolt.Tx) error {
			bucket, err := tx.CreateBucketIfNotExists([]byte("bare"))
			if err != nil {
				return err
			}
			return bucket.Put(keys.Number(uint64(i)), value)
		})
		if err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkApplyLone(b *testing.B) {
	s, policy := mustOpen(b, filled(b, 100), Options{}), testPolicy(b)
	for i := 0; b.Loop(); i++ {
		id := incident.NewID(uint64(i%100) + 1)
		if _, err := s.Apply(context.Background(), id, fmt.Sprintf("event/%d", i), note(policy, "It is still down.")); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkApply50 is fifty people at once; an operation is one of their commands.
func BenchmarkApply50(b *testing.B) {
	var commits atomic.Int64
	s, policy := mustOpen(b, filled(b, 100), Options{OnCommit: func(time.Duration, int) { commits.Add(1) }}), testPolicy(b)
	var next, longest atomic.Int64
	b.ResetTimer()
	var group sync.WaitGroup
	for range 50 {
		group.Go(func() {
			for i := next.Add(1); i <= int64(b.N); i = next.Add(1) {
				began := time.Now()
				id := incident.NewID(uint64(i%100) + 1)
				if _, err := s.Apply(context.Background(), id, fmt.Sprintf("event/%d", i), note(policy, "It is still down.")); err != nil {
					b.Error(err)
				}
				for took := int64(time.Since(began)); ; {
					if old := longest.Load(); took <= old || longest.CompareAndSwap(old, took) {
						break
					}
				}
			}
		})
	}
	group.Wait()
	b.ReportMetric(float64(b.N)/float64(commits.Load()), "calls/commit")
	b.ReportMetric(float64(longest.Load())/1e6, "ms-longest")
}

// BenchmarkClaim claims and releases with many jobs waiting.
func BenchmarkClaim(b *testing.B) {
	for _, jobs := range []int{100, 10_000} {
		b.Run(fmt.Sprint(jobs), func(b *testing.B) {
			s := mustOpen(b, filled(b, 1), Options{})
			var effects []incident.Effect
			for i := range jobs {
				effects = append(effects, incident.InviteGroup{Of: "INC-1", Seq: uint64(i), Group: incident.GroupID(fmt.Sprint("S", i/10))})
			}
			ctx := context.Background()
			if err := s.Enqueue(ctx, effects...); err != nil {
				b.Fatal(err)
			}
			now := time.Now()
			for b.Loop() {
				claimed, err := s.Claim(ctx, now, 8)
				if err != nil || len(claimed) != 8 {
					b.Fatal(len(claimed), err)
				}
				for _, job := range claimed {
					if err := s.Release(ctx, job); err != nil {
						b.Fatal(err)
					}
				}
			}
		})
	}
}

// bigStore is a closed store with many incidents, of which 50 are open, each with a timeline of five entries.
func bigStore(b testing.TB, count int) string {
	b.Helper()
	path := filepath.Join(b.TempDir(), "big.db")
	s := mustOpen(b, path, Options{})
	s.db.NoSync = true
	policy := testPolicy(b)
	alice := incident.Actor{ID: "U0ALICE", Kind: incident.Person}
	for begin := 0; begin < count; begin += 2000 {
		err := s.write(context.Background(), "fill", func(tx *writeTx) error {
			for i := begin; i < min(begin+2000, count); i++ {
				if err := fillOne(tx, i, i >= count-50, policy, alice); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
	}
	if err := s.db.Sync(); err != nil {
		b.Fatal(err)
	}
	if err := s.Close(); err != nil {
		b.Fatal(err)
	}
	return path
}

func fillOne(tx *writeTx, i int, open bool, policy *incident.Policy, alice incident.Actor) error {
	number := uint64(i) + 1
	id := incident.NewID(number)
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(i) * time.Minute)
	alice.ID = incident.UserID(fmt.Sprintf("U0P%d", i%100))
	commands := []incident.Command{
		incident.Declare{Title: fmt.Sprintf("Checkout is down in region %d", i), Severity: []incident.Severity{"sev1", "sev2", "sev3"}[i%3]},
		incident.RecordChannel{Channel: incident.ChannelID(fmt.Sprintf("C%d", i)), Name: fmt.Sprintf("inc-%d", i)},
		incident.AssignRole{Role: incident.IncidentManager, Assignee: alice},
		incident.PostUpdate{Text: incident.UpdateText{State: "The database is being moved to another host."}},
		incident.ChangeStatus{Verb: incident.VerbResolve, Text: "It works again."},
		incident.RecordArchived{Archived: true},
	}
	if open {
		commands = commands[:4]
	}
	var before incident.Incident
	for _, command := range commands {
		actor := alice
		switch command.(type) {
		case incident.RecordChannel, incident.RecordArchived:
			actor = incident.Muster
		}
		out, err := incident.Step(before, id, command, actor, now, policy)
		if err != nil {
			return fmt.Errorf("%T: %w", command, err)
		}
		if !open {
			out.Effects = nil // performed long ago
		}
		kept, err := encode(storage.IncidentKind(policy), before, out)
		if err != nil {
			return err
		}
		d := &decision{engine: tx.engine, aggregate: tx.engine.aggregates[incident.Aggregate], of: id.Ref(), decide: func(storage.State) (storage.Kept, error) { return kept, nil }}
		if err := errors.Join(d.make(storage.State{}), d.write(tx, "")); err != nil {
			return err
		}
		before = out.State
	}
	return tx.put(tx.Bucket([]byte(bucketMeta)), []byte(lastOf(incident.Aggregate)), keys.Number(number))
}

// encode is what the typed store makes of an outcome.
func encode(kind storage.Kind[incident.ID, incident.Incident, incident.Entry], before incident.Incident, out incident.Outcome) (storage.Kept, error) {
	snapshot, err := json.Marshal(out.State)
	kept := storage.Kept{Snapshot: snapshot, Before: kind.Keys(before), After: kind.Keys(out.State), Effects: out.Effects, NextDue: out.NextDue}
	for _, entry := range out.Entries {
		data, writeErr := kind.WriteEntry(entry)
		err = errors.Join(err, writeErr)
		kept.Entries = append(kept.Entries, storage.Entry{Seq: entry.Seq, Data: data})
	}
	return kept, err
}

// BenchmarkSize compares what people wait for with 100 and with 100,000 incidents in store.
func BenchmarkSize(b *testing.B) {
	for _, count := range []int{100, 100_000} {
		path := bigStore(b, count)
		if info, err := os.Stat(path); err == nil {
			b.Logf("%d incidents: %d MB", count, info.Size()>>20)
		}
		name := func(what string) string { return fmt.Sprintf("%s/%d", what, count) }
		ctx, policy := context.Background(), testPolicy(b)
		b.Run(name("Start"), func(b *testing.B) {
			for b.Loop() {
				s, err := open(b, path, Options{})
				if err != nil {
					b.Fatal(err)
				}
				if err := s.Reindex(ctx); err != nil {
					b.Fatal(err)
				}
				if err := s.Close(); err != nil {
					b.Fatal(err)
				}
			}
		})
		s := mustOpen(b, path, Options{})
		lists := map[string]incident.Query{
			"ListOpen":     {Scope: incident.ScopeOpen, Viewer: "U0P1"},
			"ListFinished": {Scope: incident.ScopeFinished, Viewer: "U0P1"},
			"ListPerson":   {Scope: incident.ScopeAll, Viewer: "U0P1", Person: "U0P1", Severity: "sev2"},
			"ListRare":     {Scope: incident.ScopeOpen, Viewer: "U0P1", Severity: "sev1", Person: "U0P7"},
		}
		for what, query := range lists {
			b.Run(name(what), func(b *testing.B) {
				for b.Loop() {
					if _, err := s.List(ctx, query); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
		b.Run(name("Get"), func(b *testing.B) {
			for i := 0; b.Loop(); i++ {
				if _, err := s.Get(ctx, incident.NewID(uint64(i*7919%count)+1)); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run(name("Declare"), func(b *testing.B) {
			for i := 0; b.Loop(); i++ {
				if _, err := s.Create(ctx, fmt.Sprintf("cmd/%d", i), declare(policy, "Checkout is down")); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run(name("Stats"), func(b *testing.B) {
			for b.Loop() {
				if _, err := s.Stats(ctx); err != nil {
					b.Fatal(err)
				}
			}
		})
		if err := s.Close(); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkMemory reports what 1,000 incidents cost in memory once the store is open and idle.
func BenchmarkMemory(b *testing.B) {
	path := bigStore(b, 1000)
	var before, after runtime.MemStats
	for b.Loop() {
		runtime.GC()
		runtime.ReadMemStats(&before)
		s := mustOpen(b, path, Options{})
		runtime.GC()
		runtime.ReadMemStats(&after)
		if err := s.Close(); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(after.HeapAlloc)-float64(before.HeapAlloc), "heap-bytes")
}

// BenchmarkEncode is the part of a command's commit that is ours: a snapshot to JSON.
func BenchmarkEncode(b *testing.B) {
	out, err := declare(testPolicy(b), "Checkout is down")("INC-1")
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := json.Marshal(out.State); err != nil {
			b.Fatal(err)
		}
	}
}
