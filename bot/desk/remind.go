package desk

import (
	"context"
	"errors"
	"fmt"
	"time"

	"muster/incident"
)

// Remind fires what is due of one incident, and answers the reminders that were recorded. What was done since it was armed is no
// error: then none is.
func (d *Desk) Remind(ctx context.Context, id incident.ID) ([]incident.Entry, error) {
	now := time.Now()
	out, err := d.store.Apply(ctx, id, "", func(current incident.Incident) (incident.Outcome, error) {
		return incident.Step(current, id, incident.Remind{}, incident.Muster, now, d.policy)
	})
	var refusal *incident.Refusal
	if errors.As(err, &refusal) {
		d.log.Debug().Str("incident", string(id)).Msg("a reminder was not due any more")
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("remind: %w", err)
	}
	return out.Entries, nil
}
