package slack_test

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"muster/bot"
	"muster/bot/slack/manifest"
	"muster/bot/slacksim"
	"muster/incident"
	"muster/storage"
	"muster/storage/local"
	"muster/templates"

	"github.com/google/go-cmp/cmp"
	"github.com/gorilla/websocket"
	"github.com/robfig/cron/v3"
	"github.com/rs/zerolog"
)

// house is the whole of Muster against a whole Slack: the real bot on the real slack-go client, the real store on disk, and
// a workspace of people, joined by connections in memory. It lives in a synctest bubble, where hours pass in milliseconds.
type house struct {
	*testing.T
	ws     *slacksim.Workspace
	net    *slacksim.Network
	dir    string
	policy *incident.Policy
	words  *templates.Words
	log    *logBook
	adjust func(*bot.Options)
	typed  []string // what people wrote; none of it may stand in the log
	rough  bool     // the story breaks something on purpose: errors in the log and failed effects are expected

	store *storage.Stores
	stop  func() // lets the bot drain and closes the store
}

// setup is what a story may want otherwise than it is by default.
type setup struct {
	language string
	policy   func(*incident.Policy)
	slack    func(*slacksim.Options)
	bot      func(*bot.Options)
	rough    bool
	cadence  func(spec string, schedule incident.Schedule) incident.Schedule // what stands in for a compiled cadence
}

const (
	announcements = "incidents"
	atOnce        = time.Second // how long people wait for what should come at once
)

// inHouse runs a story in a bubble, beside others.
func inHouse(t *testing.T, with setup, story func(h *house)) {
	t.Helper()
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(t, with)
		h.start()
		defer func() {
			h.stop()
			h.ws.Close()
			h.net.Close()
			synctest.Wait()
		}()
		story(h)
		h.review()
	})
}

