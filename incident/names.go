package incident

import (
	"muster/incident/ledger"
	"muster/incident/policy"
)

// What all aggregates share goes by these names here too.
type (
	UserID     = ledger.UserID
	GroupID    = ledger.GroupID
	ChannelID  = ledger.ChannelID
	MessageTS  = ledger.MessageTS
	MessageRef = ledger.MessageRef
	Ref        = ledger.Ref

	Actor     = ledger.Actor
	ActorKind = ledger.ActorKind

	Effect     = ledger.Effect
	EffectKind = ledger.EffectKind
	Handling   = ledger.Handling
	Urgency    = ledger.Urgency
	Job        = ledger.Job
	JobID      = ledger.JobID
	JobState   = ledger.JobState
	Backlog    = ledger.Backlog
	SeenError  = ledger.SeenError

	// Outcome is everything that follows from one command on an incident.
	Outcome = ledger.Outcome[Incident, Entry]
)

const (
	Person   = ledger.Person
	Guest    = ledger.Guest
	Stranger = ledger.Stranger
	Deleted  = ledger.Deleted
	System   = ledger.System
	Machine  = ledger.Machine

	UrgencyPage     = ledger.UrgencyPage
	UrgencyUpdate   = ledger.UrgencyUpdate
	UrgencyCosmetic = ledger.UrgencyCosmetic

	JobsWaiting = ledger.JobsWaiting
	JobsRunning = ledger.JobsRunning
	JobsFailed  = ledger.JobsFailed
	JobsAll     = ledger.JobsAll

	ReasonUnreadable = ledger.ReasonUnreadable
)

// The errors of every store.
var (
	ErrNotFound = ledger.ErrNotFound
	ErrFenced   = ledger.ErrFenced
)

// Muster is the actor of everything that no person asked for.
var Muster = Actor{Kind: System}

// What a team agrees on goes by these names here too.
type (
	Policy         = policy.Policy
	Schedule       = policy.Schedule
	Night          = policy.Night
	Severity       = policy.Severity
	SeverityPolicy = policy.SeverityPolicy
	Priority       = policy.Priority
	Role           = policy.Role
	RolePolicy     = policy.RolePolicy
	Rule           = policy.Rule
	RuleName       = policy.RuleName
	Addressee      = policy.Addressee
	Action         = policy.Action
	Grant          = policy.Grant
)

const (
	Unknown = policy.Unknown

	IncidentManager = policy.IncidentManager
	TechLead        = policy.TechLead
	CommsManager    = policy.CommsManager
	SupportLead     = policy.SupportLead
	SocialMediaLead = policy.SocialMediaLead
	ProblemManager  = policy.ProblemManager
	ReviewBoard     = policy.ReviewBoard
	Scribe          = policy.Scribe

	RuleNoManager     = policy.RuleNoManager
	RuleRoleEmpty     = policy.RuleRoleEmpty
	RuleUpdateDue     = policy.RuleUpdateDue
	RuleUpdateOverdue = policy.RuleUpdateOverdue
	RuleMonitoring    = policy.RuleMonitoring
	RuleRoleHeld      = policy.RuleRoleHeld
	RuleStale         = policy.RuleStale

	ToChannel  = policy.ToChannel
	ToOwner    = policy.ToOwner
	ToManager  = policy.ToManager
	ToDeclarer = policy.ToDeclarer
	ToHolder   = policy.ToHolder

	ActDeclare  = policy.ActDeclare
	ActRole     = policy.ActRole
	ActStatus   = policy.ActStatus
	ActSeverity = policy.ActSeverity
	ActDescribe = policy.ActDescribe
	ActUpdate   = policy.ActUpdate
	ActNote     = policy.ActNote
	ActRemind   = policy.ActRemind
	ActClose    = policy.ActClose
	ActRepair   = policy.ActRepair
	ActView     = policy.ActView
)

// DefaultPolicy is PROCESS.md with no configuration at all. It still has to be compiled.
func DefaultPolicy() *Policy { return policy.Default() }

// Actions lists every action, in the order in which configuration and help show them.
func Actions() []Action { return policy.Actions() }

// RuleNames lists the rules that configuration may change.
func RuleNames() []RuleName { return policy.RuleNames() }
