// Package worker takes effects from the outbox, gives each to the performer of its medium, and has the desk commit what came of it
// together with the commands that record it.
//
// An effect may be performed more than once: the process dies between a call and its commit, or an answer is lost. The worker says
// whether an earlier attempt may have taken effect; each medium makes it look like once, by looking before it repeats.
//
// The package knows no medium. A medium registers what performs each type of its effects, and one function that says what an
// error means; each waits, repeats and pauses by itself. What an effect is, and what follows from its outcome, the aggregates decide.
package worker
