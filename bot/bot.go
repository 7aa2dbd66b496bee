package bot

import (
	"context"
	"errors"
	"net/http"
	"time"

	"muster/bot/clock"
	"muster/bot/desk"
	"muster/bot/slack"
	"muster/bot/slack/directory"
	"muster/bot/slack/perform"
	"muster/bot/worker"
	"muster/incident"
	"muster/incident/registry"
	"muster/templates"

	"github.com/gorilla/websocket"
	"github.com/rs/zerolog"
)

// Options is everything a bot is made of. What is not marked optional must be given.
type Options struct {
	BotToken string // xoxb-...
	AppToken string // xapp-...
	APIURL   string // optional: another base than Slack's own, ending in "/api/"
	Store    Store
	Policy   *incident.Policy // compiled
	Words    *templates.Words
	Log      zerolog.Logger

	Command    string             // optional: "/incident"
	Sockets    int                // optional: 2, so that one's reconnect leaves no gap
	Drain      time.Duration      // optional: 8 s, how long what runs may go on after the context ends
	HTTPClient *http.Client       // optional: for a Slack that is reached in another way than by the network
	Dialer     *websocket.Dialer  // optional: likewise
	Observer   Observer           // optional: who counts
	Pace       float64            // optional: how much faster than Slack's the rates are, for a stand-in whose clock runs faster
	At         func(point string) // optional: called at the named points at which a crash is tried
}

// Store is everything that the parts keep anything in.
type Store interface {
	desk.Store
	clock.Agenda
	worker.Queue
	perform.Reader
	directory.Shelf
}

// Observer counts what happens. Its methods are called by many goroutines and must not block.
type Observer interface {
	slack.Observer
	worker.Observer
	clock.Observer
}

// Bot is the running program, but for its store.
type Bot struct {
	log   zerolog.Logger
	parts []part
}

// nightly is when what may have been missed is read anew: a quiet time in most places, and no full hour.
const nightly = "17 3 * * *"

// New makes the parts and calls nobody. An effect that nobody performs, or that two do, is an error.
func New(options Options) (*Bot, error) {
	if options.Store == nil {
		return nil, errors.New("new bot: want a store")
	}
	forSlack := slackOptions(options)
	forSlack.Shelf = options.Store
	workspace, err := slack.New(forSlack)
	if err != nil {
		return nil, err
	}
	reception := desk.New(desk.Options{Store: options.Store, People: workspace.People(), Policy: options.Policy, Log: options.Log})
	work, err := worker.New(worker.Options{
		Queue: options.Store, Desk: reception, Effects: registry.Effects(), Media: media(workspace, options.Store),
		Log: options.Log, Observer: options.Observer, Drain: options.Drain, At: options.At,
	})
	if err != nil {
		return nil, err
	}
	due, err := clock.New(clock.Options{
		Agenda: options.Store, Reminder: reception, Hold: work.Hold, Observer: options.Observer, Log: options.Log,
		Recurring: []clock.Recurring{{Name: "the list of people", When: nightly, Do: workspace.Refresh}},
	})
	if err != nil {
		return nil, err
	}
	// What the others commit while they end, the worker finds at the next start at the latest.
	return &Bot{log: options.Log, parts: []part{
		{"what is set aside", reception.TellOfFailed}, {"clock", due.Run}, {"worker", work.Run}, {"slack", workspace.Door(reception).Run},
	}}, nil
}

// Check answers what New would find wrong with the parts themselves, whatever they are to work on.
func Check(policy *incident.Policy, words *templates.Words) error {
	workspace, err := slack.New(slack.Options{BotToken: "xoxb-", AppToken: "xapp-", Policy: policy, Words: words, Log: zerolog.Nop()})
	if err != nil {
		return err
	}
	return worker.Check(registry.Effects(), media(workspace, nil))
}

// media is every way out that the program has.
func media(workspace *slack.Connection, store perform.Reader) []worker.Medium {
	return []worker.Medium{workspace.Medium(store)}
}

func slackOptions(o Options) slack.Options {
	options := slack.Options{
		BotToken: o.BotToken, AppToken: o.AppToken, APIURL: o.APIURL, Policy: o.Policy, Words: o.Words, Log: o.Log, Command: o.Command,
		Sockets: o.Sockets, Drain: o.Drain, HTTPClient: o.HTTPClient, Dialer: o.Dialer, Pace: o.Pace,
	}
	if o.Observer != nil {
		options.Observer = o.Observer
	}
	return options
}

// Run runs the parts until the context ends, then lets what runs finish within the drain time. The error is always nil.
func (b *Bot) Run(ctx context.Context) error {
	runAll(ctx, b.log, b.parts)
	return nil
}
