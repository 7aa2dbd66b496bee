package incident

import (
	"slices"
	"time"

	"muster/incident/ledger"
)

const (
	clockSkew = time.Minute // by how much Slack's clock may be ahead of ours
	firstYear = 2000        // nothing that people note happened before
	lastYear  = 9999        // JSON can write no later one

	// keptPins is how many noted messages are remembered, so that none is noted twice: the newest, since people do not go back
	// hundreds of messages to pin one again.
	keptPins = 300
)

// AddNote puts a note on the timeline. A note made of a message keeps the message's author and time, once a message.
type AddNote struct {
	Text    string
	At      time.Time // when it happened; zero: now
	Author  UserID    // whose words they are; empty: the actor's
	Message MessageRef
	Link    string
}

func (AddNote) Aggregate() ledger.Aggregate { return Aggregate }
func (AddNote) needs() Need                 { return permission(ActNote) }

// stands: also an incident that is over is noted on, since the review needs it.
func (AddNote) stands(Incident) error { return nil }

// decide puts words on the timeline. Somebody else's message that is too long is cut, since the person who notes it cannot
// shorten it.
func (c AddNote) decide(in Incident, by circumstances) ([]Event, error) {
	text := paragraph(c.Text)
	if text == "" {
		return nil, &Refusal{Code: RefuseTextEmpty, Text: "note"}
	}
	if c.Message.Posted() {
		text = shorten(text, MaxText)
	}
	if err := within("note", text, MaxText); err != nil {
		return nil, err
	}
	if c.Message.Posted() && slices.Contains(in.Pinned, pinKey(c.Message)) {
		return nil, &Refusal{Code: RefuseAlreadyNoted}
	}
	event := EventNoteAdded{Text: text, At: c.At.UTC(), Author: c.Author, Message: c.Message, Link: c.Link}
	if c.At.IsZero() {
		event.At = by.now
	}
	if event.At.After(by.now.Add(clockSkew)) || event.At.Year() < firstYear {
		return nil, &Refusal{Code: RefuseBadTime}
	}
	if event.Author == "" {
		event.Author = by.actor.ID
	}
	return []Event{event}, nil
}

// pinKey names a message among those that are on the timeline already.
func pinKey(message MessageRef) string { return string(message.Channel) + "/" + string(message.TS) }

// EventNoteAdded: words for the record.
type EventNoteAdded struct {
	Text    string     `json:"text"`
	At      time.Time  `json:"at"` // when it happened, which may be long before it was noted
	Author  UserID     `json:"author"`
	Message MessageRef `json:"message,omitzero"`
	Link    string     `json:"link,omitempty"`
}

func (EventNoteAdded) EventKind() EventKind { return KindNoteAdded }

func (e EventNoteAdded) fold(in *Incident, _ Entry) {
	in.Notes++
	if e.Message.Posted() {
		in.Pinned = append(in.Pinned, pinKey(e.Message))
		in.Pinned = in.Pinned[max(0, len(in.Pinned)-keptPins):]
	}
}

// follows: the message that was noted is marked. The gate keeps a mark off messages elsewhere: it would show people there that a
// private incident knows of them.
func (e EventNoteAdded) follows(_, after Incident, _ Entry, _ *Policy) []Effect {
	if e.Message.Posted() {
		return []Effect{MarkNoted{Of: after.ID, Message: e.Message}}
	}
	return nil
}

// tells: a message that was noted stands in some channel already.
func (e EventNoteAdded) tells(Incident) Telling {
	if e.Message.Posted() {
		return TellsNobody
	}
	return TellsChannel
}

// MarkNoted reacts to a message that was put on the timeline; a second reaction is nothing.
type MarkNoted struct {
	Of      ID         `json:"of"`
	Message MessageRef `json:"message"`
}

// Handling: once a message of an incident.
func (e MarkNoted) Handling() Handling {
	return Handling{
		Kind: KindMarkNoted, Medium: ledger.Slack, Of: e.Of.Ref(), Audience: ledger.ShownAt(e.Message.Channel),
		Key: key(e.Of, "noted", e.Message.Channel, e.Message.TS), Lane: key(e.Of, "noted"), Urgency: UrgencyCosmetic,
	}
}
