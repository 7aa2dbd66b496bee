package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"time"

	"github.com/rs/zerolog"

	"muster/bot/slacksim"
	"muster/bot/slacksim/page"
	"muster/cmd/muster/config"
	"muster/incident"
	"muster/templates"
)

type demoCommand struct {
	Addr string  `default:"127.0.0.1:8025" placeholder:"HOST:PORT" help:"Where the page is served; a loopback address. Default 127.0.0.1:8025."`
	Data string  `placeholder:"DIR" help:"Where the workspace and the incidents are kept between runs. Default: a folder in your cache."`
	Pace float64 `default:"1" placeholder:"N" help:"How much faster cadences and reminders run: with 60, a minute passes in a second."`
	Lang string  `default:"en" placeholder:"LANG" help:"Language of everything the bot says: en or ko."`
}

const (
	fastest    = 3600
	savesEvery = 2 * time.Second
	announces  = "incidents" // the channel of the workspace that incidents are announced in
)

// Run serves the page until the context ends.
func (c *demoCommand) Run(ctx context.Context, p *program) (err error) {
	d, err := c.open()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.close()) }()
	server, listener, err := d.listen(ctx, c.Addr)
	if err != nil {
		return err
	}
	if err := d.bot.start(); err != nil {
		return errors.Join(err, listener.Close())
	}
	fmt.Fprintf(p.out, "A Slack workspace with Muster in it: open http://%s\nKept in %s. Ctrl-C ends it.\n", listener.Addr(), d.folder)
	var beside sync.WaitGroup
	ctx, cancel := context.WithCancel(ctx)
	beside.Go(func() { d.saveRegularly(ctx) })
	stop := context.AfterFunc(ctx, func() { _ = server.Close() })
	defer stop()
	if err = server.Serve(listener); errors.Is(err, http.ErrServerClosed) {
		err = nil
	}
	cancel()
	beside.Wait()
	return err
}

// demo is a workspace, its Web API on loopback, and a bot that reaches it by that alone.
type demo struct {
	folder string
	pace   float64
	words  *templates.Words
	ws     *slacksim.Workspace
	log    *os.File
	api    *http.Server
	served sync.WaitGroup
	bot    *runner
	saving sync.Mutex
	saved  []byte // what the workspace's file holds
}

// open makes the workspace from what is kept, or anew.
func (c *demoCommand) open() (*demo, error) {
	if c.Pace < 1 || c.Pace > fastest {
		return nil, wrongUse("--pace %v is not possible: write a number from 1 to %d", c.Pace, fastest)
	}
	host, _, err := net.SplitHostPort(c.Addr)
	if ip := net.ParseIP(host); err != nil || host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return nil, wrongUse("--addr %s is no loopback address: whoever reaches the page can act as anybody in it, so write 127.0.0.1:8025 or the like", c.Addr)
	}
	conf := config.Default()
	conf.Language, conf.Alias, conf.Policy.Location = c.Lang, "/inc", time.Local
	words, err := loadWords(conf)
	if err != nil {
		return nil, usageError{err}
	}
	d := &demo{folder: c.Data, pace: c.Pace, words: words}
	if d.folder == "" {
		d.folder = defaultFolder()
	}
	if err := os.MkdirAll(d.folder, 0o700); err != nil {
		return nil, fmt.Errorf("keep the demo: %w", err)
	}
	conf.Database = filepath.Join(d.folder, "muster.db")
	installed, err := appManifest(conf, words).JSON()
	if err != nil {
		return nil, err
	}
	if d.ws, err = slacksim.New(slacksim.Options{Manifest: installed, Users: neighbours(), UserGroups: slacksim.DefaultUserGroups(), Channels: slacksim.DefaultChannels(), Rates: true, Seed: uint64(time.Now().UnixNano())}); err != nil {
		return nil, err
	}
	if err := d.furnish(conf); err != nil {
		return nil, errors.Join(err, d.close())
	}
	return d, nil
}

// neighbours are the made-up people. Those who live where the first one does have the clock of this machine, so that the
// times on the page are those of the watch beside it.
func neighbours() []slacksim.User {
	users := slacksim.DefaultUsers()
	home := users[0].TZ
	for i := range users {
		if users[i].TZ == home {
			users[i].TZ = ""
		}
	}
	return users
}

