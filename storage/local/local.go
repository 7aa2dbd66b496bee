// Package local is where Muster keeps everything by default: in one file of this machine. It knows which engine that is, so that
// nobody else has to.
package local

import (
	"time"

	"muster/incident"
	"muster/incident/ledger"
	"muster/incident/registry"
	"muster/storage"
	"muster/storage/bolt"
)

// Options are the settings of a file; the zero value is good.
type Options struct {
	// Policy says when anything is due; nil: that cannot be told.
	Policy *incident.Policy
	// OnCommit is told of each commit: how long it took, and how many calls shared it. It must not block.
	OnCommit func(took time.Duration, calls int)
	// OnProblem is told of records that cannot be read and were left out of an answer. It must not block.
	OnProblem func(error)
	// OnRebuild is told while what an older version wrote is brought to what this one keeps: how many of a kind are done.
	OnRebuild func(of ledger.Aggregate, done, total int)
}

// Open opens the stores in a file, and makes the file and its folder if there are none. Errors say what to do and answer to
// errors.Is with ErrLocked, ErrReadOnly, ErrFull, ErrDamaged, ErrForeign or ErrNewer of package storage; none of them changed the file.
func Open(path string, options Options) (*storage.Stores, error) {
	effects, err := registry.EffectCodec()
	if err != nil {
		return nil, err
	}
	engine, err := bolt.Open(path, storage.Kinds(options.Policy), effects, bolt.Options{
		OnCommit: options.OnCommit, OnProblem: options.OnProblem, OnRebuild: options.OnRebuild,
	})
	if err != nil {
		return nil, err
	}
	return storage.NewStores(engine, options.Policy, options.OnProblem), nil
}

// Restore replaces the file at to with the backup at from. The backup is copied, brought to the newest schema and checked whole
// before anything is replaced, and the replaced file is kept beside the new one, as "NAME.replaced" (with a number when there is
// one already). It is refused with ErrLocked while a program has the file open. On any error, to is as it was.
func Restore(from, to string) error {
	effects, err := registry.EffectCodec()
	if err != nil {
		return err
	}
	return bolt.Restore(from, to, storage.Kinds(nil), effects)
}
