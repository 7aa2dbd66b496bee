package slack

import (
	"context"
	"regexp"
	"strconv"
	"strings"
	"time"

	"muster/bot/slack/action"
	"muster/bot/slack/command"
	"muster/bot/slack/view"
	"muster/incident"

	"github.com/slack-go/slack"
)

// severityLike is a word that means to be a severity, known or not: "sev9" is a slip, not the first word of a title.
var severityLike = regexp.MustCompile(`(?i)^sev-?\d+$`)

func (b *Bot) runDeclare(ctx context.Context, r *request, line command.Line) (reply, error) {
	rest, flags := b.grammar.Flags(line.Rest, action.OptionPrivate, action.OptionDrill)
	declare := incident.Declare{
		Private: flags[action.OptionPrivate], Drill: flags[action.OptionDrill],
		Origin: incident.Origin{Source: incident.FromCommand},
	}
	if word, after := command.Word(rest); word != "" {
		severity, known := b.policy.ParseSeverity(word)
		switch {
		case known && !allDigits(word):
			declare.Severity, rest = severity, after
		case b.grammar.Parse(word).Name == command.Severity: // "severity 1", "심각도 1"
			word, behind := command.Word(after)
			if severity, known := b.policy.ParseSeverity(word); known {
				declare.Severity, rest = severity, behind
			}
		case severityLike.MatchString(word):
			return reply{}, &incident.Refusal{Code: incident.RefuseUnknownSeverity, Text: word}
		}
	}
	declare.Title = command.Plain(rest)
	if declare.Title == "" {
		declare.Origin.Source = incident.FromModal
		return b.askDeclare(r, declare)
	}
	return b.declare(ctx, r, declare)
}

// allDigits keeps "5 pods are down" a title, though a bare number elsewhere names a severity.
func allDigits(word string) bool { return strings.Trim(word, "0123456789") == "" }

// askDeclare shows the form, filled in as far as is known.
func (b *Bot) askDeclare(r *request, draft incident.Declare) (reply, error) {
	if err := b.desk.Refused(r.actor, incident.Declare{}, nil); err != nil {
		return reply{}, err
	}
	return ask(b.to(r).DeclareModal(draft))
}

// declare raises an incident. Asking twice with one key raises it once.
func (b *Bot) declare(ctx context.Context, r *request, declare incident.Declare) (reply, error) {
	out, err := b.desk.Declare(ctx, r.asked(), declare)
	if err != nil {
		return reply{}, err
	}
	return say(b.to(r).Acknowledge(out))
}

func (b *Bot) submitDeclare(ctx context.Context, r *request, _ action.Action, form slack.View) (reply, error) {
	declare := incident.Declare{
		Title: field(form, action.FieldTitle), Summary: field(form, action.FieldSummary),
		Severity: incident.Severity(field(form, action.FieldSeverity)),
		Private:  chosen(form, action.OptionPrivate), Drill: chosen(form, action.OptionDrill),
		Origin: view.OriginOf(form.PrivateMetadata),
	}
	answer, err := b.declare(ctx, r, declare)
	if err != nil {
		return reply{}, err
	}
	update := b.to(r).Notice(*answer.message)
	return reply{update: &update}, nil
}

// fromMessage is the origin of an incident that is declared from a message.
func (b *Bot) fromMessage(call slack.InteractionCallback) incident.Origin {
	ref := incident.MessageRef{Channel: incident.ChannelID(call.Channel.ID), TS: incident.MessageTS(call.Message.Timestamp)}
	return incident.Origin{
		Source: incident.FromMessage, Message: ref, Author: incident.UserID(call.Message.User), Quote: command.Plain(call.Message.Text),
		Link: b.permalink(ref, call.Message.ThreadTimestamp),
	}
}

// permalink is the address of a message, as Slack builds it.
func (b *Bot) permalink(message incident.MessageRef, thread string) string {
	link := strings.TrimSuffix(b.self.url, "/") + "/archives/" + string(message.Channel) + "/p" + strings.ReplaceAll(string(message.TS), ".", "")
	if thread != "" && thread != string(message.TS) {
		link += "?thread_ts=" + thread + "&cid=" + string(message.Channel)
	}
	return link
}

// timeOf is when a message was posted: its timestamp counts seconds, with six digits after the point.
func timeOf(ts incident.MessageTS) (time.Time, bool) {
	seconds, fraction, _ := strings.Cut(string(ts), ".")
	unix, err := strconv.ParseInt(seconds, 10, 64)
	if err != nil || unix <= 0 {
		return time.Time{}, false
	}
	micro, err := strconv.ParseUint(fraction, 10, 32)
	if err != nil || len(fraction) != 6 {
		micro = 0
	}
	return time.Unix(unix, int64(micro)*1000).UTC(), true
}
