package incident

import (
	"fmt"
	"time"

	"muster/incident/ledger"
)

// Step decides on a command and folds its events. The incident before is the zero Incident only for Declare, whose ID
// then is id. The error is a *Refusal when the command may not happen; nothing is to be committed then. It is another error
// when an event or an effect says nothing of who is told or shown: what is forgotten is not committed.
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
		effects := Effects(out.State, after, entry, p)
		if err := complete(out.State, event, effects); err != nil {
			return Outcome{}, err
		}
		out.Effects = append(out.Effects, effects...)
		switch e := event.(type) { // the two events that change jobs of the outbox
		case EventEffectRetried:
			out.Requeue = append(out.Requeue, e.Job)
		case EventTroubleCleared:
			out.Drop = append(out.Drop, e.Job)
		}
		if in, again := out.State.room(), after.room(); in == Wait && again != Wait {
			out.Release = append(out.Release, ConditionRoom)
		}
		out.State = after
		out.Entries = append(out.Entries, entry)
	}
	out.Effects = ledger.CoalesceEffects(out.Effects)
	out.NextDue = NextDue(out.State, p)
	return out, nil
}

// complete wants an event and its effects to say whom they tell and show.
func complete(before Incident, event Event, effects []Effect) error {
	if event.tells(before) == "" {
		return fmt.Errorf("step: %T does not say whom it tells", event)
	}
	for _, effect := range effects {
		if handling := effect.Handling(); handling.Audience.IsZero() || handling.Medium == "" {
			return fmt.Errorf("step: %T does not say who sees it, or who performs it", effect)
		}
	}
	return nil
}
