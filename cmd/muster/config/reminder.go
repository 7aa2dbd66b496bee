package config

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"muster/incident"
)

// reminders changes the rules that are named; the others stay.
func (b *builder) reminders(given map[string]ruleDocument) {
	p := b.config.Policy
	var known []string
	for _, name := range incident.RuleNames() {
		known = append(known, string(name))
	}
	for _, name := range slices.Sorted(maps.Keys(given)) {
		doc, path := given[name], "reminders."+name
		if !slices.Contains(known, name) {
			b.complain(path+"#", "there is no reminder %q; %s", name, oneOf(name, known))
			continue
		}
		at := slices.IndexFunc(p.Rules, func(r incident.Rule) bool { return string(r.Name) == name })
		if doc.Off != nil && *doc.Off {
			p.Rules = slices.Delete(p.Rules, at, at+1)
			continue
		}
		b.rule(path, doc, &p.Rules[at])
	}
}

func (b *builder) rule(path string, doc ruleDocument, rule *incident.Rule) {
	for _, part := range []struct {
		key   string
		given *duration
		to    *time.Duration
	}{{"after", doc.After, &rule.After}, {"every", doc.Every, &rule.Every}} {
		if part.given == nil {
			continue
		}
		if *part.to = time.Duration(*part.given); *part.to > 0 && *part.to < incident.ShortestPause {
			b.complain(path+"."+part.key, "%s: %s is too short; the shortest is 1m, and 0 means %s", part.key, *part.to,
				map[string]string{"after": "at once", "every": "only one reminder"}[part.key])
		}
	}
	if doc.Times != nil {
		if rule.Times = *doc.Times; rule.Times < 0 {
			b.complain(path+".times", "times: %d is not possible; 0 means no limit", rule.Times)
		}
	}
	if doc.To == nil {
		return
	}
	if rule.To = nil; len(doc.To) == 0 {
		b.complain(path+".to", "to: nobody is reminded; name somebody, or switch the reminder off with off: true")
	}
	possible := []string{string(incident.ToChannel), string(incident.ToOwner), string(incident.ToManager), string(incident.ToDeclarer), string(incident.ToHolder)}
	for i, to := range doc.To {
		here := fmt.Sprintf("%s.to[%d]", path, i)
		switch {
		case !slices.Contains(possible, to):
			b.complain(here, "to: %q is nobody; %s", to, oneOf(to, possible))
		case to == string(incident.ToHolder) && rule.Name != incident.RuleRoleHeld:
			b.complain(here, "to: only role_held speaks of one holder; possible are channel, owner, manager, declarer")
		}
		rule.To = append(rule.To, incident.Addressee(to))
	}
}

// permissions replaces the grants of the actions that are named; the others stay.
func (b *builder) permissions(given map[string]grantDocument) {
	var known []string
	for _, action := range incident.Actions() {
		known = append(known, string(action))
	}
	for _, name := range slices.Sorted(maps.Keys(given)) {
		doc, path := given[name], "permissions."+name
		if !slices.Contains(known, name) {
			b.complain(path+"#", "there is no action %q; %s", name, oneOf(name, known))
			continue
		}
		if doc.empty() {
			continue
		}
		grant := incident.Grant{
			Roles: b.knownRoles(path+".roles", doc.Roles), Users: b.users(path+".users", doc.Users), Groups: b.groups(path+".groups", doc.Groups),
		}
		set(&grant.Anyone, doc.Anyone)
		set(&grant.RoleHolders, doc.RoleHolders)
		set(&grant.Guests, doc.Guests)
		if !grant.Anyone && !grant.RoleHolders && len(grant.Roles)+len(grant.Users)+len(grant.Groups) == 0 {
			b.complain(path+"#", "nobody could %s; write anyone, role_holders, or keys such as roles: [incident_manager]", name)
		}
		b.config.Policy.Permissions[incident.Action(name)] = grant
	}
}

// empty reports that a key stands there without a value.
func (g grantDocument) empty() bool {
	return g.Anyone == nil && g.RoleHolders == nil && g.Guests == nil && g.Roles == nil && g.Users == nil && g.Groups == nil
}
