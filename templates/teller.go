package templates

import (
	"time"

	"muster/incident"
)

// Teller puts incidents, and what happens to them, into the words of one language, for one policy.
type Teller struct {
	Words   *Language
	Policy  *incident.Policy
	Command string // the slash command with its slash: "/incident"; empty where none can be typed
}

// CommandTo is how a command to an incident begins, wherever it is typed.
func (t Teller) CommandTo(in *incident.Incident) string {
	if in == nil || in.ID == "" {
		return t.Command
	}
	return t.Command + " " + string(in.ID)
}

// Local puts a moment into the team's time zone, in which fallbacks and plain texts are written.
func (t Teller) Local(at time.Time) time.Time {
	if t.Policy.Location == nil || at.IsZero() {
		return at
	}
	return at.In(t.Policy.Location)
}

// Role is the word for a role, also for one that configuration no longer knows.
func (t Teller) Role(name incident.Role) string { return t.Words.Role(t.RolePolicy(name)) }

// RolePolicy is what the team agreed on about a role; only its name where it agreed on nothing.
func (t Teller) RolePolicy(name incident.Role) incident.RolePolicy {
	if role, known := t.Policy.Role(name); known {
		return role
	}
	return incident.RolePolicy{Name: name}
}

// RoleWords are the words for several roles.
func (t Teller) RoleWords(names []incident.Role) []string {
	var words []string
	for _, name := range names {
		words = append(words, t.Role(name))
	}
	return words
}

// Facts is an incident in words, at a moment.
func (t Teller) Facts(in incident.Incident, now time.Time) Incident {
	level := t.Policy.Level(in.Severity)
	next := t.Local(incident.NextUpdate(in, t.Policy))
	facts := Incident{
		ID: in.ID, Command: t.CommandTo(&in), Title: in.Title, Summary: in.Summary,
		Severity: t.Words.Severity(in.Severity), Mark: t.Words.SeverityMark(in.Severity), Meaning: t.Words.Meaning(level),
		Status: t.Words.Status(in.Status), Priority: string(in.Priority),
		Unjudged: in.Severity == incident.Unknown, TreatedAs: t.Words.Severity(t.Policy.UnknownAs),
		Private: in.Private, Drill: in.Drill, Open: in.Status.Open(), Triage: in.Status == incident.Triage,
		DeclaredBy: in.DeclaredBy, DeclaredAt: t.Local(in.DeclaredAt), FinishedAt: t.Local(in.FinishedAt), Duration: in.Duration(now),
		Channel: in.Channel.ID, Managers: in.Holders(incident.IncidentManager), NextUpdate: next,
		LastUpdate: in.LastUpdate.Text.State, LastUpdateBy: in.LastUpdate.By, LastUpdateAt: t.Local(in.LastUpdate.At),
		Closing: in.Closing, Quote: in.Origin.Quote, Link: in.Origin.Link, Author: in.Origin.Author,
	}
	if !next.IsZero() && next.Before(now) {
		facts.Overdue = now.Sub(next)
	}
	return facts
}

// FactsFor is Facts with what the incident is to a viewer.
func (t Teller) FactsFor(in incident.Incident, viewer incident.UserID, now time.Time) Incident {
	facts := t.Facts(in, now)
	for _, held := range in.Roles {
		if held.User == viewer {
			facts.Mine = append(facts.Mine, t.Role(held.Role))
		}
	}
	return facts
}

// Here is what texts about commands need to know of where they are read.
func (t Teller) Here(in *incident.Incident, now time.Time) Here {
	here := Here{Command: t.CommandTo(in)}
	for _, role := range t.Policy.Roles {
		here.Roles = append(here.Roles, string(role.Name))
	}
	for _, severity := range t.Policy.SeverityNames() {
		here.Severities = append(here.Severities, string(severity))
	}
	if in != nil {
		facts := t.Facts(*in, now)
		here.Incident = &facts
	}
	return here
}
