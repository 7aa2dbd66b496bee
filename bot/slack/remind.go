package slack

import (
	"context"
	"strconv"
	"time"

	"muster/bot/slack/action"
	"muster/bot/slack/command"
	"muster/incident"

	"github.com/slack-go/slack"
)

// runRemind gives control over the reminders of an incident: why, snooze 30m, pause, resume, every 20m.
func (b *Bot) runRemind(ctx context.Context, r *request, line command.Line) (reply, error) {
	word, rest := command.Word(line.Rest)
	if word == "" {
		return b.why(r, "")
	}
	switch b.grammar.Reminder(word) {
	case "why":
		return b.why(r, "")
	case "snooze":
		if rest == "" {
			rest = "10m"
		}
		d, ok := b.grammar.ParseDuration(rest)
		if !ok {
			return reply{}, &incident.Refusal{Code: incident.RefuseBadDuration, Text: command.Plain(rest)}
		}
		return b.apply(ctx, r, incident.Snooze{For: d})
	case "pause":
		return b.apply(ctx, r, incident.PauseReminders{})
	case "resume":
		return b.apply(ctx, r, incident.ResumeReminders{})
	case "every":
		if b.grammar.Cadence(rest) == "default" {
			return b.apply(ctx, r, incident.SetCadence{})
		}
		d, ok := b.grammar.ParseDuration(rest)
		if !ok || d == 0 {
			return reply{}, &incident.Refusal{Code: incident.RefuseBadCadence, Text: command.Plain(rest)}
		}
		return b.apply(ctx, r, incident.SetCadence{Every: d})
	}
	return say(b.to(r).Help(string(command.Remind), b.here(r)))
}

func (b *Bot) why(r *request, asked incident.RuleName) (reply, error) {
	if err := b.permit(r, incident.ActView); err != nil {
		return reply{}, err
	}
	return say(b.to(r).Why(*r.in, asked, r.now))
}

func (b *Bot) clickWhy(_ context.Context, r *request, clicked action.Action, _ *slack.BlockAction) (reply, error) {
	return b.why(r, incident.RuleName(clicked.Arg))
}

func (b *Bot) clickSnooze(ctx context.Context, r *request, clicked action.Action, _ *slack.BlockAction) (reply, error) {
	minutes, err := strconv.Atoi(clicked.Arg)
	if err != nil {
		minutes = 10
	}
	return quietly(r)(b.apply(ctx, r, incident.Snooze{For: time.Duration(minutes) * time.Minute}))
}

func (b *Bot) clickPause(ctx context.Context, r *request, _ action.Action, _ *slack.BlockAction) (reply, error) {
	return quietly(r)(b.apply(ctx, r, incident.PauseReminders{}))
}

func (b *Bot) clickResume(ctx context.Context, r *request, _ action.Action, _ *slack.BlockAction) (reply, error) {
	return quietly(r)(b.apply(ctx, r, incident.ResumeReminders{}))
}
