// Package bolt is the embedded engine of package storage: everything in one bbolt file.
//
// Callers that write at the same time share a transaction, and so its fsync: what waits while one is being committed makes up the
// next, hence a lone caller waits for nobody. Decisions run beside each other before the writer's turn; the writer only looks
// whether they still hold, and has them made anew if not.
//
// The file holds the truth of the outbox; its order (lanes, what is ready, delayed, running, set aside, failed) lives in memory and
// is made anew by [Open]. A claim therefore costs no fsync. What was claimed before a crash cannot be told from what was not, so
// that Open counts one attempt for each job that waits: a first claim has Attempt 1 only where the job cannot have been performed
// before.
//
// The package does not know what the bytes mean: it decides nothing, reads no policy, and talks to nobody.
package bolt
