package policy

import "time"

// Default is PROCESS.md with no configuration at all. It still has to be compiled.
func Default() *Policy {
	anyone := Grant{Anyone: true}
	permissions := map[Action]Grant{}
	for _, action := range Actions() {
		permissions[action] = anyone
	}
	return &Policy{
		Severities: []SeverityPolicy{
			{Name: "sev1", Major: true, Priority: "P1", Cadence: "@every 30m", Nights: true, RequiredRoles: []Role{IncidentManager, TechLead, CommsManager}},
			{Name: "sev2", Major: true, Priority: "P2", Cadence: "@every 60m", Nights: true, RequiredRoles: []Role{IncidentManager, TechLead}},
			{Name: "sev3", Priority: "P3", Cadence: "0 10 * * MON-FRI", RequiredRoles: []Role{IncidentManager}},
		},
		UnknownAs: "sev2",
		Roles: []RolePolicy{
			{Name: IncidentManager, Deputies: true, OnCard: true, Aliases: []string{"im", "manager", "ic", "commander", "인시던트 관리자", "관리자"}},
			{Name: TechLead, Several: true, OnCard: true, Aliases: []string{"tl", "tech", "기술 리더"}},
			{Name: CommsManager, Deputies: true, OnCard: true, Aliases: []string{"cm", "comms", "communications", "커뮤니케이션 관리자", "커뮤니케이션"}},
			{Name: SupportLead, Aliases: []string{"support", "sl", "고객 지원 리더", "고객 지원"}},
			{Name: SocialMediaLead, Aliases: []string{"social", "sm", "소셜 미디어 리더", "소셜"}},
			{Name: ProblemManager, Aliases: []string{"problem", "pm", "문제 관리자"}},
			{Name: ReviewBoard, Several: true, Aliases: []string{"board", "review", "조사 위원회"}},
			{Name: Scribe, Several: true, Aliases: []string{"record", "notes", "서기"}},
		},
		Rules: []Rule{
			{Name: RuleNoManager, After: 5 * time.Minute, Every: 10 * time.Minute, Times: 6, To: []Addressee{ToChannel, ToDeclarer, ToChannel}},
			{Name: RuleRoleEmpty, After: 15 * time.Minute, Every: 30 * time.Minute, Times: 3, To: []Addressee{ToChannel, ToManager}},
			{Name: RuleUpdateDue, To: []Addressee{ToOwner}},
			{Name: RuleUpdateOverdue, After: 5 * time.Minute, Every: 10 * time.Minute, Times: 6, To: []Addressee{ToChannel, ToManager, ToChannel}},
			{Name: RuleMonitoring, After: 60 * time.Minute, Every: 60 * time.Minute, Times: 8, To: []Addressee{ToManager, ToChannel}},
			{Name: RuleRoleHeld, After: 4 * time.Hour, Every: 4 * time.Hour, Times: 3, To: []Addressee{ToHolder}},
			{Name: RuleStale, After: 24 * time.Hour, Every: 24 * time.Hour, To: []Addressee{ToManager, ToChannel}},
		},
		Permissions:     permissions,
		ChannelTemplate: "{id}-{date}-{title}",
		ArchiveAfter:    72 * time.Hour,
		Night:           Night{From: 22 * 60, To: 8 * 60},
	}
}
