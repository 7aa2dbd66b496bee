package incident

import (
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
	Unreadable bool      // this version cannot read what it is to do; then Failed, too, until a version comes that can
}

// ReasonUnreadable is why an effect failed that this version cannot read. The other reasons are Slack's.
const ReasonUnreadable = "unreadable"

// Once is what a message of this job carries in its metadata, so that after a lost answer it can be found again. A
// redraw's key comes back with every drawing, so the job is part of it.
func (j Job) Once() string { return fmt.Sprintf("%s#%d", j.Effect.Handling().Key, j.ID) }
