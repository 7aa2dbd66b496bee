package incident

import (
	"slices"
	"time"

	"muster/incident/ledger"
)

// Assignment is one person holding one role. The first holder of a role leads it.
type Assignment struct {
	Role  Role      `json:"role"`
	User  UserID    `json:"user"`
	Since time.Time `json:"since"`
	By    UserID    `json:"by"`
}

// subject names the assignment among what the rule RuleRoleHeld speaks of.
func (a Assignment) subject() string { return string(a.Role) + "/" + string(a.User) }

type (
	// AssignRole gives a role to somebody; an actor who assigns it to themselves takes it. Replace hands a single role
	// over from its holder instead of refusing; a deputy who replaces the leader takes over the lead.
	AssignRole struct {
		Role     Role
		Assignee Actor
		Replace  bool
	}
	// ReleaseRole takes a role away again. An empty User means the actor.
	ReleaseRole struct {
		Role Role
		User UserID
	}
)

// RecordDeactivated says that a person's account was deactivated: they can act in no role any more.
type RecordDeactivated struct{ User UserID }

func (AssignRole) Aggregate() ledger.Aggregate        { return Aggregate }
func (ReleaseRole) Aggregate() ledger.Aggregate       { return Aggregate }
func (RecordDeactivated) Aggregate() ledger.Aggregate { return Aggregate }

func (AssignRole) needs() Need        { return permission(ActRole) }
func (ReleaseRole) needs() Need       { return permission(ActRole) }
func (RecordDeactivated) needs() Need { return reported() }

func (AssignRole) stands(in Incident) error        { return in.stillOn() }
func (ReleaseRole) stands(in Incident) error       { return in.stillOn() }
func (RecordDeactivated) stands(in Incident) error { return in.stillOn() }

// decide gives a role. A deputy who replaces the one who leads takes over the lead.
func (c AssignRole) decide(in Incident, by circumstances) ([]Event, error) {
	role, known := by.policy.Role(c.Role)
	if !known {
		return nil, &Refusal{Code: RefuseUnknownRole, Text: string(c.Role)}
	}
	user := c.Assignee.ID
	guest := c.Assignee.Kind == Guest && by.policy.Permissions[ActUpdate].Guests // a guest who may do nothing with a role is no help in it
	if user == "" || (c.Assignee.Kind != Person && !guest) {
		return nil, &Refusal{Code: RefuseCannotHold, User: user, Role: role.Name}
	}
	holders := in.Holders(role.Name)
	promoted := c.Replace && !role.Several && len(holders) > 0 && holders[0] != user
	if slices.Contains(holders, user) && !promoted {
		return nil, &Refusal{Code: RefuseAlreadyHolds, User: user, Role: role.Name}
	}
	event := EventRoleAssigned{Role: role.Name, User: user}
	if len(holders) > 0 && !role.Several {
		switch {
		case c.Replace:
			event.Replaced = holders[0]
		case role.Deputies:
			event.Deputy = true
		default:
			return nil, &Refusal{Code: RefuseRoleTaken, User: holders[0], Role: role.Name}
		}
	}
	return []Event{event}, nil
}

// decide takes a role away again, from the actor unless the command names somebody.
func (c ReleaseRole) decide(in Incident, by circumstances) ([]Event, error) {
	user := c.User
	if user == "" {
		user = by.actor.ID
	}
	if !in.Holds(user, c.Role) {
		return nil, &Refusal{Code: RefuseNotHolding, User: user, Role: c.Role}
	}
	return []Event{EventRoleReleased{Role: c.Role, User: user}}, nil
}

// decide empties whatever roles the person holds.
func (c RecordDeactivated) decide(in Incident, _ circumstances) ([]Event, error) {
	return vacated(in, c.User, VacantSinceTheyDeactivated), nil
}

type (
	// EventRoleAssigned: User now holds Role; Replaced led it before, if it was handed over.
	EventRoleAssigned struct {
		Role     Role   `json:"role"`
		User     UserID `json:"user"`
		Replaced UserID `json:"replaced,omitempty"`
		Deputy   bool   `json:"deputy,omitempty"` // somebody else leads it
	}
	// EventRoleReleased: User no longer holds Role.
	EventRoleReleased struct {
		Role Role   `json:"role"`
		User UserID `json:"user"`
	}
	// EventRoleVacated: User can no longer act in Role, so Muster emptied it. It does not come back by itself.
	EventRoleVacated struct {
		Role  Role    `json:"role"`
		User  UserID  `json:"user"`
		Cause Vacancy `json:"cause"`
	}
)

