package incident

import "slices"

// decideAssign gives a role. A deputy who replaces the one who leads takes over the lead.
func decideAssign(in Incident, c AssignRole, p *Policy) ([]Event, error) {
	role, known := p.Role(c.Role)
	if !known {
		return nil, &Refusal{Code: RefuseUnknownRole, Text: string(c.Role)}
	}
	if err := in.stillOn(); err != nil {
		return nil, err
	}
	user := c.Assignee.ID
	guest := c.Assignee.Kind == Guest && p.Permissions[ActUpdate].Guests // who may do nothing with a role is no help in it
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

// decideRelease takes a role away again, from the actor unless the command names somebody.
func decideRelease(in Incident, c ReleaseRole, actor Actor) ([]Event, error) {
	user := c.User
	if user == "" {
		user = actor.ID
	}
	if err := in.stillOn(); err != nil {
		return nil, err
	}
	if !in.Holds(user, c.Role) {
		return nil, &Refusal{Code: RefuseNotHolding, User: user, Role: c.Role}
	}
	return []Event{EventRoleReleased{Role: c.Role, User: user}}, nil
}
