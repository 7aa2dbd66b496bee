// Package bolt keeps incidents, their timelines, the outbox, the due index and the keys that were seen, in one file.
//
// Whatever belongs together is committed in one transaction and is on disk when the method returns. Callers that write at
// the same time share a transaction, and so its fsync: what waits while one is being committed makes up the next, hence a
// lone caller waits for nobody. Decide closures run inside the transaction, one after the other, and may run again when
// another one of their transaction failed while writing.
//
// The file holds the truth of the outbox; its order (lanes, what is ready, delayed, running, failed) lives in memory and is
// made anew by [Open]. A claim therefore costs no fsync. What was claimed before a crash cannot be told from what was not,
// so that Open counts one attempt for each job that waits: a first claim has Attempt 1 only where the job cannot have been
// performed before.
//
// The package does not know what incidents mean: it decides nothing, reads no policy but to ask incident.NextDue, and
// talks to nobody.
package bolt
