package incident

import (
	"errors"
	"fmt"
	"time"
)

// ErrNotFound is answered when there is no such incident, entry or job.
var ErrNotFound = errors.New("not found")

// ErrFenced is answered when a job was completed by somebody else, or claimed anew since.
var ErrFenced = errors.New("the job belongs to another attempt")

// SeenError is answered when a key that works once was used before. Incident is what came of it the first time, if anything.
type SeenError struct{ Incident ID }

// Error is for logs.
func (e *SeenError) Error() string { return fmt.Sprintf("seen before (%s)", e.Incident) }

// Query asks a store for a page of incidents, in the order of the queue: open ones first by priority and then by the
// time of declaration, the oldest first; finished ones by the time they were declared, the newest first.
type Query struct {
	Scope    Scope
	Severity Severity // only this one; empty: any
	Status   Status   // only this one; empty: as Scope says
	Person   UserID   // only those that this person declared or holds a role in; empty: any
	Viewer   UserID   // private incidents that this person may not see are left out
	AllSeen  bool     // leave nothing out: for the program itself, never for a person
	After    string   // the Next of the page before; empty: the first page
	Limit    int      // at most so many; 0: 20
}

// Scope is which part of the incidents a query speaks of.
type Scope string

const (
	ScopeOpen     Scope = "open"
	ScopeFinished Scope = "finished" // resolved, closed and canceled
	ScopeAll      Scope = "all"
)

// Page is one page of a list.
type Page struct {
	Incidents []Incident
	Next      string // ask for it to get the next page; empty: there is none
}

// JobState selects jobs of the outbox.
type JobState string

const (
	JobsWaiting JobState = "waiting"
	JobsRunning JobState = "running"
	JobsFailed  JobState = "failed"
	JobsAll     JobState = "all"
)

// Backlog counts what waits in the outbox.
type Backlog struct {
	Kind   EffectKind
	State  JobState
	Count  int
	Oldest time.Time
}
