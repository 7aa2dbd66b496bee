package incident

import "fmt"

// Code names a reason to refuse. It is stable: people quote it, tests compare it, templates turn it into a sentence.
type Code string

const (
	RefuseTitleEmpty      Code = "title_empty"
	RefuseTooLong         Code = "too_long"
	RefuseTextEmpty       Code = "text_empty"
	RefuseReasonNeeded    Code = "reason_needed"
	RefuseTransition      Code = "transition"
	RefuseUnknownVerb     Code = "unknown_verb"
	RefuseUnknownSeverity Code = "unknown_severity"
	RefuseUnknownRole     Code = "unknown_role"
	RefuseUnknownPerson   Code = "unknown_person"
	RefuseUnknownIncident Code = "unknown_incident"
	RefuseSameSeverity    Code = "same_severity"
	RefuseRoleTaken       Code = "role_taken"
	RefuseAlreadyHolds    Code = "already_holds"
	RefuseNotHolding      Code = "not_holding"
	RefuseCannotHold      Code = "cannot_hold"
	RefuseOver            Code = "over"
	RefuseAlreadyNoted    Code = "already_noted"
	RefuseBadDuration     Code = "bad_duration"
	RefuseBadCadence      Code = "bad_cadence"
	RefuseBadTime         Code = "bad_time"
	RefuseNotDue          Code = "not_due"
	RefuseGuest           Code = "guest"
	RefuseStranger        Code = "stranger"
	RefuseDeleted         Code = "deleted"
	RefuseNotAllowed      Code = "not_allowed"
	RefuseProgramOnly     Code = "program_only"
	RefuseUnconfirmed     Code = "unconfirmed"
	RefuseNoChange        Code = "no_change"
	RefuseUnreadable      Code = "unreadable"
)

// Codes lists every code, so that a test can ask each language for its sentence.
func Codes() []Code {
	return []Code{RefuseTitleEmpty, RefuseTooLong, RefuseTextEmpty, RefuseReasonNeeded, RefuseTransition, RefuseUnknownVerb,
		RefuseUnknownSeverity, RefuseUnknownRole, RefuseUnknownPerson, RefuseUnknownIncident, RefuseSameSeverity, RefuseRoleTaken,
		RefuseAlreadyHolds, RefuseNotHolding, RefuseCannotHold, RefuseOver, RefuseAlreadyNoted, RefuseBadDuration, RefuseBadCadence,
		RefuseBadTime, RefuseNotDue, RefuseGuest, RefuseStranger, RefuseDeleted, RefuseNotAllowed, RefuseProgramOnly, RefuseUnconfirmed, RefuseNoChange, RefuseUnreadable}
}

// Refusal is the error of a command that may not happen. Nothing was changed. Beside its code it carries what a sentence
// about it needs; fields that a code has no use for are empty.
type Refusal struct {
	Code     Code
	Text     string // what was typed, or the field that was too long
	Limit    int    // the most characters allowed
	Length   int    // how many there were
	Status   Status // the status that stands in the way
	Verb     Verb   // what was asked for
	Verbs    []Verb // what is possible instead
	Role     Role
	User     UserID // who holds the role already, or cannot hold it
	Severity Severity
	Action   Action
	Grant    Grant // who may do the action
}

// Error is for logs and tests; people read the sentence that templates make of the code.
func (r *Refusal) Error() string { return fmt.Sprintf("refused: %s", r.Code) }
