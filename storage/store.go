package storage

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"muster/incident/ledger"
)

// Store keeps the aggregates of one kind. Its decisions are pure: they run beside those of others, again if they were overtaken,
// and must not call the store.
type Store[I ~string, S, E any] struct {
	engine Engine
	kind   Kind[I, S, E]
}

// NewStore is the store of a kind that the engine was opened with.
func NewStore[I ~string, S, E any](engine Engine, kind Kind[I, S, E]) *Store[I, S, E] {
	return &Store[I, S, E]{engine: engine, kind: kind}
}

// Create makes an aggregate of the outcome that decide answers for the next number. A refusal, which is any error of decide,
// comes back wrapped, keeps nothing and uses up no number. A once-key that was seen already answers *ledger.SeenError with what
// came of it the first time; an empty one is no key.
func (s *Store[I, S, E]) Create(ctx context.Context, once string, decide func(id I) (ledger.Outcome[S, E], error)) (ledger.Outcome[S, E], error) {
	var out ledger.Outcome[S, E]
	err := s.engine.Change(ctx, "create "+string(s.kind.Name), Change{Of: s.kind.ref(""), Once: once, Decide: func(state State) (kept Kept, err error) {
		var none S
		if out, err = decide(I(state.ID)); err != nil {
			return Kept{}, err
		}
		if len(out.Entries) == 0 {
			return Kept{}, fmt.Errorf("a new %s must have entries", s.kind.Name)
		}
		return s.encode(none, I(state.ID), out)
	}})
	return kept(out, err)
}

// Apply keeps the outcome that decide answers for the newest state. Errors: ledger.ErrNotFound, *ledger.SeenError as with Create,
// and any refusal of decide, which keeps nothing. An outcome without entries keeps nothing but the once-key. An aggregate that is
// not numbered begins with the zero state.
func (s *Store[I, S, E]) Apply(ctx context.Context, id I, once string, decide func(current S) (ledger.Outcome[S, E], error)) (ledger.Outcome[S, E], error) {
	var out ledger.Outcome[S, E]
	change := s.change(id, decide, &out)
	change.Once = once
	err := s.engine.Change(ctx, "apply to "+string(id), change)
	return kept(out, err)
}

// Complete takes a claimed job out of the outbox and keeps what follows for its own aggregate, in one transaction. A nil followUp
// means nothing does. ledger.ErrFenced: the claim is stale, and nothing was done. When followUp refuses, its error comes back
// and the job is still claimed.
func (s *Store[I, S, E]) Complete(ctx context.Context, job ledger.Job, followUp func(current S) (ledger.Outcome[S, E], error)) (ledger.Outcome[S, E], error) {
	return s.finish(ctx, job, Ending{}, s.own(job), followUp)
}

// CompleteFor is Complete where what follows is of an aggregate of this store that need not be the job's own.
func (s *Store[I, S, E]) CompleteFor(ctx context.Context, job ledger.Job, id I, followUp func(current S) (ledger.Outcome[S, E], error)) (ledger.Outcome[S, E], error) {
	return s.finish(ctx, job, Ending{}, id, followUp)
}

// Fail keeps a claimed job as failed for good, with what tells a person of it; else as Complete. A coalescing effect that its own
// followUp asks for again, by an effect or by bringing an earlier one back, is left out: it would fail again.
func (s *Store[I, S, E]) Fail(ctx context.Context, job ledger.Job, reason string, followUp func(current S) (ledger.Outcome[S, E], error)) (ledger.Outcome[S, E], error) {
	return s.finish(ctx, job, Ending{Failed: true, Reason: reason}, s.own(job), followUp)
}

// FailFor is Fail where what follows is of an aggregate of this store that need not be the job's own.
func (s *Store[I, S, E]) FailFor(ctx context.Context, job ledger.Job, reason string, id I, followUp func(current S) (ledger.Outcome[S, E], error)) (ledger.Outcome[S, E], error) {
	return s.finish(ctx, job, Ending{Failed: true, Reason: reason}, id, followUp)
}

