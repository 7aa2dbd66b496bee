package slack

import (
	"context"
	"strings"

	"muster/bot/slack/action"
	"muster/bot/slack/command"
	"muster/incident"

	"github.com/slack-go/slack"
)

func (b *Bot) runStatus(ctx context.Context, r *request, line command.Line) (reply, error) {
	if line.Rest == "" {
		return b.runMenu(ctx, r, line) // it shows the status, and a button for each that is possible
	}
	verb, text, known := b.parseVerb(line.Rest)
	if !known {
		word, _ := command.Word(line.Rest)
		return b.apply(ctx, r, incident.ChangeStatus{Verb: incident.Verb(command.Plain(word))}) // which is refused with what is possible
	}
	return b.verb(ctx, r, verb, command.Plain(text))
}

// verbWords is how many words the buttons have for a verb, or for where it leads.
const verbWords = 4

// parseVerb takes a verb from the front of a line: its name, or the words that people see for it, which may be several.
func (b *Bot) parseVerb(line string) (verb incident.Verb, text string, known bool) {
	var words []string
	for rest := line; rest != "" && len(words) < verbWords; {
		var word string
		word, rest = command.Word(rest)
		words = append(words, command.Plain(word))
		if longer, fits := b.views.Words.Typed.Verb(strings.Join(words, " ")); fits {
			verb, text, known = longer, rest, true
		}
	}
	return verb, text, known
}

// runVerb is a subcommand that is a verb of the lifecycle table.
func runVerb(verb incident.Verb) func(*Bot, context.Context, *request, command.Line) (reply, error) {
	return func(b *Bot, ctx context.Context, r *request, line command.Line) (reply, error) {
		return b.verb(ctx, r, verb, command.Plain(line.Rest))
	}
}

// verb applies a verb; one that wants a reason and has none asks for it.
func (b *Bot) verb(ctx context.Context, r *request, verb incident.Verb, text string) (reply, error) {
	if row, known := verb.Transition(); known && row.Reason && text == "" && contains(r.in.Status.Possible(), verb) {
		return b.askStatus(r, row)
	}
	return b.apply(ctx, r, incident.ChangeStatus{Verb: verb, Text: text})
}

func (b *Bot) askStatus(r *request, row incident.Transition) (reply, error) {
	if err := b.refused(r, incident.ChangeStatus{Verb: row.Verb}); err != nil {
		return reply{}, err
	}
	return ask(b.to(r).StatusModal(*r.in, row.Verb))
}

// clickStatus applies the verb of a button. Verbs that end or reopen something ask for words first; a button that has
// become impossible meanwhile is refused at once.
func (b *Bot) clickStatus(ctx context.Context, r *request, clicked action.Action, _ *slack.BlockAction) (reply, error) {
	verb := incident.Verb(clicked.Arg)
	row, known := verb.Transition()
	if known && (row.Reason || !row.To.Open()) && contains(r.in.Status.Possible(), verb) {
		return b.askStatus(r, row)
	}
	return quietly(r)(b.apply(ctx, r, incident.ChangeStatus{Verb: verb}))
}

func (b *Bot) submitStatus(ctx context.Context, r *request, sent action.Action, form slack.View) (reply, error) {
	return b.apply(ctx, r, incident.ChangeStatus{Verb: incident.Verb(sent.Arg), Text: field(form, action.FieldText)})
}

func (b *Bot) runSeverity(ctx context.Context, r *request, line command.Line) (reply, error) {
	word, reason := command.Word(line.Rest)
	if word == "" {
		return b.askSeverity(r, "")
	}
	severity, known := b.policy.ParseSeverity(word)
	if !known {
		return reply{}, &incident.Refusal{Code: incident.RefuseUnknownSeverity, Text: command.Plain(word)}
	}
	if reason == "" && severity != r.in.Severity {
		return b.askSeverity(r, severity)
	}
	return b.apply(ctx, r, incident.ChangeSeverity{Severity: severity, Reason: command.Plain(reason)})
}

func (b *Bot) askSeverity(r *request, severity incident.Severity) (reply, error) {
	if err := b.refused(r, incident.ChangeSeverity{}); err != nil {
		return reply{}, err
	}
	return ask(b.to(r).SeverityModal(*r.in, severity))
}

func (b *Bot) clickOpenSeverity(_ context.Context, r *request, _ action.Action, _ *slack.BlockAction) (reply, error) {
	return b.askSeverity(r, "")
}

func (b *Bot) submitSeverity(ctx context.Context, r *request, _ action.Action, form slack.View) (reply, error) {
	return b.apply(ctx, r, incident.ChangeSeverity{Severity: incident.Severity(field(form, action.FieldSeverity)), Reason: field(form, action.FieldText)})
}

func (b *Bot) runTitle(ctx context.Context, r *request, line command.Line) (reply, error) {
	return b.apply(ctx, r, incident.Retitle{Title: command.Plain(line.Rest)})
}

func (b *Bot) runSummary(ctx context.Context, r *request, line command.Line) (reply, error) {
	return b.apply(ctx, r, incident.Summarize{Text: command.Plain(line.Rest)})
}

func (b *Bot) runRetry(ctx context.Context, r *request, line command.Line) (reply, error) {
	return b.retry(ctx, r, command.Plain(line.Rest))
}

func (b *Bot) clickRetry(ctx context.Context, r *request, clicked action.Action, _ *slack.BlockAction) (reply, error) {
	return b.retry(ctx, r, clicked.Arg)
}
