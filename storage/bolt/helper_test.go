package bolt

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/robfig/cron/v3"

	"muster/incident"
	"muster/incident/ledger"
	"muster/incident/registry"
	"muster/storage"
)

func testPolicy(t testing.TB) *incident.Policy {
	t.Helper()
	policy := incident.DefaultPolicy()
	if err := policy.Compile(func(spec string) (incident.Schedule, error) { return cron.ParseStandard(spec) }); err != nil {
		t.Fatal(err)
	}
	return policy
}

func declare(policy *incident.Policy, title string) func(incident.ID) (incident.Outcome, error) {
	return func(id incident.ID) (incident.Outcome, error) {
		actor := incident.Actor{ID: "U0ALICE", Kind: incident.Person}
		return incident.Step(incident.Incident{}, id, incident.Declare{Title: title, Severity: "sev1"}, actor, time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC), policy)
	}
}

// FollowUp is a decision on an incident.
type FollowUp = func(current incident.Incident) (incident.Outcome, error)

func note(policy *incident.Policy, text string) FollowUp {
	return func(current incident.Incident) (incident.Outcome, error) {
		actor := incident.Actor{ID: "U0ALICE", Kind: incident.Person}
		return incident.Step(current, current.ID, incident.AddNote{Text: text}, actor, time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC), policy)
	}
}

// Store is an engine with the store of incidents before it.
type Store struct {
	*Engine
	*storage.Incidents
}

func open(t testing.TB, path string, options Options) (*Store, error) {
	t.Helper()
	policy := testPolicy(t)
	engine, err := Open(path, storage.Kinds(policy), effects(t), options)
	if err != nil {
		return nil, err
	}
	return &Store{engine, storage.NewStores(engine, policy, engine.options.OnProblem).Incidents}, nil
}

func restoreTo(t testing.TB, from, to string) error {
	return Restore(from, to, storage.Kinds(nil), effects(t))
}

func effects(t testing.TB) *ledger.EffectCodec {
	t.Helper()
	codec, err := registry.EffectCodec()
	if err != nil {
		t.Fatal(err)
	}
	return codec
}

func mustOpen(t testing.TB, path string, options Options) *Store {
	t.Helper()
	s, err := open(t, path, options)
	if err != nil {
		t.Fatalf("open: %v", err)
	}
	t.Cleanup(func() { _ = s.Close() }) // a test that means to close it looks at the error itself
	return s
}

// filled is the path of a closed store with some incidents in it.
func filled(t testing.TB, incidents int) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "muster.db")
	s := mustOpen(t, path, Options{})
	policy := testPolicy(t)
	for i := range incidents {
		if _, err := s.Create(context.Background(), fmt.Sprintf("cmd/%d", i), declare(policy, fmt.Sprintf("Outage %d", i))); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

// change writes bytes into a file.
func change(t testing.TB, path string, offset int64, data []byte) {
	t.Helper()
	file, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := file.WriteAt(data, offset); err != nil {
		t.Fatal(err)
	}
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
}

func newestMeta(t testing.TB, path string) (offset int64, meta metaPage) {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	meta = metas(file)[0]
	return int64(meta.txid%2) * meta.pageSize, meta
}

func write(t testing.TB, path string, data []byte) {
	t.Helper()
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
}

func read(t testing.TB, path string) []byte {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func writeTemp(t testing.TB, data []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "muster.db")
	write(t, path, data)
	return path
}
