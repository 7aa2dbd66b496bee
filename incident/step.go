package incident

import (
	"time"

	"muster/incident/ledger"
)

// Step decides on a command and folds its events. The incident before is the zero Incident only for Declare, whose ID
// then is id. The error is a *Refusal when the command may not happen; nothing is to be committed then.
//
// Times never run backwards: should the clock have been set back, the entry gets the time of the entry before it.
func Step(before Incident, id ID, command Command, actor Actor, now time.Time, p *Policy) (Outcome, error) {
	now = now.UTC() // as JSON brings it back: UTC also drops the monotonic reading
	if now.Before(before.ChangedAt) {
		now = before.ChangedAt
	}
	events, err := Decide(before, id, command, actor, now, p)
	if err != nil {
		return Outcome{}, err
	}
	actor.Groups = nil // the timeline does not keep them
	out := Outcome{State: before}
	for _, event := range events {
		entry := Entry{Seq: out.State.Seq + 1, At: now, Actor: actor, Event: event}
		after := Fold(out.State, entry)
		out.Effects = append(out.Effects, Effects(out.State, after, entry, p)...)
		if retried, ok := event.(EventEffectRetried); ok {
			out.Requeue = append(out.Requeue, retried.Job)
		}
		out.State = after
		out.Entries = append(out.Entries, entry)
	}
	out.Effects = ledger.CoalesceEffects(out.Effects)
	out.NextDue = NextDue(out.State, p)
	return out, nil
}
