package incident

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
	// of was done meanwhile (StillDue); of two that wait the newer one is sent.
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
	// DrawHome publishes a person's App Home. A second run publishes the newest state.
	DrawHome struct {
		Of   ID     `json:"of,omitempty"`
		User UserID `json:"user"`
	}
)
