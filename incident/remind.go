package incident

import "time"

// Bounds of what people may set by hand.
const (
	ShortestPause = time.Minute
	LongestPause  = 7 * 24 * time.Hour
)

func checkPause(d time.Duration) error {
	if d < ShortestPause || d > LongestPause {
		return &Refusal{Code: RefuseBadDuration}
	}
	return nil
}

func decideReminders(in Incident, command Command, now time.Time, p *Policy) ([]Event, error) {
	if c, ok := command.(Remind); ok {
		return decideRemind(in, c, now, p)
	}
	if err := in.stillOpen(); err != nil {
		return nil, err
	}
	switch c := command.(type) {
	case Snooze:
		if err := checkPause(c.For); err != nil {
			return nil, err
		}
		return []Event{EventSnoozed{now.Add(c.For)}}, nil
	case PauseReminders:
		return unless(in.Reminders.Paused, EventPaused{})
	case ResumeReminders:
		return unless(!in.Reminders.Paused && !in.Reminders.SnoozedUntil.After(now), EventResumed{})
	case SetCadence:
		if c.Every == 0 {
			return unless(in.Cadence == "", EventCadenceSet{})
		}
		if c.Every < ShortestPause || c.Every > LongestPause {
			return nil, &Refusal{Code: RefuseBadCadence}
		}
		cadence := "@every " + c.Every.String()
		return unless(in.Cadence == cadence, EventCadenceSet{cadence})
	}
	return nil, nil
}

// decideRemind fires what is due at this moment; what was done since the reminder was armed fires nothing.
func decideRemind(in Incident, _ Remind, now time.Time, p *Policy) ([]Event, error) {
	var events []Event
	for _, reminder := range Due(in, p) {
		if reminder.At.After(now) {
			continue
		}
		if reminder.Rule == ruleArchive {
			events = append(events, EventArchiveDue{})
			continue
		}
		to, users := in.recipients(reminder)
		events = append(events, EventReminded{
			Rule: reminder.Rule, Subject: reminder.Subject, Anchor: reminder.Anchor, Step: reminder.Step,
			Due: reminder.At, To: to, Users: users, Missing: reminder.Missing,
		})
	}
	if len(events) == 0 {
		return nil, &Refusal{Code: RefuseNotDue}
	}
	return events, nil
}
