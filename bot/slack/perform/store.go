package perform

import (
	"context"
	"time"

	"muster/incident"
	"muster/incident/ledger"
)

// Queue is where jobs come from, and where they go back to.
type Queue interface {
	// Claim takes up to limit due jobs, at most one of each lane, the most urgent first.
	Claim(ctx context.Context, now time.Time, limit int, media ...ledger.Medium) ([]incident.Job, error)
	// Retry makes a claimed job wait until at, and Release as if it had not been claimed. incident.ErrFenced as with Desk.
	Retry(ctx context.Context, job incident.Job, at time.Time, reason string) error
	Release(ctx context.Context, job incident.Job) error
	// NextJob is when Claim could answer something; a zero time means now.
	NextJob(ctx context.Context, media ...ledger.Medium) (at time.Time, ok bool)
	// Wake is signalled after each commit that may have made a job claimable.
	Wake() <-chan struct{}
}

// Desk is where jobs end, in one transaction with the commands that record what came of them. An attempt that is no longer the
// newest is incident.ErrFenced.
type Desk interface {
	Done(ctx context.Context, job incident.Job, commands []incident.Command) error
	// GiveUp sets the job aside and has a person told.
	GiveUp(ctx context.Context, job incident.Job, reason string, commands []incident.Command) error
}

// Reader is where the state is that effects show. What is not there is incident.ErrNotFound.
type Reader interface {
	Get(ctx context.Context, id incident.ID) (incident.Incident, error)
	Entry(ctx context.Context, id incident.ID, seq uint64) (incident.Entry, error)
	ByChannel(ctx context.Context, channel incident.ChannelID) (incident.Incident, error)
	List(ctx context.Context, query incident.Query) (incident.Page, error)
}

// Store is everything that the worker needs of a store.
type Store interface {
	Queue
	Reader
}
