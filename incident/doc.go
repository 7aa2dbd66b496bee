// Package incident decides what an incident is and what may happen to it.
//
// A [Command] says what somebody wants, [Decide] answers with the [Event]s that then are true, or with a [Refusal];
// [Fold] turns events into the [Incident] they describe, [Effects] names what the world must be told of them, and [Due]
// says which reminders come when. [Step] is all of these in a row: it is what a store runs inside one transaction.
//
// The package does no I/O and knows no clock, no randomness and no Slack: times, identities and schedules are arguments.
// Everything here is deterministic and may run twice.
package incident
