package slack

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"muster/bot/slack/directory"
	"muster/bot/slack/pacer"
	"muster/bot/slack/perform"
	"muster/bot/slack/view"
	"muster/bot/worker"
	"muster/incident"
	"muster/templates"

	"github.com/gorilla/websocket"
	"github.com/rs/zerolog"
	"github.com/slack-go/slack"
)

// Options of a Connection. What is not marked optional must be given.
type Options struct {
	BotToken string           // xoxb-...
	AppToken string           // xapp-...
	APIURL   string           // optional: another base than Slack's own, ending in "/api/"
	Policy   *incident.Policy // compiled
	Words    *templates.Words
	Log      zerolog.Logger

	Shelf      directory.Shelf   // optional: keeps who people are beyond a restart
	Command    string            // optional: "/incident"
	Sockets    int               // optional: 2, so that one's reconnect leaves no gap
	Drain      time.Duration     // optional: 8 s, how long what runs may go on after the context ends
	HTTPClient *http.Client      // optional: for a Slack that is reached in another way than by the network
	Dialer     *websocket.Dialer // optional: likewise
	Observer   Observer          // optional: who counts
	Pace       float64           // optional: how much faster than Slack's the rates are, for a stand-in whose clock runs faster
}

// Observer counts what happens. Its methods are called by many goroutines and must not block.
type Observer interface {
	pacer.Observer
	Acked(kind string, took time.Duration) // a command, click or event was acknowledged, so long after it came in
	Sockets(open int)                      // so many sockets are open now
}

// nobody counts nothing.
type nobody struct{}

func (nobody) Limited(string, time.Duration)                  {}
func (nobody) Waited(string, incident.Urgency, time.Duration) {}
func (nobody) Acked(string, time.Duration)                    {}
func (nobody) Sockets(int)                                    {}

// Connection is one workspace of Slack, for the door that people come in by and for the medium that effects go out by.
type Connection struct {
	options    Options
	policy     *incident.Policy
	views      view.Views
	log        zerolog.Logger
	observe    Observer
	http       *http.Client
	rates      *pacer.Pacer
	slack      *slack.Client
	people     *directory.Directory
	self       self          // not before ready is closed
	ready      chan struct{} // closed once Slack has said who we are
	connected  atomic.Int64  // sockets that are open
	references atomic.Uint64
}

// self is who the bot is in the workspace.
type self struct {
	user incident.UserID
	team string
	url  string // of the workspace, ending in "/"
}

// New checks the options; it calls nobody.
func New(options Options) (*Connection, error) {
	if !strings.HasPrefix(options.BotToken, "xoxb-") || !strings.HasPrefix(options.AppToken, "xapp-") {
		return nil, errors.New("connect to Slack: want a bot token (xoxb-...) and an app token (xapp-...)")
	}
	if options.Policy == nil || options.Words == nil {
		return nil, errors.New("connect to Slack: want a policy and words")
	}
	if err := checkSubcommands(subcommands(), options.Words.Typed); err != nil {
		return nil, fmt.Errorf("connect to Slack: %w", err)
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
	c := &Connection{
		options: options, policy: options.Policy, log: options.Log, observe: options.Observer, http: options.HTTPClient,
		views: view.Views{Words: options.Words, Policy: options.Policy, Command: options.Command},
		rates: pacer.New(pacer.Options{Observer: options.Observer, Scale: options.Pace}), ready: make(chan struct{}),
	}
	paced := *c.http
	paced.Transport = c.rates.Transport(c.http.Transport)
	settings := []slack.Option{slack.OptionHTTPClient(&paced), slack.OptionAppLevelToken(options.AppToken)}
	if options.APIURL != "" {
		settings = append(settings, slack.OptionAPIURL(options.APIURL))
	}
	c.slack = slack.New(options.BotToken, settings...)
	c.people = directory.New(directory.Options{Slack: roster{c.slack}, Groups: groupsOf(options.Policy), Shelf: options.Shelf, Log: options.Log})
	return c, nil
}

// Medium is the workspace as a way out; what it shows it reads from store.
func (c *Connection) Medium(store perform.Reader) worker.Medium {
	return perform.New(perform.Options{
		Store: store, Client: c.slack, Pacer: c.rates, People: c.people, Views: c.views, Policy: c.policy,
		BotUser: func() incident.UserID { return c.self.user }, Ready: c.ready,
	})
}

// People knows who somebody in the workspace is.
func (c *Connection) People() *directory.Directory { return c.people }

// Refresh reads the lists of people and groups anew: events that tell of a change may have been missed.
func (c *Connection) Refresh(ctx context.Context) error {
	select {
	case <-c.ready:
		return c.people.Load(ctx)
	default:
		return nil // they are read as soon as Slack can be reached
	}
}

// introduce asks Slack who we are (auth.test) until it says so: Slack may be out of reach, or a person may have to see to the token.
// It reports false when the context ended first.
func (c *Connection) introduce(ctx context.Context) bool {
	for wait := time.Second; ; wait = min(2*wait, time.Minute) {
		answer, err := c.slack.AuthTestContext(ctx)
		switch {
		case err == nil:
			c.self = self{user: incident.UserID(answer.UserID), team: answer.TeamID, url: answer.URL}
			c.people.Of(answer.TeamID)
			close(c.ready)
			c.log.Info().Str("team", c.self.team).Str("user", string(c.self.user)).Msg("ready")
			return true
		case ctx.Err() != nil:
			return false
		case fatalAuth(err):
			c.log.Error().Err(err).Msg("Slack refuses the bot token; check SLACK_BOT_TOKEN")
			wait = time.Minute
		default:
			c.log.Warn().Err(err).Msg("Slack cannot be reached; trying again")
		}
		if !pause(ctx, wait) {
			return false
		}
	}
}

// follow loads the directory and tries again until it has it; events keep it fresh after that.
func (c *Connection) follow(ctx context.Context) {
	for wait := time.Second; ; wait = min(2*wait, time.Minute) {
		err := c.people.Load(ctx)
		if err == nil || ctx.Err() != nil {
			return
		}
		c.log.Warn().Err(err).Msg("the list of people could not be loaded; trying again")
		if !pause(ctx, wait) {
			return
		}
	}
}

// groupsOf lists the user groups that permissions ask for.
func groupsOf(policy *incident.Policy) []incident.GroupID {
	var groups []incident.GroupID
	for _, grant := range policy.Permissions {
		groups = append(groups, grant.Groups...)
	}
	slices.Sort(groups)
	return slices.Compact(groups)
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
