package ledger

import (
	"errors"
	"fmt"
	"strconv"
	"time"
)

// JobID numbers an effect in the outbox, in the order in which they were put there. It is never used twice.
type JobID uint64

// String is the ID as people see and type it.
func (id JobID) String() string { return strconv.FormatUint(uint64(id), 10) }

// Job is an effect as the outbox keeps it.
type Job struct {
	ID         JobID
	Effect     Effect
	Attempt    int       // how often it was claimed; the fence of a completion
	CreatedAt  time.Time // when its command was committed
	NotBefore  time.Time // when it may be claimed (again); zero: now
	LastError  string    // the code of the last failure; empty at first
	Failed     bool      // it failed for good and waits for a person
	Condition  string    // it is set aside until this comes true; empty: it is not
	Unreadable bool      // this version cannot read what it is to do; then Failed, too, until a version comes that can
}

// ReasonUnreadable is why an effect failed that this version cannot read. The other reasons are its medium's.
const ReasonUnreadable = "unreadable"

// Once is what a message of this job carries as its mark, so that after a lost answer it can be found again. The key of a
// coalescing effect comes back with every drawing, so the job is part of it.
func (j Job) Once() string { return fmt.Sprintf("%s#%d", j.Effect.Handling().Key, j.ID) }

// JobState selects jobs of the outbox.
type JobState string

const (
	JobsWaiting  JobState = "waiting"
	JobsRunning  JobState = "running"
	JobsFailed   JobState = "failed"
	JobsSetAside JobState = "set_aside" // set aside under a condition
	JobsAll      JobState = "all"
)

// Backlog counts what waits in the outbox.
type Backlog struct {
	Kind   EffectKind
	State  JobState
	Count  int
	Oldest time.Time
}

// ErrNotFound is answered when there is no such aggregate, entry or job.
var ErrNotFound = errors.New("not found")

// ErrFenced is answered when a job was completed by another attempt, or claimed anew since.
var ErrFenced = errors.New("the job belongs to another attempt")

// SeenError is answered when a key that works once was used before. Of is what came of it the first time, if anything.
type SeenError struct{ Of Ref }

// Error is for logs.
func (e *SeenError) Error() string { return fmt.Sprintf("seen before (%s)", e.Of) }
