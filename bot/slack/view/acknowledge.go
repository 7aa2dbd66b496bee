package view

import (
	"muster/incident"
	"muster/templates"
)

// Acknowledge tells the person who gave a command what came of it. It fits into an acknowledgement.
func (v View) Acknowledge(out incident.Outcome) Message {
	var texts []templates.Markup
	for _, entry := range out.Entries {
		if text := v.Answer(v.Facts(out.State, entry.At), entry); text != "" {
			texts = append(texts, text)
		}
	}
	if len(texts) == 0 {
		texts = append(texts, v.Words.AckNothing.Markup(v.Facts(out.State, out.State.ChangedAt)))
	}
	return paragraphs([]templates.Markup{templates.Join("\n", texts...)})
}
