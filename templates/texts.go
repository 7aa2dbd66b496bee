package templates

import (
	"time"

	"muster/incident"
)

// text is one text of the language files: the file it belongs to, and data that it must work with.
type text struct {
	file, name string
	sample     any
}

// texts lists every text there is. Its order does not matter.
func texts() []text {
	var all []text
	add := func(file string, sample any, names ...string) {
		for _, name := range names {
			all = append(all, text{file, name, sample})
		}
	}
	families(add)
	in := sampleIncident()
	change := Change{in, "U1", "typed words"}
	role := RoleChange{change, "Tech lead", incident.TechLead, "U2", "U3", false}
	update := Update{in, "U1", "state", "one\ntwo", "three\nfour"}
	trouble := Trouble{in, "pin the card", "not_pinnable", 2}
	pause := Pause{change, in.NextUpdate, 20 * time.Minute, true, "an update is due"}
	line := RoleLine{"Tech lead", []incident.UserID{"U1"}, true}
	here := sampleHere()
	add("incident", in, "Title", "Heading", "Row", "Marks", "NextUpdate")
	add("card", in, "CardText", "CardFacts", "CardSummary", "CardOrigin", "CardClosing", "CardHint", "Topic")
	add("card", line, "CardRole")
	add("announcement", in, "Announcement", "AnnouncementFacts")
	add("origin", in, "Origin")
	add("step", NextStep{"Assess", "How bad is it?"}, "NextStep")
	add("step", []RailStep{{"Detect", true, false}, {"Raise", false, true}, {"Resolve", false, false}}, "Rail")
	add("role", role, "RoleAssigned", "RoleReleased")
	add("role", Brief{role, "duty", []string{"one", "two", "three"}}, "Brief")
	add("role", in, "RolesTitle")
	add("role", RoleDetail{line, "duty"}, "RoleDetail")
	add("severity", SeverityChange{change, "SEV2", "SEV1", ":red_circle:"}, "SeverityChanged")
	add("title", change, "Retitled", "Summarized")
	add("note", change, "NoteAdded")
	add("update", update, "UpdatePosted", "UpdateCurrent", "UpdateNext", "UpdateFoot")
	add("update", in, "UpdateQuestions")
	add("effect", trouble, "EffectFailed", "MoreTroubles")
	add("reminder", pause, "Snoozed", "Paused", "Resumed", "CadenceSet", "WhyTitle")
	add("reminder", Ahead{"update due", "Tech lead", in.NextUpdate, incident.ToChannel, []incident.UserID{"U1"}, true}, "WhyLine")
	add("time", DurationParts{1, 2, 3}, "Duration")
	add("time", Clock{At: in.NextUpdate}, "Clock")
	add("time", 12*time.Minute, "Late")
	add("ack", change, "AckDeclared", "AckUpdatePosted", "AckNoteAdded", "AckRetitled", "AckSummarized", "AckReminded")
	add("ack", role, "AckRoleAssigned", "AckRoleReleased")
	add("ack", StatusChange{change, incident.VerbFix}, "AckStatusChanged")
	add("ack", SeverityChange{change, "SEV2", "SEV1", ":red_circle:"}, "AckSeverityChanged")
	add("ack", pause, "AckSnoozed", "AckPaused", "AckResumed", "AckCadenceSet")
	add("ack", trouble, "AckRetried")
	add("ack", in, "AckNothing")
	add("menu", here, "Menu", "Pick", "PickNone", "UnknownCommand", "NotAnIncidentChannel")
	add("list", here, "ListTitle", "ListEmpty")
	add("home", here, "HomeTitle", "HomeEmpty", "HomeMore")
	add("timeline", in, "TimelineTitle")
	add("timeline", sampleLine(incident.KindNoteAdded), "TimelineStamp")
	add("error", "7f3a", "InternalError")
	return all
}

// families adds the texts that there is one of for each name of a kind.
func families(add func(file string, sample any, names ...string)) {
	in := sampleIncident()
	change := Change{in, "U1", "typed words"}
	here := sampleHere()
	add("label", nil, prefixed("label/", Labels())...)
	add("export", nil, prefixed("export/", ExportLabels())...)
	add("program", nil, prefixed("program/", ProgramLabels())...)
	add("status", nil, prefixed("status/", incident.Statuses())...)
	add("status", nil, prefixed("verb/", incident.Verbs())...)
	for _, verb := range incident.Verbs() {
		add("status", StatusChange{change, verb}, "told/"+string(verb))
	}
	add("severity", nil, prefixed("severity/", []string{"sev1", "sev2", "sev3", "unknown"})...)
	add("severity", nil, prefixed("mark/", []string{"sev1", "sev2", "sev3", "unknown", "other"})...)
	add("severity", nil, prefixed("meaning/", []string{"sev1", "sev2", "sev3", "unknown"})...)
	for _, family := range []string{"role/", "duty/", "first/"} {
		add("role", nil, prefixed(family, sampleRoles())...)
	}
	add("action", nil, prefixed("action/", incident.Actions())...)
	add("effect", nil, prefixed("effect/", sampleEffects())...)
	add("effect", nil, prefixed("advice/", AdvisedReasons())...)
	add("step", nil, prefixed("step/", incident.StepNames())...)
	add("step", nil, prefixed("todo/", incident.StepNames())...)
	add("reminder", nil, append(prefixed("rule/", incident.RuleNames()), "rule/archive")...)
	for _, rule := range incident.RuleNames() {
		add("reminder", Reminder{in, rule, []incident.UserID{"U1"}, false, "Tech lead", []string{"Tech lead"}, time.Hour, true}, "remind/"+string(rule))
	}
	add("refusal", nil, prefixed("field/", Fields())...)
	for _, code := range incident.Codes() {
		add("refusal", sampleRefusal(code), "refusal/"+string(code))
	}
	add("reminder", Reminder{Incident: in, Users: []incident.UserID{"U1"}}, "To")
	add("refusal", sampleRefusal(incident.RefuseTransition), "Possible")
	add("refusal", sampleRefusal(incident.RefuseNotAllowed).Who, "Who")
	add("help", nil, prefixed("topic/", Topics())...)
	add("help", here, prefixed("help/", Topics())...)
	add("usage", here, prefixed("usage/", UsageOf())...)
	for _, kind := range sampleEvents() {
		add("timeline", sampleLine(kind), "timeline/"+string(kind))
	}
}

func prefixed[T ~string](prefix string, names []T) []string {
	var out []string
	for _, name := range names {
		out = append(out, prefix+string(name))
	}
	return out
}
