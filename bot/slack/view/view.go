// Package view draws what people see in Slack: messages, modals and the App Home, as pure functions of an incident, the
// policy, the words and a moment.
//
// It decides what stands where, which buttons there are, and that all of it stays within Slack's limits. It has no
// client and no clock, and it words nothing: words come from templates. Whatever is shown to a viewer leaves out what
// that viewer may not know of.
package view

import (
	"time"

	"muster/incident"
	"muster/templates"

	"github.com/slack-go/slack"
)

// Views draws for one policy, for readers of any language: In chooses theirs. It may be used by many goroutines.
type Views struct {
	Words   *templates.Words
	Policy  *incident.Policy
	Command string // the slash command with its slash: "/incident"
}

// In draws in the language that a reader asks for; templates.Workspace is what many people see.
func (v Views) In(language string) View {
	return View{Words: v.Words.In(language), Policy: v.Policy, Command: v.Command}
}

// View draws in one language.
type View struct {
	Words   *templates.Language
	Policy  *incident.Policy
	Command string
}

// Message is a message for Slack. Text is its notification, in mrkdwn with everything typed escaped.
type Message struct {
	Text   string
	Blocks []slack.Block
}

// command is how a command to an incident begins, wherever it is typed.
func (v View) command(in *incident.Incident) string {
	if in == nil || in.ID == "" {
		return v.Command
	}
	return v.Command + " " + string(in.ID)
}

// local puts a moment into the team's time zone, in which fallbacks and plain texts are written.
func (v View) local(at time.Time) time.Time {
	if v.Policy.Location == nil || at.IsZero() {
		return at
	}
	return at.In(v.Policy.Location)
}

// facts is the incident in words.
func (v View) facts(in incident.Incident, now time.Time) templates.Incident {
	level := v.Policy.Level(in.Severity)
	next := v.local(incident.NextUpdate(in, v.Policy))
	facts := templates.Incident{
		ID: in.ID, Command: v.command(&in), Title: in.Title, Summary: in.Summary,
		Severity: v.Words.Severity(in.Severity), Mark: v.Words.SeverityMark(in.Severity), Meaning: v.Words.Meaning(level),
		Status: v.Words.Status(in.Status), Priority: string(in.Priority),
		Unjudged: in.Severity == incident.Unknown, TreatedAs: v.Words.Severity(v.Policy.UnknownAs),
		Private: in.Private, Drill: in.Drill, Open: in.Status.Open(), Triage: in.Status == incident.Triage,
		DeclaredBy: in.DeclaredBy, DeclaredAt: v.local(in.DeclaredAt), FinishedAt: v.local(in.FinishedAt), Duration: in.Duration(now),
		Channel: in.Channel.ID, Managers: in.Holders(incident.IncidentManager), NextUpdate: next,
		LastUpdate: in.LastUpdate.Text.State, LastUpdateBy: in.LastUpdate.By, LastUpdateAt: v.local(in.LastUpdate.At),
		Closing: in.Closing, Quote: in.Origin.Quote, Link: in.Origin.Link, Author: in.Origin.Author,
	}
	if !next.IsZero() && next.Before(now) {
		facts.Overdue = now.Sub(next)
	}
	return facts
}

// factsFor is facts with what the incident is to a viewer.
func (v View) factsFor(in incident.Incident, viewer incident.UserID, now time.Time) templates.Incident {
	facts := v.facts(in, now)
	for _, held := range in.Roles {
		if held.User == viewer {
			facts.Mine = append(facts.Mine, v.role(held.Role))
		}
	}
	return facts
}

// role is the word for a role, also for one that configuration no longer knows.
func (v View) role(name incident.Role) string { return v.Words.Role(v.rolePolicy(name)) }

func (v View) rolePolicy(name incident.Role) incident.RolePolicy {
	if role, known := v.Policy.Role(name); known {
		return role
	}
	return incident.RolePolicy{Name: name}
}

func (v View) roles(names []incident.Role) []string {
	var words []string
	for _, name := range names {
		words = append(words, v.role(name))
	}
	return words
}

// here is what texts about commands need to know of where they are read.
func (v View) here(in *incident.Incident, now time.Time) templates.Here {
	here := templates.Here{Command: v.command(in)}
	for _, role := range v.Policy.Roles {
		here.Roles = append(here.Roles, string(role.Name))
	}
	for _, severity := range v.Policy.SeverityNames() {
		here.Severities = append(here.Severities, string(severity))
	}
	if in != nil {
		facts := v.facts(*in, now)
		here.Incident = &facts
	}
	return here
}
