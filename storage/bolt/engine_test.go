package bolt_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"muster/incident"
	"muster/storage/bolt"
	"muster/storage/storagetest"
)

// engine is a Store for the conformance suite.
type engine struct {
	*bolt.Store
	path string
}

func openEngine(t testing.TB, path string) *engine {
	t.Helper()
	store, err := bolt.Open(path, bolt.Options{OnProblem: func(err error) { t.Log(err) }})
	if err != nil {
		t.Fatalf("open: %v", err)
	}
	t.Cleanup(func() {
		if err := store.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return &engine{store, path}
}

// Reopen closes the store, which writes nothing, so that the file is what a crash leaves.
func (e *engine) Reopen(t testing.TB) storagetest.Engine {
	t.Helper()
	before, err := os.Stat(e.path)
	if err != nil {
		t.Fatal(err)
	}
	if err := e.Close(); err != nil {
		t.Fatalf("close: %v", err)
	}
	if after, err := os.Stat(e.path); err != nil || !after.ModTime().Equal(before.ModTime()) {
		t.Fatalf("closing wrote to the file (%v): this is no crash", err)
	}
	return openEngine(t, e.path)
}

func (e *engine) Problems(t testing.TB, policy *incident.Policy) []string {
	t.Helper()
	report, err := e.Check(context.Background(), policy)
	if err != nil {
		t.Fatalf("check: %v", err)
	}
	return report.Problems
}

func TestStoreIsAnEngine(t *testing.T) {
	storagetest.Run(t, func(t testing.TB) storagetest.Engine {
		return openEngine(t, filepath.Join(t.TempDir(), "muster.db"))
	})
}
