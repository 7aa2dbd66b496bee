// Package perform is Slack as a medium: it makes the calls that effects ask for, and says what Slack's errors mean.
//
// An effect may be performed more than once: the process dies between a call and its commit, or an answer is lost. People
// see it once nevertheless, since every message carries its job in its metadata and a channel is taken over only if it can
// be proven ours: a task that is not sure looks before posting again, once the time has passed in which a call whose caller is
// gone may still take effect.
//
// What an incident is and what follows from an outcome, package incident decides; what a message looks like, package view; when a
// job is tried, package worker.
package perform
