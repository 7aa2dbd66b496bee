package templates

// Label names words that never change: those of buttons, fields and headings. All are plain text.
type Label string

// Buttons.
const (
	LabelTake       Label = "take" // followed by a role
	LabelMoreRoles  Label = "more_roles"
	LabelTakeCharge Label = "take_charge" // what opening communications takes first
	LabelRelease    Label = "release"
	LabelHandOver   Label = "hand_over"
	LabelPostUpdate Label = "post_update"
	LabelSeverity   Label = "severity"
	LabelNote       Label = "note"
	LabelTimeline   Label = "timeline"
	LabelRetry      Label = "retry"
	LabelSnooze     Label = "snooze"
	LabelWhy        Label = "why"
	LabelReminders  Label = "reminders" // where no reminder is in sight
	LabelPause      Label = "pause"
	LabelResume     Label = "resume"
	LabelDeclare    Label = "declare"
	LabelList       Label = "list"
	LabelMine       Label = "mine"
	LabelHelp       Label = "help"
	LabelMore       Label = "more"
	LabelRefresh    Label = "refresh"
	LabelCancel     Label = "cancel"
	LabelDone       Label = "done"
)

// Fields and headings.
const (
	LabelAssignPerson     Label = "assign_person"
	LabelDeclareTitle     Label = "declare_title"
	LabelUpdateTitle      Label = "update_title"
	LabelSeverityTitle    Label = "severity_title"
	LabelNoteTitle        Label = "note_title"
	LabelAssignTitle      Label = "assign_title"
	LabelFieldTitle       Label = "field_title"
	LabelFieldTitleHint   Label = "field_title_hint"
	LabelFieldSeverity    Label = "field_severity"
	LabelFieldSummary     Label = "field_summary"
	LabelFieldSummaryHint Label = "field_summary_hint"
	LabelFieldOptions     Label = "field_options"
	LabelPrivate          Label = "private"
	LabelPrivateHint      Label = "private_hint"
	LabelDrill            Label = "drill"
	LabelDrillHint        Label = "drill_hint"
	LabelFieldState       Label = "field_state"
	LabelFieldStateHint   Label = "field_state_hint"
	LabelFieldCurrent     Label = "field_current"
	LabelFieldNext        Label = "field_next"
	LabelFieldLines       Label = "field_lines"
	LabelFieldNextIn      Label = "field_next_in"
	LabelByCadence        Label = "by_cadence"
	LabelFieldReason      Label = "field_reason"
	LabelFieldFinalHint   Label = "field_final_hint"
	LabelFieldClosing     Label = "field_closing"
	LabelFieldClosingHint Label = "field_closing_hint"
	LabelFieldNote        Label = "field_note"
	LabelFieldWhen        Label = "field_when"
	LabelFieldWhenHint    Label = "field_when_hint"
	LabelFieldRole        Label = "field_role"
	LabelFieldPerson      Label = "field_person"
	LabelHomeOpen         Label = "home_open"
	LabelHomeMine         Label = "home_mine"
	LabelHomeOthers       Label = "home_others"
	LabelSomebody         Label = "somebody"
	LabelTheChannel       Label = "the_channel"
)

// Labels lists every label.
func Labels() []Label {
	return []Label{LabelTake, LabelMoreRoles, LabelTakeCharge, LabelRelease, LabelHandOver, LabelPostUpdate, LabelSeverity, LabelNote, LabelTimeline,
		LabelRetry, LabelSnooze, LabelWhy, LabelReminders, LabelPause, LabelResume, LabelDeclare, LabelList, LabelMine, LabelHelp, LabelMore,
		LabelRefresh, LabelCancel, LabelDone,
		LabelAssignPerson, LabelDeclareTitle, LabelUpdateTitle, LabelSeverityTitle, LabelNoteTitle, LabelAssignTitle,
		LabelFieldTitle, LabelFieldTitleHint, LabelFieldSeverity, LabelFieldSummary, LabelFieldSummaryHint, LabelFieldOptions,
		LabelPrivate, LabelPrivateHint, LabelDrill, LabelDrillHint, LabelFieldState, LabelFieldStateHint, LabelFieldCurrent,
		LabelFieldNext, LabelFieldLines, LabelFieldNextIn, LabelByCadence, LabelFieldReason, LabelFieldFinalHint, LabelFieldClosing,
		LabelFieldClosingHint, LabelFieldNote, LabelFieldWhen, LabelFieldWhenHint, LabelFieldRole, LabelFieldPerson,
		LabelHomeOpen, LabelHomeMine, LabelHomeOthers, LabelSomebody, LabelTheChannel}
}

// Topic is a topic of the help.
type Topic string

// The topics of the help.
const (
	TopicOverview  Topic = "overview"
	TopicDeclare   Topic = "declare"
	TopicList      Topic = "list"
	TopicRoles     Topic = "roles"
	TopicStatus    Topic = "status"
	TopicUpdate    Topic = "update"
	TopicTimeline  Topic = "timeline"
	TopicReminders Topic = "reminders"
)

// Topics lists every topic.
func Topics() []Topic {
	return []Topic{TopicOverview, TopicDeclare, TopicList, TopicRoles, TopicStatus, TopicUpdate, TopicTimeline, TopicReminders}
}

// UsageOf lists the commands that Usage has words for, beside "unknown".
func UsageOf() []string {
	return []string{"declare", "list", "assign", "claim", "release", "status", "severity", "title", "summary", "update", "note",
		"timeline", "remind", "resolve", "reopen", "close", "cancel", "unknown"}
}

// AdvisedReasons lists the codes of Slack's errors that Advice has words of its own for, beside "other".
func AdvisedReasons() []string {
	return []string{"missing_scope", "restricted_action", "not_in_channel", "channel_not_found", "is_archived", "unreadable", "other"}
}

// Fields lists the names of texts that a refusal speaks of.
func Fields() []string { return []string{"title", "summary", "update", "note", "reason", "text"} }
