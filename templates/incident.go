package templates

import (
	"time"

	"muster/incident"
)

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

// Now is the moment that the incident is described at, as long as it is open; afterwards the one that it ended at.
func (in Incident) Now() time.Time { return in.DeclaredAt.Add(in.Duration) }

// Today reports whether a moment is on the day of Now.
func (in Incident) Today(at time.Time) bool { return sameDay(at, in.Now()) }

// Title is the heading of the card, in plain text.
func (w *Words) Title(in Incident) string { return w.plain("Title", in) }

// Heading names the incident in a text.
func (w *Words) Heading(in Incident) Markup { return w.markup("Heading", in) }

// Row is the incident in a list, in two lines.
func (w *Words) Row(in Incident) Markup { return w.markup("Row", in) }

// CardText is the card as a notification shows it.
func (w *Words) CardText(in Incident) Markup { return w.markup("CardText", in) }

// CardFacts is the first paragraph of the card.
func (w *Words) CardFacts(in Incident) Markup { return w.markup("CardFacts", in) }

// CardSummary is what is known, and the last update.
func (w *Words) CardSummary(in Incident) Markup { return w.markup("CardSummary", in) }

// CardOrigin quotes the message that the incident was declared from.
func (w *Words) CardOrigin(in Incident) Markup { return w.markup("CardOrigin", in) }

// CardClosing tells how a finished incident ended.
func (w *Words) CardClosing(in Incident) Markup { return w.markup("CardClosing", in) }

// CardHint is the small print below the card.
func (w *Words) CardHint(in Incident) Markup { return w.markup("CardHint", in) }

// RoleLine is one role on the card.
type RoleLine struct {
	Role     string
	Holders  []incident.UserID
	Required bool // the severity asks for it
}

// CardRole says who holds a role.
func (w *Words) CardRole(line RoleLine) Markup { return w.markup("CardRole", line) }

// Topic is the topic of the incident's channel.
func (w *Words) Topic(in Incident) Markup { return w.markup("Topic", in) }

// Announcement is the incident in the announcement channel.
func (w *Words) Announcement(in Incident) Markup { return w.markup("Announcement", in) }

// AnnouncementFacts is the small print below the announcement.
func (w *Words) AnnouncementFacts(in Incident) Markup { return w.markup("AnnouncementFacts", in) }

// Origin answers in the thread of the message that an incident was declared from.
func (w *Words) Origin(in Incident) Markup { return w.markup("Origin", in) }

// RailStep is a step of the process as the rail shows it.
type RailStep struct {
	Word       string
	Done, Next bool
}

// NextStep is the step to do now: its name, and what it takes in a sentence.
type NextStep struct{ Word, Todo string }

// NextStep says what to do now.
func (w *Words) NextStep(step NextStep) Markup { return w.markup("NextStep", step) }

// Rail shows the steps of the process in a row.
func (w *Words) Rail(steps []RailStep) Markup { return w.markup("Rail", steps) }
