package incident

import (
	"encoding/json"
	"slices"

	"muster/incident/ledger"
)

// Channel is the incident's own channel.
type Channel struct {
	ID    ChannelID
	Name  string
	State ChannelState
}

// ChannelState is what Muster knows of a channel.
type ChannelState string

const (
	ChannelNone     ChannelState = ""         // there is none yet
	ChannelLive     ChannelState = "live"     // people read there, and Muster can post
	ChannelArchived ChannelState = "archived" // nobody can post until it is brought back
	ChannelGone     ChannelState = "gone"     // it was deleted
	ChannelLeft     ChannelState = "left"     // it is there, and Muster is not in it
)

// channelJSON is the channel as snapshots keep it. Versions before this one wrote only whether it was archived.
type channelJSON struct {
	ID       ChannelID    `json:"id,omitempty"`
	Name     string       `json:"name,omitempty"`
	Archived bool         `json:"archived,omitempty"`
	State    ChannelState `json:"state,omitempty"` // where neither live nor archived
}

// IsZero reports whether there is no channel.
func (c Channel) IsZero() bool { return c == Channel{} }

// MarshalJSON writes what UnmarshalJSON reads.
func (c Channel) MarshalJSON() ([]byte, error) {
	wire := channelJSON{ID: c.ID, Name: c.Name}
	switch c.State {
	case ChannelNone, ChannelLive:
	case ChannelArchived:
		wire.Archived = true
	default:
		wire.State = c.State
	}
	return json.Marshal(wire)
}

// UnmarshalJSON reads a channel.
func (c *Channel) UnmarshalJSON(data []byte) error {
	var wire channelJSON
	if err := json.Unmarshal(data, &wire); err != nil {
		return err
	}
	*c = Channel{ID: wire.ID, Name: wire.Name, State: wire.State}
	switch {
	case wire.State != ChannelNone:
	case wire.Archived:
		c.State = ChannelArchived
	case wire.ID != "":
		c.State = ChannelLive
	}
	return nil
}

type (
	// RecordChannel says that the incident's channel now exists. Its first channel stays its channel.
	RecordChannel struct {
		Channel ChannelID
		Name    string
	}
	// RecordArchived says that the channel was archived, or brought back. AfterRestore says that it is what was found after Muster
	// had brought it back: if it is archived all the same, that was done since.
	RecordArchived struct{ Archived, AfterRestore bool }
)

func (RecordChannel) Aggregate() ledger.Aggregate  { return Aggregate }
func (RecordArchived) Aggregate() ledger.Aggregate { return Aggregate }

func (RecordChannel) needs() Need  { return reported() }
func (RecordArchived) needs() Need { return reported() }

func (RecordChannel) stands(Incident) error  { return nil }
func (RecordArchived) stands(Incident) error { return nil }

// decide keeps one channel an incident.
func (c RecordChannel) decide(in Incident, _ circumstances) ([]Event, error) {
	return eventIf(in.Channel.State == ChannelNone, EventChannelOpened(c))
}

func (c RecordArchived) decide(in Incident, _ circumstances) ([]Event, error) {
	if c.Archived {
		again := c.AfterRestore && in.Restoring
		return eventIf(in.Channel.State != ChannelNone && (in.Channel.State != ChannelArchived || again), EventChannelArchived{})
	}
	return eventIf(in.Channel.State == ChannelArchived, EventChannelRestored{})
}

type (
	// EventChannelOpened: the incident's own channel exists.
	EventChannelOpened struct {
		Channel ChannelID `json:"channel"`
		Name    string    `json:"name"`
	}
	// EventChannelArchived: the channel was archived.
	EventChannelArchived struct{}
	// EventChannelRestored: the channel was brought back.
	EventChannelRestored struct{}
	// EventArchiveDue: the channel has been quiet for long enough to be archived.
	EventArchiveDue struct{}
)

func (EventChannelOpened) EventKind() EventKind   { return KindChannelOpened }
func (EventChannelArchived) EventKind() EventKind { return KindChannelArchived }
func (EventChannelRestored) EventKind() EventKind { return KindChannelRestored }
func (EventArchiveDue) EventKind() EventKind      { return KindArchiveDue }

func (e EventChannelOpened) fold(in *Incident, _ Entry) {
	in.Channel = Channel{ID: e.Channel, Name: e.Name, State: ChannelLive}
}
func (EventChannelArchived) fold(in *Incident, _ Entry) {
	in.Channel.State, in.Restoring = ChannelArchived, false
}
func (EventChannelRestored) fold(in *Incident, _ Entry) {
	in.Channel.State, in.Restoring = ChannelLive, false
}
func (EventArchiveDue) fold(in *Incident, entry Entry) {
	in.rememberSent(sentKey(ruleArchive, ""), in.FinishedAt, entry.At)
}

