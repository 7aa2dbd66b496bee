package campaign

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"github.com/rs/zerolog"

	"muster/bot"
	"muster/bot/slack/manifest"
	"muster/bot/slacksim"
	"muster/cmd/muster/config"
	"muster/incident"
	"muster/storage"
	"muster/storage/local"
	"muster/templates"
)

// inside is the whole bot in this process, where a measure can look at it: over loopback on the real clock or, in a bubble,
// over connections in memory on a simulated one.
type inside struct {
	*testing.T
	ws     *slacksim.Workspace
	policy *incident.Policy
	store  *storage.Stores
	stop   func()
}

// arrangement is what a measure wants otherwise than it is by default.
type arrangement struct {
	bubble   bool
	dir      string // of the database
	slack    func(*slacksim.Options)
	policy   func(*incident.Policy)
	observer bot.Observer
	wrap     func(bot.Store) bot.Store
	fill     func(in *inside) // the store before the bot starts
}

func newInside(t *testing.T, with arrangement) *inside {
	t.Helper()
	app, err := manifest.New(manifest.Options{}).JSON()
	if err != nil {
		t.Fatal(err)
	}
	slackOptions := slacksim.Options{Manifest: app}
	if with.slack != nil {
		with.slack(&slackOptions)
	}
	in := &inside{T: t}
	if in.ws, err = slacksim.New(slackOptions); err != nil {
		t.Fatal(err)
	}
	in.policy = incident.DefaultPolicy()
	announcements, _ := in.ws.Person("alice").Channel("incidents")
	in.policy.Announcements = incident.ChannelID(announcements.ID)
	if with.policy != nil {
		with.policy(in.policy)
	}
	if err := in.policy.Compile(config.ParseCadence); err != nil {
		t.Fatal(err)
	}
	if in.store, err = local.Open(filepath.Join(with.dir, "muster.db"), local.Options{Policy: in.policy}); err != nil {
		t.Fatal(err)
	}
	if with.fill != nil {
		with.fill(in)
	}
	if err := in.store.Reindex(t.Context()); err != nil {
		t.Fatal(err)
	}
	in.run(with)
	return in
}

// run starts the bot and returns once its sockets are open.
func (in *inside) run(with arrangement) {
	in.Helper()
	words, err := templates.Load("en", nil)
	if err != nil {
		in.Fatal(err)
	}
	options := bot.Options{
		BotToken: in.ws.BotToken(), AppToken: in.ws.AppToken(), Store: in.store, Policy: in.policy, Words: words,
		Log: zerolog.Nop(), Observer: with.observer,
	}
	if with.wrap != nil {
		options.Store = with.wrap(in.store)
	}
	var closeNet func()
	if with.bubble {
		net := slacksim.Listen(in.ws)
		options.APIURL, options.HTTPClient, closeNet = net.APIURL(), net.Client(), net.Close
		options.Dialer = &websocket.Dialer{NetDialContext: net.DialContext}
	} else {
		server := httptest.NewServer(in.ws.Handler())
		transport := &http.Transport{MaxIdleConnsPerHost: 20}
		options.APIURL, options.HTTPClient, closeNet = server.URL+"/api/", &http.Client{Transport: transport, Timeout: 30 * time.Second}, func() {
			transport.CloseIdleConnections()
			server.Close()
		}
	}
	b, err := bot.New(options)
	if err != nil {
		in.Fatal(err)
	}
	ctx, cancel := context.WithCancel(in.Context())
	ended := make(chan error, 1)
	go func() { ended <- b.Run(ctx) }()
	in.stop = sync.OnceFunc(func() {
		cancel()
		if err := <-ended; err != nil {
			in.Errorf("the bot ended: %v", err)
		}
		in.ws.Close()
		closeNet()
		if err := in.store.Close(); err != nil {
			in.Error(err)
		}
	})
	if err := in.ws.AwaitSockets(ctx, 2); err != nil {
		in.Fatal(err)
	}
}

// people are members who may do everything.
func people() []string {
	return []string{"alice", "bob", "carol", "dave", "minjun", "seoyeon", "jiho", "haeun", "erin", "frank", "grace", "heidi"}
}

