package templates

import (
	"slices"
	"strings"
	"time"

	"muster/incident"
)

// The answers that only the person who did something sees.

// AckDeclared answers a declaration.
func (w *Words) AckDeclared(c Change) Markup { return w.markup("AckDeclared", c) }

// AckRoleAssigned answers whoever took or gave a role.
func (w *Words) AckRoleAssigned(c RoleChange) Markup { return w.markup("AckRoleAssigned", c) }

// AckRoleReleased answers whoever released a role.
func (w *Words) AckRoleReleased(c RoleChange) Markup { return w.markup("AckRoleReleased", c) }

// AckStatusChanged answers a verb.
func (w *Words) AckStatusChanged(c StatusChange) Markup { return w.markup("AckStatusChanged", c) }

// AckSeverityChanged answers a new severity.
func (w *Words) AckSeverityChanged(c SeverityChange) Markup {
	return w.markup("AckSeverityChanged", c)
}

// AckUpdatePosted answers an update.
func (w *Words) AckUpdatePosted(c Change) Markup { return w.markup("AckUpdatePosted", c) }

// AckNoteAdded answers a note.
func (w *Words) AckNoteAdded(c Change) Markup { return w.markup("AckNoteAdded", c) }

// AckRetitled answers a new title.
func (w *Words) AckRetitled(c Change) Markup { return w.markup("AckRetitled", c) }

// AckSummarized answers a new summary.
func (w *Words) AckSummarized(c Change) Markup { return w.markup("AckSummarized", c) }

// AckSnoozed answers a snooze.
func (w *Words) AckSnoozed(p Pause) Markup { return w.markup("AckSnoozed", p) }

// AckPaused answers a pause.
func (w *Words) AckPaused(p Pause) Markup { return w.markup("AckPaused", p) }

// AckResumed answers the end of a pause.
func (w *Words) AckResumed(p Pause) Markup { return w.markup("AckResumed", p) }

// AckCadenceSet answers a new cadence.
func (w *Words) AckCadenceSet(p Pause) Markup { return w.markup("AckCadenceSet", p) }

// AckRetried answers a retry.
func (w *Words) AckRetried(t Trouble) Markup { return w.markup("AckRetried", t) }

// AckReminded answers a remind command that fired something.
func (w *Words) AckReminded(c Change) Markup { return w.markup("AckReminded", c) }

// AckNothing answers a command that changed nothing, since all was so already.
func (w *Words) AckNothing(in Incident) Markup { return w.markup("AckNothing", in) }

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
	Already                           bool // the verb leads to the status that the incident has; Words finds out
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

// Anybody reports whether anybody at all is named.
func (w Who) Anybody() bool {
	return w.Holders || len(w.Roles) > 0 || len(w.Users) > 0 || len(w.Groups) > 0
}

// Refusal is a sentence about what stands in the way, and one about what to do instead.
func (w *Words) Refusal(r Refusal) Markup { return w.markup("refusal/"+string(r.Code), w.settled(r)) }

// PlainRefusal is the same for the error below a field of a modal.
func (w *Words) PlainRefusal(r Refusal) string {
	return w.plain("refusal/"+string(r.Code), w.settled(r))
}

// settled marks the refusal of a verb that has nothing to do. In a refusal, WantsReason is the verb.
func (w *Words) settled(r Refusal) Refusal {
	row, known := r.WantsReason.Transition()
	r.Already = known && r.Code == incident.RefuseTransition && r.Of() != "" && w.Status(row.To) == r.Status
	return r
}

// Field is the word for a text that was too long or empty.
func (w *Words) Field(name string) string { return w.word("field", name, w.word("field", "text", "")) }

// Here is where words about a command are read: how it begins, and what it speaks of.
type Here struct {
	Command           string    // "/incident"
	Incident          *Incident // the incident of the channel; nil elsewhere
	Roles, Severities []string  // as people type them
	Line              string    // the command that lacks its incident
	Query             string    // what a list was asked for
	Nearest           string    // the command that was perhaps meant
	Count             int       // how many there are
}

