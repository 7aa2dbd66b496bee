package incident

import "muster/incident/policy"

// Permits answers nil, or the *Refusal that tells the actor whom to ask. The incident is the zero Incident where the action
// belongs to none. People who may not see a private incident are told that there is none, whatever else they may not do.
func Permits(in Incident, action Action, actor Actor, p *Policy) error {
	if actor.Kind != System && !in.VisibleTo(actor.ID) {
		return &Refusal{Code: RefuseUnknownIncident, Text: string(in.ID)}
	}
	switch p.Permits(action, actor, in.standing(actor)) {
	case policy.Allowed:
		return nil
	case policy.NotAsGuest:
		return &Refusal{Code: RefuseGuest}
	case policy.NotAsStranger:
		return &Refusal{Code: RefuseStranger}
	case policy.NotDeleted:
		return &Refusal{Code: RefuseDeleted}
	}
	return &Refusal{Code: RefuseNotAllowed, Action: action, Grant: p.Permissions[action]}
}

// standing is what an actor is to this incident.
func (in Incident) standing(actor Actor) policy.Standing {
	standing := policy.Standing{Raised: in.DeclaredBy == actor.ID && len(in.Holders(IncidentManager)) == 0}
	for _, held := range in.Roles {
		if held.User == actor.ID {
			standing.Roles = append(standing.Roles, held.Role)
		}
	}
	return standing
}
