package policy

import "strings"

// Role is the name of a role: "tech_lead". The policy says what each is for.
type Role string

// The roles of PROCESS.md. Configuration may add others.
const (
	IncidentManager Role = "incident_manager"
	TechLead        Role = "tech_lead"
	CommsManager    Role = "comms_manager"
	SupportLead     Role = "support_lead"
	SocialMediaLead Role = "social_media_lead"
	ProblemManager  Role = "problem_manager"
	ReviewBoard     Role = "review_board"
	Scribe          Role = "scribe"
)

// RolePolicy is one role.
type RolePolicy struct {
	Name       Role
	Label      string   // what people read; empty: the words of the templates
	Duty       string   // its duty in a line; empty: the words of the templates
	FirstSteps []string // what to do first; empty: the words of the templates
	Deputies   bool     // further holders are deputies of the first
	Several    bool     // holders are equals
	Aliases    []string // what people may type for it, in any language
	OnCard     bool     // whether the card offers it as a button; any role can be assigned by select
}

// Role looks up the policy of a role.
func (p *Policy) Role(name Role) (RolePolicy, bool) {
	for _, role := range p.Roles {
		if role.Name == name {
			return role, true
		}
	}
	return RolePolicy{}, false
}

// ParseRole reads a role's name or one of its aliases, in any case, with spaces, hyphens or underscores alike.
func (p *Policy) ParseRole(text string) (Role, bool) {
	want := foldName(text)
	if want == "" {
		return "", false
	}
	for _, role := range p.Roles {
		if foldName(string(role.Name)) == want || (role.Label != "" && foldName(role.Label) == want) {
			return role.Name, true
		}
		for _, alias := range role.Aliases {
			if foldName(alias) == want {
				return role.Name, true
			}
		}
	}
	return "", false
}

// foldName makes alike whatever people type for one name.
func foldName(text string) string {
	return strings.NewReplacer(" ", "", "-", "", "_", "").Replace(strings.ToLower(strings.TrimSpace(text)))
}
