package perform_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/robfig/cron/v3"
	"github.com/rs/zerolog"
	"github.com/slack-go/slack"

	"muster/bot/desk"
	"muster/bot/slack/manifest"
	"muster/bot/slack/pacer"
	"muster/bot/slack/perform"
	"muster/bot/slack/view"
	"muster/bot/slacksim"
	"muster/bot/worker"
	"muster/incident"
	"muster/incident/ledger"
	"muster/incident/registry"
	"muster/storage"
	"muster/storage/local"
	"muster/templates"
)

// The people of the stories, and the group that severity 1 brings in.
const (
	alice = incident.UserID("U0ALICE001")
	bob   = incident.UserID("U0BOB00002")
	carol = incident.UserID("U0CAROL003")
	gone  = incident.UserID("U0GONE0016")
	sre   = incident.GroupID("S0SRE00001")
)

// world is a workspace, a store and a worker between them, in a bubble of its own time.
type world struct {
	*slacksim.Workspace
	t      *testing.T
	net    *slacksim.Network
	policy *incident.Policy
	words  *templates.Words
	views  view.Views
	path   string
	store  *storage.Stores
	paces  pacer.Options
	deadly func(point string) bool // whether the program dies at a point of a job's life; may be nil
	drain  time.Duration           // how long what is dead or ending goes on trying; 0: as in production
	seen   *observer

	process *process
	nextKey int
}

// process is what of the world dies when the program is killed.
type process struct {
	dead   atomic.Bool
	cancel context.CancelFunc
	cut    chan struct{} // closed when it dies
	ended  chan struct{}
}

var errDead = errors.New("the process was killed")

// english is read once: words never change.
var english = sync.OnceValues(func() (*templates.Words, error) { return templates.Load("en", nil) })

