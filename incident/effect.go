package incident

import (
	"encoding/json"
	"fmt"
)

// Effect is something the world must be told or made to do. It is kept in the outbox in the same transaction as the
// events that it follows from, and performed at least once; its performer makes that look like once.
type Effect interface{ Handling() Handling }

// Handling says how an effect is kept and performed.
type Handling struct {
	Kind EffectKind
	// Incident is the incident it belongs to; empty for a home view that a person opened.
	Incident ID
	// Key names the effect. A redraw whose key waits already folds into the waiting one.
	Key string
	// Lane names what must stay in order: effects of one lane run one after the other, first in, first out.
	Lane string
	// Urgency orders what waits for the same rate.
	Urgency Urgency
	// Redraw effects render the newest state when they run, so that two waiting ones are one.
	Redraw bool
}

// Urgency is how pressing an effect is; lower runs first.
type Urgency int

const (
	UrgencyPage     Urgency = iota // somebody must come, or the room they come to must exist
	UrgencyUpdate                  // somebody reads it
	UrgencyCosmetic                // it only looks better afterwards
)

// EffectKind is the persisted name of an effect.
type EffectKind string

const (
	KindCreateChannel    EffectKind = "create_channel"
	KindInviteUsers      EffectKind = "invite_users"
	KindInviteGroup      EffectKind = "invite_group"
	KindDrawCard         EffectKind = "draw_card"
	KindPinCard          EffectKind = "pin_card"
	KindDrawTopic        EffectKind = "draw_topic"
	KindDrawAnnouncement EffectKind = "draw_announcement"
	KindPostEntry        EffectKind = "post_entry"
	KindSendBrief        EffectKind = "send_brief"
	KindSendReminder     EffectKind = "send_reminder"
	KindLinkOrigin       EffectKind = "link_origin"
	KindMarkNoted        EffectKind = "mark_noted"
	KindArchiveChannel   EffectKind = "archive_channel"
	KindRestoreChannel   EffectKind = "restore_channel"
	KindDrawHome         EffectKind = "draw_home"
)

type (
	// CreateChannel opens the incident's channel (conversations.create). A second run adopts the channel only if it is
	// provably ours; followed by RecordChannel.
	CreateChannel struct {
		Of ID `json:"of"`
	}
	// InviteUsers brings people into the channel (conversations.invite); who is in already stays. Followed by RecordMembers.
	InviteUsers struct {
		Of    ID       `json:"of"`
		Seq   uint64   `json:"seq"`
		Users []UserID `json:"users"`
	}
	// InviteGroup brings a user group's members into the channel; who is in already stays. Followed by RecordMembers.
	InviteGroup struct {
		Of    ID      `json:"of"`
		Seq   uint64  `json:"seq"`
		Group GroupID `json:"group"`
	}
	// DrawCard posts the card, or edits it in place. A second run edits. Followed by RecordCard when it was posted.
	DrawCard struct {
		Of    ID   `json:"of"`
		First bool `json:"first,omitempty"` // its buttons are not there yet
	}
	// PinCard pins the card; a pinned card stays pinned.
	PinCard struct {
		Of ID `json:"of"`
	}
	// DrawTopic sets the channel's topic; the same topic twice is nothing.
	DrawTopic struct {
		Of ID `json:"of"`
	}
	// DrawAnnouncement posts the announcement, or edits it in place. Followed by RecordAnnouncement when it was posted.
	DrawAnnouncement struct {
		Of ID `json:"of"`
	}
	// PostEntry tells the channel of one timeline entry, once; without a channel, the declarer.
	PostEntry struct {
		Of  ID     `json:"of"`
		Seq uint64 `json:"seq"`
	}
	// SendBrief tells a new holder privately what the role is for and what to do first, once.
	SendBrief struct {
		Of   ID     `json:"of"`
		Seq  uint64 `json:"seq"`
		User UserID `json:"user"`
		Role Role   `json:"role"`
	}
	// SendReminder posts a reminder to a person (User) or, without one, to the channel. It is dropped when what it reminds
	// of was done meanwhile; a second one that waits is the same one.
	SendReminder struct {
		Of   ID       `json:"of"`
		Seq  uint64   `json:"seq"`
		Rule RuleName `json:"rule"`
		User UserID   `json:"user,omitempty"`
	}
	// LinkOrigin answers in the thread of the message that an incident was declared from with a link to its channel, once.
	LinkOrigin struct {
		Of ID `json:"of"`
	}
	// MarkNoted reacts to a message that was put on the timeline; a second reaction is nothing.
	MarkNoted struct {
		Of      ID         `json:"of"`
		Message MessageRef `json:"message"`
	}
	// ArchiveChannel archives the channel; an archived one stays so. Followed by RecordArchived.
	ArchiveChannel struct {
		Of ID `json:"of"`
	}
	// RestoreChannel brings the channel back; a live one stays so. Followed by RecordArchived.
	RestoreChannel struct {
		Of ID `json:"of"`
	}
	// DrawHome publishes a person's App Home. A second run publishes the newest state.
	DrawHome struct {
		Of   ID     `json:"of,omitempty"`
		User UserID `json:"user"`
	}
)

// The channel's lane holds whatever needs the channel to exist first. The card, the invitations and the topic are only
// asked for once it does, so that they need not wait for each other.
func channelLane(of ID) string { return key(of, "channel") }

