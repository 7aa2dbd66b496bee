package view

import (
	"slices"
	"strings"
	"time"

	"muster/bot/slack/action"
	"muster/incident"
	"muster/templates"

	"github.com/slack-go/slack"
)

// noteworthy is how late something comes before people are told that it is late.
const noteworthy = 2 * time.Minute

// Reminder is a reminder as it was recorded, for one person or, with an empty user, for the channel, with the buttons
// that do what it asks for. late is how long after its time it is sent.
func (v View) Reminder(in incident.Incident, e incident.EventReminded, user incident.UserID, late time.Duration) Message {
	words := templates.Reminder{
		Incident: v.Facts(in, e.Due.Add(late)), Rule: e.Rule, Private: user != "", Missing: v.RoleWords(stillMissing(in, v.Policy, e)),
		Waited: e.Due.Add(late).Sub(e.Anchor), Again: e.Step > 0,
	}
	if user == "" {
		words.Users = e.Users
	}
	if role, _, ok := strings.Cut(e.Subject, "/"); ok {
		words.Role = v.Role(incident.Role(role))
	}
	text := v.Words.Reminder(words)
	l := newMessage()
	l.text(text)
	l.buttons(v.reminderButtons(in, e)...)
	if late >= noteworthy {
		l.small(v.Words.Late.Markup(late))
	}
	return l.message(text)
}

// stillMissing are the roles that a reminder speaks of and that are empty still.
func stillMissing(in incident.Incident, p *incident.Policy, e incident.EventReminded) []incident.Role {
	var missing []incident.Role
	for _, role := range in.Missing(p) {
		if slices.Contains(e.Missing, role) {
			missing = append(missing, role)
		}
	}
	if len(missing) == 0 {
		return e.Missing
	}
	return missing
}

func (v View) reminderButtons(in incident.Incident, e incident.EventReminded) []slack.BlockElement {
	var buttons []slack.BlockElement
	update := button(v.Words.Labels.PostUpdate, action.OpenUpdate, in.ID, "")
	switch e.Rule {
	case incident.RuleNoManager:
		buttons = append(buttons, primary(v.takeButton(in, incident.IncidentManager)))
	case incident.RuleRoleEmpty:
		missing := stillMissing(in, v.Policy, e)
		for _, role := range missing[:min(len(missing), 5)] {
			buttons = append(buttons, v.takeButton(in, role))
		}
	case incident.RuleUpdateDue, incident.RuleUpdateOverdue:
		buttons = append(buttons, primary(update))
	case incident.RuleMonitoring:
		for _, verb := range []incident.Verb{incident.VerbResolve, incident.VerbFix} {
			if element := v.statusButton(in, verb); element != nil {
				buttons = append(buttons, element)
			}
		}
	case incident.RuleRoleHeld:
		buttons = append(buttons, button(v.Words.Labels.HandOver, action.MoreRoles, in.ID, ""))
	case incident.RuleStale:
		buttons = append(buttons, update)
		if element := v.statusButton(in, incident.VerbResolve); element != nil {
			buttons = append(buttons, element)
		}
	}
	return append(buttons,
		button(v.Words.Labels.Snooze, action.Snooze, in.ID, "10"),
		button(v.Words.Labels.Why, action.Why, in.ID, string(e.Rule)))
}

// Late tells in one sentence that what was posted comes late, and that nothing was lost.
func (v View) Late(late time.Duration) Message {
	l := newMessage()
	text := v.Words.Late.Markup(late)
	l.small(text)
	return l.message(text)
}

// Why says which rule sent the reminder that a person asks about, if any, and lists every reminder that an incident has
// ahead of it: which rule, when, and whom it speaks to.
func (v View) Why(in incident.Incident, asked incident.RuleName, now time.Time) Message {
	pause := templates.Pause{Change: templates.Change{Incident: v.Facts(in, now)}, Paused: in.Reminders.Paused}
	if until := in.Reminders.SnoozedUntil; until.After(now) {
		pause.Until = v.Local(until)
	}
	if slices.Contains(incident.RuleNames(), asked) {
		pause.Rule = v.Words.Rule(asked)
	}
	title := v.Words.WhyTitle.Markup(pause)
	var lines []templates.Markup
	for _, reminder := range incident.Due(in, v.Policy) {
		lines = append(lines, v.Words.WhyLine.Markup(v.upcoming(in, reminder)))
	}
	l := newAnswer()
	l.text(title)
	l.text(templates.Join("\n", lines[:min(len(lines), 20)]...))
	if in.Status.Open() {
		silent := in.Reminders.Paused || !pause.Until.IsZero()
		if !silent {
			l.buttons(button(v.Words.Labels.Snooze, action.Snooze, in.ID, "10"), button(v.Words.Labels.Pause, action.Pause, in.ID, ""))
		} else {
			l.buttons(button(v.Words.Labels.Resume, action.Resume, in.ID, ""))
		}
	}
	return l.message(title)
}

// upcoming is a reminder that will come, addressed as it will be if nothing changes. What no person is addressed by, such as the
// archiving of the channel, has no addressee.
func (v View) upcoming(in incident.Incident, reminder incident.Reminder) templates.Upcoming {
	next := templates.Upcoming{Rule: v.Words.Rule(reminder.Rule), At: v.Local(reminder.At), Again: reminder.Step > 0}
	if reminder.To != "" {
		next.Addressee, next.Users = in.Recipients(reminder)
	}
	if role, _, _ := strings.Cut(reminder.Subject, "/"); role != "" {
		next.Subject = v.Role(incident.Role(role))
	}
	return next
}
