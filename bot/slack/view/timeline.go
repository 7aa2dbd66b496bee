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

// typedLength is how much of what was typed it shows.
const typedLength = 200

// timelineSpare is how many bytes of an answer are left for what stands around the entries.
const timelineSpare = 3000

// Timeline shows entries of a timeline, the earliest first. Where not all of them fit, or more says that others follow,
// a button leads on from the last one shown.
func (v View) Timeline(in incident.Incident, entries []incident.Entry, more bool) Message {
	title := v.Words.TimelineTitle.Markup(v.Facts(in, in.ChangedAt))
	l := newAnswer()
	l.text(title)
	room := l.bytes - timelineSpare
	var last uint64
	var paragraph templates.Markup
	for _, entry := range entries {
		words := v.Line(entry)
		words.Text = templates.Cut(words.Text, typedLength)
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
