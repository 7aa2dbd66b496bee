package witness

import (
	"slices"

	"muster/incident"
)

// rows are those of docs/witness.md.
func rows() []line {
	return slices.Concat(rowsOfPlace(), rowsOfWork(), rowsOfReminders(), rowsOfMembers(), rowsOfFailures())
}

// rowsOfPlace are about where an incident is seen.
func rowsOfPlace() []line {
	return []line{
		row[incident.EventDeclared]{
			of:    incident.KindDeclared,
			wrote: func(e incident.EventDeclared) []string { return []string{e.Title, e.Summary} },
			then: func(m *Moment, e incident.EventDeclared, entry incident.Entry) {
				m.Title, m.Summary, m.Severity, m.Status = e.Title, e.Summary, e.Severity, e.Status
				m.Private, m.Drill, m.Origin = e.Private, e.Drill, e.Origin.Message
				if person(entry.Actor) {
					m.DeclaredBy = entry.Actor.ID
				}
			},
			seen: nothing[incident.EventDeclared], // the room has an event of its own
		},
		row[incident.EventChannelOpened]{
			of: incident.KindChannelOpened,
			then: func(m *Moment, e incident.EventChannelOpened, _ incident.Entry) {
				m.Room, m.Archived = e.Channel, false
			},
			seen: func(c scene, _ incident.EventChannelOpened) []Sight {
				sights := append(c.inside(c.after.Involved()...), c.brought()...)
				if c.after.Origin.TS != "" && !c.after.Private {
					sights = append(sights, Sight{What: Answered, Entry: c.entry.Seq, Mark: c.story.mark("origin"), At: c.after.Origin, story: c.story})
				}
				return sights
			},
		},
		row[incident.EventCardPosted]{
			of:   incident.KindCardPosted,
			then: func(m *Moment, e incident.EventCardPosted, _ incident.Entry) { m.Card = e.Card },
			seen: nothing[incident.EventCardPosted],
		},
		row[incident.EventAnnounced]{
			of:   incident.KindAnnounced,
			then: func(m *Moment, e incident.EventAnnounced, _ incident.Entry) { m.Announcement = e.Announcement },
			seen: nothing[incident.EventAnnounced],
		},
		row[incident.EventArchiveDue]{of: incident.KindArchiveDue, seen: nothing[incident.EventArchiveDue]},
		row[incident.EventChannelArchived]{
			of: incident.KindChannelArchived,
			then: func(m *Moment, _ incident.EventChannelArchived, _ incident.Entry) {
				m.Archived, m.Returning = true, false
			},
			seen: nothing[incident.EventChannelArchived],
		},
		row[incident.EventChannelRestored]{
			of: incident.KindChannelRestored,
			then: func(m *Moment, _ incident.EventChannelRestored, _ incident.Entry) {
				m.Archived, m.Returning = false, false
			},
			seen: func(c scene, _ incident.EventChannelRestored) []Sight {
				if !c.after.Open() {
					return nil
				}
				return c.inside(c.after.Involved()...)
			},
		},
	}
}

// rowsOfWork are about what people do to an incident.
func rowsOfWork() []line {
	return []line{
		row[incident.EventRoleAssigned]{
			of:   incident.KindRoleAssigned,
			then: func(m *Moment, e incident.EventRoleAssigned, _ incident.Entry) { m.assign(e.Role, e.User, e.Replaced) },
			seen: func(c scene, e incident.EventRoleAssigned) []Sight {
				sights := append(c.told(), c.brief(e.Role, e.User))
				if c.after.Room != "" && !c.after.Archived {
					sights = append(sights, c.inside(e.User)...)
				}
				return sights
			},
		},
		row[incident.EventRoleReleased]{
			of:   incident.KindRoleReleased,
			then: func(m *Moment, e incident.EventRoleReleased, _ incident.Entry) { m.release(e.Role, e.User) },
			seen: told[incident.EventRoleReleased],
		},
		row[incident.EventRoleVacated]{
			of:   incident.KindRoleVacated,
			then: func(m *Moment, e incident.EventRoleVacated, _ incident.Entry) { m.release(e.Role, e.User) },
			seen: told[incident.EventRoleVacated],
		},
		row[incident.EventStatusChanged]{
			of:    incident.KindStatusChanged,
			wrote: func(e incident.EventStatusChanged) []string { return []string{e.Text} },
			then:  func(m *Moment, e incident.EventStatusChanged, _ incident.Entry) { m.moved(e) },
			seen:  told[incident.EventStatusChanged],
		},
		row[incident.EventSeverityChanged]{
			of:    incident.KindSeverityChanged,
			wrote: func(e incident.EventSeverityChanged) []string { return []string{e.Reason} },
			then:  func(m *Moment, e incident.EventSeverityChanged, _ incident.Entry) { m.Severity = e.To },
			seen: func(c scene, e incident.EventSeverityChanged) []Sight {
				sights := told(c, e)
				if c.story.graver(e.To, e.From) && c.after.Room != "" && !c.after.Archived {
					sights = append(sights, c.brought()...)
				}
				return sights
			},
		},
		row[incident.EventRetitled]{
			of:    incident.KindRetitled,
			wrote: func(e incident.EventRetitled) []string { return []string{e.To} },
			then:  func(m *Moment, e incident.EventRetitled, _ incident.Entry) { m.Title = e.To },
			seen:  told[incident.EventRetitled],
		},
		row[incident.EventSummarized]{
			of:    incident.KindSummarized,
			wrote: func(e incident.EventSummarized) []string { return []string{e.Text} },
			then:  func(m *Moment, e incident.EventSummarized, _ incident.Entry) { m.Summary = e.Text },
			seen:  told[incident.EventSummarized],
		},
		row[incident.EventUpdatePosted]{
			of: incident.KindUpdatePosted,
			wrote: func(e incident.EventUpdatePosted) []string {
				return []string{e.Text.State, e.Text.Current, e.Text.Next}
			},
			then: func(m *Moment, e incident.EventUpdatePosted, _ incident.Entry) { m.Update = e.Text.State },
			seen: told[incident.EventUpdatePosted],
		},
		row[incident.EventNoteAdded]{
			of:    incident.KindNoteAdded,
			wrote: func(e incident.EventNoteAdded) []string { return []string{e.Text} },
			seen: func(c scene, e incident.EventNoteAdded) []Sight {
				if e.Message.TS == "" {
					return told(c, e)
				}
				if c.after.Private && e.Message.Channel != c.after.Room {
					return nil
				}
				return []Sight{{What: Marked, Entry: c.entry.Seq, At: e.Message, story: c.story, excused: archived}}
			},
		},
	}
}

