package templates

import (
	"strings"

	"muster/incident"
)

type updateTexts struct {
	UpdatePosted    Text[Update]   // is the head of an update: who, and state and impact
	UpdateCurrent   Text[Update]   // is the current status, a point a line
	UpdateNext      Text[Update]   // is the next steps, a point a line
	UpdateFoot      Text[Update]   // says when the next update comes
	UpdateQuestions Text[Incident] // are the questions that the sender of an update sees
	AckUpdatePosted Text[Change]   // answers an update
}

// Update is an internal update.
type Update struct {
	Incident             Incident
	By                   incident.UserID
	State, Current, Next string
}

func (Update) sample(string) any {
	return Update{Incident: sampleIncident(), By: "U1", State: "state", Current: "one\ntwo", Next: "three\nfour"}
}

func updateEvents(all events) {
	put(all, eventWords[incident.EventUpdatePosted]{
		line: func(_ Teller, line *Line, e incident.EventUpdatePosted) {
			line.Text = e.Text.State
			line.Typed = strings.Join(append([]string{e.Text.State}, append(Points(e.Text.Current), Points(e.Text.Next)...)...), "\n")
		},
		channel: func(t Teller, c Change, e incident.EventUpdatePosted) Told {
			update := Update{Incident: c.Incident, By: c.By, State: e.Text.State, Current: e.Text.Current, Next: e.Text.Next}
			all := told(t.Words.UpdatePosted.Markup(update))
			if update.Current != "" {
				all.Paragraphs = append(all.Paragraphs, t.Words.UpdateCurrent.Markup(update))
			}
			if update.Next != "" {
				all.Paragraphs = append(all.Paragraphs, t.Words.UpdateNext.Markup(update))
			}
			if c.Incident.Open {
				all.Small = t.Words.UpdateFoot.Markup(update)
			}
			return all
		},
		answer: func(t Teller, c Change, _ incident.EventUpdatePosted) Markup {
			return t.Words.AckUpdatePosted.Markup(c)
		},
	})
}

// Points are the lines of what people typed, each a point; empty ones are left out.
func Points(typed string) []string {
	var all []string
	for _, point := range strings.Split(typed, "\n") {
		if point = strings.TrimSpace(point); point != "" {
			all = append(all, point)
		}
	}
	return all
}
