package incident

import (
	"fmt"

	"muster/incident/ledger"
)

// The channel's lane holds whatever needs the channel to exist first. The card, the invitations and the topic are only
// asked for once it does, so that they need not wait for each other.
func channelLane(of ID) string { return key(of, "channel") }

// A person's lane holds what is said to that person.
func personLane(user UserID) string { return "person/" + string(user) }

// key names something of one incident.
func key(of ID, parts ...any) string {
	text := string(of)
	for _, part := range parts {
		text += fmt.Sprintf("/%v", part)
	}
	return text
}

// Handling: once an incident.
func (e CreateChannel) Handling() Handling {
	return Handling{
		Kind: KindCreateChannel, Medium: ledger.Slack, Of: e.Of.Ref(), Audience: ledger.ShownToNobody(),
		Key: key(e.Of, "create"), Lane: channelLane(e.Of), Urgency: UrgencyPage,
	}
}

// Handling: once an entry and first person; one entry never names a person twice.
func (e InviteUsers) Handling() Handling {
	return Handling{
		Kind: KindInviteUsers, Medium: ledger.Slack, Of: e.Of.Ref(), Audience: ledger.ShownInRoom(),
		Key: key(e.Of, "invite", e.Seq, e.first()), Lane: key(e.Of, "invite"), Urgency: UrgencyPage,
	}
}

func (e InviteUsers) first() UserID {
	if len(e.Users) == 0 {
		return ""
	}
	return e.Users[0]
}

// Handling: once an entry and group.
func (e InviteGroup) Handling() Handling {
	return Handling{
		Kind: KindInviteGroup, Medium: ledger.Slack, Of: e.Of.Ref(), Audience: ledger.ShownInRoom(),
		Key: key(e.Of, "invite_group", e.Seq, e.Group), Lane: key(e.Of, "invite_group", e.Group), Urgency: UrgencyPage,
	}
}

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

// Handling: once an entry.
func (e PostEntry) Handling() Handling {
	return Handling{
		Kind: KindPostEntry, Medium: ledger.Slack, Of: e.Of.Ref(), Audience: ledger.ShownInRoom(),
		Key: key(e.Of, "entry", e.Seq), Lane: channelLane(e.Of), Urgency: UrgencyUpdate,
	}
}

// Handling: once an entry: an entry assigns one role.
func (e SendBrief) Handling() Handling {
	return Handling{
		Kind: KindSendBrief, Medium: ledger.Slack, Of: e.Of.Ref(), Audience: ledger.ShownTo(e.User),
		Key: key(e.Of, "brief", e.Seq), Lane: personLane(e.User), Urgency: UrgencyUpdate,
	}
}

// Handling: one a rule and person may wait, so that after an outage of Slack nobody gets them all.
func (e SendReminder) Handling() Handling {
	lane, audience := channelLane(e.Of), ledger.ShownInRoom()
	if e.User != "" {
		lane, audience = personLane(e.User), ledger.ShownTo(e.User)
	}
	return Handling{
		Kind: KindSendReminder, Medium: ledger.Slack, Of: e.Of.Ref(), Audience: audience,
		Key: key(e.Of, "remind", e.Rule, e.User), Lane: lane, Urgency: UrgencyUpdate, Coalesces: true,
	}
}

// Handling: once an incident.
func (e LinkOrigin) Handling() Handling {
	return Handling{
		Kind: KindLinkOrigin, Medium: ledger.Slack, Of: e.Of.Ref(), Audience: ledger.ShownAt(""),
		Key: key(e.Of, "origin"), Lane: key(e.Of, "origin"), Urgency: UrgencyUpdate,
	}
}

// Handling: once a message of an incident.
func (e MarkNoted) Handling() Handling {
	return Handling{
		Kind: KindMarkNoted, Medium: ledger.Slack, Of: e.Of.Ref(), Audience: ledger.ShownAt(e.Message.Channel),
		Key: key(e.Of, "noted", e.Message.Channel, e.Message.TS), Lane: key(e.Of, "noted"), Urgency: UrgencyCosmetic,
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

// Handling: one home a person, whichever incident changed it.
func (e DrawHome) Handling() Handling {
	return Handling{
		Kind: KindDrawHome, Medium: ledger.Slack, Of: e.Of.Ref(), Audience: ledger.ShownTo(e.User),
		Key: "home/" + string(e.User), Lane: "home/" + string(e.User), Urgency: UrgencyCosmetic, Coalesces: true,
	}
}
