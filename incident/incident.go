package incident

import (
	"maps"
	"slices"
	"time"
)

// Incident is the state that its events fold to. It is a value: Fold answers a new one and shares nothing with the old.
type Incident struct {
	ID       ID       `json:"id"`
	Title    string   `json:"title"`
	Summary  string   `json:"summary,omitempty"`
	Severity Severity `json:"severity"`
	Priority Priority `json:"priority"`
	Status   Status   `json:"status"`
	Private  bool     `json:"private,omitempty"`
	Drill    bool     `json:"drill,omitempty"`
	Origin   Origin   `json:"origin"`

	DeclaredBy UserID    `json:"declared_by,omitempty"` // empty when no person did
	DeclaredAt time.Time `json:"declared_at"`
	StatusAt   time.Time `json:"status_at"`            // when the status was last changed
	SeverityAt time.Time `json:"severity_at,omitzero"` // when the severity was last changed; zero: never
	ResolvedAt time.Time `json:"resolved_at,omitzero"` // zero while open
	FinishedAt time.Time `json:"finished_at,omitzero"` // resolved, closed or canceled; zero while open
	ChangedAt  time.Time `json:"changed_at"`           // when the last entry was made
	Reopened   int       `json:"reopened,omitempty"`   // how many times
	Confirmed  bool      `json:"confirmed,omitempty"`  // a person judged the severity after the declaration
	BroughtIn  bool      `json:"brought_in,omitempty"` // somebody was given a role by somebody else
	Closing    string    `json:"closing,omitempty"`    // the words it was resolved, closed or canceled with

	Channel      Channel              `json:"channel,omitzero"`
	Restoring    bool                 `json:"restoring,omitempty"` // the channel is being brought back
	Card         MessageRef           `json:"card,omitzero"`
	Announcement MessageRef           `json:"announcement,omitzero"`
	Roles        []Assignment         `json:"roles,omitempty"`
	Members      []UserID             `json:"members,omitempty"`      // who is in the channel as far as Muster knows; who may see it when private
	MoreMembers  int                  `json:"more_members,omitempty"` // how many more there are, of a public incident
	Left         []UserID             `json:"left,omitempty"`         // who has been in the channel and is out, of a private incident
	PresenceAt   map[UserID]time.Time `json:"moved,omitempty"`        // when somebody came or left last, by Slack's clock, if private

	LastUpdate  Update    `json:"last_update,omitzero"`
	Updates     int       `json:"updates,omitempty"`
	Notes       int       `json:"notes,omitempty"`
	Cadence     string    `json:"cadence,omitempty"` // a cadence of its own; empty: the severity's
	CadenceFrom time.Time `json:"cadence_from"`      // what the next update is counted from
	Reminders   Reminders `json:"reminders,omitzero"`

	Troubles []Trouble `json:"troubles,omitempty"`
	Pinned   []string  `json:"pinned,omitempty"` // messages on the timeline already, as channel/ts
	Seq      uint64    `json:"seq"`              // how many entries its timeline has
}

// Source says how an incident was raised.
type Source string

const (
	FromCommand  Source = "command"
	FromModal    Source = "modal"
	FromShortcut Source = "shortcut"
	FromMessage  Source = "message"
	FromHome     Source = "home"
	FromMachine  Source = "machine"
)

// Origin is where an incident was raised. A message is quoted with its link and gets the channel's link in its thread.
type Origin struct {
	Source  Source     `json:"source"`
	Message MessageRef `json:"message,omitzero"`
	Author  UserID     `json:"author,omitempty"`
	Quote   string     `json:"quote,omitempty"`
	Link    string     `json:"link,omitempty"`
}

// Holders lists who holds a role; the first leads.
func (in Incident) Holders(role Role) []UserID {
	var users []UserID
	for _, held := range in.Roles {
		if held.Role == role {
			users = append(users, held.User)
		}
	}
	return users
}

// Holds reports whether a person holds a role.
func (in Incident) Holds(user UserID, role Role) bool {
	return slices.Contains(in.Holders(role), user)
}

// Involved lists everybody who declared it or holds a role, once each.
func (in Incident) Involved() []UserID {
	users := in.declarer()
	for _, held := range in.Roles {
		if !slices.Contains(users, held.User) {
			users = append(users, held.User)
		}
	}
	return users
}

// declarer is the person who declared it, or nobody when a machine did.
func (in Incident) declarer() []UserID {
	if in.DeclaredBy == "" {
		return nil
	}
	return []UserID{in.DeclaredBy}
}

// declarerInside is the declarer as long as they may see the incident.
func (in Incident) declarerInside() []UserID {
	if !in.VisibleTo(in.DeclaredBy) {
		return nil
	}
	return in.declarer()
}

// Confidant is whom Muster tells what the channel cannot be told: the declarer or, once they are out of a private incident, the
// first who holds a role in it; empty when nobody is left.
func (in Incident) Confidant() UserID {
	for _, user := range in.Involved() {
		if in.VisibleTo(user) {
			return user
		}
	}
	return ""
}

// Missing lists the required roles that nobody holds, in the policy's order.
func (in Incident) Missing(p *Policy) []Role {
	var missing []Role
	for _, role := range p.Level(in.Severity).RequiredRoles {
		if len(in.Holders(role)) == 0 {
			missing = append(missing, role)
		}
	}
	return missing
}

// Duration is how long the outage lasted, or has lasted at now while it is open.
func (in Incident) Duration(now time.Time) time.Duration {
	end := in.FinishedAt
	if end.IsZero() {
		end = now
	}
	return end.Sub(in.DeclaredAt)
}

// restartCadence counts the next update from a moment on, whatever was promised before.
func (in *Incident) restartCadence(at time.Time) {
	in.CadenceFrom, in.Reminders.NextUpdate = at, time.Time{}
}

// clone copies whatever Fold writes into, so that the copy shares nothing with the original that either could change.
func (in Incident) clone() Incident {
	in.Roles = slices.Clone(in.Roles)
	in.cloneMembers()
	in.Troubles = slices.Clone(in.Troubles)
	in.Pinned = slices.Clone(in.Pinned)
	in.Reminders.Vacated = maps.Clone(in.Reminders.Vacated)
	in.Reminders.Sent = maps.Clone(in.Reminders.Sent)
	return in
}
