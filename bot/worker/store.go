package worker

import (
	"context"
	"time"

	"muster/incident/ledger"
)

// Queue is where jobs come from, and where they go back to.
type Queue interface {
	// Claim takes up to limit due jobs of these media, at most one of each lane, the most urgent first.
	Claim(ctx context.Context, now time.Time, limit int, media ...ledger.Medium) ([]ledger.Job, error)
	// NextJob is when Claim could answer something; a zero time means now.
	NextJob(ctx context.Context, media ...ledger.Medium) (at time.Time, ok bool)
	// Wake is signalled after each commit that may have made a job claimable.
	Wake() <-chan struct{}
	// Retry makes a claimed job wait until at, and Release as if it had not been claimed. ledger.ErrFenced as with Desk.
	Retry(ctx context.Context, job ledger.Job, at time.Time, reason string) error
	Release(ctx context.Context, job ledger.Job) error
}

// Desk is where jobs end, in one transaction with the commands that record what came of them. An attempt that is no longer the
// newest is ledger.ErrFenced.
type Desk interface {
	// Admit reports whether the job may be performed now; one that may not is ended or set aside by it.
	Admit(ctx context.Context, job ledger.Job) (bool, error)
	Done(ctx context.Context, job ledger.Job, commands []ledger.Command) error
	// GiveUp sets the job aside and has a person told.
	GiveUp(ctx context.Context, job ledger.Job, reason string, commands []ledger.Command) error
}
