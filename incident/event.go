package incident

import "time"

// Event is something that happened to an incident. Events are kept for ever; their kinds never change meaning.
type Event interface{ EventKind() EventKind }

// EventKind is the persisted name of an event.
type EventKind string

const (
	KindDeclared        EventKind = "declared"
	KindRoleAssigned    EventKind = "role_assigned"
	KindRoleReleased    EventKind = "role_released"
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
)

type (
	// EventDeclared is the first event of every incident.
	EventDeclared struct {
		ID       ID       `json:"id"`
		Title    string   `json:"title"`
		Summary  string   `json:"summary,omitempty"`
		Severity Severity `json:"severity"`
		Priority Priority `json:"priority"`
		Status   Status   `json:"status"`
		Private  bool     `json:"private,omitempty"`
		Drill    bool     `json:"drill,omitempty"`
		Origin   Origin   `json:"origin"`
	}
	// EventRoleAssigned: User now holds Role; Replaced led it before, if it was handed over.
	EventRoleAssigned struct {
		Role     Role   `json:"role"`
		User     UserID `json:"user"`
		Replaced UserID `json:"replaced,omitempty"`
		Deputy   bool   `json:"deputy,omitempty"` // somebody else leads it
	}
	// EventRoleReleased: User no longer holds Role.
	EventRoleReleased struct {
		Role Role   `json:"role"`
		User UserID `json:"user"`
	}
	// EventStatusChanged: a verb of the lifecycle table was applied.
	EventStatusChanged struct {
		Verb Verb   `json:"verb"`
		From Status `json:"from"`
		To   Status `json:"to"`
		Text string `json:"text,omitempty"`
	}
	// EventSeverityChanged: a person judged the severity; From equals To when it was only confirmed.
	EventSeverityChanged struct {
		From     Severity `json:"from"`
		To       Severity `json:"to"`
		Priority Priority `json:"priority"`
		Reason   string   `json:"reason,omitempty"`
	}
	// EventRetitled: the title is another.
	EventRetitled struct {
		From string `json:"from"`
		To   string `json:"to"`
	}
	// EventSummarized: the summary is another.
	EventSummarized struct {
		Text string `json:"text"`
	}
	// EventUpdatePosted: an internal update went out.
	EventUpdatePosted struct {
		Text UpdateText `json:"text"`
		Next time.Time  `json:"next,omitzero"` // when the next one was promised, if not by the cadence
	}
	// EventNoteAdded: words for the record.
	EventNoteAdded struct {
		Text    string     `json:"text"`
		At      time.Time  `json:"at"` // when it happened, which may be long before it was noted
		Author  UserID     `json:"author"`
		Message MessageRef `json:"message,omitzero"`
		Link    string     `json:"link,omitempty"`
	}
	// EventSnoozed: no reminders until then.
	EventSnoozed struct {
		Until time.Time `json:"until"`
	}
	// EventPaused: no reminders until somebody resumes them.
	EventPaused struct{}
	// EventResumed: reminders come again.
	EventResumed struct{}
	// EventCadenceSet: updates are due at another cadence; empty means the severity's.
	EventCadenceSet struct {
		Cadence string `json:"cadence,omitempty"`
	}
	// EventReminded: a rule fired.
	EventReminded struct {
		Rule    RuleName  `json:"rule"`
		Subject string    `json:"subject,omitempty"` // what the rule spoke of, where it can speak of several
		Anchor  time.Time `json:"anchor"`
		Step    int       `json:"step"` // 0 for the first time
		Due     time.Time `json:"due"`  // when it should have come
		To      Addressee `json:"to"`
		Users   []UserID  `json:"users,omitempty"` // whom it went to; in the channel, whom it mentions
		Missing []Role    `json:"missing,omitempty"`
	}
	// EventArchiveDue: the channel has been quiet for long enough to be archived.
	EventArchiveDue struct{}
	// EventMemberJoined: people came into the channel.
	EventMemberJoined struct {
		Users []UserID  `json:"users"`
		At    time.Time `json:"at,omitzero"` // by Slack's clock, of a private incident
	}
	// EventMemberLeft: somebody left the channel.
	EventMemberLeft struct {
		User UserID    `json:"user"`
		At   time.Time `json:"at,omitzero"` // as above
	}
	// EventChannelOpened: the incident's own channel exists.
	EventChannelOpened struct {
		Channel ChannelID `json:"channel"`
		Name    string    `json:"name"`
	}
	// EventCardPosted: the card stands in the channel.
	EventCardPosted struct {
		Card MessageRef `json:"card"`
	}
	// EventAnnounced: the announcement stands in its channel.
	EventAnnounced struct {
		Announcement MessageRef `json:"announcement"`
	}
	// EventChannelArchived: the channel was archived.
	EventChannelArchived struct{}
	// EventChannelRestored: the channel was brought back.
	EventChannelRestored struct{}
	// EventEffectFailed: an effect failed for good and waits for a person.
	EventEffectFailed struct {
		Trouble Trouble `json:"trouble"`
	}
	// EventEffectRetried: a person asked for a failed effect again.
	EventEffectRetried struct {
		Job  JobID      `json:"job"`
		Kind EffectKind `json:"kind"`
	}
)

func (EventDeclared) EventKind() EventKind        { return KindDeclared }
func (EventRoleAssigned) EventKind() EventKind    { return KindRoleAssigned }
func (EventRoleReleased) EventKind() EventKind    { return KindRoleReleased }
func (EventStatusChanged) EventKind() EventKind   { return KindStatusChanged }
func (EventSeverityChanged) EventKind() EventKind { return KindSeverityChanged }
func (EventRetitled) EventKind() EventKind        { return KindRetitled }
func (EventSummarized) EventKind() EventKind      { return KindSummarized }
func (EventUpdatePosted) EventKind() EventKind    { return KindUpdatePosted }
func (EventNoteAdded) EventKind() EventKind       { return KindNoteAdded }
func (EventSnoozed) EventKind() EventKind         { return KindSnoozed }
func (EventPaused) EventKind() EventKind          { return KindPaused }
func (EventResumed) EventKind() EventKind         { return KindResumed }
func (EventCadenceSet) EventKind() EventKind      { return KindCadenceSet }
func (EventReminded) EventKind() EventKind        { return KindReminded }
func (EventArchiveDue) EventKind() EventKind      { return KindArchiveDue }
func (EventMemberJoined) EventKind() EventKind    { return KindMemberJoined }
func (EventMemberLeft) EventKind() EventKind      { return KindMemberLeft }
func (EventChannelOpened) EventKind() EventKind   { return KindChannelOpened }
func (EventCardPosted) EventKind() EventKind      { return KindCardPosted }
func (EventAnnounced) EventKind() EventKind       { return KindAnnounced }
func (EventChannelArchived) EventKind() EventKind { return KindChannelArchived }
func (EventChannelRestored) EventKind() EventKind { return KindChannelRestored }
func (EventEffectFailed) EventKind() EventKind    { return KindEffectFailed }
func (EventEffectRetried) EventKind() EventKind   { return KindEffectRetried }

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
