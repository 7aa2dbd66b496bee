package templates

import (
	"strings"

	"muster/incident"
)

type noteTexts struct {
	NoteAdded    Text[Change] // shows the channel a note that was typed as a command
	AckNoteAdded Text[Change] // answers a note
}

func noteEvents(all events) {
	put(all, eventWords[incident.EventNoteAdded]{
		line: func(_ Teller, line *Line, e incident.EventNoteAdded) {
			line.Text, line.Link, line.By = e.Text, e.Link, e.Author
			line.Typed = strings.TrimSpace(e.Text + "\n" + e.Link)
		},
		channel: func(t Teller, c Change, e incident.EventNoteAdded) Told {
			if e.Message.Posted() { // everybody has read it
				return Told{}
			}
			c.Text = e.Text
			return told(t.Words.NoteAdded.Markup(c))
		},
		answer: func(t Teller, c Change, _ incident.EventNoteAdded) Markup { return t.Words.AckNoteAdded.Markup(c) },
	})
}
