package templates

// ExportLabel names a heading of an exported incident. All are plain text.
type ExportLabel string

// The headings of an export.
const (
	ExportSeverity ExportLabel = "severity"
	ExportPriority ExportLabel = "priority"
	ExportStatus   ExportLabel = "status"
	ExportDeclared ExportLabel = "declared"
	ExportBy       ExportLabel = "by"
	ExportFinished ExportLabel = "finished"
	ExportDuration ExportLabel = "duration"
	ExportChannel  ExportLabel = "channel"
	ExportPrivate  ExportLabel = "private"
	ExportDrill    ExportLabel = "drill"
	ExportSummary  ExportLabel = "summary"
	ExportClosing  ExportLabel = "closing"
	ExportRoles    ExportLabel = "roles"
	ExportUpdates  ExportLabel = "updates"
	ExportCurrent  ExportLabel = "current"
	ExportNext     ExportLabel = "next"
	ExportTimeline ExportLabel = "timeline"
	ExportTime     ExportLabel = "time"
	ExportEntry    ExportLabel = "entry"
	ExportWords    ExportLabel = "words"
	ExportNote     ExportLabel = "note"
	ExportUpdate   ExportLabel = "update"
)

// ExportLabels lists every heading.
func ExportLabels() []ExportLabel {
	return []ExportLabel{ExportSeverity, ExportPriority, ExportStatus, ExportDeclared, ExportBy, ExportFinished, ExportDuration,
		ExportChannel, ExportPrivate, ExportDrill, ExportSummary, ExportClosing, ExportRoles, ExportUpdates, ExportCurrent, ExportNext,
		ExportTimeline, ExportTime, ExportEntry, ExportWords, ExportNote, ExportUpdate}
}

// Export is a heading of an exported incident.
func (w *Words) Export(label ExportLabel) string {
	return w.word("export", string(label), string(label))
}
