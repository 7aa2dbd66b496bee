package templates

import (
	"strings"

	"muster/incident"
)

type severityTexts struct {
	Severities Vocabulary[incident.Severity] `name:"severity"`
	Emojis     Vocabulary[incident.Severity] `name:"mark" also:"other"` // an emoji; other is for what only configuration knows
	Meanings   Vocabulary[incident.Severity] `name:"meaning"`

	SeverityChanged    Text[SeverityChange] // tells the channel of a judgment
	AckSeverityChanged Text[SeverityChange] // answers a new severity
}

// SeverityChange is a severity that was judged anew.
type SeverityChange struct {
	Change
	From, To string
	Mark     string
}

func (SeverityChange) sample(string) any {
	change := Change{Incident: sampleIncident(), By: "U1", Text: "typed words"}
	return SeverityChange{Change: change, From: "SEV2", To: "SEV1", Mark: ":red_circle:"}
}

// Severity is the word for a severity; one that only configuration knows is shown by its name.
func (l *Language) Severity(severity incident.Severity) string {
	return l.Severities.word(severity, strings.ToUpper(string(severity)))
}

// SeverityMark is the emoji of a severity.
func (l *Language) SeverityMark(severity incident.Severity) string {
	return l.Emojis.word(severity, l.Emojis.word("other", ""))
}

// Meaning says what a severity means.
func (l *Language) Meaning(level incident.SeverityPolicy) string {
	if level.Meaning != "" {
		return level.Meaning
	}
	return l.Meanings.word(level.Name, "")
}

func severityEvents(all events) {
	judged := func(t Teller, c Change, e incident.EventSeverityChanged) SeverityChange {
		c.Text = e.Reason
		return SeverityChange{Change: c, From: t.Words.Severity(e.From), To: t.Words.Severity(e.To), Mark: t.Words.SeverityMark(e.To)}
	}
	put(all, eventWords[incident.EventSeverityChanged]{
		line: func(t Teller, line *Line, e incident.EventSeverityChanged) {
			line.From, line.To, line.Text = t.Words.Severity(e.From), t.Words.Severity(e.To), e.Reason
		},
		channel: func(t Teller, c Change, e incident.EventSeverityChanged) Told {
			return told(t.Words.SeverityChanged.Markup(judged(t, c, e)))
		},
		answer: func(t Teller, c Change, e incident.EventSeverityChanged) Markup {
			return t.Words.AckSeverityChanged.Markup(judged(t, c, e))
		},
	})
}
