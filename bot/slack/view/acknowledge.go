package view

import (
	"muster/incident"
	"muster/templates"
)

// Acknowledge tells whoever did something what came of it. It fits into an acknowledgement.
func (v View) Acknowledge(out incident.Outcome) Message {
	var texts []templates.Markup
	for _, entry := range out.Entries {
		if text := v.acknowledge(out.State, entry); text != "" {
			texts = append(texts, text)
		}
	}
	if len(texts) == 0 {
		texts = append(texts, v.Words.AckNothing.Markup(v.facts(out.State, out.State.ChangedAt)))
	}
	return paragraphs([]templates.Markup{templates.Join("\n", texts...)})
}

func (v View) acknowledge(in incident.Incident, entry incident.Entry) templates.Markup {
	change := templates.Change{Incident: v.facts(in, entry.At), By: entry.Actor.ID}
	switch e := entry.Event.(type) {
	case incident.EventDeclared:
		return v.Words.AckDeclared.Markup(change)
	case incident.EventRoleAssigned:
		return v.Words.AckRoleAssigned.Markup(v.assigned(change, e))
	case incident.EventRoleReleased:
		return v.Words.AckRoleReleased.Markup(v.released(change, e))
	case incident.EventStatusChanged:
		return v.Words.AckStatusChanged.Markup(templates.StatusChange{Change: change, Verb: e.Verb})
	case incident.EventSeverityChanged:
		return v.Words.AckSeverityChanged.Markup(v.judged(change, e))
	case incident.EventRetitled:
		return v.Words.AckRetitled.Markup(change)
	case incident.EventSummarized:
		return v.Words.AckSummarized.Markup(change)
	case incident.EventUpdatePosted:
		return v.Words.AckUpdatePosted.Markup(change)
	case incident.EventNoteAdded:
		return v.Words.AckNoteAdded.Markup(change)
	case incident.EventSnoozed:
		return v.Words.AckSnoozed.Markup(templates.Pause{Change: change, Until: v.local(e.Until)})
	case incident.EventPaused:
		return v.Words.AckPaused.Markup(templates.Pause{Change: change})
	case incident.EventResumed:
		return v.Words.AckResumed.Markup(templates.Pause{Change: change})
	case incident.EventCadenceSet:
		return v.Words.AckCadence.Markup(templates.Pause{Change: change, Every: interval(e.Cadence)})
	case incident.EventReminded:
		return v.Words.AckReminded.Markup(change)
	case incident.EventEffectRetried:
		return v.Words.AckRetried.Markup(templates.Trouble{Incident: change.Incident, Effect: v.Words.Effect(e.Kind)})
	}
	return ""
}
