package templates

// ProgramLabel names words about the app itself: those of its manifest, which people read in Slack before it ever
// answers, and those of the demo. All are plain text but ProgramHint, which is mrkdwn.
type ProgramLabel string

// Words of the manifest. The names of shortcuts have at most 24 characters.
const (
	ProgramAbout               ProgramLabel = "about"
	ProgramCommand             ProgramLabel = "command"
	ProgramCommandHint         ProgramLabel = "command_hint"
	ProgramDeclare             ProgramLabel = "declare"
	ProgramDeclareAbout        ProgramLabel = "declare_about"
	ProgramDeclareMessage      ProgramLabel = "declare_message"
	ProgramDeclareMessageAbout ProgramLabel = "declare_message_about"
	ProgramAddNote             ProgramLabel = "add_note"
	ProgramAddNoteAbout        ProgramLabel = "add_note_about"
)

// Words of the demo.
const (
	ProgramHint     ProgramLabel = "hint"
	ProgramFaster   ProgramLabel = "faster" // before a number: how much faster time runs
	ProgramStop     ProgramLabel = "stop"
	ProgramStart    ProgramLabel = "start"
	ProgramBot      ProgramLabel = "bot"
	ProgramRunning  ProgramLabel = "running"
	ProgramStopped  ProgramLabel = "stopped"
	ProgramEffect   ProgramLabel = "effect"
	ProgramIncident ProgramLabel = "incident"
	ProgramState    ProgramLabel = "state"
	ProgramAttempts ProgramLabel = "attempts"
	ProgramWhy      ProgramLabel = "why"
)

// ProgramLabels lists them all.
func ProgramLabels() []ProgramLabel {
	return []ProgramLabel{ProgramAbout, ProgramCommand, ProgramCommandHint, ProgramDeclare, ProgramDeclareAbout, ProgramDeclareMessage,
		ProgramDeclareMessageAbout, ProgramAddNote, ProgramAddNoteAbout, ProgramHint, ProgramFaster, ProgramStop, ProgramStart, ProgramBot,
		ProgramRunning, ProgramStopped, ProgramEffect, ProgramIncident, ProgramState, ProgramAttempts, ProgramWhy}
}

// Program is the words for one of them.
func (w *Words) Program(label ProgramLabel) string {
	return w.word("program", string(label), string(label))
}
