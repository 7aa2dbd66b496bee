package templates

import (
	"time"

	"muster/incident"
)

// Change is what somebody did to an incident. By is empty where Muster did it by itself.
type Change struct {
	Incident Incident
	By       incident.UserID
	Text     string // their words: reason, closing words, note, title, summary
}

// RoleChange is a role that was taken, given or released.
type RoleChange struct {
	Change
	Role     string
	RoleName incident.Role // as it is typed in a command
	User     incident.UserID
	Replaced incident.UserID
	Deputy   bool
}

// Own reports whether somebody took or released the role themselves.
func (c RoleChange) Own() bool { return c.By == c.User }

// Others are who else holds the role. Of the incident manager's alone that is known here; for any other it is empty.
func (c RoleChange) Others() []incident.UserID {
	if c.RoleName != incident.IncidentManager {
		return nil
	}
	var others []incident.UserID
	for _, user := range c.Incident.Managers {
		if user != c.User {
			others = append(others, user)
		}
	}
	return others
}

// RoleAssigned tells the channel of a new holder.
func (w *Words) RoleAssigned(c RoleChange) Markup { return w.markup("RoleAssigned", c) }

// RoleReleased tells the channel that a role was given back.
func (w *Words) RoleReleased(c RoleChange) Markup { return w.markup("RoleReleased", c) }

// Brief tells a new holder what the role is for and what to do first.
type Brief struct {
	RoleChange
	Duty  string
	Steps []string
}

// Brief is private to the holder.
func (w *Words) Brief(brief Brief) Markup { return w.markup("Brief", brief) }

// StatusChange is a verb that was applied.
type StatusChange struct {
	Change
	Verb incident.Verb
}

// StatusChanged tells the channel of a verb.
func (w *Words) StatusChanged(c StatusChange) Markup { return w.markup("told/"+string(c.Verb), c) }

// SeverityChange is a severity that was judged anew.
type SeverityChange struct {
	Change
	From, To string
	Mark     string
}

// SeverityChanged tells the channel of it.
func (w *Words) SeverityChanged(c SeverityChange) Markup { return w.markup("SeverityChanged", c) }

// Retitled tells the channel of the new title.
func (w *Words) Retitled(c Change) Markup { return w.markup("Retitled", c) }

// Summarized tells the channel of the new summary.
func (w *Words) Summarized(c Change) Markup { return w.markup("Summarized", c) }

// NoteAdded shows the channel a note that was typed as a command.
func (w *Words) NoteAdded(c Change) Markup { return w.markup("NoteAdded", c) }

// Update is an internal update.
type Update struct {
	Incident             Incident
	By                   incident.UserID
	State, Current, Next string
}

// UpdatePosted is the head of an update: who, and state and impact.
func (w *Words) UpdatePosted(u Update) Markup { return w.markup("UpdatePosted", u) }

// UpdateCurrent is the current status, a point a line.
func (w *Words) UpdateCurrent(u Update) Markup { return w.markup("UpdateCurrent", u) }

// UpdateNext is the next steps, a point a line.
func (w *Words) UpdateNext(u Update) Markup { return w.markup("UpdateNext", u) }

// UpdateFoot says when the next update comes.
func (w *Words) UpdateFoot(u Update) Markup { return w.markup("UpdateFoot", u) }

// UpdateQuestions are the questions that the sender of an update sees.
func (w *Words) UpdateQuestions(in Incident) Markup { return w.markup("UpdateQuestions", in) }

// Trouble is an effect that failed for good.
type Trouble struct {
	Incident Incident
	Effect   string // what was to be done
	Reason   string // Slack's error code
	More     int    // how many other troubles there are
}

// EffectFailed tells of a failure and what to do about it.
func (w *Words) EffectFailed(t Trouble) Markup { return w.markup("EffectFailed", t) }

// Advice is what to do about one of Slack's error codes.
func (w *Words) Advice(reason string) Markup {
	name := "advice/" + reason
	if w.asMarkup.Lookup(name) == nil {
		name = "advice/other"
	}
	return w.markup(name, nil)
}

// MoreTroubles says how many failures are not shown.
func (w *Words) MoreTroubles(t Trouble) Markup { return w.markup("MoreTroubles", t) }

// Reminder is a reminder as it is sent.
type Reminder struct {
	Incident Incident
	Rule     incident.RuleName
	Users    []incident.UserID // whom it mentions in the channel
	Private  bool              // it goes to one person
	Role     string            // the role it speaks of
	Missing  []string          // the roles that are empty
	Waited   time.Duration     // since when what it reminds of is so
	Again    bool              // it was sent before
}

// Reminder asks for something to be done.
func (w *Words) Reminder(r Reminder) Markup { return w.markup("remind/"+string(r.Rule), r) }

// Late says that what stands above should have come earlier.
func (w *Words) Late(late time.Duration) Markup { return w.markup("Late", late) }

// Pause is what became of an incident's reminders.
type Pause struct {
	Change
	Until  time.Time     // snoozed until
	Every  time.Duration // the cadence of updates; zero: the severity's
	Paused bool          // silent until somebody resumes them
	Rule   string        // whose reminder somebody asks about
}

// Snoozed tells the channel that reminders are silent for a while.
func (w *Words) Snoozed(p Pause) Markup { return w.markup("Snoozed", p) }

// Paused tells the channel that reminders are silent until further notice.
func (w *Words) Paused(p Pause) Markup { return w.markup("Paused", p) }

// Resumed tells the channel that reminders come again.
func (w *Words) Resumed(p Pause) Markup { return w.markup("Resumed", p) }

// CadenceSet tells the channel how often updates are due.
func (w *Words) CadenceSet(p Pause) Markup { return w.markup("CadenceSet", p) }

// Ahead is a reminder that will come.
type Ahead struct {
	Rule      string
	Subject   string // the role it speaks of, where there is one
	At        time.Time
	Addressee incident.Addressee
	Users     []incident.UserID
	Again     bool
}

// WhyTitle heads the list of reminders.
func (w *Words) WhyTitle(p Pause) Markup { return w.markup("WhyTitle", p) }

// WhyLine is one reminder of the list.
func (w *Words) WhyLine(a Ahead) Markup { return w.markup("WhyLine", a) }
