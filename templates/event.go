package templates

import (
	"fmt"
	"slices"
	"time"

	"muster/incident"
)

// eventWords is how events of one type are put in words, everywhere: as a line of the timeline, to the incident's channel, and in
// answer to the person who brought it about. A row states all three; what says nothing has a value of its own.
type eventWords[E incident.Event] struct {
	line    func(t Teller, line *Line, e E)
	channel func(t Teller, c Change, e E) Told
	answer  func(t Teller, c Change, e E) Markup
}

// Told is what a channel is told of an event: paragraphs, the first of which is its notification too, and small print. Nothing
// at all is told where there are no paragraphs.
type Told struct {
	Paragraphs []Markup
	Small      Markup
}

func told(text Markup) Told { return Told{Paragraphs: []Markup{text}} }

// notTold is for events that the channel sees by itself, or that are nobody's concern.
func notTold[E incident.Event](Teller, Change, E) Told { return Told{} }

// notAnswered is for events that no person brings about.
func notAnswered[E incident.Event](Teller, Change, E) Markup { return "" }

// nothingMore is for events whose line says no more than who and when.
func nothingMore[E incident.Event](Teller, *Line, E) {}

// event is a row of the table of events, for any type.
type event struct {
	line    func(Teller, *Line, incident.Event)
	channel func(Teller, Change, incident.Event) Told
	answer  func(Teller, Change, incident.Event) Markup
}

// events is the table: every kind of event with its words.
type events map[incident.EventKind]event

// put adds the row of one type.
func put[E incident.Event](all events, words eventWords[E]) {
	var zero E
	row := event{}
	if words.line != nil {
		row.line = func(t Teller, line *Line, e incident.Event) { words.line(t, line, e.(E)) }
	}
	if words.channel != nil {
		row.channel = func(t Teller, c Change, e incident.Event) Told { return words.channel(t, c, e.(E)) }
	}
	if words.answer != nil {
		row.answer = func(t Teller, c Change, e incident.Event) Markup { return words.answer(t, c, e.(E)) }
	}
	all[zero.EventKind()] = row
}

// allEvents fills the table, noun by noun.
func allEvents() events {
	all := events{}
	channelEvents(all)
	effectEvents(all)
	incidentEvents(all)
	noteEvents(all)
	reminderEvents(all)
	roleEvents(all)
	severityEvents(all)
	statusEvents(all)
	titleEvents(all)
	updateEvents(all)
	return all
}

// check compares the table with the kinds of events that there are.
func (all events) check(kinds []incident.EventKind) error {
	for _, kind := range kinds {
		row, known := all[kind]
		if !known || row.line == nil || row.channel == nil || row.answer == nil {
			return fmt.Errorf("the event %q has no words: it needs its line, what the channel is told, and the answer", kind)
		}
	}
	for kind := range all {
		if !slices.Contains(kinds, kind) {
			return fmt.Errorf("there are words for an event %q, which does not exist", kind)
		}
	}
	return nil
}

// noteworthy is how much later than it happened something is noted before its line says so.
const noteworthy = 2 * time.Minute

// Line is an entry as the timeline's texts need it. Its moments are in the team's time zone.
func (t Teller) Line(entry incident.Entry) Line {
	line := Line{
		Kind: entry.Event.EventKind(), When: t.Local(entry.When()), By: entry.Actor.ID,
		Machine: entry.Actor.Kind == incident.Machine, Backdated: entry.At.Sub(entry.When()) >= noteworthy,
	}
	t.Words.events[line.Kind].line(t, &line, entry.Event)
	if line.Typed == "" {
		line.Typed = line.Text
	}
	return line
}

// Channel is what the incident's channel is told of an entry. The incident is as it was at a moment that facts tell.
func (t Teller) Channel(facts Incident, entry incident.Entry) Told {
	change := Change{Incident: facts, By: entry.Actor.ID, at: entry.At}
	return t.Words.events[entry.Event.EventKind()].channel(t, change, entry.Event)
}

// Answer is what the person reads who brought an entry about; empty where there is nothing to say.
func (t Teller) Answer(facts Incident, entry incident.Entry) Markup {
	change := Change{Incident: facts, By: entry.Actor.ID, at: entry.At}
	return t.Words.events[entry.Event.EventKind()].answer(t, change, entry.Event)
}
