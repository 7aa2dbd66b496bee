package desk

import (
	"context"

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