// moved is a change of the status. Reopening ends a pause.
func (m *Moment) moved(e incident.EventStatusChanged) {
	m.Status = e.To
	if e.Verb == incident.VerbReopen {
		m.Paused, m.Returning = false, m.Archived
	}
}

// rowsOfReminders are about what people are reminded of.
func rowsOfReminders() []line {
	return []line{
		row[incident.EventSnoozed]{of: incident.KindSnoozed, seen: told[incident.EventSnoozed]},
		row[incident.EventPaused]{
			of:   incident.KindPaused,
			then: func(m *Moment, _ incident.EventPaused, _ incident.Entry) { m.Paused = true },
			seen: told[incident.EventPaused],
		},
		row[incident.EventResumed]{
			of:   incident.KindResumed,
			then: func(m *Moment, _ incident.EventResumed, _ incident.Entry) { m.Paused = false },
			seen: told[incident.EventResumed],
		},
		row[incident.EventCadenceSet]{of: incident.KindCadenceSet, seen: told[incident.EventCadenceSet]},
		row[incident.EventReminded]{
			of:   incident.KindReminded,
			seen: func(c scene, e incident.EventReminded) []Sight { return c.reminded(e) },
		},
	}
}

// rowsOfMembers are about who comes and goes, which Slack shows.
func rowsOfMembers() []line {
	return []line{
		row[incident.EventMemberJoined]{
			of:   incident.KindMemberJoined,
			then: func(m *Moment, e incident.EventMemberJoined, _ incident.Entry) { m.comes(e.Users...) },
			seen: nothing[incident.EventMemberJoined],
		},
		row[incident.EventMemberLeft]{
			of:   incident.KindMemberLeft,
			then: func(m *Moment, e incident.EventMemberLeft, _ incident.Entry) { m.Out = append(m.Out, e.User) },
			seen: nothing[incident.EventMemberLeft],
		},
	}
}

// rowsOfFailures are about what could not be done.
func rowsOfFailures() []line {
	return []line{
		row[incident.EventEffectFailed]{
			of: incident.KindEffectFailed,
			then: func(m *Moment, e incident.EventEffectFailed, _ incident.Entry) {
				m.settle(e.Trouble.Job)
				m.Troubles = append(m.Troubles, e.Trouble)
				if e.Trouble.Kind == incident.KindRestoreChannel {
					m.Returning = false
				}
			},
			seen: func(c scene, e incident.EventEffectFailed) []Sight { return c.failed(e.Trouble) },
		},
		row[incident.EventEffectRetried]{
			of: incident.KindEffectRetried,
			then: func(m *Moment, e incident.EventEffectRetried, _ incident.Entry) {
				m.settle(e.Job)
			},
			seen: nothing[incident.EventEffectRetried],
		},
		row[incident.EventTroubleCleared]{
			of:   incident.KindTroubleCleared,
			then: func(m *Moment, e incident.EventTroubleCleared, _ incident.Entry) { m.settle(e.Job) },
			seen: nothing[incident.EventTroubleCleared],
		},
	}
}

// failed is what people see of a failure: it is told, unless it waits for somebody in the same words already; where nobody reads the
// room, the declarer reads it, as they read what failed to be told.
func (c scene) failed(trouble incident.Trouble) []Sight {
	if slices.ContainsFunc(c.before.Troubles, func(other incident.Trouble) bool { return other.Kind == trouble.Kind && other.Reason == trouble.Reason }) {
		return nil
	}
	if trouble.Kind == incident.KindPostEntry {
		return []Sight{{What: Confessed, Entry: c.entry.Seq, Job: trouble.Job, Reader: c.after.DeclaredBy, story: c.story}}
	}
	return []Sight{{
		What: Told, Entry: c.entry.Seq, Mark: c.story.mark("entry/%d", c.entry.Seq), story: c.story,
		elsewhere: func(m Moment) bool { return m.Room == "" || m.Archived },
	}}
}
