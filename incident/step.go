package incident

import "time"

// Outcome is everything that follows from one command: what a store commits in one transaction.
type Outcome struct {
	Incident Incident  // the state afterwards
	Entries  []Entry   // what goes to the timeline; empty when the command changed nothing
	Effects  []Effect  // what goes to the outbox, in order
	Requeue  []JobID   // failed effects that go back into it
	NextDue  time.Time // when the earliest reminder comes; zero: none
}

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
	out := Outcome{Incident: before}
	for _, event := range events {
		entry := Entry{Seq: out.Incident.Seq + 1, At: now, Actor: actor, Event: event}
		after := Fold(out.Incident, entry)
		out.Effects = append(out.Effects, Effects(out.Incident, after, entry, p)...)
		if retried, ok := event.(EventEffectRetried); ok {
			out.Requeue = append(out.Requeue, retried.Job)
		}
		out.Incident = after
		out.Entries = append(out.Entries, entry)
	}
	out.Effects = foldRedraws(out.Effects)
	out.NextDue = NextDue(out.Incident, p)
	return out, nil
}

// foldRedraws makes one of several redraws with one key, as the outbox does with those that wait.
func foldRedraws(effects []Effect) []Effect {
	at := map[string]int{}
	var kept []Effect
	for _, effect := range effects {
		handling := effect.Handling()
		if !handling.Redraw {
			kept = append(kept, effect)
			continue
		}
		if i, again := at[handling.Key]; !again {
			at[handling.Key] = len(kept)
			kept = append(kept, effect)
		} else if handling.Urgency <= kept[i].Handling().Urgency {
			kept[i] = effect
		}
	}
	return kept
}
