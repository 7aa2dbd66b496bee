package templates

import (
	"strings"

	"muster/incident"
)

type refusalTexts struct {
	Fields Vocabulary[FieldName] `name:"field"`

	Refusals Family[incident.Code, Refusal] `name:"refusal"`
	Possible Text[Refusal]                  // says what is possible instead
	Who      Text[Who]                      // says whom to ask
}

type errorTexts struct {
	InternalError Text[Reference] // is for everything that has no better words
}

// Reference is what the log and the person's message have in common.
type Reference string

func (Reference) sample(string) any { return Reference("7f3a") }

// FieldName names a text that a refusal speaks of.
type FieldName string

// fieldOther is the word for every text that has none of its own.
const fieldOther FieldName = "text"

func fieldNames() []FieldName {
	return []FieldName{"title", "summary", "update", "note", "reason", fieldOther}
}

// Refusal is why something may not happen. Command is how a command begins here.
type Refusal struct {
	Code                              incident.Code
	Command                           string
	Slash                             string // how a command begins that is about no incident
	Text                              string // what was typed
	Field                             string // the word for the field that was too long or empty
	Limit, Length                     int
	Status, Verb, Role, Severity, May string
	RoleName                          incident.Role
	User                              incident.UserID
	Possible                          []string // verbs as people type them
	Severities, Roles                 []string // what there is, as people type them
	Who                               Who      // whom to ask
	WantsReason                       incident.Verb
	Already                           bool // the verb leads to the status that the incident has; Language finds out
}

func (Refusal) sample(code string) any {
	if code == "" {
		code = string(incident.RefuseTransition)
	}
	return Refusal{
		Code: incident.Code(code), Command: "/incident INC-42", Text: "typed", Field: "title", Limit: 120, Length: 5000, Status: "Fixing",
		Verb: "Close", Role: "Tech lead", Severity: "SEV1", May: "close incidents", RoleName: incident.TechLead, User: "U1",
		Slash: "/incident", Possible: []string{"monitor", "resolve"}, Severities: []string{"sev1", "sev2"}, Roles: []string{"tech_lead"},
		Who: sampleWho(), WantsReason: incident.VerbCancel,
	}
}

// Of is the incident that the refusal is about: "INC-42".
func (r Refusal) Of() string { return strings.TrimSpace(strings.TrimPrefix(r.Command, r.Slash)) }

// Who are the people that may do something.
type Who struct {
	Holders bool
	Roles   []string
	Users   []incident.UserID
	Groups  []incident.GroupID
}

func (Who) sample(string) any { return sampleWho() }

func sampleWho() Who {
	return Who{Holders: true, Roles: []string{"Incident manager"}, Users: []incident.UserID{"U1"}, Groups: []incident.GroupID{"S1"}}
}

// Anybody reports whether anybody at all is named.
func (w Who) Anybody() bool {
	return w.Holders || len(w.Roles) > 0 || len(w.Users) > 0 || len(w.Groups) > 0
}

// Refusal is a sentence about what stands in the way, and one about what to do instead.
func (l *Language) Refusal(r Refusal) Markup { return l.Refusals.Markup(r.Code, l.settled(r)) }

// PlainRefusal is the same for the error below a field of a modal.
func (l *Language) PlainRefusal(r Refusal) string { return l.Refusals.Plain(r.Code, l.settled(r)) }

// settled marks the refusal of a verb that has nothing to do. In a refusal, WantsReason is the verb.
func (l *Language) settled(r Refusal) Refusal {
	row, known := r.WantsReason.Transition()
	r.Already = known && r.Code == incident.RefuseTransition && r.Of() != "" && l.Status(row.To) == r.Status
	return r
}

// Field is the word for a text that was too long or empty.
func (l *Language) Field(name string) string {
	return l.Fields.word(FieldName(name), l.Fields.word(fieldOther, ""))
}
