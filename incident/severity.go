package incident

import "muster/incident/ledger"

// ChangeSeverity judges the severity anew. A change needs a reason.
type ChangeSeverity struct {
	Severity Severity
	Reason   string
}

func (ChangeSeverity) Aggregate() ledger.Aggregate { return Aggregate }
func (ChangeSeverity) needs() Need                 { return permission(ActSeverity) }
func (ChangeSeverity) stands(in Incident) error    { return in.stillOn() }

// decide judges the severity; to confirm the declared one needs no reason. Whoever judges an incident that is still in triage
// accepts it with that.
func (c ChangeSeverity) decide(in Incident, by circumstances) ([]Event, error) {
	severity, known := by.policy.ParseSeverity(string(c.Severity))
	if !known || severity == Unknown {
		return nil, &Refusal{Code: RefuseUnknownSeverity, Text: string(c.Severity)}
	}
	reason := line(c.Reason)
	switch {
	case severity == in.Severity && in.Confirmed:
		return nil, &Refusal{Code: RefuseSameSeverity, Severity: severity}
	case severity != in.Severity && reason == "":
		return nil, &Refusal{Code: RefuseReasonNeeded, Severity: severity}
	}
	if err := within("reason", reason, MaxReason); err != nil {
		return nil, err
	}
	priority := by.policy.Level(severity).Priority
	events := []Event{EventSeverityChanged{From: in.Severity, To: severity, Priority: priority, Reason: reason}}
	if in.Status == Triage {
		row, err := transition(in.Status, VerbAccept)
		if err != nil {
			return nil, err
		}
		events = append(events, EventStatusChanged{Verb: VerbAccept, From: in.Status, To: row.To})
	}
	return events, nil
}

// EventSeverityChanged: a person judged the severity; From equals To when it was only confirmed.
type EventSeverityChanged struct {
	From     Severity `json:"from"`
	To       Severity `json:"to"`
	Priority Priority `json:"priority"`
	Reason   string   `json:"reason,omitempty"`
}

func (EventSeverityChanged) EventKind() EventKind { return KindSeverityChanged }

func (e EventSeverityChanged) fold(in *Incident, entry Entry) {
	in.Severity, in.Priority, in.Confirmed = e.To, e.Priority, true
	if e.From != e.To {
		in.SeverityAt = entry.At
		in.restartCadence(entry.At)
	}
}

// follows: a graver severity brings in whom it names.
func (e EventSeverityChanged) follows(_, after Incident, entry Entry, p *Policy) []Effect {
	if after.Channel.State == ChannelLive && p.Graver(e.To, e.From) {
		return invitations(after, entry.Seq, p)
	}
	return nil
}

func (EventSeverityChanged) tells(Incident) Telling { return TellsChannel }
