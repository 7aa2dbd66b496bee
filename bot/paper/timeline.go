package paper

import (
	"strings"

	"muster/incident"
)

// line is one entry in words. What was typed is kept apart from the sentence around it, whole.
func (w Writer) line(entry incident.Entry) line {
	words := w.teller().Line(entry)
	typed := words.Typed
	words.Text, words.Link = "", ""
	sentence := strings.Trim(w.Words.TimelineLines.Bare(words.Kind, words), " :,;·“”\n")
	if kind := w.called()[words.Kind]; kind != "" {
		sentence = kind + ": " + sentence
	}
	return line{When: w.when(entry.When()), What: sentence, Words: typed}
}

// called is what the entries are called that elsewhere an emoji stands for.
func (w Writer) called() map[incident.EventKind]string {
	return map[incident.EventKind]string{
		incident.KindUpdatePosted: w.Words.Headings.Update, incident.KindNoteAdded: w.Words.Headings.Note,
	}
}
