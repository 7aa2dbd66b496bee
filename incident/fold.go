package incident

import (
	"slices"
	"time"
)

// Fold is the incident after one more entry. Folding a timeline from the zero Incident gives the snapshot that a store
// keeps beside it.
func Fold(in Incident, entry Entry) Incident {
	in = in.clone()
	in.Seq, in.ChangedAt = entry.Seq, entry.At
	if entry.Actor.Human() && !reminds(entry.Event) {
		in.Reminders.TouchedAt = entry.At
	}
	switch e := entry.Event.(type) {
	case EventDeclared:
		in.declared(e, entry)
	case EventRoleAssigned, EventRoleReleased:
		in.foldRole(entry)
	case EventStatusChanged:
		in.moved(e, entry.At)
	case EventSeverityChanged:
		in.Severity, in.Priority, in.Confirmed = e.To, e.Priority, true
		if e.From != e.To {
			in.SeverityAt = entry.At
			in.restartCadence(entry.At)
		}
	case EventRetitled:
		in.Title = e.To
	case EventSummarized:
		in.Summary = e.Text
	case EventUpdatePosted:
		in.LastUpdate = Update{At: entry.At, By: entry.Actor.ID, Text: e.Text}
		in.Updates++
		in.restartCadence(entry.At)
		in.Reminders.NextUpdate = e.Next
	case EventNoteAdded:
		in.Notes++
		if e.Message.Posted() {
			in.Pinned = append(in.Pinned, pinKey(e.Message))
		}
	case EventSnoozed, EventPaused, EventResumed, EventCadenceSet, EventReminded, EventArchiveDue:
		in.foldReminders(entry)
	default:
		in.foldRecord(entry)
	}
	return in
}

// reminds reports whether an event is a reminder, which is nobody's work on the incident whoever made it fire.
func reminds(event Event) bool {
	kind := event.EventKind()
	return kind == KindReminded || kind == KindArchiveDue
}

// declared is the beginning of every incident.
func (in *Incident) declared(e EventDeclared, entry Entry) {
	in.ID, in.Title, in.Summary, in.Severity, in.Priority = e.ID, e.Title, e.Summary, e.Severity, e.Priority
	in.Status, in.Private, in.Drill, in.Origin = e.Status, e.Private, e.Drill, e.Origin
	if entry.Actor.Human() {
		in.DeclaredBy = entry.Actor.ID
	}
	in.DeclaredAt, in.StatusAt = entry.At, entry.At
	in.Reminders.WatchedFrom, in.Reminders.TouchedAt = entry.At, entry.At
	in.restartCadence(entry.At)
}

// restartCadence counts the next update from a moment on, whatever was promised before.
func (in *Incident) restartCadence(at time.Time) {
	in.CadenceFrom, in.Reminders.NextUpdate = at, time.Time{}
}

// moved is a verb of the lifecycle table. Reopening arms every reminder anew.
func (in *Incident) moved(e EventStatusChanged, at time.Time) {
	in.Status, in.StatusAt = e.To, at
	switch {
	case e.Verb == VerbReopen:
		in.Reopened++
		in.ResolvedAt, in.FinishedAt, in.Closing = time.Time{}, time.Time{}, ""
		in.Reminders = Reminders{WatchedFrom: at, TouchedAt: at}
		in.restartCadence(at)
	case !e.To.Open():
		if in.FinishedAt.IsZero() {
			in.FinishedAt = at
		}
		if e.To == Resolved {
			in.ResolvedAt = at
		}
		if e.Text != "" {
			in.Closing = e.Text
		}
	}
}

