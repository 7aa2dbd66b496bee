package paper

import (
	"strings"
	"time"

	"muster/incident"
	"muster/templates"
)

// line is one entry in words. What was typed is kept apart from the sentence around it, whole.
func (w Writer) line(entry incident.Entry) line {
	words := templates.Line{
		Kind: entry.Event.EventKind(), When: entry.When(), By: entry.Actor.ID, Machine: entry.Actor.Kind == incident.Machine,
	}
	typed, kind := "", ""
	switch e := entry.Event.(type) {
	case incident.EventDeclared:
		words.Severity, typed = w.Words.Severity(e.Severity), e.Title
	case incident.EventRoleAssigned:
		words.Role, words.User, words.Replaced = w.role(e.Role), e.User, e.Replaced
	case incident.EventRoleReleased:
		words.Role, words.User = w.role(e.Role), e.User
	case incident.EventStatusChanged:
		words.Status, typed = w.Words.Status(e.To), e.Text
	case incident.EventSeverityChanged:
		words.From, words.To, typed = w.Words.Severity(e.From), w.Words.Severity(e.To), e.Reason
	case incident.EventRetitled:
		typed = e.To
	case incident.EventSummarized:
		typed = e.Text
	case incident.EventUpdatePosted:
		kind = w.Words.Headings.Update + ": "
		typed = strings.Join(append([]string{e.Text.State}, append(points(e.Text.Current), points(e.Text.Next)...)...), "\n")
	case incident.EventNoteAdded:
		kind = w.Words.Headings.Note + ": "
		words.By, typed = e.Author, strings.TrimSpace(e.Text+"\n"+e.Link)
	default:
		typed = w.machinery(&words, entry.Event)
	}
	return line{w.when(entry.When()), kind + plain(w.Words.TimelineLine(words)), typed}
}

// machinery words the entries that reminders and effects make. It answers what is not of the program's own words.
func (w Writer) machinery(words *templates.Line, event incident.Event) string {
	switch e := event.(type) {
	case incident.EventSnoozed:
		words.Until = e.Until
	case incident.EventCadenceSet:
		if every, err := time.ParseDuration(strings.TrimPrefix(e.Cadence, "@every ")); err == nil {
			words.Every = every
		}
	case incident.EventReminded:
		words.Rule = w.Words.Rule(e.Rule)
		if e.To != incident.ToChannel {
			words.Users = e.Users
		}
	case incident.EventMemberJoined:
		words.Users = e.Users
	case incident.EventMemberLeft:
		words.User = e.User
	case incident.EventChannelOpened:
		words.Channel = e.Channel
		return "#" + e.Name
	case incident.EventEffectFailed:
		words.Effect, words.Reason = w.Words.Effect(e.Trouble.Kind), e.Trouble.Reason
	case incident.EventEffectRetried:
		words.Effect = w.Words.Effect(e.Kind)
	case incident.EventTroubleCleared:
		words.Effect = w.Words.Effect(e.Kind)
	}
	return ""
}
