//go:build crashpoints

package main

import (
	"context"
	"os"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"

	"muster/bot"
	"muster/bot/desk"
	"muster/incident"
)

// underTest makes the program kill itself at a named point, the nth time it comes by: MUSTER_CRASH_AT=performed/create_channel:2.
// Slack's rates are left out, for the stand-in of a campaign has none. Only campaigns build the program like this.
func underTest(options *bot.Options) {
	options.Pace = 10000
	where, nth, _ := strings.Cut(os.Getenv("MUSTER_CRASH_AT"), ":")
	if where == "" {
		return
	}
	count, err := strconv.ParseInt(nth, 10, 64)
	if err != nil {
		count = 1
	}
	var passed atomic.Int64
	options.At = func(point string) {
		if strings.HasPrefix(point, where) && passed.Add(1) == count {
			_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
			select {} // nothing more happens
		}
	}
	options.Store = commits{options.Store, options.At}
}

// commits is a store with a point after each commit that asks for an effect, before its caller hears of it: committed/create_channel.
type commits struct {
	bot.Store
	at func(point string)
}

func (c commits) asked(effects []incident.Effect, err error) {
	if err != nil {
		return
	}
	for _, effect := range effects {
		c.at("committed/" + string(effect.Handling().Kind))
	}
}

func (c commits) Create(ctx context.Context, once string, decide func(id incident.ID) (incident.Outcome, error)) (incident.Outcome, error) {
	out, err := c.Store.Create(ctx, once, decide)
	c.asked(out.Effects, err)
	return out, err
}

func (c commits) Apply(ctx context.Context, id incident.ID, once string, decide desk.Decide) (incident.Outcome, error) {
	out, err := c.Store.Apply(ctx, id, once, decide)
	c.asked(out.Effects, err)
	return out, err
}

func (c commits) Enqueue(ctx context.Context, effects ...incident.Effect) error {
	err := c.Store.Enqueue(ctx, effects...)
	c.asked(effects, err)
	return err
}

func (c commits) Complete(ctx context.Context, job incident.Job, followUp desk.Decide) (incident.Outcome, error) {
	out, err := c.Store.Complete(ctx, job, followUp)
	c.asked(out.Effects, err)
	return out, err
}

func (c commits) Fail(ctx context.Context, job incident.Job, reason string, followUp desk.Decide) (incident.Outcome, error) {
	out, err := c.Store.Fail(ctx, job, reason, followUp)
	c.asked(out.Effects, err)
	return out, err
}
