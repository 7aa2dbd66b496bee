package policy

import (
	"slices"

	"muster/incident/ledger"
)

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
	Anyone      bool             // everybody, within what an actor's kind allows
	RoleHolders bool             // whoever holds a role in this incident
	Roles       []Role           // holders of these roles in this incident
	Users       []ledger.UserID  // these people
	Groups      []ledger.GroupID // members of these user groups
	Guests      bool             // guests and people of other organisations too, where another part fits
}

// Standing is what an actor is to the thing they act on.
type Standing struct {
	Roles  []Role // those that they hold in it
	Raised bool   // they raised it, and nobody leads it yet
}

// Verdict answers whether an actor may do an action. The zero Verdict says no.
type Verdict int

const (
	NotAllowed Verdict = iota // no part of the grant fits them
	Allowed
	NotAsGuest    // the grant has no place for guests
	NotAsStranger // nor for people of other organisations
	NotDeleted    // the actor was deactivated
)

// Permits judges whether an actor may do an action, by what they are and where they stand. Muster itself may everything.
func (p *Policy) Permits(action Action, actor ledger.Actor, standing Standing) Verdict {
	grant := p.Permissions[action]
	switch actor.Kind {
	case ledger.System:
		return Allowed
	case ledger.Person:
	case ledger.Guest:
		if !grant.Guests {
			return NotAsGuest
		}
	case ledger.Stranger:
		if !grant.Guests {
			return NotAsStranger
		}
	case ledger.Deleted:
		return NotDeleted
	case ledger.Machine:
		if action != ActDeclare && action != ActNote {
			return NotAllowed
		}
	default: // an actor of no known kind may nothing
		return NotAllowed
	}
	if grant.allows(actor, standing) {
		return Allowed
	}
	return NotAllowed
}

// allows reports whether any part of the grant fits the actor.
func (g Grant) allows(actor ledger.Actor, standing Standing) bool {
	if g.Anyone || slices.Contains(g.Users, actor.ID) {
		return true
	}
	if slices.ContainsFunc(standing.Roles, func(role Role) bool { return g.RoleHolders || slices.Contains(g.Roles, role) }) {
		return true
	}
	// An incident's declarer leads it until a manager is there; else nobody could act on it.
	if (g.RoleHolders || len(g.Roles) > 0) && actor.ID != "" && standing.Raised {
		return true
	}
	return slices.ContainsFunc(actor.Groups, func(group ledger.GroupID) bool { return slices.Contains(g.Groups, group) })
}
