package config

import (
	"fmt"
	"slices"
	"strings"

	"muster/incident"
)

// roles lays the given roles over the default ones: an entry of a known name changes only the keys it gives.
func (b *builder) roles(given []roleDocument) {
	p := b.config.Policy
	var written []*string
	for _, doc := range given {
		written = append(written, doc.Name)
	}
	names := b.names("roles", written)
	roles := slices.Clone(p.Roles)
	order := map[incident.Role]int{}
	for i, doc := range given {
		name, path := incident.Role(names[i]), fmt.Sprintf("roles[%d]", i)
		if name == "" {
			continue // names has complained
		}
		at := slices.IndexFunc(roles, func(r incident.RolePolicy) bool { return r.Name == name })
		if doc.Remove != nil && *doc.Remove {
			switch {
			case at < 0:
				b.complain(path+".name", "there is no role %q to remove", name)
			case name == incident.IncidentManager:
				b.complain(path+".name", "the incident_manager cannot be removed: every incident needs somebody who owns it")
			default:
				roles = slices.Delete(roles, at, at+1)
			}
			continue
		}
		if at < 0 {
			roles, at = append(roles, incident.RolePolicy{Name: name}), len(roles)
			if doc.Label == nil || *doc.Label == "" || doc.Duty == nil || *doc.Duty == "" {
				b.complain(path, "role %s is new; say under label what it is called and under duty what it is for", name)
			}
		}
		order[name] = i
		b.role(path, doc, &roles[at])
	}
	if !slices.ContainsFunc(roles, func(r incident.RolePolicy) bool { _, listed := order[r.Name]; return !listed }) {
		slices.SortStableFunc(roles, func(x, y incident.RolePolicy) int { return order[x.Name] - order[y.Name] })
	}
	p.Roles = roles
	b.aliases(names)
}

func (b *builder) role(path string, doc roleDocument, role *incident.RolePolicy) {
	set(&role.Label, doc.Label)
	set(&role.Duty, doc.Duty)
	set(&role.Deputies, doc.Deputies)
	set(&role.Several, doc.Several)
	set(&role.OnCard, doc.OnCard)
	if doc.FirstSteps != nil {
		role.FirstSteps = doc.FirstSteps
	}
	if doc.Aliases != nil {
		role.Aliases = doc.Aliases
	}
	if role.Deputies && role.Several {
		b.complain(path, "role %s has both deputies, who stand behind its holder, and several holders, who are equals; one of the two has to be false", role.Name)
	}
}

// aliases refuses a word that stands for two roles.
func (b *builder) aliases(names []string) {
	fold := strings.NewReplacer(" ", "", "-", "", "_", "")
	owner := map[string]incident.Role{}
	claim := func(word string, role incident.Role, listed bool) {
		key := fold.Replace(strings.ToLower(strings.TrimSpace(word)))
		if other, taken := owner[key]; taken && other != role {
			index := slices.Index(names, string(role))
			if index < 0 {
				index = slices.Index(names, string(other))
			}
			b.complain(fmt.Sprintf("roles[%d]", index), "%q stands for both %s and %s; leave it to one of them", word, other, role)
			return
		}
		if key == "" && listed {
			b.complain(fmt.Sprintf("roles[%d].aliases", slices.Index(names, string(role))), "an alias of %s is empty", role)
		}
		owner[key] = role
	}
	for _, role := range b.config.Policy.Roles {
		claim(string(role.Name), role.Name, false)
	}
	for _, role := range b.config.Policy.Roles {
		for _, alias := range role.Aliases {
			claim(alias, role.Name, true)
		}
		if role.Label != "" {
			claim(role.Label, role.Name, false)
		}
	}
}

// knownRoles checks a list of roles.
func (b *builder) knownRoles(path string, given []string) []incident.Role {
	var known []string
	for _, role := range b.config.Policy.Roles {
		known = append(known, string(role.Name))
	}
	roles := []incident.Role{}
	for i, name := range given {
		if !slices.Contains(known, name) {
			b.complain(fmt.Sprintf("%s[%d]", path, i), "there is no role %q; %s", name, oneOf(name, known))
		}
		roles = append(roles, incident.Role(name))
	}
	return roles
}
