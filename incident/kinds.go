package incident

import "muster/incident/ledger"

// This file lists what there is, by persisted name: commands, events, effects. Everything else about one stands in the file of its
// noun. Tests compare the lists with the types in the source.

// Commands lists a command of each type. A test compares it with the types in the source.
func Commands() []Command {
	return []Command{
		Declare{}, AssignRole{}, ReleaseRole{}, RecordDeactivated{}, ChangeStatus{}, ChangeSeverity{}, Retitle{}, Summarize{}, PostUpdate{}, AddNote{},
		Snooze{}, PauseReminders{}, ResumeReminders{}, SetCadence{}, Remind{},
		RecordChannel{}, RecordArchived{}, RecordMembers{}, JoinMember{}, LeaveMember{}, RecordCard{}, RecordAnnouncement{},
		RecordFailure{}, RetryEffect{}, ClearTrouble{},
	}
}

// EventKind is the persisted name of an event.
type EventKind string

const (
	KindDeclared        EventKind = "declared"
	KindRoleAssigned    EventKind = "role_assigned"
	KindRoleReleased    EventKind = "role_released"
	KindRoleVacated     EventKind = "role_vacated"
	KindStatusChanged   EventKind = "status_changed"
	KindSeverityChanged EventKind = "severity_changed"
	KindRetitled        EventKind = "retitled"
	KindSummarized      EventKind = "summarized"
	KindUpdatePosted    EventKind = "update_posted"
	KindNoteAdded       EventKind = "note_added"
	KindSnoozed         EventKind = "snoozed"
	KindPaused          EventKind = "paused"
	KindResumed         EventKind = "resumed"
	KindCadenceSet      EventKind = "cadence_set"
	KindReminded        EventKind = "reminded"
	KindArchiveDue      EventKind = "archive_due"
	KindMemberJoined    EventKind = "member_joined"
	KindMemberLeft      EventKind = "member_left"
	KindChannelOpened   EventKind = "channel_opened"
	KindCardPosted      EventKind = "card_posted"
	KindAnnounced       EventKind = "announced"
	KindChannelArchived EventKind = "channel_archived"
	KindChannelRestored EventKind = "channel_restored"
	KindEffectFailed    EventKind = "effect_failed"
	KindEffectRetried   EventKind = "effect_retried"
	KindTroubleCleared  EventKind = "trouble_cleared"
)

// eventTypes lists every type of event: one that is missing here cannot be read back. A test compares it with the types in the
// source.
func eventTypes() []eventType {
	return []eventType{
		eventOf[EventDeclared](), eventOf[EventRoleAssigned](), eventOf[EventRoleReleased](), eventOf[EventRoleVacated](), eventOf[EventStatusChanged](),
		eventOf[EventSeverityChanged](), eventOf[EventRetitled](), eventOf[EventSummarized](), eventOf[EventUpdatePosted](),
		eventOf[EventNoteAdded](), eventOf[EventSnoozed](), eventOf[EventPaused](), eventOf[EventResumed](), eventOf[EventCadenceSet](),
		eventOf[EventReminded](), eventOf[EventArchiveDue](), eventOf[EventMemberJoined](), eventOf[EventMemberLeft](),
		eventOf[EventChannelOpened](), eventOf[EventCardPosted](), eventOf[EventAnnounced](), eventOf[EventChannelArchived](),
		eventOf[EventChannelRestored](), eventOf[EventEffectFailed](), eventOf[EventEffectRetried](), eventOf[EventTroubleCleared](),
	}
}

// The persisted names of the effects.
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
	KindLookAtChannel    EffectKind = "look_at_channel"
	KindDrawHome         EffectKind = "draw_home"
)

// EffectTypes lists every type of effect that an incident asks for. A test compares it with the types in the source.
func EffectTypes() []ledger.EffectType {
	return []ledger.EffectType{
		ledger.EffectOf[CreateChannel](), ledger.EffectOf[InviteUsers](), ledger.EffectOf[InviteGroup](), ledger.EffectOf[DrawCard](),
		ledger.EffectOf[PinCard](), ledger.EffectOf[DrawTopic](), ledger.EffectOf[DrawAnnouncement](), ledger.EffectOf[PostEntry](),
		ledger.EffectOf[SendBrief](), ledger.EffectOf[SendReminder](), ledger.EffectOf[LinkOrigin](), ledger.EffectOf[MarkNoted](),
		ledger.EffectOf[ArchiveChannel](), ledger.EffectOf[RestoreChannel](), ledger.EffectOf[LookAtChannel](), ledger.EffectOf[DrawHome](),
	}
}
