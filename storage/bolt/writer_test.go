package bolt

import (
	"context"
	"errors"
	"runtime"
	"strings"
	"testing"

	"muster/incident"
	"muster/storage"
)

// TestFailedWriteIsAlone: of calls that share a transaction, the one that cannot be written fails, and no other.
func TestFailedWriteIsAlone(t *testing.T) {
	s := mustOpen(t, filled(t, 1), Options{})
	policy := testPolicy(t)
	bad := func(current incident.Incident) (incident.Outcome, error) {
		out, err := note(policy, "bad")(current)
		out.State.Channel.ID = incident.ChannelID(strings.Repeat("C", 40_000)) // too long for a key
		return out, err
	}
	letGo := holdWriter(t, s)
	errs := make(chan error, 3)
	for _, decide := range []FollowUp{note(policy, "a"), bad, note(policy, "b")} {
		go func() {
			_, err := s.Apply(context.Background(), "INC-1", "", decide)
			errs <- err
		}()
	}
	for len(waitingCalls(s)) < 3 {
		runtime.Gosched()
	}
	letGo()
	failed := 0
	for range 3 {
		if err := <-errs; err != nil {
			failed++
		}
	}
	if in, err := s.Get(context.Background(), "INC-1"); failed != 1 || err != nil || in.Notes != 2 {
		t.Errorf("%d failed, %d notes and %v; want 1 and 2", failed, in.Notes, err)
	}
}

func waitingCalls(s *Store) []*request {
	s.writer.mu.Lock()
	defer s.writer.mu.Unlock()
	return s.writer.waiting
}

// TestUnknownCommit: after a write that may or may not have reached the disk, nothing more is written until a restart.
func TestUnknownCommit(t *testing.T) {
	s, ctx := mustOpen(t, filled(t, 1), Options{}), t.Context()
	if _, err := s.Apply(ctx, "INC-1", "before", note(testPolicy(t), "x")); err != nil {
		t.Fatal(err)
	}
	ended, end := context.WithCancel(ctx)
	end()
	if err := s.AwaitBroken(ended); err != nil {
		t.Errorf("nothing is broken yet: %v", err)
	}
	cause := errors.New("input/output error")
	if err := s.writer.breakOn(cause); !errors.Is(err, storage.ErrBroken) || !errors.Is(err, cause) {
		t.Fatalf("got %v", err)
	}
	for _, once := range []string{"", "before"} { // what was seen may not be on disk either
		if _, err := s.Apply(ctx, "INC-1", once, note(testPolicy(t), "x")); !errors.Is(err, storage.ErrBroken) {
			t.Errorf("with the once-key %q: got %v, want %v", once, err, storage.ErrBroken)
		}
	}
	if _, err := s.Get(ctx, "INC-1"); err != nil {
		t.Errorf("reading goes on: %v", err)
	}
	if _, err := s.Stats(ctx); !errors.Is(err, storage.ErrBroken) {
		t.Errorf("the figures say %v", err)
	}
	if err := s.AwaitBroken(ctx); !errors.Is(err, storage.ErrBroken) || !errors.Is(err, cause) {
		t.Errorf("whoever waits for it hears %v", err)
	}
}

func TestClosed(t *testing.T) {
	s := mustOpen(t, filled(t, 1), Options{})
	for range 2 {
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := s.Apply(context.Background(), "INC-1", "", note(testPolicy(t), "x")); !errors.Is(err, storage.ErrClosed) {
		t.Errorf("apply: got %v, want %v", err, storage.ErrClosed)
	}
	if _, err := s.Get(context.Background(), "INC-1"); !errors.Is(err, storage.ErrClosed) {
		t.Errorf("get: got %v, want %v", err, storage.ErrClosed)
	}
}
