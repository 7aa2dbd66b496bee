package desk

import (
	"context"
	"errors"
	"fmt"
	"time"

	"muster/incident"
	"muster/incident/ledger"
)

// Admit asks the gate whether a job may be performed now. One that may not is ended here: what nobody may see any more is dropped,
// and what waits for the incident's channel is set aside until that is there. Errors: incident.ErrFenced, as with Done.
func (d *Desk) Admit(ctx context.Context, job incident.Job) (bool, error) {
	handling := job.Effect.Handling()
	id := incident.IDOf(handling.Of)
	if id == "" {
		own := handling.Of.IsZero() && (handling.Audience.Reach == ledger.ReachOverview || handling.Audience.Reach == ledger.ReachNobody)
		if !own { // no gate knows it
			return false, d.GiveUp(ctx, job, "not_admitted", nil)
		}
		return true, nil
	}
	in, err := d.store.Get(ctx, id)
	if errors.Is(err, incident.ErrNotFound) {
		return true, nil // its performer finds that out, and a person is told
	}
	if err != nil {
		return false, err
	}
	switch incident.Gate(in, handling.Audience) {
	case incident.Show:
		return true, nil
	case incident.Wait:
		aside, err := d.store.Wait(ctx, job, incident.ConditionRoom, func(current incident.Incident) bool {
			return incident.Gate(current, handling.Audience) == incident.Wait
		})
		if err != nil || aside {
			return false, err
		}
		return d.Admit(ctx, job) // it was released meanwhile
	}
	d.log.Info().Str("incident", string(id)).Str("effect", string(handling.Kind)).Msg("nobody may see this any more: dropped")
	return false, d.Done(ctx, job, nil)
}

// Done ends a job that was performed, in one transaction with the commands that record what came of it. What a command says that
// was recorded meanwhile is left out. Errors: incident.ErrFenced when another attempt has ended it.
func (d *Desk) Done(ctx context.Context, job incident.Job, commands []ledger.Command) error {
	_, err := d.store.Complete(ctx, job, d.followUp(job, commands, true))
	if errors.Is(err, incident.ErrNotFound) { // its incident is gone, and so is what would be recorded of it
		_, err = d.store.Complete(ctx, job, nil)
	}
	return err
}

// GiveUp sets a job aside that failed for good, in one transaction with what is known of it all the same, and has a person told.
func (d *Desk) GiveUp(ctx context.Context, job incident.Job, reason string, commands []ledger.Command) error {
	handling := job.Effect.Handling()
	commands = append(commands, incident.RecordFailure{Job: job.ID, Kind: handling.Kind, Key: handling.Key, Reason: reason})
	_, err := d.store.Fail(ctx, job, reason, d.followUp(job, commands, false))
	if errors.Is(err, incident.ErrNotFound) { // nobody is left who could be told
		_, err = d.store.Fail(ctx, job, reason, nil)
	}
	return err
}

// followUp makes one decision of several commands and of what the job's end says about earlier ones; nil for a job that belongs to
// no incident.
func (d *Desk) followUp(job incident.Job, commands []ledger.Command, done bool) Decide {
	if incident.IDOf(job.Effect.Handling().Of) == "" {
		return nil
	}
	now := time.Now()
	return func(current incident.Incident) (incident.Outcome, error) {
		all := incident.Outcome{State: current, NextDue: incident.NextDue(current, d.policy)}
		for _, one := range append(commands[:len(commands):len(commands)], outdated(current, job, done)...) {
			command, ok := one.(incident.Command)
			if !ok {
				return incident.Outcome{}, fmt.Errorf("record %T: it is for no incident", one)
			}
			next, err := incident.Step(all.State, current.ID, command, incident.Muster, now, d.policy)
			if refusal := (*incident.Refusal)(nil); errors.As(err, &refusal) {
				continue // it was recorded meanwhile
			}
			if err != nil {
				return incident.Outcome{}, fmt.Errorf("record %T: %w", command, err)
			}
			all = all.Then(next)
		}
		return all, nil
	}
}

// outdated takes back the troubles of earlier effects that this one replaces: what came of it stands for all of them. What worked
// out takes back its own too: another version may have had to set it aside.
func outdated(in incident.Incident, job incident.Job, done bool) []ledger.Command {
	handling := job.Effect.Handling()
	var commands []ledger.Command
	for _, trouble := range in.Troubles {
		own, replaced := trouble.Job == job.ID, handling.Coalesces && trouble.Key == handling.Key
		if own && done || replaced && !own {
			commands = append(commands, incident.ClearTrouble{Job: trouble.Job})
		}
	}
	return commands
}

// TellOfFailed makes a trouble of every effect that is set aside and that its incident does not know of: one that another version
// of Muster left, and that this one cannot read.
func (d *Desk) TellOfFailed(ctx context.Context) error {
	jobs, err := d.store.Jobs(ctx, incident.JobsFailed, 0)
	if err != nil {
		return fmt.Errorf("list what is set aside: %w", err)
	}
	var problems []error
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
		_, err := d.Record(ctx, Asked{At: time.Now()}, incident.IDOf(handling.Of), failure)
		if err != nil && !errors.Is(err, incident.ErrNotFound) {
			problems = append(problems, fmt.Errorf("tell of job %d: %w", job.ID, err))
		}
	}
	return errors.Join(problems...)
}
