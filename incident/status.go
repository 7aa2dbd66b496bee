package incident

import (
	"time"

	"muster/incident/ledger"
)

// ChangeStatus applies a verb of the lifecycle table. Text holds the reason or the closing words.
type ChangeStatus struct {
	Verb Verb
	Text string
}

func (ChangeStatus) Aggregate() ledger.Aggregate { return Aggregate }

func (c ChangeStatus) needs() Need {
	if row, known := c.Verb.Transition(); known {
		return permission(row.Action)
	}
	return permission(ActStatus)
}

func (c ChangeStatus) stands(in Incident) error {
	_, err := transition(in.Status, c.Verb)
	return err
}

func (c ChangeStatus) decide(in Incident, _ circumstances) ([]Event, error) {
	row, err := transition(in.Status, c.Verb)
	if err != nil {
		return nil, err
	}
	text := paragraph(c.Text)
	if row.Reason && text == "" {
		return nil, &Refusal{Code: RefuseReasonNeeded, Verb: c.Verb}
	}
	if err := within("reason", text, MaxText); err != nil {
		return nil, err
	}
	restores := c.Verb == VerbReopen && in.Channel.State == ChannelArchived
	return []Event{EventStatusChanged{Verb: c.Verb, From: in.Status, To: row.To, Text: text, Restores: restores}}, nil
}

// EventStatusChanged: a verb of the lifecycle table was applied.
type EventStatusChanged struct {
	Verb Verb   `json:"verb"`
	From Status `json:"from"`
	To   Status `json:"to"`
	Text string `json:"text,omitempty"`
	// Restores: the channel was archived, and is brought back.
	Restores bool `json:"restores,omitempty"`
}

func (EventStatusChanged) EventKind() EventKind { return KindStatusChanged }

// fold: reopening arms every reminder anew.
func (e EventStatusChanged) fold(in *Incident, entry Entry) {
	in.Status, in.StatusAt = e.To, entry.At
	switch {
	case e.Verb == VerbReopen:
		in.Restoring = e.Restores
		in.Reopened++
		in.ResolvedAt, in.FinishedAt, in.Closing = time.Time{}, time.Time{}, ""
		in.Reminders = Reminders{WatchedFrom: entry.At, TouchedAt: entry.At}
		in.restartCadence(entry.At)
	case !e.To.Open():
		if in.FinishedAt.IsZero() {
			in.FinishedAt = entry.At
		}
		if e.To == Resolved {
			in.ResolvedAt = entry.At
		}
		if e.Text != "" {
			in.Closing = e.Text
		}
	}
}

// follows: a channel that was archived, or is about to be, is brought back for an incident that is open again.
func (e EventStatusChanged) follows(before, after Incident, entry Entry, _ *Policy) []Effect {
	if e.Verb == VerbReopen && before.archivedOrDue() {
		return []Effect{RestoreChannel{Of: after.ID, Seq: entry.Seq}}
	}
	return nil
}

// archivedOrDue reports whether the channel is archived, or is about to be.
func (in Incident) archivedOrDue() bool {
	return in.Channel.State == ChannelArchived || in.Reminders.sentFor(ruleArchive, in.FinishedAt)
}

func (EventStatusChanged) tells(Incident) Telling { return TellsChannel }
