package templates

// ProgramWords are about the app itself: those of its manifest, which people read in Slack before it ever answers, and those
// of the demo. All are plain text but Hint, which is mrkdwn.
type ProgramWords struct {
	// The manifest. The names of shortcuts have at most 24 characters.
	About               string
	Command             string
	CommandHint         string
	Declare             string
	DeclareAbout        string
	DeclareMessage      string
	DeclareMessageAbout string
	AddNote             string
	AddNoteAbout        string

	// The demo.
	Hint     string
	Faster   string // before a number: how much faster time runs
	Stop     string
	Start    string
	Bot      string
	Running  string
	Stopped  string
	Effect   string
	Incident string
	State    string
	Attempts string
	Why      string
}
