package templates

import (
	"time"

	"muster/incident"
)

type incidentTexts struct {
	Title       Text[Incident] // is the heading of the card
	Heading     Text[Incident] // names the incident in a text
	Marks       Text[Incident] // begins a heading: a drill, private
	NextUpdate  Text[Incident] // says when the next update is due, or was
	Row         Text[Incident] // is the incident in a list, in two lines
	AckDeclared Text[Change]   // answers a declaration
	AckNothing  Text[Incident] // answers a command that changed nothing, since all was so already
}

// Incident is an incident in words, as its texts need it.
type Incident struct {
	ID                                        incident.ID
	Command                                   string // how a command to it begins: "/incident INC-42"
	Title, Summary                            string
	Severity, Mark, Meaning, Status, Priority string
	Unjudged                                  bool   // nobody has judged the severity
	TreatedAs                                 string // the severity it is treated as until then
	Private, Drill, Open, Triage              bool
	DeclaredBy                                incident.UserID
	DeclaredAt, FinishedAt                    time.Time
	Duration                                  time.Duration
	Channel                                   incident.ChannelID // empty until it exists
	Managers                                  []incident.UserID
	NextUpdate                                time.Time // zero: none is due
	Overdue                                   time.Duration
	LastUpdate                                string
	LastUpdateBy                              incident.UserID
	LastUpdateAt                              time.Time
	Closing                                   string
	Quote, Link                               string // of the message it was declared from
	Author                                    incident.UserID
	Mine                                      []string // the roles that the reader holds
}

func (Incident) sample(string) any { return sampleIncident() }

func sampleIncident() Incident {
	at := sampleMoment()
	return Incident{
		ID: "INC-42", Command: "/incident INC-42", Title: "Checkout is down", Summary: "Payments fail.", Severity: "SEV1",
		Mark: ":red_circle:", Meaning: "down for all", Status: "Fixing", Priority: "P1", TreatedAs: "SEV2", Open: true,
		DeclaredBy: "U1", DeclaredAt: at, FinishedAt: at.Add(time.Hour), Duration: 85 * time.Minute, Channel: "C1",
		Managers: []incident.UserID{"U1", "U2"}, NextUpdate: at.Add(time.Hour), Overdue: 5 * time.Minute, LastUpdate: "Half of the payments work again.",
		LastUpdateBy: "U1", LastUpdateAt: at, Closing: "Rolled back.", Quote: "checkout gives 500", Link: "https://example.com/1",
		Author: "U3", Mine: []string{"Tech lead"},
	}
}

// Now is the moment that the incident is described at, as long as it is open; afterwards the one that it ended at.
func (in Incident) Now() time.Time { return in.DeclaredAt.Add(in.Duration) }

// Today reports whether a moment is on the day of Now.
func (in Incident) Today(at time.Time) bool { return sameDay(at, in.Now()) }

func incidentEvents(all events) {
	put(all, eventWords[incident.EventDeclared]{
		line: func(t Teller, line *Line, e incident.EventDeclared) {
			line.Severity, line.Text = t.Words.Severity(e.Severity), e.Title
		},
		channel: notTold[incident.EventDeclared], // the card tells
		answer: func(t Teller, c Change, _ incident.EventDeclared) Markup {
			return t.Words.AckDeclared.Markup(c)
		},
	})
}
