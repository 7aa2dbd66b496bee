package view

import (
	"time"

	"muster/bot/slack/action"
	"muster/bot/slack/command"
	"muster/incident"
	"muster/templates"
)

// Refusal says why something may not happen and what to do instead. in is the incident it was about, if there is one.
func (v View) Refusal(refusal *incident.Refusal, in *incident.Incident) Message {
	return paragraphs([]templates.Markup{v.Words.Refusal(v.refusal(refusal, in))})
}

// PlainRefusal is the same for the error below a field of a modal, where Slack shows plain text.
func (v View) PlainRefusal(refusal *incident.Refusal, in *incident.Incident) string {
	return templates.Cut(v.Words.PlainRefusal(v.refusal(refusal, in)), maxLabel)
}

func (v View) refusal(refusal *incident.Refusal, in *incident.Incident) templates.Refusal {
	words := templates.Refusal{
		Code: refusal.Code, Command: v.CommandTo(in), Slash: v.Command, Text: refusal.Text, Field: v.Words.Field(refusal.Text),
		Limit: refusal.Limit, Length: refusal.Length, Status: v.Words.Status(refusal.Status), Verb: v.Words.Verb(refusal.Verb),
		Role: v.Role(refusal.Role), RoleName: refusal.Role, Severity: v.Words.Severity(refusal.Severity),
		May: v.Words.Action(refusal.Action), User: refusal.User, WantsReason: refusal.Verb,
		Who: templates.Who{Holders: refusal.Grant.RoleHolders, Roles: v.RoleWords(refusal.Grant.Roles), Users: refusal.Grant.Users, Groups: refusal.Grant.Groups},
	}
	for _, verb := range refusal.Verbs {
		words.Possible = append(words.Possible, string(verb))
	}
	here := v.Here(nil, time.Time{})
	words.Roles, words.Severities = here.Roles, here.Severities
	return words
}

// InternalError is shown for whatever nobody foresaw. The reference stands in the log beside the error.
func (v View) InternalError(reference string) Message {
	return paragraphs([]templates.Markup{v.Words.InternalError.Markup(templates.Reference(reference))})
}

// InternalErrorText is the same for the error below a field of a modal.
func (v View) InternalErrorText(reference string) string {
	return v.Words.InternalError.Plain(templates.Reference(reference))
}

// UnknownCommand answers a word that is no command; nearest is what it was perhaps meant to be.
func (v View) UnknownCommand(typed, nearest string, in *incident.Incident) Message {
	here := v.Here(in, time.Time{})
	here.Line, here.Nearest = typed, nearest
	return paragraphs([]templates.Markup{v.Words.UnknownCommand.Markup(here)},
		button(v.Words.Labels.Help, action.Help, idOf(in), ""))
}

// NotAnIncidentChannel answers what makes sense in an incident's channel only.
func (v View) NotAnIncidentChannel() Message {
	return paragraphs([]templates.Markup{v.Words.NotAnIncidentChannel.Markup(v.Here(nil, time.Time{}))}, v.generalButtons()...)
}

func idOf(in *incident.Incident) incident.ID {
	if in == nil {
		return ""
	}
	return in.ID
}

// Usage answers a command that could not be read with how it goes; one that is no command at all gets the ways to help.
func (v View) Usage(name string, in *incident.Incident) Message {
	here := v.Here(in, time.Time{})
	if name == string(command.Declare) || name == string(command.List) {
		here.Command = v.Command // they are about no incident
	}
	return paragraphs([]templates.Markup{v.Words.Usage(name, here)},
		button(v.Words.Labels.Help, action.Help, idOf(in), ""))
}
