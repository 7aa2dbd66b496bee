package ledger

import (
	"slices"
	"time"
)

// Command is something that a person, Slack or Muster itself wants done to one aggregate. What it means is the aggregate's to
// know: each seals its commands in its own package.
type Command interface {
	// Aggregate is the kind of aggregate that the command is for.
	Aggregate() Aggregate
}

// Outcome is everything that follows from a command: what a store commits in one transaction. S is the aggregate's state and E
// an entry of its log.
type Outcome[S, E any] struct {
	State   S         // the state afterwards
	Entries []E       // what goes to the log; empty when the command changed nothing
	Effects []Effect  // what goes to the outbox, in order
	Requeue []JobID   // failed effects that go back into it
	Drop    []JobID   // failed effects that leave it for good: nobody waits for them any more
	Release []string  // conditions that now are true: the aggregate's jobs that were set aside under one come back
	NextDue time.Time // when the aggregate next has to be reminded of something; zero: never
}

// Then is both outcomes as one: that of a command, and of the next one on the state that it left.
func (o Outcome[S, E]) Then(next Outcome[S, E]) Outcome[S, E] {
	return Outcome[S, E]{
		State: next.State, NextDue: next.NextDue,
		Entries: slices.Concat(o.Entries, next.Entries), Effects: slices.Concat(o.Effects, next.Effects),
		Requeue: slices.Concat(o.Requeue, next.Requeue), Drop: slices.Concat(o.Drop, next.Drop), Release: slices.Concat(o.Release, next.Release),
	}
}
