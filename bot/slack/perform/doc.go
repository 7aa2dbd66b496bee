// Package perform performs effects: it claims them from the outbox, makes the calls to Slack that they ask for, and commits
// each outcome together with the command that records it.
//
// An effect may be performed more than once: the process dies between a call and its commit, or an answer is lost. People
// see it once nevertheless, since every message carries its job in its metadata and a channel is taken over only if it can
// be proven ours: whoever is not sure looks before posting again, once Options.Linger has passed in which a call whose caller is
// gone may still take effect.
//
// The package decides what is done about errors of Slack. What an incident is and what follows from an outcome, package
// incident decides; what a message looks like, package view.
package perform
