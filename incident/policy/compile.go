package policy

import (
	"fmt"
	"slices"
	"time"
)

// Compile checks the policy and makes its cadences ready with parse, which reads a cron expression (robfig/cron's
// ParseStandard in the program). It must be called once before the policy is used; its error names what is wrong.
func (p *Policy) Compile(parse func(spec string) (Schedule, error)) error {
	for _, check := range []func() error{p.checkRoles, p.checkSeverities, p.checkRules, p.checkPermissions, p.checkTimes} {
		if err := check(); err != nil {
			return err
		}
	}
	p.schedules = map[string]Schedule{}
	for _, level := range p.Severities {
		if err := p.compile(level.Cadence, parse); err != nil {
			return fmt.Errorf("severity %s: %w", level.Name, err)
		}
	}
	if p.Location == nil {
		p.Location = time.UTC
	}
	return nil
}

// compile makes one cadence ready.
func (p *Policy) compile(spec string, parse func(spec string) (Schedule, error)) error {
	if spec == "" {
		return nil
	}
	schedule, err := parse(spec)
	if err != nil {
		return fmt.Errorf("cadence %q: %w", spec, err)
	}
	if schedule.Next(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)).IsZero() {
		return fmt.Errorf("cadence %q never comes", spec)
	}
	p.schedules[spec] = schedule
	return nil
}

// checkRoles wants every name that people may type to mean one role.
func (p *Policy) checkRoles() error {
	owners := map[string]int{}
	for i, role := range p.Roles {
		if foldName(string(role.Name)) == "" {
			return fmt.Errorf("role %q has no name", role.Name)
		}
		for _, name := range append([]string{string(role.Name), role.Label}, role.Aliases...) {
			folded := foldName(name)
			if owner, taken := owners[folded]; taken && owner != i {
				return fmt.Errorf("role %s: %q means role %s already", role.Name, name, p.Roles[owner].Name)
			}
			if folded != "" {
				owners[folded] = i
			}
		}
	}
	return nil
}

// checkSeverities wants levels that people can type and tell apart, with roles that exist.
func (p *Policy) checkSeverities() error {
	for i, level := range p.Severities {
		if name, known := p.ParseSeverity(string(level.Name)); !known || name != level.Name || level.Name == "" || level.Name == Unknown {
			return fmt.Errorf("severity %q: a name is one word in small letters, and not %q", level.Name, Unknown)
		}
		if slices.ContainsFunc(p.Severities[:i], func(other SeverityPolicy) bool { return other.Name == level.Name }) {
			return fmt.Errorf("severity %s is there twice", level.Name)
		}
		for _, role := range level.RequiredRoles {
			if _, known := p.Role(role); !known {
				return fmt.Errorf("severity %s: required role %q is not defined", level.Name, role)
			}
		}
	}
	if !slices.ContainsFunc(p.Severities, func(level SeverityPolicy) bool { return level.Name == p.UnknownAs }) {
		return fmt.Errorf("unknown is treated as %q, which is not a severity", p.UnknownAs)
	}
	return nil
}

// checkRules wants each rule once, with a pace that nobody mistakes for an attack.
func (p *Policy) checkRules() error {
	for i, rule := range p.Rules {
		switch {
		case !slices.Contains(RuleNames(), rule.Name):
			return fmt.Errorf("reminder rule %q is not one of %v", rule.Name, RuleNames())
		case slices.ContainsFunc(p.Rules[:i], func(other Rule) bool { return other.Name == rule.Name }):
			return fmt.Errorf("reminder rule %s is there twice", rule.Name)
		case rule.After < 0 || rule.Times < 0 || rule.Every < 0:
			return fmt.Errorf("reminder rule %s: a time or number is negative", rule.Name)
		case rule.Every > 0 && rule.Every < time.Second:
			return fmt.Errorf("reminder rule %s: every %s is too often", rule.Name, rule.Every)
		}
		for _, to := range rule.To {
			if !slices.Contains(Addressees(), to) {
				return fmt.Errorf("reminder rule %s: addressee %q is not one of %v", rule.Name, to, Addressees())
			}
		}
	}
	return nil
}

// checkPermissions wants an answer for every action.
func (p *Policy) checkPermissions() error {
	for _, action := range Actions() {
		grant, given := p.Permissions[action]
		if !given {
			return fmt.Errorf("nobody is allowed to %s", action)
		}
		for _, role := range grant.Roles {
			if _, known := p.Role(role); !known {
				return fmt.Errorf("permission to %s: role %q is not defined", action, role)
			}
		}
	}
	return nil
}

// checkTimes wants a night within one day.
func (p *Policy) checkTimes() error {
	const day = 24 * 60
	if p.Night.From < 0 || p.Night.From >= day || p.Night.To < 0 || p.Night.To >= day {
		return fmt.Errorf("night from minute %d to minute %d: a day has minutes 0 to %d", p.Night.From, p.Night.To, day-1)
	}
	if p.ArchiveAfter < 0 {
		return fmt.Errorf("channels cannot be archived %s after the end", p.ArchiveAfter)
	}
	return nil
}
