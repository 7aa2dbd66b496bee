package slack

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"muster/bot/clock"
	"muster/bot/desk"
	"muster/bot/slack/command"
	"muster/bot/slack/directory"
	"muster/bot/slack/pacer"
	"muster/bot/slack/perform"
	"muster/bot/slack/view"
	"muster/incident"
	"muster/templates"

	"github.com/gorilla/websocket"
	"github.com/rs/zerolog"
	"github.com/slack-go/slack"
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

// Observer counts what happens. Its methods are called by many goroutines and must not block.
type Observer interface {
	perform.Observer
	pacer.Observer
	clock.Observer
	Acked(kind string, took time.Duration) // a command, click or event was acknowledged, so long after it came in
	Sockets(open int)                      // so many sockets are open now
}

// nobody counts nothing.
type nobody struct{}

func (nobody) Performed(incident.EffectKind, time.Duration)   {}
func (nobody) Retried(incident.EffectKind, string)            {}
func (nobody) Failed(incident.EffectKind, string)             {}
func (nobody) Unauthorized(string, time.Time)                 {}
func (nobody) Limited(string, time.Duration)                  {}
func (nobody) Waited(string, incident.Urgency, time.Duration) {}
func (nobody) Acked(string, time.Duration)                    {}
func (nobody) Sockets(int)                                    {}
func (nobody) ReminderFired(time.Duration)                    {}

// Bot runs the process on one Slack workspace.
type Bot struct {
	options    Options
	desk       *desk.Desk
	policy     *incident.Policy
	views      view.Views
	grammar    command.Grammar
	log        zerolog.Logger
	observe    Observer
	http       *http.Client
	slack      *slack.Client
	people     *directory.Directory
	self       self
	connected  atomic.Int64 // sockets that are open
	references atomic.Uint64
}

// self is who the bot is in the workspace.
type self struct {
	user incident.UserID
	team string
	url  string // of the workspace, ending in "/"
}

// New checks the options; it calls nobody.
func New(options Options) (*Bot, error) {
	if !strings.HasPrefix(options.BotToken, "xoxb-") || !strings.HasPrefix(options.AppToken, "xapp-") {
		return nil, errors.New("new bot: want a bot token (xoxb-...) and an app token (xapp-...)")
	}
	if options.Store == nil || options.Policy == nil || options.Words == nil {
		return nil, errors.New("new bot: want a store, a policy and words")
	}
	if options.Command == "" {
		options.Command = "/incident"
	}
	if options.Sockets == 0 {
		options.Sockets = 2
	}
	if options.Drain == 0 {
		options.Drain = 8 * time.Second
	}
	if options.Observer == nil {
		options.Observer = nobody{}
	}
	if options.HTTPClient == nil {
		options.HTTPClient = &http.Client{Timeout: 30 * time.Second}
	}
	b := &Bot{
		options: options, desk: desk.New(options.Store, options.Policy, options.Log), policy: options.Policy, log: options.Log, observe: options.Observer,
		views: view.Views{Words: options.Words, Policy: options.Policy, Command: options.Command}, grammar: command.New(options.Words.Typed),
		http: options.HTTPClient,
	}
	return b, nil
}

// Run talks to Slack until the context ends, then lets what runs finish within the drain time. It returns an error only
// when Slack refuses the tokens before anything has begun.
func (b *Bot) Run(ctx context.Context) error {
	rates := pacer.New(pacer.Options{Observer: b.observe, Scale: b.options.Pace})
	paced := *b.http
	paced.Transport = rates.Transport(b.http.Transport)
	settings := []slack.Option{slack.OptionHTTPClient(&paced), slack.OptionAppLevelToken(b.options.AppToken)}
	if b.options.APIURL != "" {
		settings = append(settings, slack.OptionAPIURL(b.options.APIURL))
	}
	b.slack = slack.New(b.options.BotToken, settings...)
	if err := b.introduce(ctx); err != nil || ctx.Err() != nil {
		return err
	}
	work := perform.New(perform.Options{
		Store: b.options.Store, Desk: b.desk, Slack: b.slack, Pacer: rates, People: b.people, Views: b.views, Policy: b.policy, BotUser: b.self.user,
		Log: b.log, Observer: b.observe, Drain: b.options.Drain, At: b.options.At,
	})
	remind, err := clock.New(clock.Options{Agenda: b.options.Store, Reminder: b.desk, Hold: work.Hold, Observer: b.observe, Log: b.log})
	if err != nil {
		return err
	}

	// Each part ends by itself once the context does. The worker is the last: what the others commit while they end, it
	// finds at the next start at the latest.
	var parts sync.WaitGroup
	parts.Go(func() { b.follow(ctx) })
	parts.Go(func() {
		if err := b.desk.TellOfFailed(ctx); err != nil && ctx.Err() == nil {
			b.log.Error().Err(err).Msg("what is set aside could not be told")
		}
	})
	parts.Go(func() { b.listen(ctx) })
	parts.Go(func() {
		if err := remind.Run(ctx); err != nil {
			b.log.Error().Err(err).Msg("the clock ended")
		}
	})
	parts.Go(func() {
		if err := work.Run(ctx); err != nil {
			b.log.Error().Err(err).Msg("the worker ended")
		}
	})
	b.log.Info().Str("team", b.self.team).Str("user", string(b.self.user)).Msg("ready")
	parts.Wait()
	return nil
}

// introduce asks Slack who we are (auth.test), for as long as Slack cannot be reached.
func (b *Bot) introduce(ctx context.Context) error {
	wait := time.Second
	for {
		answer, err := b.slack.AuthTestContext(ctx)
		switch {
		case err == nil:
			b.self = self{user: incident.UserID(answer.UserID), team: answer.TeamID, url: answer.URL}
			b.people = directory.New(b.slack, answer.TeamID)
			return nil
		case ctx.Err() != nil:
			return nil
		case fatalAuth(err):
			return fmt.Errorf("Slack refused the bot token: %w", err)
		}
		b.log.Warn().Err(err).Msg("Slack cannot be reached; trying again")
		if !pause(ctx, wait) {
			return nil
		}
		wait = min(2*wait, time.Minute)
	}
}

// follow loads the directory and tries again until it has it; events keep it fresh after that.
func (b *Bot) follow(ctx context.Context) {
	for wait := time.Second; ; wait = min(2*wait, time.Minute) {
		err := b.people.Load(ctx, b.needsGroups())
		if err == nil || ctx.Err() != nil {
			return
		}
		b.log.Warn().Err(err).Msg("the list of people could not be loaded; trying again")
		if !pause(ctx, wait) {
			return
		}
	}
}

// needsGroups reports whether any permission asks for a user group.
func (b *Bot) needsGroups() bool {
	for _, grant := range b.policy.Permissions {
		if len(grant.Groups) > 0 {
			return true
		}
	}
	return false
}

func fatalAuth(err error) bool {
	switch err.Error() {
	case "invalid_auth", "account_inactive", "not_authed", "token_revoked", "not_allowed_token_type":
		return true
	}
	return false
}

// pause waits; false means that the context ended first.
func pause(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}