// own is whose a job is; empty when it is none of this store's.
func (s *Store[I, S, E]) own(job ledger.Job) I {
	if of := job.Effect.Handling().Of; of.Aggregate == s.kind.Name {
		return I(of.ID)
	}
	return ""
}

func (s *Store[I, S, E]) finish(ctx context.Context, job ledger.Job, ending Ending, id I, followUp func(current S) (ledger.Outcome[S, E], error)) (ledger.Outcome[S, E], error) {
	var out ledger.Outcome[S, E]
	if followUp != nil && id == "" {
		return out, fmt.Errorf("what follows from job %d: %w", job.ID, ledger.ErrNotFound)
	}
	if followUp != nil {
		change := s.change(id, followUp, &out)
		ending.FollowUp = &change
	}
	err := s.engine.Finish(ctx, job, ending)
	return kept(out, err)
}

// Wait sets a claimed job of an aggregate of this store aside under a condition, in a transaction that asks once more whether
// the job still has to wait; aside is false if it has not, and the job is still claimed. What fulfils the condition names it in
// the Release of its outcome.
func (s *Store[I, S, E]) Wait(ctx context.Context, job ledger.Job, condition string, still func(current S) bool) (aside bool, err error) {
	if s.own(job) == "" {
		return false, fmt.Errorf("set job %d aside: %w", job.ID, ledger.ErrNotFound)
	}
	return s.engine.SetAside(ctx, job, condition, func(state State) (bool, error) {
		current, err := s.state(state)
		return err == nil && still(current), err
	})
}

// Rewrite replaces the words of one entry and folds the log anew, in one transaction. The entry keeps its number.
func (s *Store[I, S, E]) Rewrite(ctx context.Context, id I, seq uint64, rewrite func(E) E) error {
	return s.engine.ReplaceEntry(ctx, s.kind.ref(id), seq, func(data []byte) ([]byte, error) {
		entry, err := s.kind.readEntry(id, data)
		if err != nil {
			return nil, err
		}
		if entry = rewrite(entry); s.kind.EntrySeq(entry) != seq {
			return nil, fmt.Errorf("entry %d of %s became number %d", seq, id, s.kind.EntrySeq(entry))
		}
		return s.kind.WriteEntry(entry)
	})
}

// Get reads the newest state; ledger.ErrNotFound when there is none.
func (s *Store[I, S, E]) Get(ctx context.Context, id I) (S, error) {
	var state S
	err := s.engine.View(ctx, "get "+string(id), func(r Reader) (err error) {
		state, err = s.load(r, id)
		return err
	})
	return state, err
}

// Timeline reads the entries of an aggregate after a number, in order; a limit of 0 means all. ledger.ErrNotFound when there is
// no such aggregate.
func (s *Store[I, S, E]) Timeline(ctx context.Context, id I, after uint64, limit int) ([]E, error) {
	var entries []E
	err := s.engine.View(ctx, "read the timeline of "+string(id), func(r Reader) error {
		if r.Snapshot(s.kind.ref(id)) == nil {
			return ledger.ErrNotFound
		}
		if after == ^uint64(0) {
			return nil
		}
		for _, data := range r.Log(s.kind.ref(id), after+1) {
			entry, err := s.kind.readEntry(id, data)
			if err != nil {
				return err
			}
			if entries = append(entries, entry); limit > 0 && len(entries) == limit {
				return nil
			}
		}
		return nil
	})
	return entries, err
}

// Entry reads one entry of a log; ledger.ErrNotFound when there is none.
func (s *Store[I, S, E]) Entry(ctx context.Context, id I, seq uint64) (E, error) {
	var entry E
	err := s.engine.View(ctx, fmt.Sprintf("read entry %d of %s", seq, id), func(r Reader) (err error) {
		for found, data := range r.Log(s.kind.ref(id), seq) {
			if found == seq {
				entry, err = s.kind.readEntry(id, data)
				return err
			}
			break
		}
		return ledger.ErrNotFound
	})
	return entry, err
}

