package templates

import (
	"strings"
	"time"

	"muster/incident"
)

type reminderTexts struct {
	Rules Vocabulary[incident.RuleName] `name:"rule" also:"archive"`

	Reminders   Family[incident.RuleName, Reminder] `name:"remind"`
	To          Text[Reminder]                      // begins a reminder
	Snoozed     Text[Pause]                         // tells the channel that reminders are silent for a while
	Paused      Text[Pause]                         // tells the channel that reminders are silent until further notice
	Resumed     Text[Pause]                         // tells the channel that reminders come again
	CadenceSet  Text[Pause]                         // tells the channel how often updates are due
	WhyTitle    Text[Pause]                         // heads the list of reminders
	WhyLine     Text[Upcoming]                      // is one reminder of the list
	AckSnoozed  Text[Pause]                         // answers a snooze
	AckPaused   Text[Pause]                         // answers a pause
	AckResumed  Text[Pause]                         // answers the end of a pause
	AckCadence  Text[Pause]                         `name:"AckCadenceSet"` // answers a new cadence
	AckReminded Text[Change]                        // answers a remind command that fired something
}

// Reminder is a reminder as it is sent.
type Reminder struct {
	Incident Incident
	Rule     incident.RuleName
	Users    []incident.UserID // whom it mentions in the channel
	Private  bool              // it goes to one person
	Role     string            // the role it speaks of
	Missing  []string          // the roles that are empty
	Waited   time.Duration     // since when what it reminds of is so
	Again    bool              // it was sent before
}

func (Reminder) sample(rule string) any {
	return Reminder{Incident: sampleIncident(), Rule: incident.RuleName(rule), Users: []incident.UserID{"U1"}, Role: "Tech lead",
		Missing: []string{"Tech lead"}, Waited: time.Hour, Again: true}
}

// Reminder asks for something to be done.
func (l *Language) Reminder(r Reminder) Markup { return l.Reminders.Markup(r.Rule, r) }

// Rule is what a reminder rule watches for.
func (l *Language) Rule(rule incident.RuleName) string {
	return l.Rules.word(rule, humanize(string(rule)))
}

// Pause is what became of an incident's reminders.
type Pause struct {
	Change
	Until  time.Time     // snoozed until
	Every  time.Duration // the cadence of updates; zero: the severity's
	Paused bool          // silent until a person resumes them
	Rule   string        // whose reminder a person asks about
}

func (Pause) sample(string) any {
	change := Change{Incident: sampleIncident(), By: "U1", Text: "typed words"}
	return Pause{Change: change, Until: change.Incident.NextUpdate, Every: 20 * time.Minute, Paused: true, Rule: "an update is due"}
}

// Upcoming is a reminder that will come.
type Upcoming struct {
	Rule      string
	Subject   string // the role it speaks of, where there is one
	At        time.Time
	Addressee incident.Addressee
	Users     []incident.UserID
	Again     bool
}

func (Upcoming) sample(string) any {
	return Upcoming{Rule: "update due", Subject: "Tech lead", At: sampleMoment(), Addressee: incident.ToChannel, Users: []incident.UserID{"U1"}, Again: true}
}

func reminderEvents(all events) {
	put(all, eventWords[incident.EventReminded]{
		line: func(t Teller, line *Line, e incident.EventReminded) {
			line.Rule = t.Words.Rule(e.Rule)
			if e.To != incident.ToChannel {
				line.Users = e.Users
			}
		},
		channel: notTold[incident.EventReminded], // the reminder itself is sent
		answer:  func(t Teller, c Change, _ incident.EventReminded) Markup { return t.Words.AckReminded.Markup(c) },
	})
	silencingEvents(all)
	put(all, eventWords[incident.EventCadenceSet]{
		line: func(_ Teller, line *Line, e incident.EventCadenceSet) { line.Every = interval(e.Cadence) },
		channel: func(t Teller, c Change, e incident.EventCadenceSet) Told {
			return told(t.Words.CadenceSet.Markup(Pause{Change: c, Every: interval(e.Cadence)}))
		},
		answer: func(t Teller, c Change, e incident.EventCadenceSet) Markup {
			return t.Words.AckCadence.Markup(Pause{Change: c, Every: interval(e.Cadence)})
		},
	})
}

// silencingEvents are those by which reminders fall silent, and speak again.
func silencingEvents(all events) {
	put(all, eventWords[incident.EventSnoozed]{
		line: func(t Teller, line *Line, e incident.EventSnoozed) { line.Until = t.Local(e.Until) },
		channel: func(t Teller, c Change, e incident.EventSnoozed) Told {
			return told(t.Words.Snoozed.Markup(Pause{Change: c, Until: t.Local(e.Until)}))
		},
		answer: func(t Teller, c Change, e incident.EventSnoozed) Markup {
			return t.Words.AckSnoozed.Markup(Pause{Change: c, Until: t.Local(e.Until)})
		},
	})
	put(all, eventWords[incident.EventPaused]{
		line: nothingMore[incident.EventPaused],
		channel: func(t Teller, c Change, _ incident.EventPaused) Told {
			return told(t.Words.Paused.Markup(Pause{Change: c}))
		},
		answer: func(t Teller, c Change, _ incident.EventPaused) Markup {
			return t.Words.AckPaused.Markup(Pause{Change: c})
		},
	})
	put(all, eventWords[incident.EventResumed]{
		line: nothingMore[incident.EventResumed],
		channel: func(t Teller, c Change, _ incident.EventResumed) Told {
			return told(t.Words.Resumed.Markup(Pause{Change: c}))
		},
		answer: func(t Teller, c Change, _ incident.EventResumed) Markup {
			return t.Words.AckResumed.Markup(Pause{Change: c})
		},
	})
}

// interval is the time between two updates of a cadence that a person set on one incident; 0 for the severity's.
func interval(cadence string) time.Duration {
	every, err := time.ParseDuration(strings.TrimPrefix(cadence, "@every "))
	if err != nil {
		return 0
	}
	return every
}
