package slack

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"muster/bot/desk"
	"muster/incident"
	"muster/incident/ledger"

	"github.com/slack-go/slack"
	"github.com/slack-go/slack/slackevents"
	"github.com/slack-go/slack/socketmode"
)

// route finds the handler of an envelope, and says what came of it.
func (b *Bot) route(ctx context.Context, e *envelope, event socketmode.Event) {
	switch data := event.Data.(type) {
	case slack.SlashCommand:
		b.onCommand(ctx, e, data)
	case slack.InteractionCallback:
		b.onInteraction(ctx, e, data)
	case slackevents.EventsAPIEvent:
		b.onEvent(ctx, e, data, event.Request.RetryAttempt)
	case *socketmode.ErrorBadMessage:
		b.onGarbled(ctx, e, data)
	}
}

// request reads who asks, and the incident whose channel they ask in.
func (b *Bot) request(ctx context.Context, e *envelope, user, channel string) (*request, error) {
	r := &request{once: "envelope/" + e.id, channel: incident.ChannelID(channel), now: time.Now()}
	var err error
	if r.actor, err = b.desk.Who(ctx, incident.UserID(user)); err != nil {
		return r, err
	}
	if r.place, err = b.desk.InChannel(ctx, r.channel); err != nil {
		return r, err
	}
	if r.place != nil && incident.Shown(*r.place, ledger.ShownTo(r.actor.ID)) {
		r.in = r.place
	}
	return r, nil
}

// present sees to what it says that a person types or clicks in an incident's channel. They may be in it, which the event that tells
// so may say later; but Slack may tell late of what they did, and they may have been removed since: so Slack is asked. And the
// channel is hardly archived, which an effect looks at.
func (b *Bot) present(ctx context.Context, e *envelope, r *request) error {
	if r.place == nil {
		return nil
	}
	if r.in == nil {
		if err := b.letIn(ctx, r); err != nil {
			return err
		}
	}
	if r.place.Channel.State == incident.ChannelArchived && !r.place.Failed(incident.KindLookAtChannel) {
		if err := b.desk.Look(ctx, r.place.ID); err != nil {
			b.log.Warn().Err(err).Str("incident", string(r.place.ID)).Msg("no effect looks whether the channel is archived")
		}
	}
	return nil
}

// letIn makes the private incident of a channel the request's, if Slack says that the person is in the channel now. What cannot be
// confirmed in time is left out, and they are told to ask again.
func (b *Bot) letIn(ctx context.Context, r *request) error {
	asked := time.Now()
	inside, err := b.inChannel(ctx, r.actor.ID, r.channel)
	if err != nil {
		b.log.Warn().Err(err).Str("actor", string(r.actor.ID)).Msg("Slack does not say whether a person is in the channel of a private incident")
		return &incident.Refusal{Code: incident.RefuseUnconfirmed}
	}
	if !inside {
		return nil
	}
	out, err := b.desk.Record(ctx, desk.Asked{At: r.now}, r.place.ID, incident.JoinMember{User: r.actor.ID, At: asked})
	if err != nil {
		return fmt.Errorf("let somebody into the incident of their channel: %w", err)
	}
	if out.State.ID == r.place.ID && incident.Shown(out.State, ledger.ShownTo(r.actor.ID)) {
		r.in = &out.State
	}
	return nil
}

// confirmTime is for how long Slack may take to say where a person is; an acknowledgement is due in three seconds.
const confirmTime = 1500 * time.Millisecond

// inChannel asks Slack whether a person is in a channel that Muster is in too (users.conversations).
func (b *Bot) inChannel(ctx context.Context, user incident.UserID, channel incident.ChannelID) (bool, error) {
	ctx, cancel := context.WithTimeout(ctx, confirmTime)
	defer cancel()
	for cursor := ""; ; {
		page, next, err := b.slack.GetConversationsForUserContext(ctx, &slack.GetConversationsForUserParameters{
			UserID: string(user), Types: []string{"public_channel", "private_channel"}, Limit: 999, Cursor: cursor,
		})
		if err != nil {
			return false, fmt.Errorf("users.conversations: %w", err)
		}
		for _, one := range page {
			if one.ID == string(channel) {
				return true, nil
			}
		}
		if cursor = next; cursor == "" {
			return false, nil
		}
	}
}

// from is request and present, for what a person does in a place.
func (b *Bot) from(ctx context.Context, e *envelope, user, channel string) (*request, error) {
	r, err := b.request(ctx, e, user, channel)
	if err == nil {
		err = b.present(ctx, e, r)
	}
	return r, err
}

