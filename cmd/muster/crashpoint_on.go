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
	"muster/incident/ledger"
	"muster/storage"
)

// underTest makes the program kill itself at a named point, the nth time it comes by: MUSTER_CRASH_AT=performed/create_channel:2.
// Slack's rates are left out, for the stand-in of a campaign has none. Only campaigns build the program like this.
func underTest(options *bot.Options, store *storage.Stores) {
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
	options.Store = storage.NewStores(commits{store.Engine, options.At}, options.Policy, nil)
}

// commits is an engine with a point after each commit that asks for an effect, before its caller hears of it: committed/create_channel.
type commits struct {
	storage.Engine
	at func(point string)
}

func (c commits) asked(effects []ledger.Effect, err error) {
	if err != nil {
		return
	}
	for _, effect := range effects {
		c.at("committed/" + string(effect.Handling().Kind))
	}
}

// noting is a change that notes what effects its last decision asks for.
func noting(change storage.Change, asked *[]ledger.Effect) storage.Change {
	decide := change.Decide
	change.Decide = func(state storage.State) (storage.Kept, error) {
		kept, err := decide(state)
		*asked = kept.Effects
		return kept, err
	}
	return change
}

func (c commits) Change(ctx context.Context, operation string, change storage.Change) error {
	var effects []ledger.Effect
	err := c.Engine.Change(ctx, operation, noting(change, &effects))
	c.asked(effects, err)
	return err
}

func (c commits) Finish(ctx context.Context, job ledger.Job, ending storage.Ending) error {
	var effects []ledger.Effect
	if ending.FollowUp != nil {
		followUp := noting(*ending.FollowUp, &effects)
		ending.FollowUp = &followUp
	}
	err := c.Engine.Finish(ctx, job, ending)
	c.asked(effects, err)
	return err
}

func (c commits) Enqueue(ctx context.Context, effects ...ledger.Effect) error {
	err := c.Engine.Enqueue(ctx, effects...)
	c.asked(effects, err)
	return err
}