// types has a person type a line and fails the measure when it does not work.
func (in *inside) types(handle, channel, line string) {
	in.Helper()
	if _, err := in.ws.Person(handle).In(channel).Types(in.Context(), line); err != nil {
		in.Errorf("%s types %q: %v", handle, line, err)
	}
}

// filling is what a store is filled with.
type filling struct {
	count, open int                            // the open ones are the newest
	declared    func(i int) time.Time          // when
	channel     func(i int) (id, name string)  // nil: made-up ones
	history     func(i int) []incident.Command // between the declaration and the end; nil: some roles and an update
}

// fill puts incidents into a store through its public API, as commands would, many at a time. Their effects are left out:
// they were performed long ago.
func fill(t *testing.T, store *storage.Stores, policy *incident.Policy, f filling) {
	t.Helper()
	together(f.count, 1024, func(i int) {
		if _, err := store.Create(t.Context(), "", func(id incident.ID) (incident.Outcome, error) { return f.one(id, i, policy) }); err != nil {
			t.Error(err)
		}
	})
	if t.Failed() {
		t.FailNow()
	}
}

// together does something so many times, several at once, in the order of their numbers.
func together(times, atOnce int, do func(i int)) {
	numbers := make(chan int)
	var doing sync.WaitGroup
	for range atOnce {
		doing.Go(func() {
			for i := range numbers {
				do(i)
			}
		})
	}
	for i := range times {
		numbers <- i
	}
	close(numbers)
	doing.Wait()
}

// one is the life of an incident in one outcome.
func (f filling) one(id incident.ID, i int, policy *incident.Policy) (incident.Outcome, error) {
	users := slacksim.DefaultUsers()
	who := func(n int) incident.Actor {
		return incident.Actor{ID: incident.UserID(users[(i+n)%len(people())].ID), Kind: incident.Person}
	}
	channel, name := fmt.Sprintf("C0FILL%06d", i), fmt.Sprintf("inc-%d", i)
	if f.channel != nil {
		channel, name = f.channel(i)
	}
	place := incident.ChannelID(channel)
	commands := []incident.Command{
		incident.Declare{Title: fmt.Sprintf("Checkout is down in region %d", i), Severity: []incident.Severity{"sev1", "sev2", "sev3"}[i%3]},
		incident.RecordChannel{Channel: place, Name: name},
		incident.RecordMembers{Users: []incident.UserID{who(0).ID}},
		incident.RecordCard{Card: incident.MessageRef{Channel: place, TS: "1700000000.000100"}},
		incident.RecordAnnouncement{Announcement: incident.MessageRef{Channel: "C0ANNOUNCE", TS: "1700000000.000200"}},
	}
	if f.history != nil {
		commands = append(commands, f.history(i)...)
	} else {
		commands = append(commands, incident.AssignRole{Role: incident.IncidentManager, Assignee: who(0)}, incident.AssignRole{Role: incident.TechLead, Assignee: who(1)},
			incident.ChangeStatus{Verb: incident.VerbFix},
			incident.PostUpdate{Text: incident.UpdateText{State: "The database is being moved to another host; half of the payments fail until then."}})
	}
	if i < f.count-f.open {
		commands = append(commands, incident.ChangeStatus{Verb: incident.VerbResolve, Text: "It works again."}, incident.RecordArchived{Archived: true},
			incident.ChangeStatus{Verb: incident.VerbClose, Text: "Reviewed."})
	}
	now := f.declared(i)
	var all incident.Outcome
	for _, command := range commands {
		actor := who(0)
		switch command.(type) {
		case incident.RecordChannel, incident.RecordMembers, incident.RecordCard, incident.RecordAnnouncement, incident.RecordArchived:
			actor = incident.Muster
		}
		next, err := incident.Step(all.State, id, command, actor, now, policy)
		if err != nil {
			return incident.Outcome{}, fmt.Errorf("%T: %w", command, err)
		}
		all = incident.Outcome{State: next.State, Entries: append(all.Entries, next.Entries...), NextDue: next.NextDue}
	}
	return all, nil
}
