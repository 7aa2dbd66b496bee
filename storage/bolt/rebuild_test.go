package bolt

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"os"
	"strings"
	"testing"

	"muster/incident"
	"muster/incident/ledger"
	"muster/storage"
)

// TestRebuildGoesOn kills the program while every log is folded anew: the next one goes on where that was, and until it is done
// no older version takes the file for its own.
func TestRebuildGoesOn(t *testing.T) {
	const many = 2*rebuildBatch + 100
	path, policy := bigStore(t, many), testPolicy(t)
	newer := storage.Kinds(policy)[0].Version + 1
	kinds := func(version uint64, folds *int) []storage.Aggregate {
		kinds := storage.Kinds(policy)
		kinds[0].Version = version
		fold := kinds[0].Fold
		kinds[0].Fold = func(id string, log iter.Seq2[uint64, []byte]) ([]byte, error) {
			*folds++
			return fold(id, log)
		}
		return kinds
	}
	first, second, told := 0, 0, []int{}
	killed := Options{OnRebuild: func(_ ledger.Aggregate, done, total int) {
		told = append(told, done, total)
		panic("killed")
	}}
	if _, err := Open(path, kinds(newer, &first), effects(t), killed); err == nil || !strings.Contains(err.Error(), "killed") {
		t.Fatalf("got %v, want that it was killed", err)
	}
	if _, err := open(t, path, Options{}); !errors.Is(err, storage.ErrNewer) {
		t.Errorf("an older version: got %v, want %v", err, storage.ErrNewer)
	}
	engine, err := Open(path, kinds(newer, &second), effects(t), Options{OnRebuild: func(of ledger.Aggregate, done, total int) {
		if of == incident.Aggregate {
			told = append(told, done, total)
		}
	}})
	if err != nil {
		t.Fatal(err)
	}
	if first != rebuildBatch || first+second != many {
		t.Errorf("%d and %d were folded, want %d and the rest of %d", first, second, rebuildBatch, many)
	}
	if want := []int{rebuildBatch, many, 2 * rebuildBatch, many, many, many}; len(told) != len(want) || told[0] != want[0] || told[2] != want[2] || told[4] != want[4] {
		t.Errorf("told %v, want %v", told, want)
	}
	if report, err := engine.Check(context.Background()); err != nil || len(report.Problems) > 0 || report.Aggregates[incident.Aggregate] != many {
		t.Errorf("check: %+v, %v", report, err)
	}
	if err := engine.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(path+fmt.Sprintf(".incident%d", newer-1), path); err != nil {
		t.Fatalf("the copy of before: %v", err)
	}
	s := mustOpen(t, path, Options{})
	if report, err := s.Check(context.Background()); err != nil || len(report.Problems) > 0 || report.Aggregates[incident.Aggregate] != many {
		t.Errorf("the copy: %+v, %v", report, err)
	}
}

// TestAKindThatIsNotKnown makes the file one of a newer version: an older one would leave its due times and jobs lying.
func TestAKindThatIsNotKnown(t *testing.T) {
	path := filled(t, 1)
	kinds := append(storage.Kinds(nil), storage.Aggregate{Name: "roster", Version: 1})
	engine, err := Open(path, kinds, effects(t), Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := engine.Close(); err != nil {
		t.Fatal(err)
	}
	before := read(t, path)
	if _, err := open(t, path, Options{}); !errors.Is(err, storage.ErrNewer) || !strings.Contains(err.Error(), "roster") {
		t.Errorf("got %v, want %v with its name", err, storage.ErrNewer)
	}
	if string(read(t, path)) != string(before) {
		t.Error("the file was changed")
	}
}

func TestAKindNamedLikeABucket(t *testing.T) {
	kinds := append(storage.Kinds(nil), storage.Aggregate{Name: bucketJobs, Version: 1})
	if _, err := Open(filled(t, 1), kinds, effects(t), Options{}); err == nil || !strings.Contains(err.Error(), bucketJobs) {
		t.Errorf("got %v, want that the name is taken", err)
	}
}