func newHouse(t *testing.T, with setup) *house {
	t.Helper()
	options := slacksim.Options{Rates: true, Manifest: must(t)(manifest.New(manifest.Options{Alias: "/inc"}).JSON())}
	if with.slack != nil {
		with.slack(&options)
	}
	ws, err := slacksim.New(options)
	if err != nil {
		t.Fatal(err)
	}
	h := &house{T: t, ws: ws, net: slacksim.Listen(ws), dir: memoryDir(t), log: &logBook{}, adjust: with.bot, rough: with.rough}
	if with.language == "" {
		with.language = "en"
	}
	if h.words, err = templates.Load(with.language, nil); err != nil {
		t.Fatal(err)
	}
	h.policy = incident.DefaultPolicy()
	channel, ok := h.ws.Person("alice").Channel(announcements)
	if !ok {
		t.Fatal("there is no channel to announce in")
	}
	h.policy.Announcements = incident.ChannelID(channel.ID)
	if with.policy != nil {
		with.policy(h.policy)
	}
	err = h.policy.Compile(func(spec string) (incident.Schedule, error) {
		schedule, err := cron.ParseStandard(spec)
		if err == nil && with.cadence != nil {
			return with.cadence(spec, schedule), nil
		}
		return schedule, err
	})
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// memoryDir is a folder in memory where the machine has one: stories are about what happens, and crash campaigns about disks.
func memoryDir(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("/dev/shm", "muster")
	if err != nil {
		return t.TempDir()
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	return dir
}

func must(t *testing.T) func(data []byte, err error) []byte {
	return func(data []byte, err error) []byte {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return data
	}
}

// start starts the bot and returns once it listens.
func (h *house) start() {
	h.Helper()
	h.launch()
	if err := h.ws.AwaitSockets(h.Context(), 2); err != nil {
		h.Fatal(err)
	}
	synctest.Wait()
}

// launch starts the bot, whether it will be heard in Slack or not.
func (h *house) launch() {
	h.Helper()
	store, err := local.Open(filepath.Join(h.dir, "muster.db"), local.Options{Policy: h.policy})
	if err != nil {
		h.Fatal(err)
	}
	if err := store.Reindex(h.Context()); err != nil {
		h.Fatal(err)
	}
	options := bot.Options{
		BotToken: h.ws.BotToken(), AppToken: h.ws.AppToken(), APIURL: h.net.APIURL(), HTTPClient: h.net.Client(),
		Dialer: &websocket.Dialer{NetDialContext: h.net.DialContext},
		Store:  store, Policy: h.policy, Words: h.words, Log: zerolog.New(h.log).With().Timestamp().Logger(),
	}
	if h.adjust != nil {
		h.adjust(&options)
	}
	b, err := bot.New(options)
	if err != nil {
		h.Fatal(err)
	}
	ctx, cancel := context.WithCancel(h.Context())
	ended := make(chan error, 1)
	go func() { ended <- b.Run(ctx) }()
	var once sync.Once
	h.store, h.stop = store, func() {
		once.Do(func() {
			cancel()
			if err := <-ended; err != nil {
				h.Errorf("the bot ended: %v", err)
			}
			if err := store.Close(); err != nil {
				h.Errorf("close the store: %v", err)
			}
		})
	}
}

// person is somebody of the workspace; what they cannot do fails the story.
type person struct {
	h *house
	*slacksim.Person
}

func (h *house) person(handle string) person { return person{h, h.ws.Person(handle)} }

// types is to type something in a channel; it answers what the person alone saw.
func (p person) types(channel, text string) string {
	p.h.Helper()
	p.h.typed = append(p.h.typed, text)
	reply, err := p.In(channel).Types(p.h.Context(), text)
	if err != nil {
		p.h.Fatalf("%s types %q: %v", p.Handle, text, err)
	}
	return reply.Text()
}

// sees waits for a message for as long as patience lasts.
func (p person) sees(matches ...slacksim.Match) slacksim.Message {
	p.h.Helper()
	message, err := p.within(atOnce*30, matches...)
	if err != nil {
		p.h.Fatalf("%v; %s sees:\n%s", err, p.Handle, p.everything())
	}
	return message
}

func (p person) within(patience time.Duration, matches ...slacksim.Match) (slacksim.Message, error) {
	ctx, cancel := context.WithTimeout(p.h.Context(), patience)
	defer cancel()
	return p.Sees(ctx, matches...)
}

// everything is all that a person can see, for a failing story.
func (p person) everything() string {
	var lines []string
	for _, message := range p.SeesAll() {
		lines = append(lines, message.Channel+" "+message.User+": "+strings.ReplaceAll(message.Text(), "\n", "\n    "))
	}
	return strings.Join(lines, "\n")
}

// clicks presses a button of a message as it stands once everything has settled.
func (p person) clicks(message slacksim.Message, label string) {
	p.h.Helper()
	synctest.Wait()
	if now, found := p.Looks(slacksim.The(message)); found {
		message = now
	}
	if err := message.Button(label).Click(p.h.Context(), p.Person); err != nil {
		p.h.Fatalf("%s clicks %q: %v; there are %s", p.Handle, label, err, labels(message.Elements()))
	}
}

func labels(elements []slacksim.Element) string {
	var all []string
	for _, element := range elements {
		name := element.ActionID
		for _, text := range []*slacksim.Text{element.Text, element.Placeholder} {
			if text != nil {
				name += " " + strconv.Quote(text.Text)
			}
		}
		all = append(all, element.Type+" "+name)
	}
	return strings.Join(all, "; ")
}

// modal waits for the form that opened for the person.
func (p person) modal() slacksim.View {
	p.h.Helper()
	ctx, cancel := context.WithTimeout(p.h.Context(), atOnce*5)
	defer cancel()
	form, err := p.SeesView(ctx, nil)
	if err != nil {
		p.h.Fatal(err)
	}
	return form
}

func (p person) fills(form slacksim.View, fieldThenText ...string) {
	p.h.Helper()
	p.h.typed = append(p.h.typed, fieldThenText...)
	for i := 0; i < len(fieldThenText); i += 2 {
		if err := form.Fill(p.h.Context(), fieldThenText[i], fieldThenText[i+1]); err != nil {
			p.h.Fatalf("fill %q: %v; there are %s", fieldThenText[i], err, labels(form.Elements()))
		}
	}
}

// submits sends a form and answers what is wrong with it.
func (p person) submits(form slacksim.View) slacksim.FieldErrors {
	p.h.Helper()
	wrong, err := form.Submit(p.h.Context())
	if err != nil {
		p.h.Fatalf("submit: %v", err)
	}
	return wrong
}

// declared has alice declare an incident and answers it once its channel stands with its card in it.
func (h *house) declared(line string) incident.Incident {
	h.Helper()
	alice := h.person("alice")
	alice.types("general", "/incident declare "+line)
	h.settle()
	page, err := h.store.List(h.Context(), incident.Query{Scope: incident.ScopeOpen, AllSeen: true, Limit: 100})
	if err != nil || len(page.Incidents) == 0 {
		h.Fatalf("nothing was declared: %v", err)
	}
	newest := page.Incidents[0]
	for _, in := range page.Incidents {
		if in.ID.Number() > newest.ID.Number() {
			newest = in
		}
	}
	return newest
}

// settle lets everything that was set off come to its end: nothing waits in the outbox any more, and nothing runs.
func (h *house) settle() {
	h.Helper()
	for i := range 2000 {
		synctest.Wait()
		_, waiting := h.store.NextJob(h.Context())
		running, err := h.store.Jobs(h.Context(), incident.JobsRunning, 1)
		if err != nil {
			h.Fatal(err)
		}
		if len(running) == 0 && !waiting {
			return
		}
		pass(time.Duration(min(1+i/10, 10)) * 100 * time.Millisecond)
	}
	h.Fatal("the outbox does not come to rest")
}

// pass lets simulated time pass.
func pass(d time.Duration) {
	timer := time.NewTimer(d)
	<-timer.C
}

func (h *house) get(id incident.ID) incident.Incident {
	h.Helper()
	in, err := h.store.Get(h.Context(), id)
	if err != nil {
		h.Fatal(err)
	}
	return in
}

// holds checks the law that a timeline folds to its snapshot.
func (h *house) holds(id incident.ID) {
	h.Helper()
	want := h.get(id)
	entries, err := h.store.Timeline(h.Context(), id, 0, 100000)
	if err != nil {
		h.Fatal(err)
	}
	var got incident.Incident
	for _, entry := range entries {
		got = incident.Fold(got, entry)
	}
	wantJSON, err := json.Marshal(want)
	gotJSON, err2 := json.Marshal(got)
	if err := errors.Join(err, err2); err != nil {
		h.Fatal(err)
	}
	if diff := cmp.Diff(string(wantJSON), string(gotJSON)); diff != "" {
		h.Errorf("%s: the timeline does not fold to the snapshot:\n%s", id, diff)
	}
}
