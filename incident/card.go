package incident

import "muster/incident/ledger"

// The surfaces that stand in Slack for as long as the incident does: the card in its channel, the topic, the announcement, and
// people's homes.
type (
	// RecordCard says where the pinned card was posted.
	RecordCard struct{ Card MessageRef }
	// RecordAnnouncement says where the announcement was posted.
	RecordAnnouncement struct{ Announcement MessageRef }
)

func (RecordCard) Aggregate() ledger.Aggregate         { return Aggregate }
func (RecordAnnouncement) Aggregate() ledger.Aggregate { return Aggregate }

func (RecordCard) needs() Need         { return reported() }
func (RecordAnnouncement) needs() Need { return reported() }

func (RecordCard) stands(Incident) error         { return nil }
func (RecordAnnouncement) stands(Incident) error { return nil }

func (c RecordCard) decide(in Incident, _ circumstances) ([]Event, error) {
	return eventIf(in.Card != c.Card, EventCardPosted(c))
}

func (c RecordAnnouncement) decide(in Incident, _ circumstances) ([]Event, error) {
	return eventIf(in.Announcement != c.Announcement, EventAnnounced(c))
}

type (
	// EventCardPosted: the card stands in the channel.
	EventCardPosted struct {
		Card MessageRef `json:"card"`
	}
	// EventAnnounced: the announcement stands in its channel.
	EventAnnounced struct {
		Announcement MessageRef `json:"announcement"`
	}
)

func (EventCardPosted) EventKind() EventKind { return KindCardPosted }
func (EventAnnounced) EventKind() EventKind  { return KindAnnounced }

func (e EventCardPosted) fold(in *Incident, _ Entry) { in.Card = e.Card }
func (e EventAnnounced) fold(in *Incident, _ Entry)  { in.Announcement = e.Announcement }

func (EventCardPosted) follows(_, after Incident, _ Entry, _ *Policy) []Effect {
	return []Effect{PinCard{Of: after.ID}}
}
func (EventAnnounced) follows(_, _ Incident, _ Entry, _ *Policy) []Effect { return nil }

func (EventCardPosted) tells(Incident) Telling { return TellsNobody }
func (EventAnnounced) tells(Incident) Telling  { return TellsNobody }

type (
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
	// DrawHome publishes a person's App Home. A second run publishes the newest state.
	DrawHome struct {
		Of   ID     `json:"of,omitempty"`
		User UserID `json:"user"`
	}
)

// Handling: one card an incident. The first drawing is what people wait for.
func (e DrawCard) Handling() Handling {
	urgency := UrgencyCosmetic
	if e.First {
		urgency = UrgencyPage
	}
	return Handling{
		Kind: KindDrawCard, Medium: ledger.Slack, Of: e.Of.Ref(), Audience: ledger.ShownInRoom(),
		Key: key(e.Of, "card"), Lane: key(e.Of, "card"), Urgency: urgency, Coalesces: true,
	}
}

// Handling: one card an incident, pinned after it was drawn.
func (e PinCard) Handling() Handling {
	return Handling{
		Kind: KindPinCard, Medium: ledger.Slack, Of: e.Of.Ref(), Audience: ledger.ShownInRoom(),
		Key: key(e.Of, "pin"), Lane: key(e.Of, "card"), Urgency: UrgencyCosmetic, Coalesces: true,
	}
}

// Handling: one topic an incident.
func (e DrawTopic) Handling() Handling {
	return Handling{
		Kind: KindDrawTopic, Medium: ledger.Slack, Of: e.Of.Ref(), Audience: ledger.ShownInRoom(),
		Key: key(e.Of, "topic"), Lane: key(e.Of, "topic"), Urgency: UrgencyCosmetic, Coalesces: true,
	}
}

// Handling: one announcement an incident.
func (e DrawAnnouncement) Handling() Handling {
	return Handling{
		Kind: KindDrawAnnouncement, Medium: ledger.Slack, Of: e.Of.Ref(), Audience: ledger.ShownToAnnouncements(),
		Key: key(e.Of, "announcement"), Lane: key(e.Of, "announcement"), Urgency: UrgencyUpdate, Coalesces: true,
	}
}

// Handling: one home a person, whichever incident changed it.
func (e DrawHome) Handling() Handling {
	return Handling{
		Kind: KindDrawHome, Medium: ledger.Slack, Of: e.Of.Ref(), Audience: ledger.ShownInOverview(e.User),
		Key: "home/" + string(e.User), Lane: "home/" + string(e.User), Urgency: UrgencyCosmetic, Coalesces: true,
	}
}
