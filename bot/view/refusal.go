package view

import (
	"time"

	"muster/bot/action"
	"muster/incident"
	"muster/templates"
)

// Refusal says why something may not happen and what to do instead. in is the incident it was about, if there is one.
func (v Views) Refusal(refusal *incident.Refusal, in *incident.Incident) Message {
	return paragraphs([]templates.Markup{v.Words.Refusal(v.refusal(refusal, in))})
}

// PlainRefusal is the same for the error below a field of a modal, where Slack shows plain text.
func (v Views) PlainRefusal(refusal *incident.Refusal, in *incident.Incident) string {
	return templates.Cut(v.Words.PlainRefusal(v.refusal(refusal, in)), maxLabel)
}

func (v Views) refusal(refusal *incident.Refusal, in *incident.Incident) templates.Refusal {
	words := templates.Refusal{
		Code: refusal.Code, Command: v.command(in), Text: refusal.Text, Field: v.Words.Field(refusal.Text),
		Limit: refusal.Limit, Length: refusal.Length, Status: v.Words.Status(refusal.Status), Verb: v.Words.Verb(refusal.Verb),
		Role: v.role(refusal.Role), RoleName: refusal.Role, Severity: v.Words.Severity(refusal.Severity),
		May: v.Words.Action(refusal.Action), User: refusal.User, WantsReason: refusal.Verb,
		Who: templates.Who{Holders: refusal.Grant.RoleHolders, Roles: v.roles(refusal.Grant.Roles), Users: refusal.Grant.Users, Groups: refusal.Grant.Groups},
	}
	for _, verb := range refusal.Verbs {
		words.Possible = append(words.Possible, string(verb))
	}
	here := v.here(nil, time.Time{})
	words.Roles, words.Severities = here.Roles, here.Severities
	return words
}

// InternalError is shown for whatever nobody foresaw. The reference stands in the log beside the error.
func (v Views) InternalError(reference string) Message {
	return paragraphs([]templates.Markup{v.Words.InternalError(reference)})
}

// Usage answers a command that could not be read with how it goes; one that is no command at all gets the ways to help.
func (v Views) Usage(command string, in *incident.Incident) Message {
	var of incident.ID
	if in != nil {
		of = in.ID
	}
	return paragraphs([]templates.Markup{v.Words.Usage(command, v.here(in, time.Time{}))},
		button(v.Words.Label(templates.LabelHelp), action.Help, of, ""))
}
