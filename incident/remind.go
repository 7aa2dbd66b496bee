package incident

import (
	"fmt"
	"slices"
	"time"

	"muster/incident/policy"
)

// Bounds of what people may set by hand: a snooze, a cadence, the time until the next update.
const (
	ShortestPause = time.Minute
	LongestPause  = 7 * 24 * time.Hour
)

// checkPause refuses a silence that is too short to notice or so long that everybody forgets it.
func checkPause(d time.Duration) error {
	if d < ShortestPause || d > LongestPause {
		return &Refusal{Code: RefuseBadDuration}
	}
	return nil
}

// decideSilence says how often, and whether, an open incident reminds people.
func decideSilence(in Incident, command Command, now time.Time) ([]Event, error) {
	if err := in.stillOpen(); err != nil {
		return nil, err
	}
	switch c := command.(type) {
	case Snooze:
		if err := checkPause(c.For); err != nil {
			return nil, err
		}
		until := now.Add(c.For)
		if in.Reminders.SnoozedUntil.After(until) {
			until = in.Reminders.SnoozedUntil // a button that is pressed in passing takes nobody's longer silence away
		}
		return []Event{EventSnoozed{Until: until}}, nil
	case PauseReminders:
		return unless(in.Reminders.Paused, EventPaused{})
	case ResumeReminders:
		return unless(!in.Reminders.Paused && !in.Reminders.SnoozedUntil.After(now), EventResumed{})
	case SetCadence:
		return decideCadence(in, c)
	}
	return nil, fmt.Errorf("decide: no rule for command %T", command)
}

// decideCadence sets how often updates are due; they are counted from the last one, so the next may be due at once.
func decideCadence(in Incident, c SetCadence) ([]Event, error) {
	if c.Every == 0 {
		return unless(in.Cadence == "", EventCadenceSet{})
	}
	if c.Every < ShortestPause || c.Every > LongestPause {
		return nil, &Refusal{Code: RefuseBadCadence}
	}
	cadence := policy.EveryPrefix + c.Every.String()
	return unless(in.Cadence == cadence, EventCadenceSet{Cadence: cadence})
}

// decideRemind fires what is due at this moment; what was done since the reminder was armed fires nothing.
func decideRemind(in Incident, now time.Time, p *Policy) ([]Event, error) {
	due := slices.DeleteFunc(Due(in, p), func(reminder Reminder) bool { return reminder.At.After(now) })
	overdue := slices.ContainsFunc(due, func(reminder Reminder) bool { return reminder.Rule == RuleUpdateOverdue })
	var events []Event
	for _, reminder := range due {
		switch {
		case reminder.Rule == ruleArchive:
			events = append(events, EventArchiveDue{})
		case reminder.Rule == RuleUpdateDue && overdue:
			// After a stop both are due for one update. The later one says it all, and ends the earlier one (see bases).
		default:
			to, users := in.recipients(reminder)
			events = append(events, EventReminded{
				Rule: reminder.Rule, Subject: reminder.Subject, Anchor: reminder.Anchor, Step: reminder.Step,
				Due: reminder.At, To: to, Users: users, Missing: reminder.Missing,
			})
		}
	}
	if len(events) == 0 {
		return nil, &Refusal{Code: RefuseNotDue}
	}
	return events, nil
}

// recipients are the people a reminder speaks to. When nobody fits, the channel is told instead; when that was archived
// under an open incident, nobody reads there, and whoever leads is told.
func (in Incident) recipients(reminder Reminder) (Addressee, []UserID) {
	to, users := in.addressed(reminder)
	if to == ToChannel && in.Channel.Archived {
		if managers := in.Holders(IncidentManager); len(managers) > 0 {
			return ToManager, managers
		}
		return ToDeclarer, in.declarer()
	}
	return to, users
}

func (in Incident) addressed(reminder Reminder) (Addressee, []UserID) {
	managers := in.Holders(IncidentManager)
	owner := firstOf(in.Holders(CommsManager), managers)
	switch reminder.To {
	case ToOwner:
		if len(owner) > 0 {
			return ToOwner, owner
		}
	case ToManager:
		if len(managers) > 0 {
			return ToManager, managers
		}
	case ToDeclarer:
		if declarer := in.declarer(); len(declarer) > 0 {
			return ToDeclarer, declarer
		}
	case ToHolder:
		for _, held := range in.Roles {
			if reminder.Subject == held.subject() {
				return ToHolder, []UserID{held.User}
			}
		}
	}
	if reminder.Rule == RuleNoManager || reminder.Rule == RuleRoleEmpty {
		return ToChannel, firstOf(managers, in.declarer())
	}
	return ToChannel, owner
}

// firstOf is the first person on the first list that has any, as a list of one.
func firstOf(lists ...[]UserID) []UserID {
	for _, list := range lists {
		if len(list) > 0 {
			return list[:1]
		}
	}
	return nil
}
