package policy

import "time"

// RuleName is the persisted name of a reminder rule.
type RuleName string

const (
	RuleNoManager     RuleName = "no_manager"
	RuleRoleEmpty     RuleName = "role_empty"
	RuleUpdateDue     RuleName = "update_due"
	RuleUpdateOverdue RuleName = "update_overdue"
	RuleMonitoring    RuleName = "monitoring_unchanged"
	RuleRoleHeld      RuleName = "role_held"
	RuleStale         RuleName = "stale"
)

// RuleNames lists the rules that configuration may change.
func RuleNames() []RuleName {
	return []RuleName{RuleNoManager, RuleRoleEmpty, RuleUpdateDue, RuleUpdateOverdue, RuleMonitoring, RuleRoleHeld, RuleStale}
}

// Addressee says whom a step of a rule speaks to.
type Addressee string

const (
	ToChannel  Addressee = "channel"  // everybody in the incident's channel
	ToOwner    Addressee = "owner"    // who owes the update: the comms manager, else the incident manager
	ToManager  Addressee = "manager"  // the incident manager and the deputies
	ToDeclarer Addressee = "declarer" // who declared it
	ToHolder   Addressee = "holder"   // the person the rule speaks of
)

// Addressees lists whom configuration may name.
func Addressees() []Addressee {
	return []Addressee{ToChannel, ToOwner, ToManager, ToDeclarer, ToHolder}
}

// Rule is one reminder rule (PROCESS: Reminders).
type Rule struct {
	Name  RuleName
	After time.Duration // from what it waits for to the first reminder
	Every time.Duration // between further ones; 0: only once
	Times int           // at most so many; 0: no limit
	To    []Addressee   // the ladder: whom the first speaks to, the second ...; the last rung repeats
}
