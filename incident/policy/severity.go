package policy

import (
	"strings"

	"muster/incident/ledger"
)

// Severity is the name of a severity level: "sev1". The policy says what each means.
type Severity string

// Unknown is the severity nobody has judged yet. It is treated as the policy's UnknownAs level.
const Unknown Severity = "unknown"

// Priority orders the open incidents when several run at once: "P1" comes first.
type Priority string

// SeverityPolicy is one level: what it means and what follows from it (PROCESS: Severity and priority).
type SeverityPolicy struct {
	Name          Severity
	Meaning       string   // empty: the words of the templates
	Major         bool     // severity 1 and 2 are major incidents
	Priority      Priority // where it stands in the queue
	Cadence       string   // cron expression or "@every 30m": when internal updates are due; empty: never
	Nights        bool     // whether reminders come in the policy's Night too; else they wait for its end
	RequiredRoles []Role
	InviteUsers   []ledger.UserID  // who is brought into the channel
	InviteGroups  []ledger.GroupID // whose members are brought into the channel
}

// Level is the policy of a severity. Unknown, and a severity that the configuration no longer has, is the level that
// UnknownAs names.
func (p *Policy) Level(name Severity) SeverityPolicy {
	if rank := p.rank(name); rank < len(p.Severities) {
		return p.Severities[rank]
	}
	return SeverityPolicy{Name: name, Priority: "P5"} // only a policy that was never compiled comes here
}

// ParseSeverity reads what a person may type for a severity: its name, "1", "unknown" or "?".
func (p *Policy) ParseSeverity(text string) (Severity, bool) {
	text = strings.ToLower(strings.TrimSpace(text))
	if text == string(Unknown) || text == "?" {
		return Unknown, true
	}
	for _, level := range p.Severities {
		if text == string(level.Name) || "sev"+text == string(level.Name) {
			return level.Name, true
		}
	}
	return "", false
}

// SeverityNames lists the levels from the gravest on.
func (p *Policy) SeverityNames() []Severity {
	names := make([]Severity, 0, len(p.Severities))
	for _, level := range p.Severities {
		names = append(names, level.Name)
	}
	return names
}

// Graver reports whether a is graver than b.
func (p *Policy) Graver(a, b Severity) bool { return p.rank(a) < p.rank(b) }

// rank is the place of a severity's level, 0 for the gravest.
func (p *Policy) rank(name Severity) int {
	for _, want := range []Severity{name, p.UnknownAs} {
		for i, level := range p.Severities {
			if level.Name == want {
				return i
			}
		}
	}
	return len(p.Severities)
}
