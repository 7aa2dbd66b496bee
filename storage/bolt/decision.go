package bolt

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"runtime/debug"

	"go.etcd.io/bbolt"

	"muster/incident"
)

// decision is what a caller's decide makes of an incident. The caller works it out side by side with everybody else's, before
// the writer's turn; the writer only looks whether the incident still is what it was made of, and works it out anew if not.
type decision struct {
	store  *Store
	number uint64
	decide FollowUp

	made    []byte // the snapshot that all below was made of; nil: none yet
	before  incident.Incident
	out     incident.Outcome
	records records
}

// records are an outcome as the file keeps it.
type records struct {
	incident []byte
	entries  [][]byte
	index    []indexEntry
	jobs     []newJob
}

// ahead works a decision out on what can be read now; its errors are refusals, and that nothing can be read. A once-key that was
// seen already is left to the writer: its own commit may still be on the way to the disk, and nobody may hear "done" before.
func (s *Store) ahead(ctx context.Context, operation, once string, id incident.ID, decide FollowUp) (*decision, error) {
	d := &decision{store: s, number: id.Number(), decide: decide}
	if err := s.writer.broken(); err != nil {
		return nil, fmt.Errorf("%s: %w", operation, err)
	}
	select {
	case s.deciding <- struct{}{}:
		defer func() { <-s.deciding }()
	case <-ctx.Done():
		return nil, fmt.Errorf("%s: %w", operation, ctx.Err())
	}
	err := s.view(ctx, operation, func(tx *bbolt.Tx) error {
		if s.checkOnce(tx, once) != nil {
			return nil
		}
		return d.on(tx)
	})
	return d, err
}

// on works the decision out on what the transaction reads, unless it was made of just that. Without decide there is none.
func (d *decision) on(tx *bbolt.Tx) (err error) {
	if d.decide == nil {
		return nil
	}
	data := tx.Bucket([]byte(bucketIncidents)).Get(numberKey(d.number))
	if d.made != nil && bytes.Equal(d.made, data) {
		return nil
	}
	d.made = nil
	if d.before, err = loadIncident(tx, d.number); err != nil {
		return err
	}
	if d.out, err = d.store.decide(func() (incident.Outcome, error) { return d.decide(d.before) }); err != nil {
		return err
	}
	if d.records, err = d.store.encode(d.before, d.number, d.out); err != nil {
		return err
	}
	d.made = bytes.Clone(data)
	return nil
}

// decide runs a caller's decision. Its panic is that caller's error and nobody else's.
func (s *Store) decide(decision func() (incident.Outcome, error)) (out incident.Outcome, err error) {
	defer func() {
		if cause := recover(); cause != nil {
			err = fmt.Errorf("the decision panicked: %T", cause) // its words may be what somebody typed
			s.options.OnProblem(fmt.Errorf("%w\n%s", err, debug.Stack()))
		}
	}()
	return decision()
}

// encode makes records of an outcome; none of one without entries, which changes nothing.
func (s *Store) encode(before incident.Incident, number uint64, out incident.Outcome) (records, error) {
	var r records
	if len(out.Entries) == 0 {
		return r, nil
	}
	if err := follows(before, number, out); err != nil {
		return r, err
	}
	var err error
	if r.incident, err = json.Marshal(out.State); err != nil {
		return r, fmt.Errorf("encode %s: %w", out.State.ID, err)
	}
	for _, entry := range out.Entries {
		data, err := entry.MarshalJSON()
		if err != nil {
			return r, err
		}
		r.entries = append(r.entries, data)
	}
	r.index = indexEntries(out.State)
	for _, effect := range out.Effects {
		job, err := s.newJob(effect)
		if err != nil {
			return r, err
		}
		r.jobs = append(r.jobs, job)
	}
	return r, nil
}

// follows refuses an outcome that was made of another state than the one it is to replace.
func follows(before incident.Incident, number uint64, out incident.Outcome) error {
	after := out.State
	if after.ID != incident.NewID(number) {
		return fmt.Errorf("the outcome for %s is of %q", incident.NewID(number), after.ID)
	}
	for i, entry := range out.Entries {
		if want := before.Seq + 1 + uint64(i); entry.Seq != want {
			return fmt.Errorf("entry %d of %s comes where %d should", entry.Seq, after.ID, want)
		}
	}
	if want := before.Seq + uint64(len(out.Entries)); after.Seq != want {
		return fmt.Errorf("%s has %d entries and says %d", after.ID, want, after.Seq)
	}
	return nil
}

// keep writes what follows from a command: snapshot, entries, indexes, due time and effects. An outcome without entries
// changes nothing. avoid is the key of a failed redraw that nothing of it must bring back.
func (tx *writeTx) keep(before incident.Incident, number uint64, out incident.Outcome, r records, avoid string) error {
	if len(out.Entries) == 0 {
		return nil
	}
	if err := tx.put(bucketIncidents, numberKey(number), r.incident); err != nil {
		return err
	}
	for i, entry := range out.Entries {
		if err := tx.put(bucketTimeline, entryKey(number, entry.Seq), r.entries[i]); err != nil {
			return err
		}
	}
	if err := tx.reindex(before, out.State, r.index); err != nil {
		return err
	}
	if err := tx.setDue(number, out.NextDue); err != nil {
		return err
	}
	for _, id := range out.Requeue {
		if err := tx.requeue(id, avoid); err != nil && !errors.Is(err, incident.ErrNotFound) {
			return err // a job that is gone was replaced by a newer one, or discarded
		}
	}
	for _, id := range out.Drop {
		if e := tx.stage.hold(id); e != nil && e.job.Failed {
			if err := tx.dropJob(id); err != nil {
				return err
			}
		}
	}
	for _, job := range r.jobs {
		if avoid != "" && job.Effect.Handling().Key == avoid {
			continue
		}
		if err := tx.enqueue(job); err != nil {
			return err
		}
	}
	return nil
}

// keep writes what was decided.
func (d *decision) keep(tx *writeTx, avoid string) error {
	return tx.keep(d.before, d.number, d.out, d.records, avoid)
}
