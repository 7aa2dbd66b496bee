package bolt

import (
	"context"
	"errors"
	"runtime"
	"testing"

	"muster/incident"
)

// Commands that were decided on side by side are kept one after the other, and each sees what the one before it did: whoever
// was overtaken is decided on anew, and nothing of the first try remains.
func TestADecisionThatWasOvertaken(t *testing.T) {
	ctx, policy := context.Background(), testPolicy(t)
	s := mustOpen(t, filled(t, 1), Options{})
	before, err := s.Get(ctx, "INC-1")
	if err != nil {
		t.Fatal(err)
	}
	letGo := holdWriter(t, s)
	seen := make([][]int, 4) // how many notes there were, each time that somebody decided
	results := make(chan error)
	for i := range seen {
		once := []string{"", "", "twins", "twins"}[i]
		go func() {
			_, err := s.Apply(ctx, "INC-1", once, func(current incident.Incident) (incident.Outcome, error) {
				seen[i] = append(seen[i], current.Notes)
				return note(policy, "x")(current)
			})
			results <- err
		}()
	}
	for len(waitingCalls(s)) < len(seen) {
		runtime.Gosched()
	}
	letGo()
	twins := 0
	for range seen {
		var twin *incident.SeenError
		if err := <-results; errors.As(err, &twin) {
			twins++
		} else if err != nil {
			t.Error(err)
		}
	}
	after, err := s.Get(ctx, "INC-1")
	if err != nil || twins != 1 || after.Notes != before.Notes+3 || after.Seq != before.Seq+3 {
		t.Errorf("%d notes after %d and %d entries after %d, %d refused as a twin, %v; want three more of each, and one twin", after.Notes, before.Notes, after.Seq, before.Seq, twins, err)
	}
	last := map[int]int{}
	for _, notes := range seen {
		last[notes[len(notes)-1]]++
		if notes[0] != before.Notes {
			t.Errorf("decided on %v notes, want first on %d", notes, before.Notes)
		}
	}
	if last[before.Notes+1] != 1 || last[before.Notes+2] != 1 {
		t.Errorf("decided on %v notes; want one decision on one more than %d, and one on two more", seen, before.Notes)
	}
	if report, err := s.Check(ctx); err != nil || len(report.Problems) > 0 {
		t.Errorf("check: %+v, %v", report, err)
	}
}

// holdWriter keeps the writer busy with a declaration until letGo is called.
func holdWriter(t *testing.T, s *Store) (letGo func()) {
	t.Helper()
	inside, leave, ended := make(chan struct{}), make(chan struct{}), make(chan error)
	policy := testPolicy(t)
	go func() {
		_, err := s.Create(context.Background(), "", func(id incident.ID) (incident.Outcome, error) {
			close(inside)
			<-leave
			return declare(policy, "Busy")(id)
		})
		ended <- err
	}()
	<-inside
	return func() {
		close(leave)
		if err := <-ended; err != nil {
			t.Error(err)
		}
	}
}
