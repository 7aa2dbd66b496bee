package incident

import "fmt"

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
	return Handling{KindCreateChannel, e.Of, key(e.Of, "create"), channelLane(e.Of), UrgencyPage, false}
}

// Handling: once an entry and first person; one entry never names a person twice.
func (e InviteUsers) Handling() Handling {
	return Handling{KindInviteUsers, e.Of, key(e.Of, "invite", e.Seq, e.first()), key(e.Of, "invite"), UrgencyPage, false}
}

func (e InviteUsers) first() UserID {
	if len(e.Users) == 0 {
		return ""
	}
	return e.Users[0]
}

// Handling: once an entry and group.
func (e InviteGroup) Handling() Handling {
	return Handling{KindInviteGroup, e.Of, key(e.Of, "invite_group", e.Seq, e.Group), key(e.Of, "invite_group", e.Group), UrgencyPage, false}
}

// Handling: one card an incident. The first drawing is what people wait for.
func (e DrawCard) Handling() Handling {
	urgency := UrgencyCosmetic
	if e.First {
		urgency = UrgencyPage
	}
	return Handling{KindDrawCard, e.Of, key(e.Of, "card"), key(e.Of, "card"), urgency, true}
}

// Handling: one card an incident, pinned after it was drawn.
func (e PinCard) Handling() Handling {
	return Handling{KindPinCard, e.Of, key(e.Of, "pin"), key(e.Of, "card"), UrgencyCosmetic, true}
}

// Handling: one topic an incident.
func (e DrawTopic) Handling() Handling {
	return Handling{KindDrawTopic, e.Of, key(e.Of, "topic"), key(e.Of, "topic"), UrgencyCosmetic, true}
}

// Handling: one announcement an incident.
func (e DrawAnnouncement) Handling() Handling {
	return Handling{KindDrawAnnouncement, e.Of, key(e.Of, "announcement"), key(e.Of, "announcement"), UrgencyUpdate, true}
}

// Handling: once an entry.
func (e PostEntry) Handling() Handling {
	return Handling{KindPostEntry, e.Of, key(e.Of, "entry", e.Seq), channelLane(e.Of), UrgencyUpdate, false}
}

// Handling: once an entry: an entry assigns one role.
func (e SendBrief) Handling() Handling {
	return Handling{KindSendBrief, e.Of, key(e.Of, "brief", e.Seq), personLane(e.User), UrgencyUpdate, false}
}

// Handling: one a rule and person may wait, so that after an outage of Slack nobody gets them all.
func (e SendReminder) Handling() Handling {
	lane := channelLane(e.Of)
	if e.User != "" {
		lane = personLane(e.User)
	}
	return Handling{KindSendReminder, e.Of, key(e.Of, "remind", e.Rule, e.User), lane, UrgencyUpdate, true}
}

// Handling: once an incident.
func (e LinkOrigin) Handling() Handling {
	return Handling{KindLinkOrigin, e.Of, key(e.Of, "origin"), key(e.Of, "origin"), UrgencyUpdate, false}
}

// Handling: once a message of an incident.
func (e MarkNoted) Handling() Handling {
	return Handling{KindMarkNoted, e.Of, key(e.Of, "noted", e.Message.Channel, e.Message.TS), key(e.Of, "noted"), UrgencyCosmetic, false}
}

// Handling: once an entry: a reopened incident is archived again.
func (e ArchiveChannel) Handling() Handling {
	return Handling{KindArchiveChannel, e.Of, key(e.Of, "archive", e.Seq), channelLane(e.Of), UrgencyCosmetic, false}
}

// Handling: once an entry.
func (e RestoreChannel) Handling() Handling {
	return Handling{KindRestoreChannel, e.Of, key(e.Of, "restore", e.Seq), channelLane(e.Of), UrgencyPage, false}
}

// Handling: one look at the state of the moment stands for all that wait, and no other runs beside it.
func (e LookAtChannel) Handling() Handling {
	return Handling{KindLookAtChannel, e.Of, key(e.Of, "look"), key(e.Of, "look"), UrgencyUpdate, true}
}

// Handling: one home a person, whichever incident changed it.
func (e DrawHome) Handling() Handling {
	return Handling{KindDrawHome, e.Of, "home/" + string(e.User), "home/" + string(e.User), UrgencyCosmetic, true}
}
