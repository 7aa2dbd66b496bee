package slack

import (
	"context"
	"errors"
	"time"

	"muster/incident"
)

// tellSetAside makes a trouble of every effect that is set aside and that its incident does not know of: one that another
// version of Muster left, and that this one cannot read.
func (b *Bot) tellSetAside(ctx context.Context) {
	jobs, err := b.store.Jobs(ctx, incident.JobsFailed, 0)
	if err != nil {
		b.log.Error().Err(err).Msg("what is set aside could not be listed")
		return
	}
	for _, job := range jobs {
		handling := job.Effect.Handling()
		if incident.IDOf(handling.Of) == "" {
			continue // the log and muster check tell of it
		}
		reason := job.LastError
		if job.Unreadable {
			reason = incident.ReasonUnreadable
		}
		failure := incident.RecordFailure{Job: job.ID, Kind: handling.Kind, Key: handling.Key, Reason: reason}
		now := time.Now()
		_, err := b.store.Apply(ctx, incident.IDOf(handling.Of), "", func(current incident.Incident) (incident.Outcome, error) {
			return incident.Step(current, incident.IDOf(handling.Of), failure, incident.Muster, now, b.policy)
		})
		if err != nil && !errors.Is(err, incident.ErrNotFound) {
			b.log.Error().Err(err).Str("incident", string(incident.IDOf(handling.Of))).Msg("what is set aside could not be told")
		}
	}
}
