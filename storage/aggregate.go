package storage

import (
	"iter"
	"time"

	"muster/incident/ledger"
)

// MaxSnapshot is what a snapshot has to stay below, in bytes: it is written with each command, and read for each look. Long texts
// and long lists live in the log.
const MaxSnapshot = 64 << 10

// Aggregate is what an engine has to know of one kind of aggregate. Its names are persisted.
type Aggregate struct {
	Name ledger.Aggregate
	// Version is that of the snapshots; it begins at 1 and grows by one whenever Fold begins or ceases to keep something. Then every
	// log is folded anew, once.
	Version uint64
	// NewID names the aggregate with a number, for those that are numbered in the order in which they came; Number is the way back,
	// 0 for an ID that NewID did not make. Without them the command that begins an aggregate names it.
	NewID  func(number uint64) string
	Number func(id string) uint64
	// Indexes are the names that Keys uses. One that is new is made from the snapshots, one that is gone is dropped.
	Indexes []string

	// Fold makes the snapshot of a log. What it answers is how this version writes it.
	Fold func(id string, log iter.Seq2[uint64, []byte]) ([]byte, error)
	// Rewrite answers a snapshot as this version writes it, so that two can be compared. An error says that it cannot be read.
	Rewrite func(id string, snapshot []byte) ([]byte, error)
	// Keys is all that an aggregate is found and counted by.
	Keys func(id string, snapshot []byte) (Keys, error)
	// Due is when it next has to be reminded of something; the zero time is never. Nil: that cannot be told, and is left as it is.
	Due func(id string, snapshot []byte) (time.Time, error)
	// MayBeDue lists those that Due has to be asked about when all due times are derived anew. Nil: none.
	MayBeDue func(Reader) []string
}

// Numbered reports whether the engine gives out the numbers.
func (a Aggregate) Numbered() bool { return a.NewID != nil }

// Keys is what an aggregate is found by in one of its states. The zero Keys are those of one that does not exist yet.
type Keys struct {
	Index []Key
	Count string // those with the same word are counted together; empty: it is not counted
}

// Key is one key of an index.
type Key struct{ Index, Key, Value string }
