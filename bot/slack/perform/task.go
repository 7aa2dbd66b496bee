package perform

import (
	"context"
	"fmt"

	"github.com/rs/zerolog"

	"muster/bot/slack/pacer"
	"muster/bot/slack/view"
	"muster/bot/worker"
	"muster/incident"
	"muster/templates"
)

// task is one attempt at one effect.
type task struct {
	*Slack
	attempt  *worker.Attempt
	job      incident.Job
	handling incident.Handling
	waits    context.Context // ends when nothing new is to be begun
	calls    context.Context // ends when calls under way are to be cut
	keeps    context.Context // never ends
	log      zerolog.Logger

	unsure bool // an earlier attempt may have taken effect
	before bool // that attempt was made by a process before this one
}

func newTask(s *Slack, a *worker.Attempt) *task {
	return &task{
		Slack: s, attempt: a, job: a.Job, handling: a.Handling, waits: a.Waits, calls: a.Calls, keeps: a.Keeps, log: a.Log,
		unsure: a.Unsure, before: a.Before,
	}
}

// shared draws what many people see, in the workspace's language.
func (t *task) shared() view.View { return t.Views.In(templates.Workspace) }

// to draws what one person sees, or a channel where the user is empty. Nobody has chosen a language of their own yet.
func (t *task) to(incident.UserID) view.View { return t.Views.In(templates.Workspace) }

// incident is the newest state of the incident that the effect belongs to.
func (t *task) incident() (incident.Incident, error) {
	in, err := t.Store.Get(t.keeps, incident.IDOf(t.handling.Of))
	if err != nil {
		return incident.Incident{}, fmt.Errorf("read %s: %w", incident.IDOf(t.handling.Of), err)
	}
	return in, nil
}

// call makes one call to Slack once its rate allows it. What it shows is best rendered inside do: the wait may have been
// long. do may do without the call; its rate is not spent then.
func (t *task) call(method string, channel incident.ChannelID, do func(ctx context.Context) error) error {
	permit, err := t.Pacer.Acquire(t.waits, pacer.Call{
		Method: method, Channel: channel, Urgency: t.handling.Urgency, Incident: incident.IDOf(t.handling.Of),
	})
	if err != nil {
		return fmt.Errorf("%s: %w (%w)", method, worker.ErrStopping, err)
	}
	defer permit.Release()
	ctx, cancel := context.WithTimeout(t.calls, t.Answer)
	defer cancel()
	if err := do(permit.Context(ctx)); err != nil {
		return fmt.Errorf("%s: %w", method, err)
	}
	t.attempt.Reached()
	return nil
}