// OpenOnly reports whether a list was narrowed, and to open incidents: none of its words is one for finished ones.
func (h Here) OpenOnly() bool {
	for _, word := range strings.Fields(strings.ToLower(h.Query)) {
		if slices.Contains([]string{"all", "전체", "finished", "done", "끝난"}, word) || slices.Contains(incident.Statuses(), incident.Status(word)) {
			return false
		}
	}
	return h.Query != ""
}

// Help is the help on a topic; an unknown one gets the overview.
func (w *Words) Help(topic Topic, here Here) Markup {
	if w.asMarkup.Lookup("help/"+string(topic)) == nil {
		topic = TopicOverview
	}
	return w.markup("help/"+string(topic), here)
}

// TopicLabel is what a button says that leads to a topic.
func (w *Words) TopicLabel(topic Topic) string {
	return w.word("topic", string(topic), humanize(string(topic)))
}

// Usage answers what could not be read, with how it goes.
func (w *Words) Usage(command string, here Here) Markup {
	if w.asMarkup.Lookup("usage/"+command) == nil {
		command = "unknown"
	}
	return w.markup("usage/"+command, here)
}

// Menu heads the buttons that an empty command answers.
func (w *Words) Menu(here Here) Markup { return w.markup("Menu", here) }

// Pick asks which incident a command was meant for.
func (w *Words) Pick(here Here) Markup { return w.markup("Pick", here) }

// PickNone says that there is no open incident the command could be meant for.
func (w *Words) PickNone(here Here) Markup { return w.markup("PickNone", here) }

// ListTitle heads a list.
func (w *Words) ListTitle(here Here) Markup { return w.markup("ListTitle", here) }

// ListEmpty says that nothing fits.
func (w *Words) ListEmpty(here Here) Markup { return w.markup("ListEmpty", here) }

// HomeTitle greets on the App Home.
func (w *Words) HomeTitle(here Here) Markup { return w.markup("HomeTitle", here) }

// HomeEmpty says that nothing is on fire.
func (w *Words) HomeEmpty(here Here) Markup { return w.markup("HomeEmpty", here) }

// HomeMore says how many open incidents the home does not show.
func (w *Words) HomeMore(here Here) Markup { return w.markup("HomeMore", here) }

// InternalError is for everything that has no better words. The reference is in the log.
func (w *Words) InternalError(reference string) Markup { return w.markup("InternalError", reference) }

// PlainInternalError is the same for the error below a field of a modal.
func (w *Words) PlainInternalError(reference string) string {
	return w.plain("InternalError", reference)
}

// UnknownCommand answers a word that is no command.
func (w *Words) UnknownCommand(here Here) Markup { return w.markup("UnknownCommand", here) }

// NotAnIncidentChannel answers what makes sense in an incident's channel only.
func (w *Words) NotAnIncidentChannel(here Here) Markup { return w.markup("NotAnIncidentChannel", here) }

// Line is one entry of a timeline.
type Line struct {
	Kind                                           incident.EventKind
	When                                           time.Time
	By                                             incident.UserID
	Machine                                        bool // another bot did it
	Backdated                                      bool // it was noted later than it happened
	Severity, From, To, Status, Role, Effect, Rule string
	Text, Link                                     string
	User, Replaced                                 incident.UserID
	Users                                          []incident.UserID
	Channel                                        incident.ChannelID
	Until                                          time.Time
	Every                                          time.Duration
	Reason                                         string
}

// TimelineTitle heads a timeline.
func (w *Words) TimelineTitle(in Incident) Markup { return w.markup("TimelineTitle", in) }

// TimelineStamp is when an entry happened.
func (w *Words) TimelineStamp(line Line) Markup { return w.markup("TimelineStamp", line) }

// TimelineLine is one entry of it.
func (w *Words) TimelineLine(line Line) Markup { return w.markup("timeline/"+string(line.Kind), line) }

// RolesTitle heads the list of all roles.
func (w *Words) RolesTitle(in Incident) Markup { return w.markup("RolesTitle", in) }

// RoleDetail is one role of it with its duty.
func (w *Words) RoleDetail(line RoleDetail) Markup { return w.markup("RoleDetail", line) }

// RoleDetail is a role, who holds it and what it is for.
type RoleDetail struct {
	RoleLine
	Duty string
}
