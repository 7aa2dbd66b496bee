package storage

import (
	"encoding/json"
	"fmt"
	"iter"
	"time"

	"muster/incident/ledger"
)

// Kind says all that a typed store has to know of its aggregates: I is how they are named, S their state, E an entry of the log.
// The fields without a comment are those of Aggregate.
type Kind[I ~string, S, E any] struct {
	Name     ledger.Aggregate
	Version  uint64
	NewID    func(uint64) I
	Number   func(I) uint64
	Indexes  []string
	Due      func(S) time.Time
	MayBeDue func(Reader) []string

	ID   func(S) I      // of a state; empty for the zero state
	Seq  func(S) uint64 // how many entries its log has
	Fold func(S, E) S
	Keys func(S) Keys

	EntrySeq   func(E) uint64
	WriteEntry func(E) ([]byte, error)
	ReadEntry  func([]byte) (E, error) // made once, so that reading an entry is all that it does
}

// Aggregate is the kind as an engine needs it.
func (k Kind[I, S, E]) Aggregate() Aggregate {
	a := Aggregate{Name: k.Name, Version: k.Version, Indexes: k.Indexes, Fold: k.foldBytes, Rewrite: k.rewrite, MayBeDue: k.MayBeDue}
	if k.NewID != nil {
		a.NewID = func(number uint64) string { return string(k.NewID(number)) }
		a.Number = func(id string) uint64 { return k.Number(I(id)) }
	}
	a.Keys = func(id string, snapshot []byte) (Keys, error) {
		state, err := k.decode(I(id), snapshot)
		if err != nil {
			return Keys{}, err
		}
		return k.Keys(state), nil
	}
	if k.Due != nil {
		a.Due = func(id string, snapshot []byte) (time.Time, error) {
			state, err := k.decode(I(id), snapshot)
			if err != nil {
				return time.Time{}, err
			}
			return k.Due(state), nil
		}
	}
	return a
}

func (k Kind[I, S, E]) ref(id I) ledger.Ref { return ledger.Ref{Aggregate: k.Name, ID: string(id)} }

func (k Kind[I, S, E]) decode(id I, snapshot []byte) (S, error) {
	var state S
	if err := json.Unmarshal(snapshot, &state); err != nil {
		return state, fmt.Errorf("%w: snapshot of %s: %w", ErrDamaged, id, err)
	}
	if of := k.ID(state); of != id {
		return state, fmt.Errorf("%w: snapshot of %s says that it is of %q", ErrDamaged, id, of)
	}
	return state, nil
}

func (k Kind[I, S, E]) rewrite(id string, snapshot []byte) ([]byte, error) {
	state, err := k.decode(I(id), snapshot)
	if err != nil {
		return nil, err
	}
	return json.Marshal(state)
}

func (k Kind[I, S, E]) foldBytes(id string, log iter.Seq2[uint64, []byte]) ([]byte, error) {
	var state S
	for _, data := range log {
		entry, err := k.readEntry(I(id), data)
		if err != nil {
			return nil, err
		}
		state = k.Fold(state, entry)
	}
	if k.ID(state) != I(id) {
		return nil, fmt.Errorf("%w: %s has no log that begins with it", ErrDamaged, id)
	}
	return json.Marshal(state)
}

func (k Kind[I, S, E]) readEntry(id I, data []byte) (E, error) {
	entry, err := k.ReadEntry(data)
	if err != nil {
		return entry, fmt.Errorf("%w: an entry of %s: %w", ErrDamaged, id, err)
	}
	return entry, nil
}
