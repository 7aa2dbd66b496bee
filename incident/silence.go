package incident

import (
	"time"

	"muster/incident/ledger"
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

// How often, and whether, an open incident reminds people.
type (
	// Snooze silences the reminders from now on for so long; a shorter one takes nothing of a longer one away.
	Snooze struct{ For time.Duration }
	// PauseReminders silences them until ResumeReminders.
	PauseReminders struct{}
	// ResumeReminders ends a pause or a snooze.
	ResumeReminders struct{}
	// SetCadence sets how often updates are due on this incident, counted from the last one; 0 returns to the severity's cadence.
	SetCadence struct{ Every time.Duration }
)

func (Snooze) Aggregate() ledger.Aggregate          { return Aggregate }
func (PauseReminders) Aggregate() ledger.Aggregate  { return Aggregate }
func (ResumeReminders) Aggregate() ledger.Aggregate { return Aggregate }
func (SetCadence) Aggregate() ledger.Aggregate      { return Aggregate }

func (Snooze) needs() Need          { return permission(ActRemind) }
func (PauseReminders) needs() Need  { return permission(ActRemind) }
func (ResumeReminders) needs() Need { return permission(ActRemind) }
func (SetCadence) needs() Need      { return permission(ActRemind) }

func (Snooze) stands(in Incident) error          { return in.stillOpen() }
func (PauseReminders) stands(in Incident) error  { return in.stillOpen() }
func (ResumeReminders) stands(in Incident) error { return in.stillOpen() }
func (SetCadence) stands(in Incident) error      { return in.stillOpen() }

func (c Snooze) decide(in Incident, by circumstances) ([]Event, error) {
	if err := checkPause(c.For); err != nil {
		return nil, err
	}
	until := by.now.Add(c.For)
	if in.Reminders.SnoozedUntil.After(until) {
		until = in.Reminders.SnoozedUntil // a button that is pressed in passing takes nobody's longer silence away
	}
	return []Event{EventSnoozed{Until: until}}, nil
}

func (PauseReminders) decide(in Incident, _ circumstances) ([]Event, error) {
	return eventIf(!in.Reminders.Paused, EventPaused{})
}

func (ResumeReminders) decide(in Incident, by circumstances) ([]Event, error) {
	return eventIf(in.Reminders.Paused || in.Reminders.SnoozedUntil.After(by.now), EventResumed{})
}

// decide sets how often updates are due; they are counted from the last one, so the next may be due at once.
func (c SetCadence) decide(in Incident, _ circumstances) ([]Event, error) {
	cadence := ""
	if c.Every != 0 {
		if c.Every < ShortestPause || c.Every > LongestPause {
			return nil, &Refusal{Code: RefuseBadCadence}
		}
		cadence = policy.EveryPrefix + c.Every.String()
	}
	return eventIf(in.Cadence != cadence, EventCadenceSet{Cadence: cadence})
}

type (
	// EventSnoozed: no reminders until then.
	EventSnoozed struct {
		Until time.Time `json:"until"`
	}
	// EventPaused: no reminders until somebody resumes them.
	EventPaused struct{}
	// EventResumed: reminders come again.
	EventResumed struct{}
	// EventCadenceSet: updates are due at another cadence; empty means the severity's.
	EventCadenceSet struct {
		Cadence string `json:"cadence,omitempty"`
	}
)

func (EventSnoozed) EventKind() EventKind    { return KindSnoozed }
func (EventPaused) EventKind() EventKind     { return KindPaused }
func (EventResumed) EventKind() EventKind    { return KindResumed }
func (EventCadenceSet) EventKind() EventKind { return KindCadenceSet }

func (e EventSnoozed) fold(in *Incident, _ Entry) { in.Reminders.SnoozedUntil = e.Until }
func (EventPaused) fold(in *Incident, _ Entry)    { in.Reminders.Paused = true }
func (EventResumed) fold(in *Incident, _ Entry) {
	in.Reminders.Paused, in.Reminders.SnoozedUntil = false, time.Time{}
}
func (e EventCadenceSet) fold(in *Incident, _ Entry) {
	in.Cadence, in.Reminders.NextUpdate = e.Cadence, time.Time{}
}

func (EventSnoozed) follows(_, _ Incident, _ Entry, _ *Policy) []Effect    { return nil }
func (EventPaused) follows(_, _ Incident, _ Entry, _ *Policy) []Effect     { return nil }
func (EventResumed) follows(_, _ Incident, _ Entry, _ *Policy) []Effect    { return nil }
func (EventCadenceSet) follows(_, _ Incident, _ Entry, _ *Policy) []Effect { return nil }

func (EventSnoozed) tells(Incident) Telling    { return TellsChannel }
func (EventPaused) tells(Incident) Telling     { return TellsChannel }
func (EventResumed) tells(Incident) Telling    { return TellsChannel }
func (EventCadenceSet) tells(Incident) Telling { return TellsChannel }
