package view

import (
	"strconv"
	"unicode/utf8"

	"muster/bot/slack/action"
	"muster/incident"
	"muster/templates"
)

// lineLength is how much of one entry a timeline shows.
const lineLength = 400

// timelineSpare is how many bytes of an answer are left for what stands around the entries.
const timelineSpare = 3000

// Timeline shows entries of a timeline, the earliest first. Where not all of them fit, or more says that others follow,
// a button leads on from the last one shown.
func (v View) Timeline(in incident.Incident, entries []incident.Entry, more bool) Message {
	title := v.Words.TimelineTitle.Markup(v.facts(in, in.ChangedAt))
	l := newAnswer()
	l.text(title)
	room := l.bytes - timelineSpare
	var last uint64
	var paragraph templates.Markup
	for _, entry := range entries {
		words := v.line(in, entry)
		text := templates.Join(" · ", v.Words.TimelineStamp.Markup(words), v.Words.TimelineLine(words).Cut(lineLength))
		if room -= jsonLength(text); room < 0 {
			more = true
			break
		}
		if longer := templates.Join("\n", paragraph, text); utf8.RuneCountInString(string(longer)) <= maxSection {
			paragraph = longer
		} else {
			l.text(paragraph)
			paragraph = text
		}
		last = entry.Seq
	}
	l.text(paragraph)
	if more {
		l.buttons(button(v.Words.Labels.More, action.Timeline, in.ID, strconv.FormatUint(last, 10)))
	}
	return l.message(title)
}

// line is one entry in words.
func (v View) line(in incident.Incident, entry incident.Entry) templates.Line {
	line := templates.Line{
		Kind: entry.Event.EventKind(), When: v.local(entry.When()), By: entry.Actor.ID,
		Machine: entry.Actor.Kind == incident.Machine,
	}
	switch e := entry.Event.(type) {
	case incident.EventDeclared:
		line.Severity, line.Text = v.Words.Severity(e.Severity), e.Title
	case incident.EventRoleAssigned:
		line.Role, line.User, line.Replaced = v.role(e.Role), e.User, e.Replaced
	case incident.EventRoleReleased:
		line.Role, line.User = v.role(e.Role), e.User
	case incident.EventStatusChanged:
		line.Status, line.Text = v.Words.Status(e.To), e.Text
	case incident.EventSeverityChanged:
		line.From, line.To, line.Text = v.Words.Severity(e.From), v.Words.Severity(e.To), e.Reason
	case incident.EventRetitled:
		line.Text = e.To
	case incident.EventSummarized:
		line.Text = e.Text
	case incident.EventUpdatePosted:
		line.Text = e.Text.State
	case incident.EventNoteAdded:
		line.Text, line.Link, line.By = e.Text, e.Link, e.Author
		line.Backdated = entry.At.Sub(e.At) >= noteworthy
	default:
		v.machinery(&line, entry.Event)
	}
	line.Text = templates.Cut(line.Text, 200)
	return line
}

// machinery words the entries that reminders and effects make.
func (v View) machinery(line *templates.Line, event incident.Event) {
	switch e := event.(type) {
	case incident.EventSnoozed:
		line.Until = v.local(e.Until)
	case incident.EventCadenceSet:
		line.Every = interval(e.Cadence)
	case incident.EventReminded:
		line.Rule = v.Words.Rule(e.Rule)
		if e.To != incident.ToChannel {
			line.Users = e.Users
		}
	case incident.EventMemberJoined:
		line.Users = e.Users
	case incident.EventMemberLeft:
		line.User = e.User
	case incident.EventChannelOpened:
		line.Channel = e.Channel
	case incident.EventEffectFailed:
		line.Effect, line.Reason = v.Words.Effect(e.Trouble.Kind), e.Trouble.Reason
	case incident.EventEffectRetried:
		line.Effect = v.Words.Effect(e.Kind)
	case incident.EventTroubleCleared:
		line.Effect = v.Words.Effect(e.Kind)
	}
}
