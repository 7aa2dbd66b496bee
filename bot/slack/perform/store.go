package perform

import (
	"context"

	"muster/incident"
)

// Reader is where the state is that effects show. What is not there is incident.ErrNotFound.
type Reader interface {
	Get(ctx context.Context, id incident.ID) (incident.Incident, error)
	Entry(ctx context.Context, id incident.ID, seq uint64) (incident.Entry, error)
	ByChannel(ctx context.Context, channel incident.ChannelID) (incident.Incident, error)
	List(ctx context.Context, query incident.Query) (incident.Page, error)
}

// People knows who somebody is, and with that what they may read.
type People interface {
	Actor(ctx context.Context, user incident.UserID) (incident.Actor, error)
}