func personLane(user UserID) string { return "person/" + string(user) }

func firstUser(users []UserID) UserID {
	if len(users) == 0 {
		return ""
	}
	return users[0]
}

func key(of ID, parts ...any) string {
	text := string(of)
	for _, part := range parts {
		text += fmt.Sprintf("/%v", part)
	}
	return text
}

func (e CreateChannel) Handling() Handling {
	return Handling{KindCreateChannel, e.Of, key(e.Of, "create"), channelLane(e.Of), UrgencyPage, false}
}

func (e InviteUsers) Handling() Handling {
	return Handling{KindInviteUsers, e.Of, key(e.Of, "invite", e.Seq, firstUser(e.Users)), key(e.Of, "invite"), UrgencyPage, false}
}

func (e InviteGroup) Handling() Handling {
	return Handling{KindInviteGroup, e.Of, key(e.Of, "invite", e.Seq, e.Group), key(e.Of, "invite", e.Group), UrgencyPage, false}
}

func (e DrawCard) Handling() Handling {
	urgency := UrgencyCosmetic
	if e.First {
		urgency = UrgencyPage
	}
	return Handling{KindDrawCard, e.Of, key(e.Of, "card"), key(e.Of, "card"), urgency, true}
}

func (e PinCard) Handling() Handling {
	return Handling{KindPinCard, e.Of, key(e.Of, "pin"), key(e.Of, "card"), UrgencyCosmetic, true}
}

func (e DrawTopic) Handling() Handling {
	return Handling{KindDrawTopic, e.Of, key(e.Of, "topic"), key(e.Of, "topic"), UrgencyCosmetic, true}
}

func (e DrawAnnouncement) Handling() Handling {
	return Handling{KindDrawAnnouncement, e.Of, key(e.Of, "announcement"), key(e.Of, "announcement"), UrgencyUpdate, true}
}

func (e PostEntry) Handling() Handling {
	return Handling{KindPostEntry, e.Of, key(e.Of, "entry", e.Seq), channelLane(e.Of), UrgencyUpdate, false}
}

func (e SendBrief) Handling() Handling {
	return Handling{KindSendBrief, e.Of, key(e.Of, "brief", e.Seq), personLane(e.User), UrgencyUpdate, false}
}

func (e SendReminder) Handling() Handling {
	lane := channelLane(e.Of)
	if e.User != "" {
		lane = personLane(e.User)
	}
	return Handling{KindSendReminder, e.Of, key(e.Of, "remind", e.Rule, e.User), lane, UrgencyUpdate, true}
}

func (e LinkOrigin) Handling() Handling {
	return Handling{KindLinkOrigin, e.Of, key(e.Of, "origin"), key(e.Of, "origin"), UrgencyUpdate, false}
}

func (e MarkNoted) Handling() Handling {
	return Handling{KindMarkNoted, e.Of, key(e.Of, "noted", e.Message.Channel, e.Message.TS), key(e.Of, "noted"), UrgencyCosmetic, false}
}

func (e ArchiveChannel) Handling() Handling {
	return Handling{KindArchiveChannel, e.Of, key(e.Of, "archive"), channelLane(e.Of), UrgencyCosmetic, false}
}

func (e RestoreChannel) Handling() Handling {
	return Handling{KindRestoreChannel, e.Of, key(e.Of, "restore"), channelLane(e.Of), UrgencyPage, false}
}

func (e DrawHome) Handling() Handling {
	return Handling{KindDrawHome, e.Of, "home/" + string(e.User), "home/" + string(e.User), UrgencyCosmetic, true}
}

func effectAs[T Effect](data []byte) (Effect, error) { return decodeAs[T](data) }

func effectDecoders() map[EffectKind]func([]byte) (Effect, error) {
	return map[EffectKind]func([]byte) (Effect, error){
		KindCreateChannel: effectAs[CreateChannel], KindInviteUsers: effectAs[InviteUsers], KindInviteGroup: effectAs[InviteGroup],
		KindDrawCard: effectAs[DrawCard], KindPinCard: effectAs[PinCard], KindDrawTopic: effectAs[DrawTopic],
		KindDrawAnnouncement: effectAs[DrawAnnouncement], KindPostEntry: effectAs[PostEntry], KindSendBrief: effectAs[SendBrief],
		KindSendReminder: effectAs[SendReminder], KindLinkOrigin: effectAs[LinkOrigin], KindMarkNoted: effectAs[MarkNoted],
		KindArchiveChannel: effectAs[ArchiveChannel], KindRestoreChannel: effectAs[RestoreChannel], KindDrawHome: effectAs[DrawHome],
	}
}

type effectJSON struct {
	Kind   EffectKind      `json:"kind"`
	Effect json.RawMessage `json:"effect"`
}

// EncodeEffect writes an effect with its kind.
func EncodeEffect(effect Effect) ([]byte, error) {
	data, err := json.Marshal(effect)
	if err != nil {
		return nil, fmt.Errorf("encode effect %s: %w", effect.Handling().Kind, err)
	}
	return json.Marshal(effectJSON{effect.Handling().Kind, data})
}

// DecodeEffect reads what EncodeEffect wrote; a kind that it does not know is an error.
func DecodeEffect(data []byte) (Effect, error) {
	var wire effectJSON
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
