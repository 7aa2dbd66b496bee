package templates

import (
	"time"

	"muster/incident"
)

type timelineTexts struct {
	TimelineTitle Text[Incident]                   // heads a timeline
	TimelineStamp Text[Line]                       // is when an entry happened
	TimelineLines Family[incident.EventKind, Line] `name:"timeline"`
}

// Line is one entry of a timeline.
type Line struct {
	Kind                                           incident.EventKind
	When                                           time.Time
	By                                             incident.UserID
	Machine                                        bool // another bot did it
	Backdated                                      bool // it was noted later than it happened
	Left                                           bool // the person is out of the channel
	Severity, From, To, Status, Role, Effect, Rule string
	Text, Link                                     string
	Typed                                          string // all that was typed, as a document keeps it beside the line
	User, Replaced                                 incident.UserID
	Users                                          []incident.UserID
	Channel                                        incident.ChannelID
	Until                                          time.Time
	Every                                          time.Duration
	Reason                                         string
}

func (Line) sample(kind string) any {
	return Line{
		Kind: incident.EventKind(kind), When: sampleMoment(), By: "U1", Severity: "SEV1", From: "SEV2", To: "SEV1", Status: "Fixing",
		Role: "Tech lead", Effect: "pin the card", Rule: "update due", Text: "typed words", Link: "https://example.com/1", User: "U2",
		Replaced: "U3", Users: []incident.UserID{"U1"}, Channel: "C1", Until: sampleMoment(), Every: 20 * time.Minute, Reason: "not_pinnable",
	}
}

// TimelineLine is one entry of a timeline.
func (l *Language) TimelineLine(line Line) Markup { return l.TimelineLines.Markup(line.Kind, line) }
