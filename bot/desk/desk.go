package desk

import (
	"context"
	"errors"
	"fmt"
	"time"

	"muster/incident"

	"github.com/rs/zerolog"
)

// Desk is safe for use by many goroutines.
type Desk struct {
	store  Store
	people People
	policy *incident.Policy
	log    zerolog.Logger
}

// Options of a Desk. All of them must be given.
type Options struct {
	Store  Store
	People People
	Policy *incident.Policy // compiled
	Log    zerolog.Logger
}

// New makes a desk.
func New(options Options) *Desk {
	return &Desk{store: options.Store, people: options.People, policy: options.Policy, log: options.Log}
}

// Asked is what a door knows of who asks.
type Asked struct {
	By   incident.Actor
	At   time.Time
	Once string // the key under which it works a single time; empty: it is not asked twice
}

// Declare raises an incident. Asking again with one key changes nothing and answers the incident of the first time, with no
// entries. The error is a *incident.Refusal where it may not be.
func (d *Desk) Declare(ctx context.Context, asked Asked, declare incident.Declare) (incident.Outcome, error) {
	out, err := d.store.Create(ctx, asked.Once, func(id incident.ID) (incident.Outcome, error) {
		return incident.Step(incident.Incident{}, id, declare, asked.By, asked.At, d.policy)
	})
	var seen *incident.SeenError
	if errors.As(err, &seen) {
		in, err := d.store.Get(ctx, incident.IDOf(seen.Of))
		if err != nil {
			return incident.Outcome{}, fmt.Errorf("declare again: %w", err)
		}
		return incident.Outcome{State: in}, nil
	}
	if err != nil {
		return incident.Outcome{}, fmt.Errorf("declare: %w", err)
	}
	d.log.Info().Str("incident", string(out.State.ID)).Str("actor", string(asked.By.ID)).Msg("declared")
	return out, nil
}

// Apply runs a command on an incident. Errors: *incident.Refusal; *incident.SeenError for a key that has worked already;
// incident.ErrNotFound.
func (d *Desk) Apply(ctx context.Context, asked Asked, id incident.ID, command incident.Command) (incident.Outcome, error) {
	out, err := d.store.Apply(ctx, id, asked.Once, func(current incident.Incident) (incident.Outcome, error) {
		return incident.Step(current, id, command, asked.By, asked.At, d.policy)
	})
	if err != nil {
		return incident.Outcome{}, fmt.Errorf("apply %T: %w", command, err)
	}
	d.log.Info().Str("incident", string(id)).Str("actor", string(asked.By.ID)).Str("command", fmt.Sprintf("%T", command)).
		Int("entries", len(out.Entries)).Msg("applied")
	return out, nil
}

// Record takes what a medium reports of an incident, as Muster itself. A report that comes twice is taken once; then, and when it
// says nothing new, the outcome has no entries.
func (d *Desk) Record(ctx context.Context, asked Asked, id incident.ID, command incident.Command) (incident.Outcome, error) {
	asked.By = incident.Muster
	out, err := d.Apply(ctx, asked, id, command)
	if seen := (*incident.SeenError)(nil); errors.As(err, &seen) {
		return incident.Outcome{}, nil
	}
	return out, err
}

// Look has the medium look whether an incident's channel is archived.
func (d *Desk) Look(ctx context.Context, id incident.ID) error {
	if err := d.store.Enqueue(ctx, incident.LookAtChannel{Of: id}); err != nil {
		return fmt.Errorf("look at the channel: %w", err)
	}
	return nil
}

// Home has a person's overview drawn.
func (d *Desk) Home(ctx context.Context, user incident.UserID) error {
	if err := d.store.Enqueue(ctx, incident.DrawHome{User: user}); err != nil {
		return fmt.Errorf("draw home: %w", err)
	}
	return nil
}
