package view

import (
	"time"

	"muster/bot/slack/action"
	"muster/bot/slack/command"
	"muster/incident"
	"muster/templates"

	"github.com/slack-go/slack"
)

// Menu is the answer to a command without words: buttons for what makes sense where it was asked.
func (v View) Menu(in *incident.Incident) Message {
	l := newAnswer()
	if in == nil {
		text := v.Words.Menu.Markup(v.Here(nil, time.Time{}))
		l.text(text)
		l.buttons(v.generalButtons()...)
		return l.message(text)
	}
	text := v.Words.Menu.Markup(v.Here(in, in.ChangedAt))
	l.text(text)
	l.buttons(v.statusButtons(*in)...)
	work := v.workButtons(*in)
	if in.Status.Open() {
		work = append(work,
			button(v.Words.Labels.MoreRoles, action.MoreRoles, in.ID, ""),
			button(v.Words.Labels.Reminders, action.Why, in.ID, ""))
	}
	l.buttons(append(work, button(v.Words.Labels.Help, action.Help, in.ID, ""))...)
	return l.message(text)
}

func (v View) generalButtons() []slack.BlockElement {
	return []slack.BlockElement{
		primary(button(v.Words.Labels.Declare, action.OpenDeclare, "", "")),
		button(v.Words.Labels.List, action.List, "", ""),
		button(v.Words.Labels.Mine, action.List, "", "mine"),
		button(v.Words.Labels.Help, action.Help, "", ""),
	}
}

// Help is the help on a topic, a subcommand, or in general, with buttons to the other topics. The incident is the one in
// whose channel it is asked, where commands need no key.
func (v View) Help(topic string, in *incident.Incident) Message {
	var at time.Time
	if in != nil {
		at = in.ChangedAt
	}
	chosen := topicOf(topic)
	var others []slack.BlockElement
	for _, other := range templates.Topics() {
		if other != chosen {
			others = append(others, button(v.Words.TopicLabel(other), action.Help, idOf(in), string(other)))
		}
	}
	here := v.Here(in, at)
	here.Command = v.Command
	return paragraphs([]templates.Markup{v.Words.Help(chosen, here)}, others...)
}

// topicOf is the topic that explains a subcommand.
func topicOf(word string) templates.Topic {
	switch word {
	case "assign", "claim", "release", "role":
		return templates.TopicRoles
	case "severity", "resolve", "reopen", "close", "cancel", "title", "summary":
		return templates.TopicStatus
	case "note":
		return templates.TopicTimeline
	case "remind":
		return templates.TopicReminders
	}
	for _, topic := range templates.Topics() {
		if word == string(topic) {
			return topic
		}
	}
	return templates.TopicOverview
}

// picks is how many incidents are offered when a command lacks one.
const picks = 20

// PickIncident asks which of the open incidents a command line was meant for. The caller leaves out what the person who
// asked may not see.
func (v View) PickIncident(open []incident.Incident, line string) Message {
	here := v.Here(nil, time.Time{})
	here.Line = command.Plain(line)
	if len(open) == 0 {
		return paragraphs([]templates.Markup{v.Words.PickNone.Markup(here)}, primary(button(v.Words.Labels.Declare, action.OpenDeclare, "", "")))
	}
	var buttons []slack.BlockElement
	for _, in := range open[:min(len(open), picks)] {
		buttons = append(buttons, button(v.Words.Title.Plain(v.Facts(in, in.ChangedAt)), action.Pick, in.ID, line))
	}
	return paragraphs([]templates.Markup{v.Words.Pick.Markup(here)}, buttons...)
}
