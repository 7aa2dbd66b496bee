package slack

import (
	"context"
	"sync"

	"muster/bot/desk"
	"muster/bot/slack/command"
)

// Bot is the door by which people come in from Slack: what they type, click and send goes to the desk, and its answer back to them.
type Bot struct {
	*Connection
	desk    *desk.Desk
	grammar command.Grammar
}

// Door is the workspace as a way in.
func (c *Connection) Door(desk *desk.Desk) *Bot {
	return &Bot{Connection: c, desk: desk, grammar: command.New(c.options.Words.Typed)}
}

// Run listens to Slack until the context ends, then lets what runs finish within the drain time. While Slack cannot be reached, or
// refuses the token, it asks again; the error is always nil.
func (b *Bot) Run(ctx context.Context) error {
	if err := b.people.Recall(ctx); err != nil && ctx.Err() == nil {
		b.log.Warn().Err(err).Msg("who people are is asked for anew")
	}
	var parts sync.WaitGroup
	defer parts.Wait()
	parts.Go(func() { b.people.Keep(ctx) })
	if !b.introduce(ctx) {
		return nil
	}
	parts.Go(func() { b.follow(ctx) })
	parts.Go(func() { b.listen(ctx) })
	return nil
}
