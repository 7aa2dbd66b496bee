package desk

import (
	"context"

	"muster/incident"
)

// Decide is what a store runs inside a transaction; it may run it twice.
type Decide = func(current incident.Incident) (incident.Outcome, error)

// Incidents is where commands are applied. A key named once works a single time; a second use is *incident.SeenError.
type Incidents interface {
	Create(ctx context.Context, once string, decide func(id incident.ID) (incident.Outcome, error)) (incident.Outcome, error)
	Apply(ctx context.Context, id incident.ID, once string, decide Decide) (incident.Outcome, error)
	// Enqueue puts effects into the outbox that follow from no command.
	Enqueue(ctx context.Context, effects ...incident.Effect) error
}

// Jobs is where effects end, in one transaction with what follows; a nil followUp means that nothing does. An attempt that is no
// longer the newest is incident.ErrFenced.
type Jobs interface {
	Complete(ctx context.Context, job incident.Job, followUp Decide) (incident.Outcome, error)
	Fail(ctx context.Context, job incident.Job, reason string, followUp Decide) (incident.Outcome, error)
	// Wait takes the job out of its lane until an outcome of its incident releases the condition; false when it does not hold any more.
	Wait(ctx context.Context, job incident.Job, condition string, still func(current incident.Incident) bool) (aside bool, err error)
	Jobs(ctx context.Context, state incident.JobState, limit int) ([]incident.Job, error)
}

// Reader is where incidents are looked up. What is not there is incident.ErrNotFound.
type Reader interface {
	Get(ctx context.Context, id incident.ID) (incident.Incident, error)
	ByChannel(ctx context.Context, channel incident.ChannelID) (incident.Incident, error)
	List(ctx context.Context, query incident.Query) (incident.Page, error)
	Timeline(ctx context.Context, id incident.ID, after uint64, limit int) ([]incident.Entry, error)
}

// Store is everything that the desk needs of a store.
type Store interface {
	Incidents
	Jobs
	Reader
}
