package slack

import (
	"context"
	"strings"

	"muster/bot/slack/action"
	"muster/bot/slack/command"
	"muster/incident"

	"github.com/slack-go/slack"
)

// listPage is how many incidents one look at a list shows.
const listPage = 10

func (b *Bot) runList(ctx context.Context, r *request, line command.Line) (reply, error) {
	return b.list(ctx, r, command.Plain(line.Rest), "")
}

// list shows the incidents that a few words ask for: all, mine, sev1, closed ...
func (b *Bot) list(ctx context.Context, r *request, words, after string) (reply, error) {
	if err := b.desk.Permits(r.actor, incident.ActView, nil); err != nil {
		return reply{}, err
	}
	query := incident.Query{Scope: incident.ScopeOpen, After: after, Limit: listPage}
	for _, word := range strings.Fields(strings.ToLower(words)) {
		if !b.narrow(&query, word, r.actor.ID) {
			return say(b.to(r).Help(string(command.List), b.here(r)))
		}
	}
	page, err := b.desk.List(ctx, r.actor, query)
	if err != nil {
		return reply{}, err
	}
	return say(b.to(r).List(page, strings.TrimSpace(words), r.actor.ID, r.now))
}

func (b *Bot) narrow(query *incident.Query, word string, self incident.UserID) bool {
	switch b.grammar.Filter(word) {
	case "all":
		query.Scope = incident.ScopeAll
		return true
	case "open":
		query.Scope = incident.ScopeOpen
		return true
	case "finished":
		query.Scope = incident.ScopeFinished
		return true
	case "mine":
		query.Person = self
		return true
	}
	if severity, known := b.policy.ParseSeverity(word); known {
		query.Severity = severity
		return true
	}
	for _, status := range incident.Statuses() {
		if word == string(status) {
			query.Status, query.Scope = status, incident.ScopeAll
			return true
		}
	}
	return false
}

// clickList shows a list from a button; what stands behind "+" is where its further page begins.
func (b *Bot) clickList(ctx context.Context, r *request, clicked action.Action, _ *slack.BlockAction) (reply, error) {
	words, after, _ := strings.Cut(clicked.Arg, "+")
	return b.list(ctx, r, words, after)
}
