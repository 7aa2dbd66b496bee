package perform

import (
	"muster/incident"
	"muster/incident/ledger"
)

// afterwards is what becomes of an effect in the incident's own channel that found it archived, once the channel is back.
type afterwards bool

const (
	lost      afterwards = false // nobody asks for it again, so a person is told
	drawnAnew afterwards = true  // the event that the channel is back asks for it
)

// inRoom performs effects that are for the incident's own channel and nowhere else: what finds it archived records that, for what
// Slack told of it may have come before the channel was known as ours. The channel of an incident that is over is archived in the
// end, whatever still waits for it.
func inRoom[E incident.Effect](then afterwards, do doing[E]) doing[E] {
	return func(t *task, effect E) ([]ledger.Command, error) {
		commands, err := do(t, effect)
		if !hasCode(err, "is_archived") {
			return commands, err
		}
		if t.maybeBack(err) {
			return nil, maybeBackError{err}
		}
		commands = append(commands, incident.RecordArchived{Archived: true})
		if in, unread := t.incident(); then == drawnAnew || unread == nil && !in.Status.Open() {
			t.log.Debug().Msg("the channel was archived meanwhile, and nothing is lost by that")
			return commands, nil
		}
		return commands, err
	}
}

// maybeBackError is the error of a channel that is archived if Slack says so again.
type maybeBackError struct{ error }

// Unwrap is for who looks for Slack's code.
func (e maybeBackError) Unwrap() error { return e.error }

// maybeBack reports whether a channel that Slack says is archived may have been brought back before we heard that: no event told us
// that it is archived. The second time it is believed.
func (t *task) maybeBack(err error) bool {
	in, unread := t.incident()
	return hasCode(err, "is_archived") && unread == nil && in.Channel.State != incident.ChannelArchived && !t.attempt.Troubled
}
