package templates

import "muster/incident"

type statusTexts struct {
	Statuses Vocabulary[incident.Status] `name:"status"`
	Verbs    Vocabulary[incident.Verb]   `name:"verb"` // what a button says

	StatusChanges    Family[incident.Verb, StatusChange] `name:"told"`
	AckStatusChanged Text[StatusChange]                  // answers a verb
}

// StatusChange is a verb that was applied.
type StatusChange struct {
	Change
	Verb incident.Verb
}

func (StatusChange) sample(verb string) any {
	change := Change{Incident: sampleIncident(), By: "U1", Text: "typed words"}
	if verb == "" {
		verb = string(incident.VerbFix)
	}
	return StatusChange{Change: change, Verb: incident.Verb(verb)}
}

// StatusChanged tells the channel of a verb.
func (l *Language) StatusChanged(c StatusChange) Markup { return l.StatusChanges.Markup(c.Verb, c) }

// Status is the word for a status.
func (l *Language) Status(status incident.Status) string {
	return l.Statuses.word(status, humanize(string(status)))
}

// Verb is what a button says that applies a verb.
func (l *Language) Verb(verb incident.Verb) string { return l.Verbs.word(verb, humanize(string(verb))) }

func statusEvents(all events) {
	put(all, eventWords[incident.EventStatusChanged]{
		line: func(t Teller, line *Line, e incident.EventStatusChanged) {
			line.Status, line.Text = t.Words.Status(e.To), e.Text
		},
		// The channel may be told late, so the words are of the moment at which the verb was applied.
		channel: func(t Teller, c Change, e incident.EventStatusChanged) Told {
			c.Text, c.Incident.Status = e.Text, t.Words.Status(e.To)
			if !e.To.Open() {
				c.Incident.Duration = c.at.Sub(c.Incident.DeclaredAt)
			}
			return told(t.Words.StatusChanged(StatusChange{Change: c, Verb: e.Verb}))
		},
		answer: func(t Teller, c Change, e incident.EventStatusChanged) Markup {
			return t.Words.AckStatusChanged.Markup(StatusChange{Change: c, Verb: e.Verb})
		},
	})
}
