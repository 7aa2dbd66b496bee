package bolt_test

import (
	"os"
	"path/filepath"
	"testing"

	"muster/incident/ledger"
	"muster/storage"
	"muster/storage/bolt"
	"muster/storage/storagetest"
)

// engine is an Engine for the conformance suite.
type engine struct {
	*bolt.Engine
	path    string
	effects *ledger.EffectCodec
}

func openEngine(t testing.TB, path string, kinds []storage.Aggregate, effects *ledger.EffectCodec) *engine {
	t.Helper()
	opened, err := bolt.Open(path, kinds, effects, bolt.Options{OnProblem: func(err error) { t.Log(err) }})
	if err != nil {
		t.Fatalf("open: %v", err)
	}
	t.Cleanup(func() {
		if err := opened.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return &engine{opened, path, effects}
}

// Reopen closes the engine, which writes nothing, so that the file is what a crash leaves.
func (e *engine) Reopen(t testing.TB, kinds []storage.Aggregate) storagetest.Engine {
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
	return openEngine(t, e.path, kinds, e.effects)
}

func TestTheEngineKeepsTheContract(t *testing.T) {
	storagetest.Run(t, func(t testing.TB, kinds []storage.Aggregate, effects *ledger.EffectCodec) storagetest.Engine {
		return openEngine(t, filepath.Join(t.TempDir(), "muster.db"), kinds, effects)
	})
}
