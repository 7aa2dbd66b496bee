package templates

import (
	"strings"
	"time"

	"muster/incident"
)

type roleTexts struct {
	Roles      Vocabulary[incident.Role] `name:"role"`
	Duties     Vocabulary[incident.Role] `name:"duty"`
	FirstThree Vocabulary[incident.Role] `name:"first"` // a step a line

	RoleAssigned    Text[RoleChange] // tells the channel of a new holder
	RoleReleased    Text[RoleChange] // tells the channel that a role was given back
	RoleVacated     Text[RoleChange] // tells the channel that a role was taken from somebody who can no longer act in it
	AckRoleAssigned Text[RoleChange] // answers the person who took or gave a role
	AckRoleReleased Text[RoleChange] // answers the person who released a role
	Brief           Text[Brief]      // is private to the new holder
	RolesTitle      Text[Incident]   // heads the list of all roles
	RoleDetail      Text[RoleDetail] // is one role of it with its duty
}

// Change is what a person did to an incident. By is empty where Muster did it by itself.
type Change struct {
	Incident Incident
	By       incident.UserID
	Text     string // their words: reason, closing words, note, title, summary

	at time.Time // when it happened
}

func (Change) sample(string) any {
	return Change{Incident: sampleIncident(), By: "U1", Text: "typed words"}
}

// RoleChange is a role that was taken, given or released.
type RoleChange struct {
	Change
	Role     string
	RoleName incident.Role // as it is typed in a command
	User     incident.UserID
	Replaced incident.UserID
	Deputy   bool
	Left     bool // the role was emptied since they left the channel, and not since their account was deactivated
}

func (RoleChange) sample(string) any { return sampleRoleChange() }

func sampleRoleChange() RoleChange {
	change := Change{Incident: sampleIncident(), By: "U1", Text: "typed words"}
	return RoleChange{Change: change, Role: "Tech lead", RoleName: incident.TechLead, User: "U2", Replaced: "U3"}
}

// Own reports whether the holder took or released the role themselves.
func (c RoleChange) Own() bool { return c.By == c.User }

// Others are who else holds the role. Of the incident manager's alone that is known here; for any other it is empty.
func (c RoleChange) Others() []incident.UserID {
	if c.RoleName != incident.IncidentManager {
		return nil
	}
	var others []incident.UserID
	for _, user := range c.Incident.Managers {
		if user != c.User {
			others = append(others, user)
		}
	}
	return others
}

// Brief tells a new holder what the role is for and what to do first.
type Brief struct {
	RoleChange
	Duty  string
	Steps []string
}

func (Brief) sample(string) any {
	return Brief{RoleChange: sampleRoleChange(), Duty: "duty", Steps: []string{"one", "two", "three"}}
}

// RoleLine is one role on the card.
type RoleLine struct {
	Role     string
	Holders  []incident.UserID
	Required bool // the severity asks for it
}

func (RoleLine) sample(string) any { return sampleRoleLine() }

func sampleRoleLine() RoleLine {
	return RoleLine{Role: "Tech lead", Holders: []incident.UserID{"U1"}, Required: true}
}

// RoleDetail is a role, who holds it and what it is for.
type RoleDetail struct {
	RoleLine
	Duty string
}

func (RoleDetail) sample(string) any { return RoleDetail{RoleLine: sampleRoleLine(), Duty: "duty"} }

// Role is the word for a role.
func (l *Language) Role(role incident.RolePolicy) string {
	if role.Label != "" {
		return role.Label
	}
	return l.Roles.word(role.Name, humanize(string(role.Name)))
}

// Duty is what a role is for, in a line.
func (l *Language) Duty(role incident.RolePolicy) string {
	if role.Duty != "" {
		return role.Duty
	}
	return l.Duties.word(role.Name, "")
}

// FirstSteps is what the holder of a role does first.
func (l *Language) FirstSteps(role incident.RolePolicy) []string {
	if len(role.FirstSteps) > 0 {
		return role.FirstSteps
	}
	var steps []string
	for _, line := range strings.Split(l.FirstThree.word(role.Name, ""), "\n") {
		if line = strings.TrimSpace(line); line != "" {
			steps = append(steps, line)
		}
	}
	return steps
}

func roleEvents(all events) {
	assigned := func(t Teller, c Change, e incident.EventRoleAssigned) RoleChange {
		return RoleChange{Change: c, Role: t.Role(e.Role), RoleName: e.Role, User: e.User, Replaced: e.Replaced, Deputy: e.Deputy}
	}
	put(all, eventWords[incident.EventRoleAssigned]{
		line: func(t Teller, line *Line, e incident.EventRoleAssigned) {
			line.Role, line.User, line.Replaced = t.Role(e.Role), e.User, e.Replaced
		},
		channel: func(t Teller, c Change, e incident.EventRoleAssigned) Told {
			return told(t.Words.RoleAssigned.Markup(assigned(t, c, e)))
		},
		answer: func(t Teller, c Change, e incident.EventRoleAssigned) Markup {
			return t.Words.AckRoleAssigned.Markup(assigned(t, c, e))
		},
	})
	released := func(t Teller, c Change, e incident.EventRoleReleased) RoleChange {
		return RoleChange{Change: c, Role: t.Role(e.Role), RoleName: e.Role, User: e.User}
	}
	put(all, eventWords[incident.EventRoleReleased]{
		line: func(t Teller, line *Line, e incident.EventRoleReleased) {
			line.Role, line.User = t.Role(e.Role), e.User
		},
		channel: func(t Teller, c Change, e incident.EventRoleReleased) Told {
			return told(t.Words.RoleReleased.Markup(released(t, c, e)))
		},
		answer: func(t Teller, c Change, e incident.EventRoleReleased) Markup {
			return t.Words.AckRoleReleased.Markup(released(t, c, e))
		},
	})
	put(all, eventWords[incident.EventRoleVacated]{
		line: func(t Teller, line *Line, e incident.EventRoleVacated) {
			line.Role, line.User, line.Left = t.Role(e.Role), e.User, e.Cause == incident.VacantSinceTheyLeft
		},
		channel: func(t Teller, c Change, e incident.EventRoleVacated) Told {
			return told(t.Words.RoleVacated.Markup(RoleChange{
				Change: c, Role: t.Role(e.Role), RoleName: e.Role, User: e.User, Left: e.Cause == incident.VacantSinceTheyLeft,
			}))
		},
		answer: func(Teller, Change, incident.EventRoleVacated) Markup { return "" },
	})
}