// follows: the declarer is invited first, so that nothing stands between them and the card.
func (EventChannelOpened) follows(_, after Incident, entry Entry, p *Policy) []Effect {
	effects := invite(after.ID, entry.Seq, after.Involved())
	effects = append(effects, DrawCard{Of: after.ID, First: true}, DrawTopic{Of: after.ID})
	effects = append(effects, invitations(after, entry.Seq, p)...)
	if after.Origin.Message.Posted() {
		effects = append(effects, LinkOrigin{Of: after.ID})
	}
	return effects
}

// follows: Slack may have told of the archiving long after, so its word is believed only until it was asked.
func (EventChannelArchived) follows(_, after Incident, _ Entry, _ *Policy) []Effect {
	return []Effect{LookAtChannel{Of: after.ID}}
}

// follows: whoever should be in the channel and is not is invited, and the card, which may never have been pinned, is.
func (EventChannelRestored) follows(_, after Incident, entry Entry, _ *Policy) []Effect {
	var effects []Effect
	if after.Status.Open() {
		absent := slices.DeleteFunc(after.Involved(), func(user UserID) bool { return slices.Contains(after.Members, user) })
		effects = append(effects, invite(after.ID, entry.Seq, absent)...)
	}
	if after.Card.Posted() {
		effects = append(effects, PinCard{Of: after.ID})
	}
	return effects
}

func (EventArchiveDue) follows(_, after Incident, entry Entry, _ *Policy) []Effect {
	return []Effect{ArchiveChannel{Of: after.ID, Seq: entry.Seq}}
}

func (EventChannelOpened) tells(Incident) Telling   { return TellsNobody }
func (EventChannelArchived) tells(Incident) Telling { return TellsNobody }
func (EventChannelRestored) tells(Incident) Telling { return TellsNobody }
func (EventArchiveDue) tells(Incident) Telling      { return TellsNobody }

type (
	// CreateChannel opens the incident's channel (conversations.create). A second run adopts the channel only if it is
	// provably ours; followed by RecordChannel.
	CreateChannel struct {
		Of ID `json:"of"`
	}
	// ArchiveChannel archives the channel, unless the incident was reopened meanwhile; an archived one stays so. Followed by
	// RecordArchived.
	ArchiveChannel struct {
		Of  ID     `json:"of"`
		Seq uint64 `json:"seq"`
	}
	// RestoreChannel brings the channel back; a live one stays so. Followed by RecordArchived.
	RestoreChannel struct {
		Of  ID     `json:"of"`
		Seq uint64 `json:"seq"`
	}
	// LookAtChannel finds out whether the channel is archived (conversations.info) after Slack told that this has changed, for that
	// comes late and out of order; a live public one is joined (conversations.join). A second run finds the newest state. Followed
	// by RecordArchived.
	LookAtChannel struct {
		Of ID `json:"of"`
	}
)

// Handling: once an incident.
func (e CreateChannel) Handling() Handling {
	return Handling{
		Kind: KindCreateChannel, Medium: ledger.Slack, Of: e.Of.Ref(), Audience: ledger.ShownToNobody(),
		Key: key(e.Of, "create"), Lane: channelLane(e.Of), Urgency: UrgencyPage,
	}
}

// Handling: once an entry: a reopened incident is archived again.
func (e ArchiveChannel) Handling() Handling {
	return Handling{
		Kind: KindArchiveChannel, Medium: ledger.Slack, Of: e.Of.Ref(), Audience: ledger.ShownToNobody(),
		Key: key(e.Of, "archive", e.Seq), Lane: channelLane(e.Of), Urgency: UrgencyCosmetic,
	}
}

// Handling: once an entry.
func (e RestoreChannel) Handling() Handling {
	return Handling{
		Kind: KindRestoreChannel, Medium: ledger.Slack, Of: e.Of.Ref(), Audience: ledger.ShownToNobody(),
		Key: key(e.Of, "restore", e.Seq), Lane: channelLane(e.Of), Urgency: UrgencyPage,
	}
}

// Handling: one look at the state of the moment stands for all that wait, and no other runs beside it.
func (e LookAtChannel) Handling() Handling {
	return Handling{
		Kind: KindLookAtChannel, Medium: ledger.Slack, Of: e.Of.Ref(), Audience: ledger.ShownToNobody(),
		Key: key(e.Of, "look"), Lane: key(e.Of, "look"), Urgency: UrgencyUpdate, Coalesces: true,
	}
}