// furnish loads what is kept, serves the Web API, and makes the bot ready to be started.
func (d *demo) furnish(conf config.Config) error {
	if err := d.load(); err != nil {
		return err
	}
	if channel, ok := d.ws.Person("alice").Channel(announces); ok {
		conf.Policy.Announcements = incident.ChannelID(channel.ID)
	}
	var err error
	if conf.Policy, err = config.Pace(conf.Policy, d.pace); err != nil {
		return err
	}
	if d.log, err = os.OpenFile(filepath.Join(d.folder, "muster.log"), os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600); err != nil {
		return fmt.Errorf("keep the demo: %w", err)
	}
	// The bot's Slack has an address of its own, as the real one has: the page refuses what is not from itself.
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return fmt.Errorf("serve the workspace: %w", err)
	}
	d.api = &http.Server{Handler: d.keeping(d.ws.Handler()), ReadHeaderTimeout: 10 * time.Second}
	d.served.Go(func() { _ = d.api.Serve(listener) })
	d.bot = &runner{service: service{
		conf: conf, words: d.words, log: logger(d.log, zerolog.DebugLevel),
		slack: credentials{bot: d.ws.BotToken(), app: d.ws.AppToken(), api: "http://" + listener.Addr().String() + "/api/"},
	}}
	return nil
}

// close stops the bot, saves the workspace and ends it.
func (d *demo) close() error {
	var problems []error
	if d.bot != nil {
		problems = append(problems, d.bot.stop(), d.save())
	}
	d.ws.Close()
	if d.api != nil {
		problems = append(problems, d.api.Close())
		d.served.Wait()
	}
	if d.log != nil {
		problems = append(problems, d.log.Close())
	}
	return errors.Join(problems...)
}

func defaultFolder() string {
	if cache, err := os.UserCacheDir(); err == nil {
		return filepath.Join(cache, "muster-demo")
	}
	return "muster-data"
}

// listen makes the page and the place where it is served.
func (d *demo) listen(ctx context.Context, address string) (*http.Server, net.Listener, error) {
	handler, err := page.New(d.ws, d.page())
	if err != nil {
		return nil, nil, err
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", address)
	if err != nil {
		return nil, nil, fmt.Errorf("serve the page: %w (another address can be given with --addr)", err)
	}
	return &http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second}, listener, nil
}

func (d *demo) page() page.Options {
	word := d.words.In(templates.Workspace).Program
	options := page.Options{
		Landing: "general", Person: "alice", Hint: word.Hint,
		OutboxColumns: []string{word.Effect, word.Incident, word.Attempts, word.Why},
		Outbox:        d.outbox,
		Controls: []page.Control{
			{Name: "stop", Label: word.Stop, Words: word.Bot, Do: func(context.Context) error { return d.bot.stop() }, State: d.state,
				Hidden: func() bool { return !d.bot.running() }},
			{Name: "start", Label: word.Start, Words: word.Bot, Do: func(context.Context) error { return d.bot.start() }, State: d.state,
				Hidden: d.bot.running},
		},
		Reset: d.reset,
	}
	if d.pace > 1 {
		options.Note = word.Faster + " ×" + strconv.FormatFloat(d.pace, 'f', -1, 64)
	}
	return options
}

func (d *demo) state() string {
	if d.bot.running() {
		return d.words.In(templates.Workspace).Program.Running
	}
	return d.words.In(templates.Workspace).Program.Stopped
}

// outbox lists what the bot has still to do.
func (d *demo) outbox() []page.OutboxRow {
	var rows []page.OutboxRow
	for _, state := range []incident.JobState{incident.JobsRunning, incident.JobsWaiting, incident.JobsFailed} {
		for _, job := range d.bot.jobs(state) {
			handling := job.Effect.Handling()
			rows = append(rows, page.OutboxRow{State: string(state), Cells: []string{
				d.words.In(templates.Workspace).Effect(handling.Kind), string(incident.IDOf(handling.Of)), strconv.Itoa(job.Attempt), job.LastError,
			}})
		}
	}
	return rows
}

// reset begins anew: no incidents, no messages.
func (d *demo) reset(context.Context) error {
	if err := d.bot.stop(); err != nil {
		return err
	}
	if err := ignoreMissing(os.Remove(d.bot.service.conf.Database)); err != nil {
		return fmt.Errorf("forget the incidents: %w", err)
	}
	d.ws.Reset()
	return d.bot.start()
}
