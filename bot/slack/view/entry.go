package view

import (
	"time"

	"muster/bot/slack/action"
	"muster/incident"

	"github.com/slack-go/slack"
)

// Entry is what the incident's channel is told of one entry of its timeline; false when it is told nothing. in is the
// incident as it is now.
func (v View) Entry(in incident.Incident, entry incident.Entry, now time.Time) (Message, bool) {
	told := v.Channel(v.Facts(in, now), entry)
	if len(told.Paragraphs) == 0 {
		return Message{}, false
	}
	l := newMessage()
	for i, paragraph := range told.Paragraphs {
		if i == 0 {
			l.text(paragraph, v.beside(in, entry.Event)...)
		} else {
			l.text(paragraph)
		}
	}
	l.small(told.Small)
	return l.message(told.Paragraphs[0]), true
}

// beside is the button that an event calls for: what failed for good can be tried again.
func (v View) beside(in incident.Incident, event incident.Event) []slack.BlockElement {
	failed, ok := event.(incident.EventEffectFailed)
	if !ok {
		return nil
	}
	return []slack.BlockElement{button(v.Words.Labels.Retry, action.Retry, in.ID, failed.Trouble.Job.String())}
}
