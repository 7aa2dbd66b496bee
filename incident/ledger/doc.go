// Package ledger has the words that all aggregates share: who acts, what a command and an effect are, how a job of the outbox
// is kept, and what follows from a command.
//
// An aggregate is whatever has a state, a log of events and effects of its own, such as an incident. The package knows none of
// them: each seals its commands and events in its own package. It does no I/O and knows no clock.
package ledger