// Vacancy is the persisted name of why Muster empties a role.
type Vacancy string

const (
	VacantSinceTheyLeft        Vacancy = "left"        // the channel of a private incident, which they no longer see
	VacantSinceTheyDeactivated Vacancy = "deactivated" // their account
)

func (EventRoleAssigned) EventKind() EventKind { return KindRoleAssigned }
func (EventRoleReleased) EventKind() EventKind { return KindRoleReleased }
func (EventRoleVacated) EventKind() EventKind  { return KindRoleVacated }

// fold keeps the holders of each role in order: the first one leads.
func (e EventRoleAssigned) fold(in *Incident, entry Entry) {
	assignment := Assignment{Role: e.Role, User: e.User, Since: entry.At, By: entry.Actor.ID}
	if e.Replaced != "" {
		// The new holder, who may have been a deputy, takes the old one's place before any deputies.
		in.dropHolder(e.Role, e.User)
		at := slices.IndexFunc(in.Roles, func(held Assignment) bool { return held.Role == e.Role && held.User == e.Replaced })
		in.dropHolder(e.Role, e.Replaced)
		in.Roles = slices.Insert(in.Roles, max(at, 0), assignment)
	} else {
		in.Roles = append(in.Roles, assignment)
	}
	in.BroughtIn = in.BroughtIn || (entry.Actor.ID != "" && entry.Actor.ID != e.User)
	in.Left = without(in.Left, e.User) // a person who is in has let them in again
}

func (e EventRoleReleased) fold(in *Incident, entry Entry) { in.emptyRole(e.Role, e.User, entry.At) }
func (e EventRoleVacated) fold(in *Incident, entry Entry)  { in.emptyRole(e.Role, e.User, entry.At) }

// emptyRole takes a role from a person, and remembers since when nobody holds it.
func (in *Incident) emptyRole(role Role, user UserID, at time.Time) {
	in.dropHolder(role, user)
	if len(in.Holders(role)) == 0 {
		if in.Reminders.Vacated == nil {
			in.Reminders.Vacated = map[Role]time.Time{}
		}
		in.Reminders.Vacated[role] = at
	}
}

// vacated are the events that empty whatever roles a person holds.
func vacated(in Incident, user UserID, cause Vacancy) []Event {
	var events []Event
	for _, held := range in.Roles {
		if held.User == user {
			events = append(events, EventRoleVacated{Role: held.Role, User: user, Cause: cause})
		}
	}
	return events
}

func (in *Incident) dropHolder(role Role, user UserID) {
	in.Roles = slices.DeleteFunc(in.Roles, func(held Assignment) bool { return held.Role == role && held.User == user })
	if len(in.Roles) == 0 {
		in.Roles = nil
	}
}

// follows: the new holder is invited, and told what the role is for.
func (e EventRoleAssigned) follows(_, after Incident, entry Entry, _ *Policy) []Effect {
	var effects []Effect
	if after.Channel.State == ChannelLive {
		effects = invite(after.ID, entry.Seq, []UserID{e.User})
	}
	return append(effects, SendBrief{Of: after.ID, Seq: entry.Seq, User: e.User, Role: e.Role})
}

func (EventRoleReleased) follows(_, _ Incident, _ Entry, _ *Policy) []Effect { return nil }
func (EventRoleVacated) follows(_, _ Incident, _ Entry, _ *Policy) []Effect  { return nil }

func (EventRoleAssigned) tells(Incident) Telling { return TellsChannel }
func (EventRoleReleased) tells(Incident) Telling { return TellsChannel }
func (EventRoleVacated) tells(Incident) Telling  { return TellsChannel }

// SendBrief tells a new holder privately what the role is for and what to do first, once.
type SendBrief struct {
	Of   ID     `json:"of"`
	Seq  uint64 `json:"seq"`
	User UserID `json:"user"`
	Role Role   `json:"role"`
}

// Handling: once an entry: an entry assigns one role.
func (e SendBrief) Handling() Handling {
	return Handling{
		Kind: KindSendBrief, Medium: ledger.Slack, Of: e.Of.Ref(), Audience: ledger.ShownTo(e.User),
		Key: key(e.Of, "brief", e.Seq), Lane: personLane(e.User), Urgency: UrgencyUpdate,
	}
}
