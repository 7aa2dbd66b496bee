package incident

import (
	"slices"
	"time"
)

const (
	clockSkew = time.Minute // by how much Slack's clock may be ahead of ours
	firstYear = 2000        // nothing that people note happened before
	lastYear  = 9999        // JSON can write no later one
)

// decideStatus applies a row of the lifecycle table.
func decideStatus(in Incident, c ChangeStatus) ([]Event, error) {
	row, err := move(in.Status, c.Verb)
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
	return []Event{EventStatusChanged{Verb: c.Verb, From: in.Status, To: row.To, Text: text}}, nil
}

// decideSeverity judges the severity; to confirm the declared one needs no reason. Who judges an incident that is still in
// triage accepts it with that.
func decideSeverity(in Incident, c ChangeSeverity, p *Policy) ([]Event, error) {
	severity, known := p.ParseSeverity(string(c.Severity))
	if !known || severity == Unknown {
		return nil, &Refusal{Code: RefuseUnknownSeverity, Text: string(c.Severity)}
	}
	if err := in.stillOn(); err != nil {
		return nil, err
	}
	reason := line(c.Reason)
	switch {
	case severity == in.Severity && in.Confirmed:
		return nil, &Refusal{Code: RefuseSameSeverity, Severity: severity}
	case severity != in.Severity && reason == "":
		return nil, &Refusal{Code: RefuseReasonNeeded, Severity: severity}
	}
	if err := within("reason", reason, MaxReason); err != nil {
		return nil, err
	}
	events := []Event{EventSeverityChanged{From: in.Severity, To: severity, Priority: p.Level(severity).Priority, Reason: reason}}
	if in.Status == Triage {
		row, err := move(in.Status, VerbAccept)
		if err != nil {
			return nil, err
		}
		events = append(events, EventStatusChanged{Verb: VerbAccept, From: in.Status, To: row.To})
	}
	return events, nil
}

// decideUpdate posts an internal update. Only a State is required.
func decideUpdate(in Incident, c PostUpdate, now time.Time) ([]Event, error) {
	text := UpdateText{State: paragraph(c.Text.State), Current: paragraph(c.Text.Current), Next: paragraph(c.Text.Next)}
	if text.State == "" {
		return nil, &Refusal{Code: RefuseTextEmpty, Text: "update"}
	}
	for _, part := range []string{text.State, text.Current, text.Next} {
		if err := within("update", part, MaxText); err != nil {
			return nil, err
		}
	}
	if err := in.stillOpen(); err != nil {
		return nil, err
	}
	event := EventUpdatePosted{Text: text}
	if c.NextIn != 0 {
		if err := checkPause(c.NextIn); err != nil {
			return nil, err
		}
		event.Next = now.Add(c.NextIn)
	}
	return []Event{event}, nil
}

// decideNote puts words on the timeline, also of an incident that is over: the review needs them. Somebody else's message
// that is too long is cut, since whoever notes it cannot shorten it.
func decideNote(in Incident, c AddNote, actor Actor, now time.Time) ([]Event, error) {
	text := paragraph(c.Text)
	if text == "" {
		return nil, &Refusal{Code: RefuseTextEmpty, Text: "note"}
	}
	if c.Message.Posted() {
		text = shorten(text, MaxText)
	}
	if err := within("note", text, MaxText); err != nil {
		return nil, err
	}
	if c.Message.Posted() && slices.Contains(in.Pinned, pinKey(c.Message)) {
		return nil, &Refusal{Code: RefuseAlreadyNoted}
	}
	event := EventNoteAdded{Text: text, At: c.At.UTC(), Author: c.Author, Message: c.Message, Link: c.Link}
	if c.At.IsZero() {
		event.At = now
	}
	if event.At.After(now.Add(clockSkew)) || event.At.Year() < firstYear {
		return nil, &Refusal{Code: RefuseBadTime}
	}
	if event.Author == "" {
		event.Author = actor.ID
	}
	return []Event{event}, nil
}

// pinKey names a message among those that are on the timeline already.
func pinKey(message MessageRef) string { return string(message.Channel) + "/" + string(message.TS) }
