// Package action is the codec of what Slack hands back to us: the action_id of a button or select and the callback_id of
// a modal. It knows names and one argument each; what they do, bot decides.
package action

import (
	"fmt"
	"strings"

	"muster/incident"
)

// Name is the persisted name of an action: cards stand in channels for years, so names never change meaning.
type Name string

// Buttons and selects.
const (
	TakeRole     Name = "take_role"     // arg: role
	AssignRole   Name = "assign_role"   // arg: role; a users_select on the card
	ReleaseRole  Name = "release_role"  // arg: role
	MoreRoles    Name = "more_roles"    // opens ModalAssign
	Status       Name = "status"        // arg: verb; opens ModalStatus where the verb wants words
	OpenUpdate   Name = "open_update"   // opens ModalUpdate
	OpenSeverity Name = "open_severity" // opens ModalSeverity
	OpenNote     Name = "open_note"     // opens ModalNote
	Snooze       Name = "snooze"        // arg: minutes
	Pause        Name = "pause"
	Resume       Name = "resume"
	Why          Name = "why"          // arg: the rule whose reminder it stands on, if any
	OpenDeclare  Name = "open_declare" // opens ModalDeclare; no incident
	List         Name = "list"         // arg: what follows "list" in the command, and "+" with a cursor for a further page
	Timeline     Name = "timeline"     // arg: after which entry
	Retry        Name = "retry"        // arg: job
	Help         Name = "help"         // arg: topic
	Pick         Name = "pick"         // arg: the command line that lacked an incident; runs it for this one
	RefreshHome  Name = "refresh_home"
	Link         Name = "link" // a button that only opens a URL: acked, nothing else
)

// Modals, as callback_id.
const (
	ModalDeclare  Name = "declare"
	ModalUpdate   Name = "update"
	ModalStatus   Name = "status_text" // arg: verb
	ModalSeverity Name = "severity"
	ModalNote     Name = "note"
	ModalAssign   Name = "assign"
)

// Shortcuts, as callback_id in the app manifest.
const (
	ShortcutDeclare      = "declare_incident"
	MessageDeclare       = "declare_from_message"
	MessageAddToTimeline = "add_to_timeline"
)

// Inputs of modals: the block_id is the field, the action_id is always Input.
const (
	Input         = "value"
	FieldTitle    = "title"
	FieldSeverity = "severity"
	FieldSummary  = "summary"
	FieldOptions  = "options" // checkboxes with the values OptionPrivate, OptionDrill
	FieldState    = "state"
	FieldCurrent  = "current"
	FieldNext     = "next"
	FieldNextIn   = "next_in" // select of minutes; "0": the cadence
	FieldText     = "text"
	FieldWhen     = "when" // HH:MM or "20m ago"; empty: now
	FieldRole     = "role"
	FieldPerson   = "person"

	OptionPrivate = "private"
	OptionDrill   = "drill"
)

// Action is one decoded action.
type Action struct {
	Name     Name
	Incident incident.ID // empty where the action belongs to none
	Arg      string      // at most 200 characters
}

// Alone reports whether an action can do without an incident.
func (n Name) Alone() bool {
	switch n {
	case OpenDeclare, List, Help, RefreshHome, Link, ModalDeclare:
		return true
	}
	return false
}

// MaxArg is the longest argument in bytes that an ID has room for.
const MaxArg = 200

// String encodes the action for an action_id or callback_id; at most 255 bytes as Slack demands.
func (a Action) String() string {
	arg := a.Arg
	if len(arg) > MaxArg {
		arg = strings.ToValidUTF8(arg[:MaxArg], "")
	}
	return fmt.Sprintf("%s:%s:%s", a.Name, a.Incident, arg)
}

// Parse decodes what String encoded.
func Parse(id string) (Action, error) {
	name, rest, ok := strings.Cut(id, ":")
	if !ok || name == "" {
		return Action{}, fmt.Errorf("parse action %q: want name:incident:argument", id)
	}
	of, arg, ok := strings.Cut(rest, ":")
	if !ok {
		return Action{}, fmt.Errorf("parse action %q: want name:incident:argument", id)
	}
	decoded := Action{Name: Name(name), Arg: arg}
	if of != "" {
		parsed, err := incident.ParseID(of)
		if err != nil {
			return Action{}, fmt.Errorf("parse action %q: %w", id, err)
		}
		decoded.Incident = parsed
	}
	return decoded, nil
}
