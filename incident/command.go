package incident

import "time"

// Command is something that somebody wants done to one incident. Decide answers with events or a Refusal.
type Command interface{ command() }

type (
	// Declare raises an incident (PROCESS: step 2). Only the title is required; an empty severity means Unknown.
	Declare struct {
		Title    string
		Summary  string
		Severity Severity
		Private  bool
		Drill    bool
		Origin   Origin
	}

	// AssignRole gives a role to somebody; an actor who assigns it to themselves takes it. Replace hands a single role
	// over from its holder instead of refusing; a deputy who replaces the leader takes over the lead.
	AssignRole struct {
		Role     Role
		Assignee Actor
		Replace  bool
	}

	// ReleaseRole takes a role away again. An empty User means the actor.
	ReleaseRole struct {
		Role Role
		User UserID
	}

	// ChangeStatus applies a verb of the lifecycle table. Text holds the reason or the closing words.
	ChangeStatus struct {
		Verb Verb
		Text string
	}

	// ChangeSeverity judges the severity anew. A change needs a reason.
	ChangeSeverity struct {
		Severity Severity
		Reason   string
	}

	// Retitle gives the incident another title.
	Retitle struct{ Title string }

	// Summarize writes what is known in a paragraph.
	Summarize struct{ Text string }

	// PostUpdate posts an internal update and starts the cadence anew (PROCESS: step 8).
	PostUpdate struct {
		Text   UpdateText
		NextIn time.Duration // until the next update, this once; 0: the cadence decides
	}

	// AddNote puts a note on the timeline. A note made of a message keeps the message's author and time, once a message.
	AddNote struct {
		Text    string
		At      time.Time // when it happened; zero: now
		Author  UserID    // whose words they are; empty: the actor's
		Message MessageRef
		Link    string
	}

	// Snooze silences the reminders from now on for so long; a second one replaces the first.
	Snooze struct{ For time.Duration }

	// PauseReminders silences them until ResumeReminders.
	PauseReminders struct{}

	// ResumeReminders ends a pause or a snooze.
	ResumeReminders struct{}

	// SetCadence sets how often updates are due on this incident, counted from the last one; 0 returns to the severity's cadence.
	SetCadence struct{ Every time.Duration }

	// Remind fires whatever reminders are due now. It is refused with RefuseNotDue when none is.
	Remind struct{}

	// RetryEffect puts a failed effect back into the outbox.
	RetryEffect struct{ Job JobID }

	// JoinMember says that somebody came into the incident's channel, and when, by Slack's clock; the zero time is now.
	JoinMember struct {
		User UserID
		At   time.Time
	}
	// LeaveMember says that somebody left it, and when.
	LeaveMember struct {
		User UserID
		At   time.Time
	}
)

// What the worker records once an effect took place.
type (
	// RecordChannel says that the incident's channel now exists. Its first channel stays its channel.
	RecordChannel struct {
		Channel ChannelID
		Name    string
	}
	// RecordCard says where the pinned card was posted.
	RecordCard struct{ Card MessageRef }
	// RecordAnnouncement says where the announcement was posted.
	RecordAnnouncement struct{ Announcement MessageRef }
	// RecordArchived says that the channel was archived, or brought back.
	RecordArchived struct{ Archived bool }
	// RecordMembers says who was invited into the channel.
	RecordMembers struct{ Users []UserID }
	// RecordFailure says that an effect failed for good.
	RecordFailure struct {
		Job    JobID
		Kind   EffectKind
		Key    string // the effect's
		Reason string // Slack's error code; never a message body
	}
)

func (Declare) command()            {}
func (AssignRole) command()         {}
func (ReleaseRole) command()        {}
func (ChangeStatus) command()       {}
func (ChangeSeverity) command()     {}
func (Retitle) command()            {}
func (Summarize) command()          {}
func (PostUpdate) command()         {}
func (AddNote) command()            {}
func (Snooze) command()             {}
func (PauseReminders) command()     {}
func (ResumeReminders) command()    {}
func (SetCadence) command()         {}
func (Remind) command()             {}
func (RetryEffect) command()        {}
func (JoinMember) command()         {}
func (LeaveMember) command()        {}
func (RecordChannel) command()      {}
func (RecordCard) command()         {}
func (RecordAnnouncement) command() {}
func (RecordArchived) command()     {}
func (RecordMembers) command()      {}
func (RecordFailure) command()      {}
