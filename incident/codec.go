package incident

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"
)

// EventKinds lists the kinds of events, by name.
func EventKinds() []EventKind { return slices.Sorted(maps.Keys(eventDecoders())) }

// EffectKinds lists the kinds of effects, by name.
func EffectKinds() []EffectKind { return slices.Sorted(maps.Keys(effectDecoders())) }

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
	data, err := json.Marshal(entryJSON[Event]{e.Seq, e.At, e.Actor, e.Event.EventKind(), e.Event})
	if err != nil {
		return nil, fmt.Errorf("encode event %s: %w", e.Event.EventKind(), err)
	}
	return data, nil
}

// UnmarshalJSON reads what MarshalJSON wrote; a kind that it does not know is an error.
func (e *Entry) UnmarshalJSON(data []byte) error {
	var wire entryJSON[json.RawMessage]
	if err := json.Unmarshal(data, &wire); err != nil {
		return fmt.Errorf("decode entry: %w", err)
	}
	decode, known := eventDecoders()[wire.Kind]
	if !known {
		return fmt.Errorf("decode entry %d: unknown event kind %q", wire.Seq, wire.Kind)
	}
	event, err := decode(wire.Event)
	if err != nil {
		return fmt.Errorf("decode event %s: %w", wire.Kind, err)
	}
	*e = Entry{wire.Seq, wire.At, wire.Actor, event}
	return nil
}

// decodeAs reads one type of event or effect.
func decodeAs[T any](data []byte) (T, error) {
	var value T
	err := json.Unmarshal(data, &value)
	return value, err
}

func eventAs[T Event](data []byte) (Event, error) { return decodeAs[T](data) }

// eventDecoders is how each kind of event is read: a kind that is missing here cannot be read back.
func eventDecoders() map[EventKind]func([]byte) (Event, error) {
	return map[EventKind]func([]byte) (Event, error){
		KindDeclared: eventAs[EventDeclared], KindRoleAssigned: eventAs[EventRoleAssigned], KindRoleReleased: eventAs[EventRoleReleased],
		KindStatusChanged: eventAs[EventStatusChanged], KindSeverityChanged: eventAs[EventSeverityChanged],
		KindRetitled: eventAs[EventRetitled], KindSummarized: eventAs[EventSummarized], KindUpdatePosted: eventAs[EventUpdatePosted],
		KindNoteAdded: eventAs[EventNoteAdded], KindSnoozed: eventAs[EventSnoozed], KindPaused: eventAs[EventPaused],
		KindResumed: eventAs[EventResumed], KindCadenceSet: eventAs[EventCadenceSet], KindReminded: eventAs[EventReminded],
		KindArchiveDue: eventAs[EventArchiveDue], KindMemberJoined: eventAs[EventMemberJoined], KindMemberLeft: eventAs[EventMemberLeft],
		KindChannelOpened: eventAs[EventChannelOpened], KindCardPosted: eventAs[EventCardPosted], KindAnnounced: eventAs[EventAnnounced],
		KindChannelArchived: eventAs[EventChannelArchived], KindChannelRestored: eventAs[EventChannelRestored],
		KindEffectFailed: eventAs[EventEffectFailed], KindEffectRetried: eventAs[EventEffectRetried],
	}
}

func effectAs[T Effect](data []byte) (Effect, error) { return decodeAs[T](data) }

// effectDecoders is how each kind of effect is read.
func effectDecoders() map[EffectKind]func([]byte) (Effect, error) {
	return map[EffectKind]func([]byte) (Effect, error){
		KindCreateChannel: effectAs[CreateChannel], KindInviteUsers: effectAs[InviteUsers], KindInviteGroup: effectAs[InviteGroup],
		KindDrawCard: effectAs[DrawCard], KindPinCard: effectAs[PinCard], KindDrawTopic: effectAs[DrawTopic],
		KindDrawAnnouncement: effectAs[DrawAnnouncement], KindPostEntry: effectAs[PostEntry], KindSendBrief: effectAs[SendBrief],
		KindSendReminder: effectAs[SendReminder], KindLinkOrigin: effectAs[LinkOrigin], KindMarkNoted: effectAs[MarkNoted],
		KindArchiveChannel: effectAs[ArchiveChannel], KindRestoreChannel: effectAs[RestoreChannel], KindLookAtChannel: effectAs[LookAtChannel],
		KindDrawHome: effectAs[DrawHome],
	}
}

type effectJSON[E any] struct {
	Kind   EffectKind `json:"kind"`
	Effect E          `json:"effect"`
}

// EncodeEffect writes an effect with its kind.
func EncodeEffect(effect Effect) ([]byte, error) {
	kind := effect.Handling().Kind
	data, err := json.Marshal(effectJSON[Effect]{kind, effect})
	if err != nil {
		return nil, fmt.Errorf("encode effect %s: %w", kind, err)
	}
	return data, nil
}

// DecodeEffect reads what EncodeEffect wrote; a kind that it does not know is an error.
func DecodeEffect(data []byte) (Effect, error) {
	var wire effectJSON[json.RawMessage]
	if err := json.Unmarshal(data, &wire); err != nil {
		return nil, fmt.Errorf("decode effect: %w", err)
	}
	decode, known := effectDecoders()[wire.Kind]
	if !known {
		return nil, fmt.Errorf("decode effect: unknown kind %q", wire.Kind)
	}
	effect, err := decode(wire.Effect)
	if err != nil {
		return nil, fmt.Errorf("decode effect %s: %w", wire.Kind, err)
	}
	return effect, nil
}
