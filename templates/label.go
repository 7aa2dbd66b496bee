package templates

// Labels are words that never change: those of buttons, fields and headings. All are plain text.
type Labels struct {
	// Buttons.
	Take       string // followed by a role
	MoreRoles  string
	TakeCharge string // what opening communications takes first
	Release    string
	HandOver   string
	PostUpdate string
	Severity   string
	Note       string
	Timeline   string
	Retry      string
	Snooze     string
	Why        string
	Reminders  string // where no reminder is in sight
	Pause      string
	Resume     string
	Declare    string
	List       string
	Mine       string
	Help       string
	More       string
	Refresh    string
	Cancel     string
	Done       string

	// Fields and headings.
	AssignPerson     string
	DeclareTitle     string
	UpdateTitle      string
	SeverityTitle    string
	NoteTitle        string
	AssignTitle      string
	FieldTitle       string
	FieldTitleHint   string
	FieldSeverity    string
	FieldSummary     string
	FieldSummaryHint string
	FieldOptions     string
	Private          string
	PrivateHint      string
	Drill            string
	DrillHint        string
	FieldState       string
	FieldStateHint   string
	FieldCurrent     string
	FieldNext        string
	FieldLines       string
	FieldNextIn      string
	ByCadence        string
	FieldReason      string
	FieldFinalHint   string
	FieldClosing     string
	FieldClosingHint string
	FieldNote        string
	FieldWhen        string
	FieldWhenHint    string
	FieldRole        string
	FieldPerson      string
	HomeOpen         string
	HomeMine         string
	HomeOthers       string
	Somebody         string
	TheChannel       string
}
