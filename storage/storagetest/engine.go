// Package storagetest holds what any storage engine has to keep to, as tests. An engine passes when Run does, over stores
// that are empty at first. The suite knows nothing of how an engine keeps things: it speaks through Engine alone.
package storagetest

import (
	"context"
	"testing"
	"time"

	"muster/incident"
	"muster/incident/ledger"
)

// Decide is a decision on the newest state of an incident. It is pure and may be called more than once.
type Decide = func(current incident.Incident) (incident.Outcome, error)

// Incidents is the part of an engine that keeps incidents.
type Incidents interface {
	Create(ctx context.Context, once string, decide func(id incident.ID) (incident.Outcome, error)) (incident.Outcome, error)
	Apply(ctx context.Context, id incident.ID, once string, decide func(current incident.Incident) (incident.Outcome, error)) (incident.Outcome, error)
	See(ctx context.Context, once string) (fresh bool, err error)
	Get(ctx context.Context, id incident.ID) (incident.Incident, error)
	ByChannel(ctx context.Context, channel incident.ChannelID) (incident.Incident, error)
	List(ctx context.Context, query incident.Query) (incident.Page, error)
	Timeline(ctx context.Context, id incident.ID, after uint64, limit int) ([]incident.Entry, error)
	Entry(ctx context.Context, id incident.ID, seq uint64) (incident.Entry, error)
}

// Outbox is the part that keeps effects until they are performed.
type Outbox interface {
	Claim(ctx context.Context, now time.Time, limit int, media ...ledger.Medium) ([]incident.Job, error)
	Complete(ctx context.Context, job incident.Job, followUp func(current incident.Incident) (incident.Outcome, error)) (incident.Outcome, error)
	Retry(ctx context.Context, job incident.Job, at time.Time, reason string) error
	Fail(ctx context.Context, job incident.Job, reason string, followUp func(current incident.Incident) (incident.Outcome, error)) (incident.Outcome, error)
	Release(ctx context.Context, job incident.Job) error
	Enqueue(ctx context.Context, effects ...incident.Effect) error
	Jobs(ctx context.Context, state incident.JobState, limit int) ([]incident.Job, error)
	Requeue(ctx context.Context, id incident.JobID) error
	Discard(ctx context.Context, id incident.JobID) error
	NextJob(ctx context.Context, media ...ledger.Medium) (at time.Time, ok bool)
	Wake() <-chan struct{}
}

// Reminders is the part that knows when the next reminder comes.
type Reminders interface {
	NextDue(ctx context.Context) (at time.Time, ok bool, err error)
	DueBefore(ctx context.Context, now time.Time, limit int) ([]incident.ID, error)
	DueChanged() <-chan struct{}
	Reindex(ctx context.Context, policy *incident.Policy) error
}

// Engine is a store under test.
type Engine interface {
	Incidents
	Outbox
	Reminders
	// Reopen ends this engine as a crash would, as far as it can, and opens what it kept anew.
	Reopen(t testing.TB) Engine
	// Problems lists what the engine finds wrong with itself.
	Problems(t testing.TB, policy *incident.Policy) []string
}

// Run runs the suite. open answers an empty engine, which it closes by itself when its test ends.
func Run(t *testing.T, open func(t testing.TB) Engine) {
	suites := []struct {
		name string
		run  func(t *testing.T, w *world)
	}{
		{"a new incident gets the next number", testCreate},
		{"a refused declaration uses up no number", testRefusedCreate},
		{"a once-key works once", testOnce},
		{"a command is applied to the newest state", testApply},
		{"an outcome without entries keeps nothing", testEmptyOutcome},
		{"an outcome of another state is refused", testStrangeOutcome},
		{"a decision that panics harms nobody else", testPanic},
		{"a timeline is read in parts", testTimeline},
		{"an incident is found by its channel", testByChannel},
		{"many at once all come through", testConcurrent},
		{"who gives up while waiting leaves no trace", testCanceled},
		{"a list is filtered, sorted and paged", testList},
		{"a list hides what its viewer may not see", testPrivate},
		{"a strange cursor is refused", testCursor},
		{"effects of a command wait for its worker", testClaim},
		{"lanes keep their order", testLanes},
		{"a claim is fenced", testFence},
		{"what follows from a job is kept with its completion", testFollowUp},
		{"a failed job waits for a person", testFail},
		{"redraws fold", testRedraw},
		{"a redraw that waits is not started before its newer state is kept", testRedrawRace},
		{"after a crash nothing is lost", testReopen},
		{"the outbox keeps its laws", testOutboxLaws},
		{"the earliest reminder is known", testDue},
		{"another policy derives other times", testReindex},
	}
	for _, suite := range suites {
		t.Run(suite.name, func(t *testing.T) {
			w := newWorld(t, open(t))
			suite.run(t, w)
			for _, problem := range w.Problems(t, w.policy) {
				t.Errorf("the engine is not sound: %s", problem)
			}
		})
	}
}