// inWorld runs a story, beside others. Rates are off unless the story turns them on.
func inWorld(t *testing.T, change func(w *world, o *slacksim.Options), story func(w *world)) {
	t.Helper()
	t.Parallel()
	path := filepath.Join(memoryDir(t), "muster.db")
	synctest.Test(t, func(t *testing.T) {
		w := &world{t: t, path: path, policy: incident.DefaultPolicy(), paces: pacer.Options{Unlimited: true}, seen: &observer{}}
		options := slacksim.Options{Manifest: appManifest(t), Users: slacksim.DefaultUsers(), UserGroups: slacksim.DefaultUserGroups(), Channels: slacksim.DefaultChannels()}
		options.Channels[2].App = true // where the message stands that the stories begin with
		if change != nil {
			change(w, &options)
		}
		var err error
		if w.Workspace, err = slacksim.New(options); err != nil {
			t.Fatal(err)
		}
		w.net = slacksim.Listen(w.Workspace)
		if w.words, err = english(); err != nil {
			t.Fatal(err)
		}
		if w.policy.Announcements == "" {
			w.policy.Announcements = incident.ChannelID(w.channel("incidents").ID)
		}
		w.policy.Severities[0].InviteGroups = []incident.GroupID{sre}
		if err := w.policy.Compile(func(spec string) (incident.Schedule, error) { return cron.ParseStandard(spec) }); err != nil {
			t.Fatal(err)
		}
		w.views = view.Views{Words: w.words, Policy: w.policy, Command: "/incident"}
		w.start()
		defer func() {
			w.stop()
			w.Workspace.Close()
			w.net.Close()
			synctest.Wait()
		}()
		story(w)
	})
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

// appManifest is the program's manifest.
func appManifest(t testing.TB) []byte {
	t.Helper()
	data, err := manifest.New(manifest.Options{}).JSON()
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// start starts the program.
func (w *world) start() {
	w.t.Helper()
	var err error
	if w.store, err = local.Open(w.path, local.Options{}); err != nil {
		w.t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(w.t.Context())
	p := &process{cancel: cancel, cut: make(chan struct{}), ended: make(chan struct{})}
	w.process = p
	paces := pacer.New(w.paces)
	transport := paces.Transport(mortal{w.net.Client().Transport, p})
	store := storage.NewStores(&mortalEngine{w.store.Engine, p}, w.policy, nil)
	medium := perform.New(perform.Options{
		Store: w.store, Pacer: paces, People: members{}, Views: w.views, Policy: w.policy,
		Client:  slack.New(w.BotToken(), slack.OptionAPIURL(w.net.APIURL()), slack.OptionHTTPClient(&http.Client{Transport: transport})),
		BotUser: func() incident.UserID { return incident.UserID(w.BotUserID()) },
	})
	made, err := worker.New(worker.Options{
		Queue: store, Desk: desk.New(desk.Options{Store: store, People: members{}, Policy: w.policy, Log: zerolog.Nop()}), Effects: registry.Effects(), Media: []worker.Medium{medium},
		Observer: w.seen, Log: zerolog.New(testLog{w.t}), Random: rand.New(rand.NewPCG(1, 2)), At: p.mortality(w.deadly), Drain: w.drain,
	})
	if err != nil {
		w.t.Fatal(err)
	}
	go func() {
		defer close(p.ended)
		if err := made.Run(ctx); err != nil {
			w.t.Errorf("run: %v", err)
		}
	}()
}

type testLog struct{ t *testing.T }

func (l testLog) Write(line []byte) (int, error) {
	if testing.Verbose() {
		l.t.Logf("%s %s", time.Now().Format("15:04:05.000"), strings.TrimSpace(string(line)))
	}
	return len(line), nil
}

// stop ends the program as SIGTERM does.
func (w *world) stop() {
	w.process.cancel()
	<-w.process.ended
	if err := w.store.Close(); err != nil {
		w.t.Errorf("close the store: %v", err)
	}
}

// kill ends the program as SIGKILL does: from this instant on nothing that it does reaches Slack or the disk, and it hears of
// nothing that it has asked.
func (p *process) kill() {
	if p.dead.CompareAndSwap(false, true) {
		close(p.cut)
		p.cancel()
	}
}

// mortality is the worker's hook that has the process die where deadly says so.
func (p *process) mortality(deadly func(point string) bool) func(point string) {
	return func(point string) {
		if deadly != nil && deadly(point) {
			p.kill()
		}
	}
}

// restart starts the program again once it is dead.
func (w *world) restart() {
	w.stop()
	w.start()
}

// mortal is a transport that dies with its process.
type mortal struct {
	http.RoundTripper
	process *process
}

func (m mortal) RoundTrip(request *http.Request) (*http.Response, error) {
	if m.process.dead.Load() {
		return nil, errDead
	}
	ctx, cancel := context.WithCancel(request.Context())
	go func() {
		select {
		case <-m.process.cut:
			cancel()
		case <-ctx.Done():
		}
	}()
	answer, err := m.RoundTripper.RoundTrip(request.WithContext(ctx))
	if err != nil {
		cancel()
		return nil, err
	}
	answer.Body = mortalBody{answer.Body, cancel}
	return answer, nil
}

// mortalBody is the rest of an answer.
type mortalBody struct {
	io.ReadCloser
	cancel context.CancelFunc
}

func (b mortalBody) Close() error {
	defer b.cancel()
	return b.ReadCloser.Close()
}

// mortalEngine is an engine that dies with its process.
type mortalEngine struct {
	storage.Engine
	process *process
}

func (m *mortalEngine) Finish(ctx context.Context, job incident.Job, ending storage.Ending) error {
	if m.process.dead.Load() {
		return errDead
	}
	return m.Engine.Finish(ctx, job, ending)
}

func (m *mortalEngine) Retry(ctx context.Context, job incident.Job, at time.Time, reason string) error {
	if m.process.dead.Load() {
		return errDead
	}
	return m.Engine.Retry(ctx, job, at, reason)
}

func (m *mortalEngine) SetAside(ctx context.Context, job incident.Job, condition string, still func(storage.State) (bool, error)) (bool, error) {
	if m.process.dead.Load() {
		return false, errDead
	}
	return m.Engine.SetAside(ctx, job, condition, still)
}

// members takes everybody for a member of the workspace.
type members struct{}

func (members) Actor(_ context.Context, user incident.UserID) (incident.Actor, error) {
	return person(user), nil
}

// observer counts.
type observer struct {
	mu     sync.Mutex
	failed []string
	away   int
}

func (o *observer) Performed(incident.EffectKind, time.Duration) {}
func (o *observer) Retried(incident.EffectKind, string)          {}
func (o *observer) Failed(kind incident.EffectKind, reason string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.failed = append(o.failed, string(kind)+" "+reason)
}
func (o *observer) Away(ledger.Medium, string, time.Time) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.away++
}

// declare raises an incident as a person's command does.
func (w *world) declare(by incident.UserID, c incident.Declare) incident.Incident {
	w.t.Helper()
	w.nextKey++
	out, err := w.store.Create(w.t.Context(), fmt.Sprintf("test/%d", w.nextKey), func(id incident.ID) (incident.Outcome, error) {
		return incident.Step(incident.Incident{}, id, c, person(by), time.Now(), w.policy)
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return out.State
}

func person(id incident.UserID) incident.Actor { return incident.Actor{ID: id, Kind: incident.Person} }

// do applies a command of a person; of nobody, it is Muster's.
func (w *world) do(of incident.ID, by incident.UserID, c incident.Command) {
	w.t.Helper()
	actor := incident.Muster
	if by != "" {
		actor = person(by)
	}
	_, err := w.store.Apply(w.t.Context(), of, "", func(current incident.Incident) (incident.Outcome, error) {
		return incident.Step(current, of, c, actor, time.Now(), w.policy)
	})
	if err != nil {
		w.t.Fatalf("%T: %v", c, err)
	}
}

func (w *world) incident(of incident.ID) incident.Incident {
	w.t.Helper()
	in, err := w.store.Get(w.t.Context(), of)
	if err != nil {
		w.t.Fatal(err)
	}
	return in
}

func (w *world) jobs(state incident.JobState) []incident.Job {
	w.t.Helper()
	jobs, err := w.store.Jobs(w.t.Context(), state, 0)
	if err != nil {
		w.t.Fatal(err)
	}
	return jobs
}

// settle lets time pass until nothing waits in the outbox; it reports whether that came within the limit. A program that was
// killed is started again.
func (w *world) settle(limit time.Duration) bool {
	w.t.Helper()
	pulse := time.NewTicker(500 * time.Millisecond)
	defer pulse.Stop()
	for began := time.Now(); ; <-pulse.C {
		synctest.Wait()
		if w.process.dead.Load() {
			w.restart()
			continue
		}
		if len(w.jobs(incident.JobsWaiting))+len(w.jobs(incident.JobsRunning)) == 0 {
			return true
		}
		if time.Since(began) > limit {
			return false
		}
	}
}

func (w *world) mustSettle() {
	w.t.Helper()
	if !w.settle(time.Hour) {
		for _, job := range w.jobs(incident.JobsAll) {
			w.t.Logf("%+v", job)
		}
		w.t.Fatal("effects still wait after an hour")
	}
}

// pass lets time pass.
func (w *world) pass(d time.Duration) {
	<-time.After(d)
	synctest.Wait()
}

// channel is a channel as the workspace has it.
func (w *world) channel(name string) slacksim.Channel {
	w.t.Helper()
	for _, who := range []string{"alice", "bob"} {
		if found, ok := w.Person(who).Channel(name); ok {
			return found
		}
	}
	w.t.Fatalf("there is no channel %s", name)
	return slacksim.Channel{}
}

func (w *world) channelOf(of incident.ID) slacksim.Channel {
	w.t.Helper()
	return w.channel(string(w.incident(of).Channel.ID))
}

// texts are the messages of a channel that are not Slack's own lines, as their notifications read.
func (w *world) texts(who, channel string) []string {
	var texts []string
	for _, m := range w.Person(who).History(channel, 0) {
		if m.Subtype == "" {
			texts = append(texts, m.Fallback)
		}
	}
	return texts
}

func (w *world) direct(who string) []string {
	var texts []string
	for _, m := range w.Person(who).SeesAll(slacksim.Direct(), slacksim.FromApp()) {
		texts = append(texts, m.Fallback)
	}
	return texts
}

func count(texts []string, part string) int {
	n := 0
	for _, text := range texts {
		if strings.Contains(text, part) {
			n++
		}
	}
	return n
}

// picture is everything that the people of the stories see, without what differs from run to run: a line each, sorted.
func (w *world) picture() []string {
	var lines, names []string
	seen := map[string]bool{}
	for _, who := range []string{"alice", "bob", "carol", "dave", "jiho", "erin"} {
		for _, channel := range w.Person(who).Channels() {
			if seen[channel.ID] {
				continue
			}
			seen[channel.ID] = true
			name := channel.Name
			if channel.IM {
				name = "direct to " + who
			}
			names = append(names, channel.ID, name)
			lines = append(lines, fmt.Sprintf("%s archived=%v private=%v topic=%q pins=%d members=%v",
				name, channel.Archived, channel.Private, channel.Topic.Value, len(channel.Pins), slices.Sorted(slices.Values(channel.Members))))
			lines = append(lines, w.messages(who, channel.ID, name)...)
		}
		if home, ok := w.Person(who).Home(); ok {
			lines = append(lines, fmt.Sprintf("home of %s: %d blocks", who, blocksIn(w.t, home)))
		}
	}
	plain := strings.NewReplacer(names...)
	for i, line := range lines {
		lines[i] = plain.Replace(line)
	}
	slices.Sort(lines)
	return lines
}

func (w *world) messages(who, channel, name string) []string {
	var lines []string
	for _, m := range w.Person(who).History(channel, 0) {
		if m.Subtype == "channel_topic" {
			continue // how often the topic changed on its way is nobody's concern
		}
		text := m.Fallback
		for _, r := range m.Reactions {
			text += fmt.Sprintf(" :%s: %d", r.Name, len(r.Users))
		}
		lines = append(lines, fmt.Sprintf("%s | %s %s pinned=%v | %s", name, m.User, m.Subtype, m.Pinned, text))
		for _, reply := range w.Person(who).Replies(channel, m.TS) {
			if reply.TS != m.TS {
				lines = append(lines, fmt.Sprintf("%s | reply to %q | %s", name, m.Fallback, reply.Fallback))
			}
		}
	}
	return lines
}

func blocksIn(t *testing.T, home slacksim.View) int {
	t.Helper()
	data, err := json.Marshal(home)
	if err != nil {
		t.Fatal(err)
	}
	return strings.Count(string(data), `"block_id"`)
}
