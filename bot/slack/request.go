package slack

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"time"

	"muster/bot/desk"
	"muster/bot/slack/view"
	"muster/incident"

	"github.com/slack-go/slack"
)

// request is what a handler knows of who asks, and how they can be answered.
type request struct {
	actor    incident.Actor
	once     string // the key under which this request works a single time
	channel  incident.ChannelID
	trigger  string // opens one modal within three seconds
	view     string // the modal in which they clicked, which then shows the answer
	url      string // answers the person alone; empty where Slack gave none
	now      time.Time
	language string             // the person's; empty: the workspace's
	in       *incident.Incident // the incident it is about, where there is one
	place    *incident.Incident // the incident whose own channel they ask in, whether they may see it or not; nil: none
}

func (r *request) asked() desk.Asked { return desk.Asked{By: r.actor, At: r.now, Once: r.once} }

// reply is what the person who asked gets to see. Everybody else is told by effects.
type reply struct {
	message *view.Message           // words for this person alone
	modal   *slack.ModalViewRequest // a form to fill in
	update  *slack.ModalViewRequest // what the form that was sent turns into; without it, the form closes
}

func say(message view.Message) (reply, error) { return reply{message: &message}, nil }

func ask(modal slack.ModalViewRequest) (reply, error) { return reply{modal: &modal}, nil }

// to draws for the person who asked, in the language that they read.
func (b *Bot) to(r *request) view.View { return b.views.In(r.language) }

// permit answers the refusal for an action on the request's incident, before a form is shown or anything is read.
func (b *Bot) permit(r *request, action incident.Action) error {
	return b.desk.Permits(r.actor, action, r.in)
}

// refused answers the refusal that a command on the request's incident meets whatever it says, before its form is shown.
func (b *Bot) refused(r *request, command incident.Command) error {
	return b.desk.Refused(r.actor, command, r.in)
}

// apply runs a command on the request's incident and answers with the words of what came of it.
func (b *Bot) apply(ctx context.Context, r *request, command incident.Command) (reply, error) {
	out, err := b.desk.Apply(ctx, r.asked(), r.in.ID, command)
	var seen *incident.SeenError
	if errors.As(err, &seen) {
		return reply{}, nil
	}
	if err != nil {
		return reply{}, err
	}
	return say(b.to(r).Acknowledge(out))
}

// explain turns an error into what its reader needs: a refusal becomes its sentence; anything else a reference that
// stands in the log beside the error.
func (b *Bot) explain(r *request, err error) view.Message {
	var refusal *incident.Refusal
	if errors.As(err, &refusal) {
		return b.to(r).Refusal(refusal, r.in)
	}
	if errors.Is(err, incident.ErrNotFound) {
		return b.to(r).Refusal(&incident.Refusal{Code: incident.RefuseUnknownIncident}, nil)
	}
	return b.to(r).InternalError(b.report(r, err))
}

// report logs an error that is no refusal and answers the reference to quote.
func (b *Bot) report(r *request, err error) string {
	reference := fmt.Sprintf("%s-%d", r.now.UTC().Format("150405"), b.references.Add(1))
	log := b.log.Error().Err(err).Str("actor", string(r.actor.ID)).Str("reference", reference)
	if r.in != nil {
		log = log.Str("incident", string(r.in.ID))
	}
	log.Msg("a request failed")
	return reference
}

// tell shows words to the person who asked, after the acknowledgement: in the place where they asked, else in a modal,
// else in the channel for their eyes only.
func (b *Bot) tell(ctx context.Context, r *request, message view.Message) {
	ctx, cancel := context.WithTimeout(ctx, answerTime)
	defer cancel()
	var err error
	switch {
	case r.url != "":
		err = slack.PostWebhookCustomHTTPContext(ctx, r.url, b.http, &slack.WebhookMessage{
			Text: message.Text, Blocks: &slack.Blocks{BlockSet: message.Blocks}, ResponseType: slack.ResponseTypeEphemeral,
		})
	case r.view != "", r.trigger != "":
		err = b.show(ctx, r, b.to(r).Notice(message))
	case r.channel != "":
		_, err = b.slack.PostEphemeralContext(ctx, string(r.channel), string(r.actor.ID), slack.MsgOptionText(message.Text, false), slack.MsgOptionBlocks(message.Blocks...))
	}
	if err != nil {
		var failed *url.Error
		if errors.As(err, &failed) {
			err = failed.Err // the address is a secret: whoever has it may answer in our name
		}
		b.log.Warn().Err(err).Str("actor", string(r.actor.ID)).Msg("an answer did not reach the person who asked")
	}
}

// open shows a form. Its trigger lives for three seconds; should they have passed, the person is told to ask again.
func (b *Bot) open(ctx context.Context, r *request, modal slack.ModalViewRequest) {
	if err := b.show(ctx, r, modal); err != nil && ctx.Err() == nil {
		message := b.to(r).InternalError(b.report(r, fmt.Errorf("open form: %w", err)))
		late := *r
		late.view, late.trigger = "", "" // it is spent
		b.tell(ctx, &late, message)
	}
}

// show opens a modal. In a modal it takes that one's place, since Slack stacks no more than three.
func (b *Bot) show(ctx context.Context, r *request, modal slack.ModalViewRequest) (err error) {
	ctx, cancel := context.WithTimeout(ctx, answerTime)
	defer cancel()
	if r.view != "" {
		_, err = b.slack.UpdateViewContext(ctx, modal, "", "", r.view)
	} else {
		_, err = b.slack.OpenViewContext(ctx, r.trigger, modal)
	}
	return err
}
