package perform

import (
	"context"
	"fmt"
	"runtime/debug"
	"time"

	"github.com/rs/zerolog"

	"muster/bot/slack/pacer"
	"muster/bot/slack/view"
	"muster/incident"
	"muster/templates"
)

// task is one attempt at one job.
type task struct {
	*Worker
	job      incident.Job
	handling incident.Handling
	waits    context.Context // ends when nothing new is to be begun
	calls    context.Context // ends when calls under way are to be cut
	keeps    context.Context // never ends: an outcome is always kept
	log      zerolog.Logger

	unsure bool // an earlier attempt may have taken effect
	before bool // that attempt was made by a process before this one
}

func newTask(waits, calls context.Context, w *Worker, job incident.Job) *task {
	t := &task{
		Worker: w, job: job, handling: job.Effect.Handling(),
		waits: waits, calls: calls, keeps: context.WithoutCancel(waits),
	}
	t.unsure, t.before = w.memory.doubt(job)
	t.log = w.Log.With().Str("incident", string(incident.IDOf(t.handling.Of))).Str("effect", string(t.handling.Kind)).
		Uint64("job", uint64(job.ID)).Int("attempt", job.Attempt).Logger()
	return t
}

// shared draws what many people see, in the workspace's language.
func (t *task) shared() view.View { return t.Views.In(templates.Workspace) }

// to draws what one person sees, or a channel where the user is empty. Nobody has chosen a language of their own yet.
func (t *task) to(incident.UserID) view.View { return t.Views.In(templates.Workspace) }

// perform does what the effect asks for, and answers the commands that record it. A panic ends the job, not the program.
func (t *task) perform() (commands []incident.Command, err error) {
	defer func() {
		if cause := recover(); cause != nil {
			t.log.Error().Str("panic", fmt.Sprintf("%T", cause)).Bytes("stack", debug.Stack()).Msg("performing an effect panicked")
			commands, err = nil, failure("panic")
		}
	}()
	if err := t.outwait(); err != nil {
		return nil, err
	}
	switch e := t.job.Effect.(type) {
	case incident.CreateChannel:
		return t.createChannel()
	case incident.InviteUsers:
		return t.inviteUsers(e)
	case incident.InviteGroup:
		return t.inviteGroup(e)
	case incident.DrawCard:
		return t.drawCard(e.First)
	case incident.PinCard:
		return nil, t.pinCard()
	case incident.DrawTopic:
		return nil, t.drawTopic()
	case incident.DrawAnnouncement:
		return t.drawAnnouncement()
	case incident.PostEntry:
		return t.postEntry(e)
	case incident.SendBrief:
		return nil, t.sendBrief(e)
	case incident.SendReminder:
		return nil, t.sendReminder(e)
	case incident.LinkOrigin:
		return nil, t.linkOrigin()
	case incident.MarkNoted:
		return nil, t.markNoted(e)
	case incident.ArchiveChannel:
		return t.archiveChannel()
	case incident.RestoreChannel:
		return t.restoreChannel()
	case incident.LookAtChannel:
		return t.lookAtChannel()
	case incident.DrawHome:
		return nil, t.drawHome(e)
	}
	return nil, failure("unknown_effect")
}

// outwait waits until what a process before this one had asked of Slack has taken effect or never will: whoever looks earlier
// misses it, and whoever draws earlier is drawn over. After an attempt of this process retry sees to that.
func (t *task) outwait() error {
	if !t.unsure || !t.before {
		return nil
	}
	timer := time.NewTimer(time.Until(t.began.Add(t.Linger)))
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-t.waits.Done():
		return fmt.Errorf("wait for the calls of an earlier process: %w", errStopping)
	}
}

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
		return fmt.Errorf("%s: %w (%w)", method, errStopping, err)
	}
	defer permit.Release()
	ctx, cancel := context.WithTimeout(t.calls, t.Answer)
	defer cancel()
	if err := do(permit.Context(ctx)); err != nil {
		return fmt.Errorf("%s: %w", method, err)
	}
	t.gate.open()
	return nil
}
