package incident

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"
)

// Event is something that happened to an incident. Events are kept for ever; their kinds never change meaning. What an event
// means sits on its type.
type Event interface {
	EventKind() EventKind
	// fold changes the incident to what it is after the event.
	fold(in *Incident, entry Entry)
	// follows lists what the world must be told or made to do, beside what tells says and the surfaces that show something else now.
	follows(before, after Incident, entry Entry, p *Policy) []Effect
	// tells says who is told of the event in words.
	tells(before Incident) Telling
}

// Telling says who is told of an event in words. The zero Telling is one that was forgotten: such an event is not committed.
type Telling string

const (
	TellsNobody  Telling = "nobody"
	TellsChannel Telling = "channel" // the incident's own
)

// eventType is how one kind of event is read back.
type eventType struct {
	kind   EventKind
	decode func(data []byte) (Event, error)
}

// eventOf is the type T as the timeline keeps it.
func eventOf[T Event]() eventType {
	var zero T
	return eventType{kind: zero.EventKind(), decode: func(data []byte) (Event, error) {
		var event T
		err := json.Unmarshal(data, &event)
		return event, err
	}}
}

// EventKinds lists the kinds of events, by name.
func EventKinds() []EventKind {
	var kinds []EventKind
	for _, known := range eventTypes() {
		kinds = append(kinds, known.kind)
	}
	slices.Sort(kinds)
	return kinds
}

// Entry is one line of an incident's timeline. Seq counts from 1 within the incident, without gaps.
type Entry struct {
	Seq   uint64
	At    time.Time // when it was recorded, UTC
	Actor Actor
	Event Event
}

// When is when the entry's event happened, which for a back-dated note is before it was recorded.
func (e Entry) When() time.Time {
	if note, ok := e.Event.(EventNoteAdded); ok {
		return note.At
	}
	return e.At
}

// Fold is the incident after one more entry. Folding a timeline from the zero Incident gives the snapshot that a store
// keeps beside it.
func Fold(in Incident, entry Entry) Incident {
	in = in.clone()
	in.Seq, in.ChangedAt = entry.Seq, entry.At
	if entry.Actor.Human() {
		in.Reminders.TouchedAt = entry.At
	}
	entry.Event.fold(&in, entry)
	return in
}

// entryJSON is an entry on its way out, or in with an event that is yet to be read.
type entryJSON[E any] struct {
	Seq   uint64    `json:"seq"`
	At    time.Time `json:"at"`
	Actor Actor     `json:"actor"`
	Kind  EventKind `json:"kind"`
	Event E         `json:"event"`
}

// MarshalJSON writes the entry with its event's kind.
func (e Entry) MarshalJSON() ([]byte, error) {
	if e.Event == nil {
		return nil, fmt.Errorf("encode entry %d: no event", e.Seq)
	}
	data, err := json.Marshal(entryJSON[Event]{Seq: e.Seq, At: e.At, Actor: e.Actor, Kind: e.Event.EventKind(), Event: e.Event})
	if err != nil {
		return nil, fmt.Errorf("encode event %s: %w", e.Event.EventKind(), err)
	}
	return data, nil
}

// EntryDecoder reads what Entry.MarshalJSON wrote. It may be used by many goroutines.
type EntryDecoder map[EventKind]func(data []byte) (Event, error)

// NewEntryDecoder makes a decoder; a store, which reads many entries, keeps one.
func NewEntryDecoder() EntryDecoder {
	decoder := EntryDecoder{}
	for _, known := range eventTypes() {
		decoder[known.kind] = known.decode
	}
	return decoder
}

// Decode reads an entry; a kind that it does not know is an error.
func (d EntryDecoder) Decode(data []byte) (Entry, error) {
	var wire entryJSON[json.RawMessage]
	if err := json.Unmarshal(data, &wire); err != nil {
		return Entry{}, fmt.Errorf("decode entry: %w", err)
	}
	decode, known := d[wire.Kind]
	if !known {
		return Entry{}, fmt.Errorf("decode entry %d: unknown event kind %q", wire.Seq, wire.Kind)
	}
	event, err := decode(wire.Event)
	if err != nil {
		return Entry{}, fmt.Errorf("decode event %s: %w", wire.Kind, err)
	}
	return Entry{Seq: wire.Seq, At: wire.At, Actor: wire.Actor, Event: event}, nil
}

// UnmarshalJSON reads a single entry, such as one of a document; a store has a decoder.
func (e *Entry) UnmarshalJSON(data []byte) (err error) {
	*e, err = NewEntryDecoder().Decode(data)
	return err
}
