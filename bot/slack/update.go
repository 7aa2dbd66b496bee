package slack

import (
	"context"
	"strconv"
	"strings"
	"time"

	"muster/bot/slack/action"
	"muster/bot/slack/command"
	"muster/incident"

	"github.com/slack-go/slack"
)

func (b *Bot) runUpdate(ctx context.Context, r *request, line command.Line) (reply, error) {
	text := command.Plain(line.Rest)
	if text == "" {
		return b.askUpdate(r)
	}
	return b.apply(ctx, r, incident.PostUpdate{Text: incident.UpdateText{State: text}})
}

func (b *Bot) askUpdate(r *request) (reply, error) {
	if err := b.refused(r, incident.PostUpdate{}); err != nil {
		return reply{}, err
	}
	return ask(b.to(r).UpdateModal(*r.in, r.now))
}

func (b *Bot) clickOpenUpdate(_ context.Context, r *request, _ action.Action, _ *slack.BlockAction) (reply, error) {
	return b.askUpdate(r)
}

func (b *Bot) submitUpdate(ctx context.Context, r *request, _ action.Action, form slack.View) (reply, error) {
	update := incident.PostUpdate{Text: incident.UpdateText{
		State: field(form, action.FieldState), Current: field(form, action.FieldCurrent), Next: field(form, action.FieldNext),
	}}
	if minutes, err := strconv.Atoi(field(form, action.FieldNextIn)); err == nil {
		update.NextIn = time.Duration(minutes) * time.Minute
	}
	return b.apply(ctx, r, update)
}

// runNote puts a note on the timeline; "--at 14:05" or "--at 20m" says when it happened.
func (b *Bot) runNote(ctx context.Context, r *request, line command.Line) (reply, error) {
	when, text, given := b.grammar.At(line.Rest)
	if text == "" && !given {
		return b.askNote(r)
	}
	return b.note(ctx, r, when, command.Plain(text))
}

func (b *Bot) note(ctx context.Context, r *request, when, text string) (reply, error) {
	note := incident.AddNote{Text: text}
	if when = strings.TrimSpace(when); when != "" {
		at, ok := b.grammar.ParseWhen(when, r.now, b.people.Zone(r.actor.ID))
		if !ok {
			return reply{}, &incident.Refusal{Code: incident.RefuseBadTime, Text: when}
		}
		note.At = at
	}
	return b.apply(ctx, r, note)
}

func (b *Bot) askNote(r *request) (reply, error) {
	if err := b.refused(r, incident.AddNote{}); err != nil {
		return reply{}, err
	}
	return ask(b.to(r).NoteModal(*r.in))
}

func (b *Bot) clickOpenNote(_ context.Context, r *request, _ action.Action, _ *slack.BlockAction) (reply, error) {
	return b.askNote(r)
}

func (b *Bot) submitNote(ctx context.Context, r *request, _ action.Action, form slack.View) (reply, error) {
	return b.note(ctx, r, field(form, action.FieldWhen), field(form, action.FieldText))
}

// noteMessage puts a message on the timeline with its author and its time, once a message.
func (b *Bot) noteMessage(ctx context.Context, r *request, message slack.Msg) (reply, error) {
	if r.in == nil {
		return say(b.to(r).NotAnIncidentChannel())
	}
	ref := incident.MessageRef{Channel: r.channel, TS: incident.MessageTS(message.Timestamp)}
	note := incident.AddNote{
		Text: command.Plain(message.Text), Author: incident.UserID(message.User), Message: ref,
		Link: b.permalink(ref, message.ThreadTimestamp),
	}
	if at, ok := timeOf(ref.TS); ok {
		note.At = at
	}
	return b.apply(ctx, r, note)
}

// timelinePage is how many entries one look at the timeline shows.
const timelinePage = 15

func (b *Bot) runTimeline(ctx context.Context, r *request, _ command.Line) (reply, error) {
	return b.timeline(ctx, r, 0)
}

func (b *Bot) timeline(ctx context.Context, r *request, after uint64) (reply, error) {
	entries, err := b.desk.Timeline(ctx, r.actor, *r.in, after, timelinePage+1)
	if err != nil {
		return reply{}, err
	}
	more := len(entries) > timelinePage
	return say(b.to(r).Timeline(*r.in, entries[:min(len(entries), timelinePage)], more))
}

func (b *Bot) clickTimeline(ctx context.Context, r *request, clicked action.Action, _ *slack.BlockAction) (reply, error) {
	after, err := strconv.ParseUint(clicked.Arg, 10, 64)
	if err != nil {
		after = 0
	}
	return b.timeline(ctx, r, after)
}

// retry puts a failed effect back to work.
func (b *Bot) retry(ctx context.Context, r *request, job string) (reply, error) {
	number, err := strconv.ParseUint(strings.TrimPrefix(job, "#"), 10, 64)
	if err != nil && len(r.in.Troubles) > 0 {
		number = uint64(r.in.Troubles[0].Job)
	}
	return b.apply(ctx, r, incident.RetryEffect{Job: incident.JobID(number)})
}
