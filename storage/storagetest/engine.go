// Package storagetest holds what any storage engine has to keep to, as tests. An engine passes when Run does, over stores
// that are empty at first. The suite knows nothing of how an engine keeps things: it speaks through Engine alone.
package storagetest

import (
	"context"
	"testing"

	"muster/incident/ledger"
	"muster/storage"
)

// Engine is an engine under test.
type Engine interface {
	storage.Engine
	// Reopen ends this engine as a crash would, as far as it can, and opens what it kept anew, for these kinds of aggregates.
	Reopen(t testing.TB, kinds []storage.Aggregate) Engine
}

// Open opens an engine that is empty, for these kinds of aggregates and these effects. It closes by itself when its test ends.
type Open func(t testing.TB, kinds []storage.Aggregate, effects *ledger.EffectCodec) Engine

// Run runs the suite.
func Run(t *testing.T, open Open) {
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
		{"an aggregate with a name begins with its first change", testNamed},
		{"two kinds of aggregates stand beside each other", testKindsBesideEachOther},
		{"what follows from a job may be of another aggregate", testFollowUpElsewhere},
		{"failed jobs that nobody waits for are dropped", testDrop},
		{"the words of an entry are replaced", testReplaceEntry},
		{"another version folds everything anew, once", testFoldedAnew},
		{"a snapshot that is too large is told", testLargeSnapshot},
		{"a job is set aside until its condition is fulfilled", testSetAside},
		{"a condition that was fulfilled meanwhile sets nothing aside", testSetAsideRace},
		{"drawings fold into one that is set aside", testCoalescingAside},
		{"people may have what is set aside tried or thrown away", testPeopleAndWhatIsAside},
		{"a shelf keeps the newest", testShelves},
	}
	for _, suite := range suites {
		t.Run(suite.name, func(t *testing.T) {
			w := newWorld(t, open)
			suite.run(t, w)
			report, err := w.Check(context.Background())
			if err != nil {
				t.Fatalf("check: %v", err)
			}
			for _, problem := range report.Problems {
				t.Errorf("the engine is not sound: %s", problem)
			}
		})
	}
}
