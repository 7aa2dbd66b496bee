package config

import (
	"fmt"
	"regexp"
	"slices"

	"muster/incident"
)

// Names are what people type and what the database keeps.
func goodName(name string) bool {
	return regexp.MustCompile(`^[a-z][a-z0-9_]{0,30}$`).MatchString(name)
}

// names checks the names of a list's entries: each has one, no two the same.
func (b *builder) names(list string, given []*string) []string {
	names := make([]string, len(given))
	for i, name := range given {
		path := fmt.Sprintf("%s[%d]", list, i)
		switch {
		case name == nil || *name == "":
			b.complain(path, "an entry of %s has no name", list)
		case !goodName(*name):
			b.complain(path+".name", "name: %q cannot be typed in a command; use small letters, digits and _, beginning with a letter", *name)
		case slices.Contains(names, *name):
			b.complain(path+".name", "there are two %s of the name %s; keep one of them", list, *name)
		}
		if name != nil {
			names[i] = *name
		}
	}
	return names
}

// severities lays the given levels over the default ones: an entry of a known name changes only the keys it gives.
func (b *builder) severities(given []severityDocument) {
	p := b.config.Policy
	var written []*string
	for _, doc := range given {
		written = append(written, doc.Name)
	}
	names := b.names("severities", written)
	levels := slices.Clone(p.Severities)
	order := map[incident.Severity]int{}
	for i, doc := range given {
		name, path := incident.Severity(names[i]), fmt.Sprintf("severities[%d]", i)
		if name == "" {
			continue // names has complained
		}
		at := slices.IndexFunc(levels, func(l incident.SeverityPolicy) bool { return l.Name == name })
		if doc.Remove != nil && *doc.Remove {
			if at < 0 {
				b.complain(path+".name", "there is no severity %q to remove", name)
			} else {
				levels = slices.Delete(levels, at, at+1)
			}
			continue
		}
		if name == incident.Unknown {
			b.complain(path+".name", "name: unknown is what nobody has judged yet; say under unknown_severity_is how it is treated")
		}
		if at < 0 {
			levels, at = append(levels, incident.SeverityPolicy{Name: name}), len(levels)
			b.newSeverity(path, name, doc)
		}
		order[name] = i
		b.severity(path, doc, &levels[at])
	}
	if b.inOrder(names, levels, order) {
		slices.SortStableFunc(levels, func(x, y incident.SeverityPolicy) int { return order[x.Name] - order[y.Name] })
	}
	if p.Severities = levels; len(levels) == 0 {
		b.complain("severities#", "severities: at least one has to stay")
	}
	b.requiredRoles()
}

// inOrder reports whether the list says the order of all levels. Where it does not, a new level has no place.
func (b *builder) inOrder(names []string, levels []incident.SeverityPolicy, order map[incident.Severity]int) bool {
	all, last := true, ""
	for _, level := range levels {
		if _, listed := order[level.Name]; !listed {
			all, last = false, string(level.Name)
		}
	}
	if all {
		return true
	}
	for i, name := range names {
		known := slices.ContainsFunc(incident.DefaultPolicy().Severities, func(l incident.SeverityPolicy) bool { return string(l.Name) == name })
		if _, kept := order[incident.Severity(name)]; kept && !known {
			b.complain(fmt.Sprintf("severities[%d].name", i), "severity %s is new, and the list does not show how grave it is: list every severity, the gravest first; a line \"- name: %s\" is enough for one that stays as it is", name, last)
		}
	}
	return false
}

func (b *builder) newSeverity(path string, name incident.Severity, doc severityDocument) {
	if doc.Meaning == nil || *doc.Meaning == "" {
		b.complain(path, "severity %s is new; say under meaning what it means", name)
	}
	if doc.Priority == nil {
		b.complain(path, "severity %s is new; say under priority where it stands in the queue, from P1 to P5", name)
	}
}

func (b *builder) severity(path string, doc severityDocument, level *incident.SeverityPolicy) {
	set(&level.Meaning, doc.Meaning)
	set(&level.Major, doc.Major)
	set(&level.Nights, doc.Nights)
	if doc.Priority != nil {
		if level.Priority = incident.Priority(*doc.Priority); !regexp.MustCompile(`^P[1-5]$`).MatchString(*doc.Priority) {
			b.complain(path+".priority", "priority: %q is none; possible are P1, the first in the queue, to P5", *doc.Priority)
		}
	}
	if doc.Cadence != nil {
		spec, err := cadence(*doc.Cadence)
		if err != nil {
			b.complain(path+".cadence", "cadence: %v", err)
		}
		level.Cadence = spec
	}
	if doc.RequiredRoles != nil {
		level.RequiredRoles = nil
		for _, role := range doc.RequiredRoles {
			level.RequiredRoles = append(level.RequiredRoles, incident.Role(role))
		}
		b.knownRoles(path+".required_roles", doc.RequiredRoles)
	}
	if doc.Invite != nil {
		if doc.Invite.Users != nil {
			level.InviteUsers = b.users(path+".invite.users", doc.Invite.Users)
		}
		if doc.Invite.Groups != nil {
			level.InviteGroups = b.groups(path+".invite.groups", doc.Invite.Groups)
		}
	}
}

// requiredRoles drops roles that were removed from levels that got them by default.
func (b *builder) requiredRoles() {
	p := b.config.Policy
	for i, level := range p.Severities {
		p.Severities[i].RequiredRoles = slices.DeleteFunc(slices.Clone(level.RequiredRoles), func(role incident.Role) bool {
			_, known := p.Role(role)
			return !known
		})
	}
}

func (b *builder) unknownIs(given *string) {
	p := b.config.Policy
	if given != nil {
		p.UnknownAs = incident.Severity(*given)
	}
	var names []string
	for _, level := range p.Severities {
		names = append(names, string(level.Name))
	}
	if !slices.Contains(names, string(p.UnknownAs)) {
		b.complain("unknown_severity_is", "unknown_severity_is: there is no severity %q; %s", p.UnknownAs, oneOf(string(p.UnknownAs), names))
	}
}

// users and groups check IDs; the people behind them are looked up by muster check.
func (b *builder) users(path string, given []string) []incident.UserID {
	ids := []incident.UserID{}
	for i, id := range given {
		if !regexp.MustCompile(`^[UW][A-Z0-9]{5,}$`).MatchString(id) {
			b.complain(fmt.Sprintf("%s[%d]", path, i), "%q is not the ID of a person; write one such as U0123456789, which Slack copies from the menu of a profile", id)
		}
		ids = append(ids, incident.UserID(id))
	}
	return ids
}

func (b *builder) groups(path string, given []string) []incident.GroupID {
	ids := []incident.GroupID{}
	for i, id := range given {
		if !regexp.MustCompile(`^S[A-Z0-9]{5,}$`).MatchString(id) {
			b.complain(fmt.Sprintf("%s[%d]", path, i), "%q is not the ID of a user group; write one such as S0123456789, which Slack copies from the menu of the group", id)
		}
		ids = append(ids, incident.GroupID(id))
	}
	return ids
}
