// Package storage says how aggregates are kept: the contract that an engine fulfils (package bolt keeps everything in one file),
// and the typed store that stands before it for each kind of aggregate.
//
// An engine keeps bytes: the newest state of each aggregate (its snapshot), its log of entries, the indexes that it is found by,
// and for all of them together one outbox of effects, one agenda of what is due, and the keys that work once. What belongs together
// is committed in one transaction and is on disk when the method returns. One transaction touches one aggregate and the outbox.
// The engine decides nothing: it is told, as functions over bytes, how a log is folded, what an aggregate is found by and when it is
// due, so that it can check itself, mend what was lost, and bring what an older version wrote to what this one keeps.
//
// A typed store turns bytes into states and entries and back. Its plain methods are what the program's interfaces ask for.
package storage
