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

// Actor is who asks for a command. The timeline does not keep the groups: they matter only at the moment of asking.
type Actor struct {
	ID     UserID    `json:"id,omitempty"`
	Kind   ActorKind `json:"kind"`
	Groups []GroupID `json:"-"` // the user groups they belong to, as far as the policy names them
}

// human reports whether a person acts rather than a program.
func (a Actor) human() bool { return a.Kind == Person || a.Kind == Guest || a.Kind == Stranger }

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
	Anyone      bool      // everybody, within what an actor's kind allows
	RoleHolders bool      // whoever holds a role in this incident
	Roles       []Role    // holders of these roles in this incident
	Users       []UserID  // these people
	Groups      []GroupID // members of these user groups
	Guests      bool      // guests and people of other organisations too, where another part fits
}

// Permits answers nil, or the *Refusal that tells the actor whom to ask. The incident is the zero Incident where the action
// belongs to none. Whoever may not see a private incident is told that there is none, whatever else they may not do.
func (p *Policy) Permits(in Incident, action Action, actor Actor) error {
	if actor.Kind == System {
		return nil
	}
	if !in.VisibleTo(actor.ID) {
		return &Refusal{Code: RefuseUnknownIncident, Text: string(in.ID)}
	}
	grant := p.Permissions[action]
	notAllowed := &Refusal{Code: RefuseNotAllowed, Action: action, Grant: grant}
	switch actor.Kind {
	case Person:
	case Guest:
		if !grant.Guests {
			return &Refusal{Code: RefuseGuest}
		}
	case Stranger:
		if !grant.Guests {
			return &Refusal{Code: RefuseStranger}
		}
	case Deleted:
		return &Refusal{Code: RefuseDeleted}
	case Machine:
		if action != ActDeclare && action != ActNote {
			return notAllowed
		}
	default: // whoever is of no known kind may nothing
		return notAllowed
	}
	if grant.allows(in, actor) {
		return nil
	}
	return notAllowed
}

// allows reports whether any part of the grant fits the actor.
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
	if (g.RoleHolders || len(g.Roles) > 0) && actor.ID != "" && in.DeclaredBy == actor.ID && len(in.Holders(IncidentManager)) == 0 {
		return true
	}
	return slices.ContainsFunc(actor.Groups, func(group GroupID) bool { return slices.Contains(g.Groups, group) })
}
