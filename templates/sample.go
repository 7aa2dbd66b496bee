package templates

import (
	"time"

	"muster/incident"
)

// Samples that each text is tried on when a language is loaded.

func sampleIncident() Incident {
	at := time.Date(2026, 11, 22, 14, 5, 0, 0, time.UTC)
	return Incident{
		ID: "INC-42", Command: "/incident INC-42", Title: "Checkout is down", Summary: "Payments fail.", Severity: "SEV1",
		Mark: ":red_circle:", Meaning: "down for all", Status: "Fixing", Priority: "P1", TreatedAs: "SEV2", Open: true,
		DeclaredBy: "U1", DeclaredAt: at, FinishedAt: at.Add(time.Hour), Duration: 85 * time.Minute, Channel: "C1",
		Managers: []incident.UserID{"U1", "U2"}, NextUpdate: at.Add(time.Hour), Overdue: 5 * time.Minute, LastUpdate: "Half of the payments work again.",
		LastUpdateBy: "U1", LastUpdateAt: at, Closing: "Rolled back.", Quote: "checkout gives 500", Link: "https://example.com/1",
		Author: "U3", Mine: []string{"Tech lead"},
	}
}

func sampleHere() Here {
	in := sampleIncident()
	return Here{Command: "/incident", Incident: &in, Roles: []string{"tech_lead"}, Severities: []string{"sev1"}, Line: "resolve",
		Query: "open", Nearest: "resolve", Count: 3}
}

func sampleRefusal(code incident.Code) Refusal {
	return Refusal{
		Code: code, Command: "/incident INC-42", Text: "typed", Field: "title", Limit: 120, Length: 5000, Status: "Fixing", Verb: "Close",
		Role: "Tech lead", Severity: "SEV1", May: "close incidents", RoleName: incident.TechLead, User: "U1", Slash: "/incident",
		Possible: []string{"monitor", "resolve"}, Severities: []string{"sev1", "sev2"}, Roles: []string{"tech_lead"},
		Who:         Who{true, []string{"Incident manager"}, []incident.UserID{"U1"}, []incident.GroupID{"S1"}},
		WantsReason: incident.VerbCancel,
	}
}

func sampleLine(kind incident.EventKind) Line {
	at := time.Date(2026, 11, 22, 14, 5, 0, 0, time.UTC)
	return Line{
		Kind: kind, When: at, By: "U1", Severity: "SEV1", From: "SEV2", To: "SEV1", Status: "Fixing", Role: "Tech lead",
		Effect: "pin the card", Rule: "update due", Text: "typed words", Link: "https://example.com/1", User: "U2", Replaced: "U3",
		Users: []incident.UserID{"U1"}, Channel: "C1", Until: at, Every: 20 * time.Minute, Reason: "not_pinnable",
	}
}

func sampleRoles() []incident.Role {
	var roles []incident.Role
	for _, role := range incident.DefaultPolicy().Roles {
		roles = append(roles, role.Name)
	}
	return roles
}

func sampleEffects() []incident.EffectKind {
	return []incident.EffectKind{incident.KindCreateChannel, incident.KindInviteUsers, incident.KindInviteGroup, incident.KindDrawCard,
		incident.KindPinCard, incident.KindDrawTopic, incident.KindDrawAnnouncement, incident.KindPostEntry, incident.KindSendBrief,
		incident.KindSendReminder, incident.KindLinkOrigin, incident.KindMarkNoted, incident.KindArchiveChannel,
		incident.KindRestoreChannel, incident.KindLookAtChannel, incident.KindDrawHome}
}

func sampleEvents() []incident.EventKind {
	return []incident.EventKind{incident.KindDeclared, incident.KindRoleAssigned, incident.KindRoleReleased, incident.KindStatusChanged,
		incident.KindSeverityChanged, incident.KindRetitled, incident.KindSummarized, incident.KindUpdatePosted, incident.KindNoteAdded,
		incident.KindSnoozed, incident.KindPaused, incident.KindResumed, incident.KindCadenceSet, incident.KindReminded,
		incident.KindArchiveDue, incident.KindMemberJoined, incident.KindMemberLeft, incident.KindChannelOpened,
		incident.KindCardPosted, incident.KindAnnounced, incident.KindChannelArchived, incident.KindChannelRestored,
		incident.KindEffectFailed, incident.KindEffectRetried}
}
