package slack

import (
	"context"
	"time"

	"muster/bot/worker"
	"muster/incident"
)

// Decide is what a store runs inside a transaction; it may run it twice.
type Decide = func(current incident.Incident) (incident.Outcome, error)

// Incidents is where commands are applied. A key named once works a single time; a second use is *incident.SeenError.
type Incidents interface {
	Create(ctx context.Context, once string, decide func(id incident.ID) (incident.Outcome, error)) (incident.Outcome, error)
	Apply(ctx context.Context, id incident.ID, once string, decide Decide) (incident.Outcome, error)
	See(ctx context.Context, once string) (fresh bool, err error)
	Enqueue(ctx context.Context, effects ...incident.Effect) error
	Jobs(ctx context.Context, state incident.JobState, limit int) ([]incident.Job, error)
}

// Reader is where incidents are looked up. What is not there is incident.ErrNotFound.
type Reader interface {
	Get(ctx context.Context, id incident.ID) (incident.Incident, error)
	ByChannel(ctx context.Context, channel incident.ChannelID) (incident.Incident, error)
	List(ctx context.Context, query incident.Query) (incident.Page, error)
	Timeline(ctx context.Context, id incident.ID, after uint64, limit int) ([]incident.Entry, error)
}

// Agenda is where reminders wait.
type Agenda interface {
	NextDue(ctx context.Context) (at time.Time, ok bool, err error)
	DueBefore(ctx context.Context, now time.Time, limit int) ([]incident.ID, error)
	DueChanged() <-chan struct{}
}

// Store is everything that the bot keeps anything in.
type Store interface {
	Incidents
	Reader
	Agenda
	worker.Store
}
