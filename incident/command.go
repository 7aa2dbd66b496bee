package incident

import (
	"errors"
	"fmt"
	"time"

	"muster/incident/ledger"
)

// Command is something that a person, Slack or Muster itself wants done to one incident. Its rules sit on its type: who may send
// it, what the state must allow, and what follows from its content.
type Command interface {
	ledger.Command
	// needs is who may send it.
	needs() Need
	// stands answers the *Refusal of a state that does not allow the command, whatever it says; forms and cards ask it before there is any content.
	stands(in Incident) error
	// decide answers the events that then are true, none where nothing has to change, or the *Refusal of what it says.
	decide(in Incident, by circumstances) ([]Event, error)
}

// circumstances are what a decision may depend on beside the incident and the command.
type circumstances struct {
	id     ID // of the incident that is being declared
	actor  Actor
	now    time.Time
	policy *Policy
}

// Need says who may send a command. The zero Need refuses everybody, Muster too.
type Need struct {
	action  Action
	program bool
}

// permission is the need of a command that people send: the policy says who may. Muster itself may, too.
func permission(action Action) Need { return Need{action: action} }

// reported is the need of what Muster alone reports: an outcome, or what Slack told it.
func reported() Need { return Need{program: true} }

// Forgotten reports whether a command says nothing of who may send it; then nobody may.
func (n Need) Forgotten() bool { return n == Need{} }

// ProgramOnly reports whether Muster alone may send it.
func (n Need) ProgramOnly() bool { return n.program }

// Needs is who may send a command.
func Needs(command Command) Need { return command.needs() }

// refuses answers the refusal for an actor, or nil.
func (n Need) refuses(in Incident, actor Actor, p *Policy) error {
	switch {
	case n.Forgotten():
		return &Refusal{Code: RefuseNotAllowed}
	case n.program && actor.Kind != System:
		return &Refusal{Code: RefuseProgramOnly}
	case n.program:
		return nil
	}
	return Permits(in, n.action, actor, p)
}

// Refused answers the *Refusal that a command meets whatever it says: this actor may not send it, or the state does not allow it.
// Forms and cards ask it before they offer the command.
func Refused(in Incident, command Command, actor Actor, p *Policy) error {
	if err := command.needs().refuses(in, actor, p); err != nil {
		return err
	}
	return command.stands(in)
}

// Decide says what follows from a command: the events that then are true, or a *Refusal. No events and no error means that there
// was nothing to change. The incident is the zero Incident for Declare only, which takes id for its own; any other use is an
// error of the program, as is a command that is missing. Decide is deterministic: a store may run it twice.
func Decide(in Incident, id ID, command Command, actor Actor, now time.Time, p *Policy) ([]Event, error) {
	if command == nil {
		return nil, errors.New("decide: there is no command")
	}
	if _, declares := command.(Declare); declares != (in.ID == "") || (declares && id == "") {
		return nil, fmt.Errorf("decide: %T cannot follow incident %q", command, in.ID)
	}
	if err := Refused(in, command, actor, p); err != nil {
		return nil, err
	}
	return command.decide(in, circumstances{id: id, actor: actor, now: now, policy: p})
}

// eventIf answers the event if it says anything new.
func eventIf(changes bool, event Event) ([]Event, error) {
	if !changes {
		return nil, nil
	}
	return []Event{event}, nil
}

// stillOn refuses what makes no sense once an incident was closed or canceled.
func (in Incident) stillOn() error {
	if in.Status == Closed || in.Status == Canceled {
		return &Refusal{Code: RefuseOver, Status: in.Status, Verbs: in.Status.Possible()}
	}
	return nil
}

// stillOpen refuses what makes no sense once the outage ended.
func (in Incident) stillOpen() error {
	if !in.Status.Open() {
		return &Refusal{Code: RefuseOver, Status: in.Status, Verbs: in.Status.Possible()}
	}
	return nil
}