// DueBefore lists those of this kind that are due at now, the earliest first; a limit of 0 means all.
func (s *Store[I, S, E]) DueBefore(ctx context.Context, now time.Time, limit int) ([]I, error) {
	most := limit
	for {
		refs, err := s.engine.AllDue(ctx, now, most)
		if err != nil {
			return nil, err
		}
		var ids []I
		for _, ref := range refs {
			if ref.Aggregate == s.kind.Name && (limit <= 0 || len(ids) < limit) {
				ids = append(ids, I(ref.ID))
			}
		}
		if limit <= 0 || len(ids) == limit || len(refs) < most {
			return ids, nil
		}
		most *= 4 // others are due before them
	}
}

// change is a decision on bytes; out is the outcome that was kept, once it was.
func (s *Store[I, S, E]) change(id I, decide func(current S) (ledger.Outcome[S, E], error), out *ledger.Outcome[S, E]) Change {
	return Change{Of: s.kind.ref(id), Decide: func(state State) (Kept, error) {
		before, err := s.state(state)
		if err != nil {
			return Kept{}, err
		}
		if *out, err = decide(before); err != nil {
			return Kept{}, err
		}
		return s.encode(before, id, *out)
	}}
}

// load reads a snapshot. One that cannot be read is made anew of its log.
func (s *Store[I, S, E]) load(r Reader, id I) (S, error) {
	of := s.kind.ref(id)
	data := r.Snapshot(of)
	if data == nil {
		var none S
		return none, fmt.Errorf("%s: %w", id, ledger.ErrNotFound)
	}
	return s.state(State{ID: string(id), Snapshot: data, Folded: func() ([]byte, error) { return r.Folded(of) }})
}

func (s *Store[I, S, E]) state(from State) (S, error) {
	var none S
	if from.Snapshot == nil {
		return none, nil
	}
	state, err := s.kind.decode(I(from.ID), from.Snapshot)
	if err == nil {
		return state, nil
	}
	folded, foldErr := from.Folded()
	if foldErr != nil {
		return none, fmt.Errorf("%s: %w", from.ID, errors.Join(err, foldErr))
	}
	return s.kind.decode(I(from.ID), folded)
}

// encode makes bytes of an outcome; none of one without entries, which changes nothing.
func (s *Store[I, S, E]) encode(before S, id I, out ledger.Outcome[S, E]) (Kept, error) {
	if len(out.Entries) == 0 {
		return Kept{}, nil
	}
	if err := s.follows(before, id, out); err != nil {
		return Kept{}, err
	}
	snapshot, err := json.Marshal(out.State)
	if err != nil {
		return Kept{}, fmt.Errorf("encode %s: %w", id, err)
	}
	kept := Kept{
		Snapshot: snapshot, Before: s.kind.Keys(before), After: s.kind.Keys(out.State),
		Effects: out.Effects, Requeue: out.Requeue, Drop: out.Drop, Release: out.Release, NextDue: out.NextDue,
	}
	for _, entry := range out.Entries {
		data, err := s.kind.WriteEntry(entry)
		if err != nil {
			return Kept{}, err
		}
		kept.Entries = append(kept.Entries, Entry{Seq: s.kind.EntrySeq(entry), Data: data})
	}
	return kept, nil
}

// follows refuses an outcome that was made of another state than the one it is to replace.
func (s *Store[I, S, E]) follows(before S, id I, out ledger.Outcome[S, E]) error {
	if of := s.kind.ID(out.State); of != id {
		return fmt.Errorf("the outcome for %s is of %q", id, of)
	}
	for i, entry := range out.Entries {
		if got, want := s.kind.EntrySeq(entry), s.kind.Seq(before)+1+uint64(i); got != want {
			return fmt.Errorf("entry %d of %s comes where %d should", got, id, want)
		}
	}
	if got, want := s.kind.Seq(out.State), s.kind.Seq(before)+uint64(len(out.Entries)); got != want {
		return fmt.Errorf("%s has %d entries and says %d", id, want, got)
	}
	return nil
}

// kept is the outcome, or none when it was not kept.
func kept[S, E any](out ledger.Outcome[S, E], err error) (ledger.Outcome[S, E], error) {
	if err != nil {
		return ledger.Outcome[S, E]{}, err
	}
	return out, nil
}
