package desk

import (
	"context"
	"errors"
	"fmt"
	"time"

	"muster/incident"
	"muster/incident/ledger"
)

// Reminded is a reminder that was recorded.
type Reminded struct {
	Rule string
	Step int
	Late time.Duration // so long after it was due
}

// Remind fires what is due of one aggregate, and answers the reminders that were recorded; fired is false where nothing was due any
// more, which is no error.
func (d *Desk) Remind(ctx context.Context, of ledger.Ref) (reminded []Reminded, fired bool, err error) {
	id := incident.IDOf(of)
	if id == "" {
		return nil, false, fmt.Errorf("remind: %s is no incident", of)
	}
	now := time.Now()
	out, err := d.store.Apply(ctx, id, "", func(current incident.Incident) (incident.Outcome, error) {
		return incident.Step(current, id, incident.Remind{}, incident.Muster, now, d.policy)
	})
	var refusal *incident.Refusal
	if errors.As(err, &refusal) {
		d.log.Debug().Str("incident", string(id)).Msg("a reminder was not due any more")
		return nil, false, nil
	}
	if err != nil {
		return nil, false, fmt.Errorf("remind: %w", err)
	}
	for _, entry := range out.Entries {
		if event, is := entry.Event.(incident.EventReminded); is {
			reminded = append(reminded, Reminded{Rule: string(event.Rule), Step: event.Step, Late: entry.At.Sub(event.Due)})
		}
	}
	return reminded, len(out.Entries) > 0, nil
}
