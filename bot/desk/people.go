package desk

import (
	"context"
	"fmt"
	"time"

	"muster/incident"
)

// People knows who somebody is.
type People interface {
	// Actor says what a user is to the workspace, and which groups they are in. One whom it has never heard of it asks about; the
	// error says that nobody could tell.
	Actor(ctx context.Context, user incident.UserID) (incident.Actor, error)
}

// Who is who asks, or whom a command is about. A user whom nobody knows is an actor of no kind, which no command accepts.
func (d *Desk) Who(ctx context.Context, user incident.UserID) (incident.Actor, error) {
	actor, err := d.people.Actor(ctx, user)
	actor.ID = user
	return actor, err
}

// Deactivated empties the roles of a person in every open incident: their account was deactivated.
func (d *Desk) Deactivated(ctx context.Context, user incident.UserID) error {
	query := incident.Query{Scope: incident.ScopeOpen, Person: user, AllSeen: true}
	for {
		page, err := d.store.List(ctx, query)
		if err != nil {
			return fmt.Errorf("find the roles of a person who was deactivated: %w", err)
		}
		for _, in := range page.Incidents {
			if _, err := d.Record(ctx, Asked{At: time.Now()}, in.ID, incident.RecordDeactivated{User: user}); err != nil {
				return fmt.Errorf("empty the roles of a person who was deactivated: %w", err)
			}
		}
		if query.After = page.Next; query.After == "" {
			return nil
		}
	}
}
