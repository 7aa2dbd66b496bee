package incident

import "slices"

// Status is where an incident stands (PROCESS: Status). Only Decide changes it, only along the lifecycle table.
type Status string

const (
	Triage     Status = "triage"
	Declared   Status = "declared"
	Fixing     Status = "fixing"
	Monitoring Status = "monitoring"
	Resolved   Status = "resolved"
	Closed     Status = "closed"
	Canceled   Status = "canceled"
)

// Statuses lists every status in the order of the process.
func Statuses() []Status {
	return []Status{Triage, Declared, Fixing, Monitoring, Resolved, Closed, Canceled}
}

// Open reports whether people still have to do something about the outage itself.
func (s Status) Open() bool {
	return s == Triage || s == Declared || s == Fixing || s == Monitoring
}

// Verb is what a person does to a status.
type Verb string

const (
	VerbAccept  Verb = "accept"
	VerbFix     Verb = "fix"
	VerbMonitor Verb = "monitor"
	VerbResolve Verb = "resolve"
	VerbReopen  Verb = "reopen"
	VerbClose   Verb = "close"
	VerbCancel  Verb = "cancel"
)

// Verbs lists every verb in the order in which buttons show them.
func Verbs() []Verb {
	return []Verb{VerbAccept, VerbFix, VerbMonitor, VerbResolve, VerbReopen, VerbClose, VerbCancel}
}

// Transition is one row of the lifecycle table.
type Transition struct {
	Verb   Verb
	From   []Status
	To     Status
	Reason bool   // whether words must come with it
	Action Action // the permission it needs
}

// Lifecycle is the one table that says which verb leads from which status to which. What is not in it is refused.
func Lifecycle() []Transition {
	return []Transition{
		{Verb: VerbAccept, From: []Status{Triage}, To: Declared, Action: ActStatus},
		{Verb: VerbFix, From: []Status{Declared, Monitoring}, To: Fixing, Action: ActStatus},
		{Verb: VerbMonitor, From: []Status{Declared, Fixing}, To: Monitoring, Action: ActStatus},
		{Verb: VerbResolve, From: []Status{Declared, Fixing, Monitoring}, To: Resolved, Action: ActStatus},
		{Verb: VerbReopen, From: []Status{Resolved, Closed}, To: Fixing, Reason: true, Action: ActClose},
		{Verb: VerbClose, From: []Status{Resolved}, To: Closed, Action: ActClose},
		{Verb: VerbCancel, From: []Status{Triage, Declared, Fixing, Monitoring}, To: Canceled, Reason: true, Action: ActClose},
	}
}

// Transition looks up the row of a verb.
func (v Verb) Transition() (Transition, bool) {
	for _, row := range Lifecycle() {
		if row.Verb == v {
			return row, true
		}
	}
	return Transition{}, false
}

// Possible lists the verbs that lead on from a status, in button order.
func (s Status) Possible() []Verb {
	var verbs []Verb
	for _, row := range Lifecycle() {
		if slices.Contains(row.From, s) {
			verbs = append(verbs, row.Verb)
		}
	}
	return verbs
}

// transition answers the row for a verb from a status, or the refusal that names what is possible.
func transition(from Status, verb Verb) (Transition, error) {
	row, known := verb.Transition()
	if !known {
		return Transition{}, &Refusal{Code: RefuseUnknownVerb, Text: string(verb), Status: from, Verbs: from.Possible()}
	}
	if !slices.Contains(row.From, from) {
		return Transition{}, &Refusal{Code: RefuseTransition, Verb: verb, Status: from, Verbs: from.Possible()}
	}
	return row, nil
}
