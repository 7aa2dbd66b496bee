package worker

import (
	"context"
	"time"

	"muster/incident"
)

// FollowUp is what is decided when a job's outcome is committed. It runs inside the transaction, maybe twice.
type FollowUp = func(current incident.Incident) (incident.Outcome, error)

// Queue is where jobs come from.
type Queue interface {
	// Claim takes up to limit due jobs, at most one of each lane, the most urgent first.
	Claim(ctx context.Context, now time.Time, limit int) ([]incident.Job, error)
	// NextJob is when Claim could answer something; a zero time means now.
	NextJob(ctx context.Context) (at time.Time, ok bool)
	// Wake is signalled after each commit that may have made a job claimable.
	Wake() <-chan struct{}
}

// Outcomes is where jobs end. An attempt that is no longer the newest is incident.ErrFenced.
type Outcomes interface {
	Complete(ctx context.Context, job incident.Job, followUp FollowUp) (incident.Outcome, error)
	Retry(ctx context.Context, job incident.Job, at time.Time, reason string) error
	Fail(ctx context.Context, job incident.Job, reason string, followUp FollowUp) (incident.Outcome, error)
	Release(ctx context.Context, job incident.Job) error
}

// Outbox is both ends of a job.
type Outbox interface {
	Queue
	Outcomes
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
	Outbox
	Reader
}
