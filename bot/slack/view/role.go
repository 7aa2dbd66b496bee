package view

import (
	"slices"
	"time"

	"muster/bot/slack/action"
	"muster/incident"
	"muster/templates"
)

// Brief tells a new holder in private what the role is for and what to do first.
func (v View) Brief(in incident.Incident, role incident.Role, user incident.UserID) Message {
	policy := v.RolePolicy(role)
	facts := v.Facts(in, in.ChangedAt)
	brief := templates.Brief{
		RoleChange: templates.RoleChange{Change: templates.Change{Incident: facts, By: user}, Role: v.Words.Role(policy), RoleName: role, User: user},
		Duty:       v.Words.Duty(policy), Steps: v.Words.FirstSteps(policy),
	}
	for _, held := range in.Roles {
		if held.Role == role && held.User == user {
			brief.By = held.By
		}
	}
	brief.Deputy = policy.Deputies && slices.Index(in.Holders(role), user) > 0
	l := newMessage()
	text := v.Words.Brief.Markup(brief)
	l.text(text)
	return l.message(text)
}

// Roles lists every role with its holders and what it is for, and buttons to take what can be taken.
func (v View) Roles(in incident.Incident, now time.Time) Message {
	required := v.Policy.Level(in.Severity).RequiredRoles
	title := v.Words.RolesTitle.Markup(v.Facts(in, now))
	l := newAnswer()
	l.text(title)
	for _, role := range v.Policy.Roles {
		line := templates.RoleLine{Role: v.Words.Role(role), Holders: in.Holders(role.Name), Required: slices.Contains(required, role.Name)}
		text := v.Words.RoleDetail.Markup(templates.RoleDetail{RoleLine: line, Duty: templates.Cut(v.Words.Duty(role), 200)})
		shown := false
		if in.Status.Open() && (len(line.Holders) == 0 || role.Several) {
			shown = l.text(text, v.takeButton(in, role.Name))
		} else {
			shown = l.text(text)
		}
		if !shown {
			break
		}
	}
	if in.Status.Open() {
		l.buttons(button(v.Words.Labels.MoreRoles, action.MoreRoles, in.ID, ""))
	}
	return l.message(title)
}
