package incident

import "slices"

// ActorKind says what somebody is to the workspace.
type ActorKind string

const (
	Person   ActorKind = "person"   // a full member of the workspace
	Guest    ActorKind = "guest"    // restricted to some channels
	Stranger ActorKind = "stranger" // of another organisation, through a shared channel
	Deleted  ActorKind = "deleted"  // deactivated
	System   ActorKind = "system"   // Muster itself: reminders, recorded outcomes
	Machine  ActorKind = "machine"  // another bot
)

// Actor is who asks for a command.
type Actor struct {
	ID     UserID    `json:"id,omitempty"`
	Kind   ActorKind `json:"kind"`
	Groups []GroupID `json:"-"`
}

// Muster is the actor of everything that no person asked for.
var Muster = Actor{Kind: System}

// Action is something that permissions are given for.
type Action string

const (
	ActDeclare  Action = "declare"
	ActRole     Action = "role"
	ActStatus   Action = "status"
	ActSeverity Action = "severity"
	ActDescribe Action = "describe" // title and summary
	ActUpdate   Action = "update"
	ActNote     Action = "note"
	ActRemind   Action = "remind"
	ActClose    Action = "close"  // close, cancel and reopen
	ActRepair   Action = "repair" // try a failed effect again
	ActView     Action = "view"   // lists, timelines, home
)

// Actions lists every action, in the order in which configuration and help show them.
func Actions() []Action {
	return []Action{ActDeclare, ActRole, ActStatus, ActSeverity, ActDescribe, ActUpdate, ActNote, ActRemind, ActClose, ActRepair, ActView}
}

// Grant says who may do an action. Any one of its parts that fits is enough.
type Grant struct {
	Anyone      bool      // every full member
	RoleHolders bool      // whoever holds a role in this incident
	Roles       []Role    // holders of these roles in this incident
	Users       []UserID  // these people
	Groups      []GroupID // members of these user groups
	Guests      bool      // guests and people of other organisations too, where another part fits
}

// Permits answers nil, or the *Refusal that tells the actor whom to ask. The incident is the zero Incident where the action
// belongs to none.
func (p *Policy) Permits(in Incident, action Action, actor Actor) error {
	if actor.Kind == System {
		return nil
	}
	grant := p.Permissions[action]
	switch {
	case actor.Kind == Deleted:
		return &Refusal{Code: RefuseDeleted}
	case actor.Kind == Guest && !grant.Guests:
		return &Refusal{Code: RefuseGuest}
	case actor.Kind == Stranger && !grant.Guests:
		return &Refusal{Code: RefuseStranger}
	case actor.Kind == Machine && action != ActDeclare && action != ActNote:
		return &Refusal{Code: RefuseNotAllowed, Action: action}
	}
	if in.ID != "" && !in.VisibleTo(actor.ID) {
		return &Refusal{Code: RefuseUnknownIncident, Text: string(in.ID)}
	}
	if grant.allows(in, actor) {
		return nil
	}
	return &Refusal{Code: RefuseNotAllowed, Action: action, Grant: grant}
}

func (g Grant) allows(in Incident, actor Actor) bool {
	if g.Anyone || slices.Contains(g.Users, actor.ID) {
		return true
	}
	for _, held := range in.Roles {
		if held.User == actor.ID && (g.RoleHolders || slices.Contains(g.Roles, held.Role)) {
			return true
		}
	}
	// Whoever declared an incident leads it until a manager is there; else nobody could act on it.
	if (g.RoleHolders || len(g.Roles) > 0) && in.DeclaredBy == actor.ID && len(in.Holders(IncidentManager)) == 0 {
		return true
	}
	return slices.ContainsFunc(actor.Groups, func(group GroupID) bool { return slices.Contains(g.Groups, group) })
}