// foldRole keeps the holders of each role in order: the first one leads.
func (in *Incident) foldRole(entry Entry) {
	drop := func(role Role, user UserID) {
		in.Roles = slices.DeleteFunc(in.Roles, func(held Assignment) bool { return held.Role == role && held.User == user })
	}
	switch e := entry.Event.(type) {
	case EventRoleAssigned:
		assignment := Assignment{Role: e.Role, User: e.User, Since: entry.At, By: entry.Actor.ID}
		if e.Replaced != "" {
			// The new holder, who may have been a deputy, takes the old one's place before any deputies.
			drop(e.Role, e.User)
			at := slices.IndexFunc(in.Roles, func(held Assignment) bool { return held.Role == e.Role && held.User == e.Replaced })
			drop(e.Role, e.Replaced)
			in.Roles = slices.Insert(in.Roles, max(at, 0), assignment)
		} else {
			in.Roles = append(in.Roles, assignment)
		}
		in.BroughtIn = in.BroughtIn || (entry.Actor.ID != "" && entry.Actor.ID != e.User)
	case EventRoleReleased:
		drop(e.Role, e.User)
		if len(in.Holders(e.Role)) == 0 {
			if in.Reminders.Vacated == nil {
				in.Reminders.Vacated = map[Role]time.Time{}
			}
			in.Reminders.Vacated[e.Role] = entry.At
		}
	}
	if len(in.Roles) == 0 {
		in.Roles = nil
	}
}

// foldReminders keeps what was sent, and what people want to be reminded of.
func (in *Incident) foldReminders(entry Entry) {
	switch e := entry.Event.(type) {
	case EventSnoozed:
		in.Reminders.SnoozedUntil = e.Until
	case EventPaused:
		in.Reminders.Paused = true
	case EventResumed:
		in.Reminders.Paused, in.Reminders.SnoozedUntil = false, time.Time{}
	case EventCadenceSet:
		in.Cadence, in.Reminders.NextUpdate = e.Cadence, time.Time{}
	case EventReminded:
		in.sent(sentKey(e.Rule, e.Subject), e.Anchor, entry.At)
	case EventArchiveDue:
		in.sent(sentKey(ruleArchive, ""), in.FinishedAt, entry.At)
	}
}

// sent counts what a rule has sent for one anchor.
func (in *Incident) sent(key string, anchor, at time.Time) {
	if in.Reminders.Sent == nil {
		in.Reminders.Sent = map[string]Sent{}
	}
	count := 1
	if before := in.Reminders.Sent[key]; before.Anchor.Equal(anchor) {
		count += before.Count
	}
	in.Reminders.Sent[key] = Sent{Anchor: anchor, Count: count, Last: at}
}

// foldRecord keeps what the worker and Slack reported.
func (in *Incident) foldRecord(entry Entry) {
	switch e := entry.Event.(type) {
	case EventChannelOpened:
		in.Channel = Channel{ID: e.Channel, Name: e.Name}
	case EventCardPosted:
		in.Card = e.Card
	case EventAnnounced:
		in.Announcement = e.Announcement
	case EventChannelArchived:
		in.Channel.Archived = true
	case EventChannelRestored:
		in.Channel.Archived = false
	case EventMemberJoined:
		for _, user := range e.Users {
			if !slices.Contains(in.Members, user) {
				in.Members = append(in.Members, user)
			}
			in.foldMove(user, e.At)
		}
	case EventMemberLeft:
		in.Members = slices.DeleteFunc(in.Members, func(user UserID) bool { return user == e.User })
		if len(in.Members) == 0 {
			in.Members = nil
		}
		in.foldMove(e.User, e.At)
	case EventEffectFailed:
		in.Troubles = append(in.Troubles, e.Trouble)
	case EventEffectRetried:
		in.Troubles = slices.DeleteFunc(in.Troubles, func(trouble Trouble) bool { return trouble.Job == e.Job })
		if len(in.Troubles) == 0 {
			in.Troubles = nil
		}
	}
}

// foldMove remembers when Slack says that somebody came or left.
func (in *Incident) foldMove(user UserID, at time.Time) {
	if at.IsZero() {
		return
	}
	if in.Moved == nil {
		in.Moved = map[UserID]time.Time{}
	}
	in.Moved[user] = at
}
