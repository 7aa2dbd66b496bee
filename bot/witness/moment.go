package witness

import (
	"fmt"
	"slices"

	"muster/incident"
)

// Moment is what the witness remembers of an incident between two entries of its timeline.
type Moment struct {
	Title, Summary, Update string
	Severity               incident.Severity
	Status                 incident.Status
	Private, Drill, Paused bool
	DeclaredBy             incident.UserID // empty: no person did
	Origin                 incident.MessageRef
	Held                   []Held
	Out                    []incident.UserID  // who has been in the room of a private one and left it
	Room                   incident.ChannelID // empty: there is none yet
	Archived               bool
	Returning              bool // whoever reopened it has the room brought back
	Card, Announcement     incident.MessageRef
	Troubles               []incident.Trouble
}

// Held is a role that a person holds.
type Held struct {
	Role incident.Role
	User incident.UserID
}

// Open reports whether the outage goes on.
func (m Moment) Open() bool {
	switch m.Status {
	case incident.Resolved, incident.Closed, incident.Canceled:
		return false
	}
	return true
}

// Involved are whoever declared it and whoever holds a role, once each. Of a private one nobody who is out of its room is.
func (m Moment) Involved() []incident.UserID {
	var users []incident.UserID
	if m.DeclaredBy != "" {
		users = append(users, m.DeclaredBy)
	}
	for _, held := range m.Held {
		if !slices.Contains(users, held.User) {
			users = append(users, held.User)
		}
	}
	return slices.DeleteFunc(users, func(user incident.UserID) bool { return m.Private && slices.Contains(m.Out, user) })
}

// comes is that people are in the room again, or were let in anew.
func (m *Moment) comes(users ...incident.UserID) {
	m.Out = slices.DeleteFunc(m.Out, func(user incident.UserID) bool { return slices.Contains(users, user) })
}

// Holds reports whether a person holds a role.
func (m Moment) Holds(role incident.Role, user incident.UserID) bool {
	return slices.Contains(m.Held, Held{role, user})
}

// empty reports whether nobody holds a role.
func (m Moment) empty(role incident.Role) bool {
	return !slices.ContainsFunc(m.Held, func(held Held) bool { return held.Role == role })
}

// Waits reports whether something of a kind failed for good and waits for somebody.
func (m Moment) Waits(kind incident.EffectKind) bool {
	return slices.ContainsFunc(m.Troubles, func(trouble incident.Trouble) bool { return trouble.Kind == kind })
}

// copied shares nothing that a later moment could change.
func (m Moment) copied() Moment {
	m.Held, m.Out, m.Troubles = slices.Clone(m.Held), slices.Clone(m.Out), slices.Clone(m.Troubles)
	return m
}

// settle takes a trouble away.
func (m *Moment) settle(job incident.JobID) {
	m.Troubles = slices.DeleteFunc(m.Troubles, func(trouble incident.Trouble) bool { return trouble.Job == job })
}

// assign gives a role to a person, and takes it from the one whom they replace.
func (m *Moment) assign(role incident.Role, user, replaced incident.UserID) {
	m.release(role, user)
	if replaced != "" {
		m.release(role, replaced)
	}
	m.Held = append(m.Held, Held{role, user})
	m.comes(user)
}

func (m *Moment) release(role incident.Role, user incident.UserID) {
	m.Held = slices.DeleteFunc(m.Held, func(held Held) bool { return held == Held{role, user} })
}

// Differs lists what a snapshot says otherwise than the timeline tells.
func (m Moment) Differs(in incident.Incident) (differences []string) {
	var held []Held
	for _, one := range in.Roles {
		held = append(held, Held{one.Role, one.User})
	}
	same := len(held) == len(m.Held)
	for _, one := range held {
		same = same && slices.Contains(m.Held, one)
	}
	if !same {
		differences = append(differences, fmt.Sprintf("roles: %v, told: %v", held, m.Held))
	}
	for _, one := range []struct {
		what      string
		got, want any
	}{
		{"title", in.Title, m.Title}, {"summary", in.Summary, m.Summary}, {"update", in.LastUpdate.Text.State, m.Update},
		{"severity", in.Severity, m.Severity}, {"status", in.Status, m.Status}, {"private", in.Private, m.Private}, {"drill", in.Drill, m.Drill},
		{"paused", in.Reminders.Paused, m.Paused}, {"declarer", in.DeclaredBy, m.DeclaredBy}, {"room", in.Channel.ID, m.Room},
		{"archived", in.Channel.State == incident.ChannelArchived, m.Archived}, {"card", in.Card, m.Card}, {"announcement", in.Announcement, m.Announcement},
		{"troubles", len(in.Troubles), len(m.Troubles)},
	} {
		if one.got != one.want {
			differences = append(differences, fmt.Sprintf("%s: %v, told: %v", one.what, one.got, one.want))
		}
	}
	return differences
}
