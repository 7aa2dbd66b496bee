package witness

import (
	"slices"

	"muster/incident"
)

// reminded are the reminders of one entry: one to each person, or one to the room.
func (c scene) reminded(e incident.EventReminded) (sights []Sight) {
	readers := e.Users
	if e.To == incident.ToChannel {
		readers = []incident.UserID{""}
	}
	for _, reader := range readers {
		sight := Sight{
			What: Reminder, Entry: c.entry.Seq, Mark: c.story.mark("remind/%s/%s", e.Rule, reader), Reader: reader, Rule: e.Rule, story: c.story,
			moot:    func(to uint64) bool { return c.pointless(e, to) },
			excused: func(m Moment) bool { return !c.story.stillDue(m, e) || !reads(m, reader) },
		}
		if reader == "" {
			sight.elsewhere = homeless
		}
		sights = append(sights, sight)
	}
	return sights
}

// reads reports whether the reader can be told: nobody reads in an archived room, and of a private incident only the involved do.
func reads(m Moment, reader incident.UserID) bool {
	if reader == "" {
		return !m.Archived
	}
	return !m.Private || slices.Contains(m.Involved(), reader)
}

// stillDue reports whether an incident is in a state to be reminded of something.
func (s *Story) stillDue(m Moment, e incident.EventReminded) bool {
	if !m.Open() || m.Paused {
		return false
	}
	switch e.Rule {
	case incident.RuleNoManager:
		return m.empty(incident.IncidentManager)
	case incident.RuleRoleEmpty:
		required := s.level(m.Severity).RequiredRoles
		return slices.ContainsFunc(e.Missing, func(role incident.Role) bool { return m.empty(role) && slices.Contains(required, role) })
	case incident.RuleMonitoring:
		return m.Status == incident.Monitoring
	case incident.RuleRoleHeld:
		return slices.ContainsFunc(m.Held, func(held Held) bool { return string(held.Role)+"/"+string(held.User) == e.Subject })
	}
	return true
}

// pointless reports whether anything since the reminder, up to a moment, has made it pointless for good.
func (c scene) pointless(e incident.EventReminded, to uint64) bool {
	seq := c.entry.Seq
	if c.story.since(seq, to, func(entry incident.Entry) bool { return settles(e, entry) }) {
		return true
	}
	switch e.Rule {
	case incident.RuleNoManager, incident.RuleMonitoring, incident.RuleRoleHeld: // should it be due again, then anew
		return c.story.During(seq, max(seq, to), func(m Moment) bool { return !c.story.stillDue(m, e) })
	}
	return false
}

// settles reports whether an entry is what a reminder asked for, or begins anew what it counts from.
func settles(e incident.EventReminded, later incident.Entry) bool {
	if moved, is := later.Event.(incident.EventStatusChanged); is && (moved.Verb == incident.VerbReopen || e.Rule == incident.RuleMonitoring) {
		return true
	}
	switch e.Rule {
	case incident.RuleUpdateDue, incident.RuleUpdateOverdue:
		said, is := later.Event.(incident.EventReminded)
		return restartsCadence(later) || is && e.Rule == incident.RuleUpdateDue && said.Rule == incident.RuleUpdateOverdue
	case incident.RuleRoleHeld:
		given, is := later.Event.(incident.EventRoleAssigned)
		return is && string(given.Role)+"/"+string(given.User) == e.Subject
	case incident.RuleStale:
		return byPerson(later)
	}
	return false
}

// restartsCadence reports whether the next update is counted anew from an entry on.
func restartsCadence(entry incident.Entry) bool {
	switch did := entry.Event.(type) {
	case incident.EventUpdatePosted, incident.EventCadenceSet:
		return true
	case incident.EventSeverityChanged:
		return did.From != did.To
	}
	return false
}

// byPerson reports whether a person did something; a reminder is nobody's work.
func byPerson(entry incident.Entry) bool {
	switch entry.Event.(type) {
	case incident.EventReminded, incident.EventArchiveDue:
		return false
	}
	return person(entry.Actor)
}

// person reports whether an actor is a person, of whatever organisation.
func person(actor incident.Actor) bool {
	return actor.Kind == incident.Person || actor.Kind == incident.Guest || actor.Kind == incident.Stranger
}
