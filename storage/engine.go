package storage

import (
	"context"
	"io"
	"iter"
	"time"

	"muster/incident/ledger"
)

// Engine keeps everything. It is safe for use by many goroutines. Names of operations are for errors.
type Engine interface {
	Keeper
	Outbox
	Agenda
	Shelves
	Whole
}

// Keeper keeps aggregates.
type Keeper interface {
	// View runs read on one state of everything, which no writer changes meanwhile.
	View(ctx context.Context, operation string, read func(Reader) error) error
	// Change keeps what a decision makes of an aggregate's newest state. A refusal, which is any error of Decide, comes back
	// wrapped and keeps nothing, nor does it use up a number. A once-key that was seen already answers *ledger.SeenError.
	Change(ctx context.Context, operation string, change Change) error
	// ReplaceEntry replaces the words of one entry, folds its log anew, and keeps both in one transaction. What rewrite answers
	// must be an entry with the same number.
	ReplaceEntry(ctx context.Context, of ledger.Ref, seq uint64, rewrite func(entry []byte) ([]byte, error)) error
	// See remembers a key that belongs to no command, and reports whether it is new.
	See(ctx context.Context, once string) (fresh bool, err error)
}

// Reader reads one state of everything. The bytes that it answers are good for as long as the View lasts, and must not be changed.
type Reader interface {
	// Snapshot is the newest state of an aggregate; nil when there is none.
	Snapshot(of ledger.Ref) []byte
	// Folded makes the snapshot anew of its log, for when Snapshot cannot be read.
	Folded(of ledger.Ref) ([]byte, error)
	// Log visits the entries of an aggregate from a number on, in order.
	Log(of ledger.Ref, from uint64) iter.Seq2[uint64, []byte]
	// Index walks an index of a kind of aggregate.
	Index(of ledger.Aggregate, name string) Cursor
}

// Cursor walks keys in order; a nil key means that there are no more.
type Cursor interface {
	// Seek goes to the first key that does not sort before at.
	Seek(at []byte) (key, value []byte)
	Next() (key, value []byte)
}

// Change is a change of one aggregate.
type Change struct {
	Of     ledger.Ref                // an empty ID asks for a new one, with the next number
	Once   string                    // works a single time; empty: no key
	Decide func(State) (Kept, error) // pure; it may run beside others' decisions, and again if it was overtaken
}

// State is what a decision is made on.
type State struct {
	ID       string
	Snapshot []byte                 // nil: it does not exist yet
	Folded   func() ([]byte, error) // makes it anew of the log, for when Snapshot cannot be read
}

// Kept is what a decision has kept. Without entries nothing is, but for the once-key of its change.
type Kept struct {
	Snapshot      []byte
	Entries       []Entry
	Before, After Keys
	Effects       []ledger.Effect
	Requeue       []ledger.JobID // failed jobs that go back into the outbox
	Drop          []ledger.JobID // failed jobs that leave it for good
	Release       []string       // the conditions that are fulfilled: the aggregate's jobs that were set aside under one come back
	NextDue       time.Time      // zero: never
}

// Entry is one entry of a log. Numbers count from 1 within an aggregate, without gaps.
type Entry struct {
	Seq  uint64
	Data []byte
}

// Outbox keeps effects until they are performed.
type Outbox interface {
	// Claim takes up to limit jobs of these media that may run at now, of all media when none is named: of each lane the oldest,
	// unless one of the lane runs or the oldest is delayed; the most urgent first, then the oldest. Each has one Attempt more than before, and stays with its claimer until
	// Finish, Retry, SetAside or Release. An Attempt above 1 means that it may have been performed before.
	//
	// A claim need not outlast the program: after a restart all of them wait again, with one more attempt.
	Claim(ctx context.Context, now time.Time, limit int, media ...ledger.Medium) ([]ledger.Job, error)
	// Finish ends a claimed job and keeps what follows, in one transaction. ledger.ErrFenced: the claim is stale, and nothing
	// was done. When the follow-up refuses, its error comes back and the job is still claimed.
	Finish(ctx context.Context, job ledger.Job, ending Ending) error
	// Retry makes a claimed job wait until at; its attempts are kept. A newer coalescing effect with its key folds into it.
	Retry(ctx context.Context, job ledger.Job, at time.Time, reason string) error
	// SetAside takes a claimed job out of its lane until a change of its aggregate releases a condition. still asks in the
	// transaction whether the condition is still unfulfilled; if it is not, the job stays claimed and aside is false. A coalescing
	// effect with its key folds into the job, and once released it comes back to its place by its number.
	SetAside(ctx context.Context, job ledger.Job, condition string, still func(State) (bool, error)) (aside bool, err error)
	// Release makes a claimed job wait again as if it had not been claimed, but for its attempt.
	Release(ctx context.Context, job ledger.Job) error
	Jobs
}

