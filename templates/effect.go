package templates

import (
	"strings"

	"muster/incident"
)

type effectTexts struct {
	Effects Vocabulary[incident.EffectKind] `name:"effect"`

	Advices      Family[Reason, any] `name:"advice"`
	EffectFailed Text[Trouble]       // tells of a failure
	MoreTroubles Text[Trouble]       // says how many failures are not shown
	AckRetried   Text[Trouble]       // answers a retry
}

// Reason is an error code of Slack's that there is advice on.
type Reason string

// otherReason stands for all that there is no advice of its own on.
const otherReason Reason = "other"

func reasons() []Reason {
	return []Reason{"missing_scope", "restricted_action", "not_in_channel", "channel_not_found", "is_archived", "unreadable", otherReason}
}

// Trouble is an effect that failed for good.
type Trouble struct {
	Incident Incident
	Effect   string // what was to be done
	Reason   string // Slack's error code
	More     int    // how many other troubles there are
}

func (Trouble) sample(string) any {
	return Trouble{Incident: sampleIncident(), Effect: "pin the card", Reason: "not_pinnable", More: 2}
}

// Effect is what an effect does, to stand after "I could not".
func (l *Language) Effect(kind incident.EffectKind) string {
	return l.Effects.word(kind, strings.ReplaceAll(string(kind), "_", " ")) // in the midst of a sentence
}

// Advice is what to do about one of Slack's error codes.
func (l *Language) Advice(reason string) Markup {
	if !l.Advices.Has(Reason(reason)) {
		return l.Advices.Markup(otherReason, nil)
	}
	return l.Advices.Markup(Reason(reason), nil)
}

// Trouble says what failed for good and what to do about it.
func (t Teller) Trouble(trouble incident.Trouble, facts Incident) Markup {
	words := Trouble{Incident: facts, Effect: t.Words.Effect(trouble.Kind), Reason: trouble.Reason}
	return Join("\n", t.Words.EffectFailed.Markup(words), t.Words.Advice(trouble.Reason))
}

func effectEvents(all events) {
	put(all, eventWords[incident.EventEffectFailed]{
		line: func(t Teller, line *Line, e incident.EventEffectFailed) {
			line.Effect, line.Reason = t.Words.Effect(e.Trouble.Kind), e.Trouble.Reason
		},
		channel: func(t Teller, c Change, e incident.EventEffectFailed) Told {
			return told(t.Trouble(e.Trouble, c.Incident))
		},
		answer: notAnswered[incident.EventEffectFailed],
	})
	put(all, eventWords[incident.EventEffectRetried]{
		line:    func(t Teller, line *Line, e incident.EventEffectRetried) { line.Effect = t.Words.Effect(e.Kind) },
		channel: notTold[incident.EventEffectRetried],
		answer: func(t Teller, c Change, e incident.EventEffectRetried) Markup {
			return t.Words.AckRetried.Markup(Trouble{Incident: c.Incident, Effect: t.Words.Effect(e.Kind)})
		},
	})
	put(all, eventWords[incident.EventTroubleCleared]{
		line:    func(t Teller, line *Line, e incident.EventTroubleCleared) { line.Effect = t.Words.Effect(e.Kind) },
		channel: notTold[incident.EventTroubleCleared],
		answer:  notAnswered[incident.EventTroubleCleared],
	})
}
