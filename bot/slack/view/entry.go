package view

import (
	"time"

	"muster/incident"
	"muster/templates"
)

// Entry is what the incident's channel is told of one entry of its timeline; false when it is told nothing. in is the
// incident as it is now.
func (v View) Entry(in incident.Incident, entry incident.Entry, now time.Time) (Message, bool) {
	change := templates.Change{Incident: v.facts(in, now), By: entry.Actor.ID}
	var text templates.Markup
	switch e := entry.Event.(type) {
	case incident.EventRoleAssigned:
		text = v.Words.RoleAssigned.Markup(v.assigned(change, e))
	case incident.EventRoleReleased:
		text = v.Words.RoleReleased.Markup(v.released(change, e))
	case incident.EventStatusChanged:
		change.Text, change.Incident.Status = e.Text, v.Words.Status(e.To)
		if !e.To.Open() {
			change.Incident.Duration = entry.At.Sub(in.DeclaredAt)
		}
		text = v.Words.StatusChanged(templates.StatusChange{Change: change, Verb: e.Verb})
	case incident.EventSeverityChanged:
		text = v.Words.SeverityChanged.Markup(v.judged(change, e))
	case incident.EventRetitled:
		change.Text = e.To
		text = v.Words.Retitled.Markup(change)
	case incident.EventSummarized:
		change.Text = e.Text
		text = v.Words.Summarized.Markup(change)
	case incident.EventNoteAdded:
		if e.Message.Posted() {
			return Message{}, false
		}
		change.Text = e.Text
		text = v.Words.NoteAdded.Markup(change)
	case incident.EventUpdatePosted:
		return v.update(change.Incident, entry.Actor.ID, e), true
	case incident.EventEffectFailed:
		return v.failed(change.Incident, e.Trouble), true
	default:
		if text = v.paused(change, entry.Event); text == "" {
			return Message{}, false
		}
	}
	l := newMessage()
	l.text(text)
	return l.message(text), true
}

// paused words what became of the reminders; empty for other events.
func (v View) paused(change templates.Change, event incident.Event) templates.Markup {
	switch e := event.(type) {
	case incident.EventSnoozed:
		return v.Words.Snoozed.Markup(templates.Pause{Change: change, Until: v.local(e.Until)})
	case incident.EventPaused:
		return v.Words.Paused.Markup(templates.Pause{Change: change})
	case incident.EventResumed:
		return v.Words.Resumed.Markup(templates.Pause{Change: change})
	case incident.EventCadenceSet:
		return v.Words.CadenceSet.Markup(templates.Pause{Change: change, Every: interval(e.Cadence)})
	}
	return ""
}

func (v View) assigned(change templates.Change, e incident.EventRoleAssigned) templates.RoleChange {
	return templates.RoleChange{Change: change, Role: v.role(e.Role), RoleName: e.Role, User: e.User, Replaced: e.Replaced, Deputy: e.Deputy}
}

func (v View) released(change templates.Change, e incident.EventRoleReleased) templates.RoleChange {
	return templates.RoleChange{Change: change, Role: v.role(e.Role), RoleName: e.Role, User: e.User}
}

func (v View) judged(change templates.Change, e incident.EventSeverityChanged) templates.SeverityChange {
	change.Text = e.Reason
	return templates.SeverityChange{Change: change, From: v.Words.Severity(e.From), To: v.Words.Severity(e.To), Mark: v.Words.SeverityMark(e.To)}
}

// update is an internal update, a paragraph for each of its parts.
func (v View) update(facts templates.Incident, by incident.UserID, e incident.EventUpdatePosted) Message {
	words := templates.Update{Incident: facts, By: by, State: e.Text.State, Current: e.Text.Current, Next: e.Text.Next}
	l := newMessage()
	head := v.Words.UpdatePosted.Markup(words)
	l.text(head)
	if e.Text.Current != "" {
		l.text(v.Words.UpdateCurrent.Markup(words))
	}
	if e.Text.Next != "" {
		l.text(v.Words.UpdateNext.Markup(words))
	}
	if facts.Open {
		l.small(v.Words.UpdateFoot.Markup(words))
	}
	return l.message(head)
}

// failed tells of an effect that failed for good.
func (v View) failed(facts templates.Incident, trouble incident.Trouble) Message {
	l := newMessage()
	v.trouble(l, trouble, facts)
	return l.message(v.troubleText(trouble, facts))
}

// interval is the time between two updates of a cadence that somebody set on one incident; 0 for the severity's.
func interval(cadence string) time.Duration {
	const every = "@every "
	if len(cadence) <= len(every) {
		return 0
	}
	d, err := time.ParseDuration(cadence[len(every):])
	if err != nil {
		return 0
	}
	return d
}