// onCommand runs a slash command. Its acknowledgement carries the words; a form is opened after it.
func (b *Bot) onCommand(ctx context.Context, e *envelope, typed slack.SlashCommand) {
	work, cancel := context.WithTimeout(ctx, handlerTime)
	defer cancel()
	r, err := b.from(work, e, typed.UserID, typed.ChannelID)
	r.trigger, r.url = typed.TriggerID, typed.ResponseURL
	var answer reply
	if err == nil {
		answer, err = b.run(work, r, typed.Text)
	}
	if err != nil {
		message := b.explain(r, err)
		answer = reply{message: &message}
	}
	switch {
	case answer.message == nil:
		e.ack(nil)
	default:
		if payload, fits := words(*answer.message); fits {
			e.ack(payload)
		} else {
			e.ack(nil)
			b.tell(ctx, r, *answer.message)
		}
	}
	if answer.modal != nil {
		b.open(ctx, r, *answer.modal)
	}
}

// onInteraction runs a click, a form or a shortcut.
func (b *Bot) onInteraction(ctx context.Context, e *envelope, call slack.InteractionCallback) {
	work, cancel := context.WithTimeout(ctx, handlerTime)
	defer cancel()
	e.kind = string(call.Type)
	channel := call.Channel.ID
	if channel == "" {
		channel = call.Container.ChannelID
	}
	r, err := b.from(work, e, call.User.ID, channel)
	r.trigger, r.url = call.TriggerID, call.ResponseURL
	if call.View.Type == slack.VTModal {
		r.view = call.View.ID
	}
	if call.Type == slack.InteractionTypeViewSubmission {
		b.onForm(work, e, r, call, err)
		return
	}
	var answer reply
	if err == nil {
		answer, err = b.interact(work, r, call)
	}
	e.ack(nil)
	if err != nil {
		b.tell(ctx, r, b.explain(r, err))
		return
	}
	switch {
	case answer.modal != nil:
		b.open(ctx, r, *answer.modal)
	case answer.message != nil:
		b.tell(ctx, r, *answer.message)
	}
}

func (b *Bot) interact(ctx context.Context, r *request, call slack.InteractionCallback) (reply, error) {
	switch call.Type {
	case slack.InteractionTypeBlockActions:
		var answer reply
		for _, clicked := range call.ActionCallback.BlockActions {
			var err error
			if answer, err = b.click(ctx, r, clicked); err != nil {
				return reply{}, err
			}
		}
		return answer, nil
	case slack.InteractionTypeShortcut, slack.InteractionTypeMessageAction:
		return b.shortcut(ctx, r, call)
	}
	return reply{}, nil // closed forms and what else Slack may tell need no answer
}

// apologize answers an envelope whose handler broke down.
func (b *Bot) apologize(ctx context.Context, e *envelope, event socketmode.Event, err error) {
	r := &request{now: time.Now()}
	switch asked := event.Data.(type) {
	case slack.SlashCommand:
		r.actor.ID, r.url = incident.UserID(asked.UserID), asked.ResponseURL
	case slack.InteractionCallback:
		r.actor.ID, r.url, r.trigger = incident.UserID(asked.User.ID), asked.ResponseURL, asked.TriggerID
		if asked.Type == slack.InteractionTypeViewSubmission {
			e.ack(b.formErrors(r, asked.View, err))
			return
		}
	default:
		b.report(r, err)
		e.ack(nil)
		return
	}
	message := b.explain(r, err)
	e.ack(nil)
	b.tell(ctx, r, message)
}

// onGarbled takes an envelope that slack-go could not decode: it is acknowledged, so that it does not come again, and
// whoever can still be made out in it is told.
func (b *Bot) onGarbled(ctx context.Context, e *envelope, bad *socketmode.ErrorBadMessage) {
	var frame struct {
		EnvelopeID string `json:"envelope_id"`
		Type       string `json:"type"`
		Payload    struct {
			UserID      string `json:"user_id"`
			ResponseURL string `json:"response_url"`
			User        struct {
				ID string `json:"id"`
			} `json:"user"`
		} `json:"payload"`
	}
	// Whatever can be read of it is enough.
	_ = json.Unmarshal(bad.Message, &frame)
	e.id, e.kind = frame.EnvelopeID, "garbled"
	r := &request{now: time.Now(), url: frame.Payload.ResponseURL}
	r.actor.ID = incident.UserID(frame.Payload.UserID + frame.Payload.User.ID)
	message := b.to(r).InternalError(b.report(r, fmt.Errorf("decode envelope of type %q", frame.Type)))
	e.ack(nil)
	if r.url != "" {
		b.tell(ctx, r, message)
	}
}