// Jobs is the part of the outbox that people and commands without an aggregate look at.
type Jobs interface {
	// Enqueue puts effects into the outbox that follow from no command.
	Enqueue(ctx context.Context, effects ...ledger.Effect) error
	// Jobs lists what is in the outbox by ID; a limit of 0 means all. Jobs that cannot be read are among the failed ones, with
	// an Unreadable effect.
	Jobs(ctx context.Context, state ledger.JobState, limit int) ([]ledger.Job, error)
	// Requeue makes a failed, delayed or set aside job wait to be claimed now; a running one is left alone. ledger.ErrNotFound
	// when it is gone. A failed one that coalesces folds into one with its key that waits.
	Requeue(ctx context.Context, id ledger.JobID) error
	// Discard takes a job that does not run out of the outbox for good. ledger.ErrNotFound when it is gone; ErrRunning.
	Discard(ctx context.Context, id ledger.JobID) error
	// NextJob is when Claim can answer something; the zero time means now. False: not before something changes, which Wake tells.
	// Media are as with Claim.
	NextJob(ctx context.Context, media ...ledger.Medium) (at time.Time, ok bool)
	// Wake is signalled after whatever can change the answer of Claim or NextJob. It holds one signal.
	Wake() <-chan struct{}
}

// Ending is how a job ends.
type Ending struct {
	Failed   bool    // it is kept as failed, for a person; else it is gone
	Reason   string  // why it failed: a code
	FollowUp *Change // nil: nothing follows. It may be of another aggregate than the job
}

// Agenda knows what is due when, of all aggregates.
type Agenda interface {
	// NextDue is when the earliest of all is due; false when nothing is.
	NextDue(ctx context.Context) (at time.Time, ok bool, err error)
	// AllDue lists what is due at now, the earliest first; a limit of 0 means all.
	AllDue(ctx context.Context, now time.Time, limit int) ([]ledger.Ref, error)
	// DueChanged is signalled when the earliest due time has become another one.
	DueChanged() <-chan struct{}
	// Reindex derives all due times anew. It must run once after the engine was opened, since what they are derived by may be
	// another policy than before. It reads only what may be due, and writes only what changed.
	Reindex(ctx context.Context) error
}

// Shelves is a cache that outlasts the program, for what can be asked for again. Each shelf holds so many things and forgets
// what was put there longest ago.
type Shelves interface {
	Recall(ctx context.Context, shelf, key string) (value []byte, ok bool, err error)
	RecallAll(ctx context.Context, shelf string) (map[string][]byte, error)
	Remember(ctx context.Context, shelf string, most int, values map[string][]byte) error
	Forget(ctx context.Context, shelf string, keys ...string) error
}

// Whole is what can be done with everything together.
type Whole interface {
	// Check reads everything and compares each part with every other. Others may write meanwhile. The error is for a check that
	// could not be made; what is wrong is in the report.
	Check(ctx context.Context) (Report, error)
	// Figures costs little, however much is kept. ErrBroken comes with the figures.
	Figures(ctx context.Context) (Figures, error)
	// Backup writes a copy of everything as it is at this moment, while others go on reading and writing.
	Backup(ctx context.Context, w io.Writer) error
	// AwaitBroken waits until nothing can be written any more, and answers why: ErrBroken. Until a restart that stays so. It
	// answers nil when the context ends first.
	AwaitBroken(ctx context.Context) error
	// Close finishes what was asked for before. Later calls answer ErrClosed.
	Close() error
}

// Report is what Check found. Each problem is a sentence that says what to do; a warning is one that nothing is lost by.
type Report struct {
	Aggregates map[ledger.Aggregate]int
	Entries    int
	Jobs       int
	Seen       int
	Bytes      int64
	Largest    int // bytes of the largest snapshot
	Problems   []string
	Warnings   []string
}

// Figures are an engine's.
type Figures struct {
	Counts  map[ledger.Aggregate]map[string]int // by the word that they are counted under
	Backlog []ledger.Backlog                    // the outbox by kind and state
	Bytes   int64
}
