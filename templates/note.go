package templates

type noteTexts struct {
	NoteAdded    Text[Change] // shows the channel a note that was typed as a command
	AckNoteAdded Text[Change] `file:"ack"` // answers a note
}
