package incident

import "muster/incident/ledger"

// Declare raises an incident (PROCESS: step 2). Only the title is required; an empty severity means Unknown.
type Declare struct {
	Title    string
	Summary  string
	Severity Severity
	Private  bool
	Drill    bool
	Origin   Origin
}

func (Declare) Aggregate() ledger.Aggregate { return Aggregate }
func (Declare) needs() Need                 { return permission(ActDeclare) }
func (Declare) stands(Incident) error       { return nil }

// decide raises an incident. Where the severity is not known, or a machine raised it, a person has to accept it first.
func (c Declare) decide(_ Incident, by circumstances) ([]Event, error) {
	title, err := checkTitle(c.Title)
	if err != nil {
		return nil, err
	}
	summary := paragraph(c.Summary)
	if err := within("summary", summary, MaxSummary); err != nil {
		return nil, err
	}
	severity := c.Severity
	if severity == "" {
		severity = Unknown
	}
	severity, known := by.policy.ParseSeverity(string(severity))
	if !known {
		return nil, &Refusal{Code: RefuseUnknownSeverity, Text: string(c.Severity)}
	}
	status := Declared
	if severity == Unknown || c.Origin.Source == FromMachine {
		status = Triage
	}
	origin := c.Origin
	origin.Quote = shorten(paragraph(origin.Quote), MaxText)
	return []Event{EventDeclared{
		ID: by.id, Title: title, Summary: summary, Severity: severity, Priority: by.policy.Level(severity).Priority,
		Status: status, Private: c.Private, Drill: c.Drill, Origin: origin,
	}}, nil
}

// EventDeclared is the first event of every incident.
type EventDeclared struct {
	ID       ID       `json:"id"`
	Title    string   `json:"title"`
	Summary  string   `json:"summary,omitempty"`
	Severity Severity `json:"severity"`
	Priority Priority `json:"priority"`
	Status   Status   `json:"status"`
	Private  bool     `json:"private,omitempty"`
	Drill    bool     `json:"drill,omitempty"`
	Origin   Origin   `json:"origin"`
}

func (EventDeclared) EventKind() EventKind { return KindDeclared }

func (e EventDeclared) fold(in *Incident, entry Entry) {
	in.ID, in.Title, in.Summary, in.Severity, in.Priority = e.ID, e.Title, e.Summary, e.Severity, e.Priority
	in.Status, in.Private, in.Drill, in.Origin = e.Status, e.Private, e.Drill, e.Origin
	if entry.Actor.Human() {
		in.DeclaredBy = entry.Actor.ID
	}
	in.DeclaredAt, in.StatusAt = entry.At, entry.At
	in.Reminders.WatchedFrom, in.Reminders.TouchedAt = entry.At, entry.At
	in.restartCadence(entry.At)
}

func (EventDeclared) follows(_, after Incident, _ Entry, _ *Policy) []Effect {
	return []Effect{CreateChannel{Of: after.ID}}
}

// tells: whoever reads the channel sees the card.
func (EventDeclared) tells(Incident) Telling { return TellsNobody }

// LinkOrigin answers in the thread of the message that an incident was declared from with a link to its channel, once.
type LinkOrigin struct {
	Of ID `json:"of"`
}

// Handling: once an incident.
func (e LinkOrigin) Handling() Handling {
	return Handling{
		Kind: KindLinkOrigin, Medium: ledger.Slack, Of: e.Of.Ref(), Audience: ledger.ShownAt(""),
		Key: key(e.Of, "origin"), Lane: key(e.Of, "origin"), Urgency: UrgencyUpdate,
	}
}
