package view

import (
	"muster/incident"
	"muster/templates"
)

// Acknowledge tells whoever did something what came of it. It fits into an acknowledgement.
func (v Views) Acknowledge(out incident.Outcome) Message {
	var texts []templates.Markup
	for _, entry := range out.Entries {
		if text := v.acknowledge(out.State, entry); text != "" {
			texts = append(texts, text)
		}
	}
	if len(texts) == 0 {
		texts = append(texts, v.Words.AckNothing(v.facts(out.State, out.State.ChangedAt)))
	}
	return paragraphs([]templates.Markup{templates.Join("\n", texts...)})
}

func (v Views) acknowledge(in incident.Incident, entry incident.Entry) templates.Markup {
	change := templates.Change{Incident: v.facts(in, entry.At), By: entry.Actor.ID}
	switch e := entry.Event.(type) {
	case incident.EventDeclared:
		return v.Words.AckDeclared(change)
	case incident.EventRoleAssigned:
		return v.Words.AckRoleAssigned(v.assigned(change, e))
	case incident.EventRoleReleased:
		return v.Words.AckRoleReleased(v.released(change, e))
	case incident.EventStatusChanged:
		return v.Words.AckStatusChanged(templates.StatusChange{Change: change, Verb: e.Verb})
	case incident.EventSeverityChanged:
		return v.Words.AckSeverityChanged(v.judged(change, e))
	case incident.EventRetitled:
		return v.Words.AckRetitled(change)
	case incident.EventSummarized:
		return v.Words.AckSummarized(change)
	case incident.EventUpdatePosted:
		return v.Words.AckUpdatePosted(change)
	case incident.EventNoteAdded:
		return v.Words.AckNoteAdded(change)
	case incident.EventSnoozed:
		return v.Words.AckSnoozed(templates.Pause{Change: change, Until: v.local(e.Until)})
	case incident.EventPaused:
		return v.Words.AckPaused(templates.Pause{Change: change})
	case incident.EventResumed:
		return v.Words.AckResumed(templates.Pause{Change: change})
	case incident.EventCadenceSet:
		return v.Words.AckCadenceSet(templates.Pause{Change: change, Every: interval(e.Cadence)})
	case incident.EventReminded:
		return v.Words.AckReminded(change)
	case incident.EventEffectRetried:
		return v.Words.AckRetried(templates.Trouble{Incident: change.Incident, Effect: v.Words.Effect(e.Kind)})
	}
	return ""
}
