package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"muster/bot/slack/manifest"
	"muster/bot/slacksim"
	"muster/cmd/muster/control"
)

// patience is how long a test waits for what should come at once.
const patience = 20 * time.Second

// shared is a buffer that a program writes to while the test reads it.
type shared struct {
	mu      sync.Mutex
	b       bytes.Buffer
	written chan struct{} // closed at the next write; nil: nobody waits for one
}

func (s *shared) Write(data []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.written != nil {
		close(s.written)
		s.written = nil
	}
	return s.b.Write(data)
}

func (s *shared) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

// await waits until the text has been written.
func (s *shared) await(ctx context.Context, text string) error {
	for {
		s.mu.Lock()
		if strings.Contains(s.b.String(), text) {
			s.mu.Unlock()
			return nil
		}
		if s.written == nil {
			s.written = make(chan struct{})
		}
		written := s.written
		s.mu.Unlock()
		select {
		case <-written:
		case <-ctx.Done():
			return fmt.Errorf("nobody wrote %q: %w", text, ctx.Err())
		}
	}
}

// slackAt is a workspace with Muster installed, served on loopback.
func slackAt(t *testing.T) (*slacksim.Workspace, map[string]string) {
	t.Helper()
	installed, err := manifest.New(manifest.Options{}).JSON()
	if err != nil {
		t.Fatal(err)
	}
	ws, err := slacksim.New(slacksim.Options{Manifest: installed, BotToken: "xoxb-open-sesame", AppToken: "xapp-open-sesame"})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(ws.Handler())
	t.Cleanup(func() {
		ws.Close()
		server.Close()
	})
	return ws, map[string]string{
		"SLACK_BOT_TOKEN": ws.BotToken(), "SLACK_APP_TOKEN": ws.AppToken(), "SLACK_API_URL": server.URL + "/api", // without the slash
	}
}

// started runs a command line as the process would; the last result brings its exit code.
func started(t *testing.T, environment map[string]string, args ...string) (out, errors *shared, stop func(), code <-chan int) {
	t.Helper()
	out, errors = &shared{}, &shared{}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan int, 1)
	go func() {
		ended <- run(ctx, &program{out: out, errors: errors, environment: func(name string) string { return environment[name] }}, args)
	}()
	return out, errors, cancel, ended
}

func within(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	t.Cleanup(cancel)
	return ctx
}

func TestServeRunsUntilItIsToldToEnd(t *testing.T) {
	ws, environment := slackAt(t)
	database := filepath.Join(t.TempDir(), "muster.db")
	metrics := freeAddress(t)
	file := filepath.Join(t.TempDir(), "config.yaml")
	if err := os.WriteFile(file, fmt.Appendf(nil, "database: %s\nmetrics: %s\nlog_level: debug\n", database, metrics), 0o600); err != nil {
		t.Fatal(err)
	}
	_, log, stop, code := started(t, environment, "serve", "--config", file)
	if err := ws.AwaitSockets(within(t), 2); err != nil {
		t.Fatalf("%v\n%s", err, log)
	}
	alice := ws.Person("alice")
	reply, err := alice.In("general").Types(within(t), "/incident declare sev1 Checkout is down")
	if err != nil {
		t.Fatalf("%v\n%s", err, log)
	}
	if !strings.Contains(reply.Text(), "INC-1") {
		t.Errorf("the answer is %q", reply.Text())
	}
	if _, err := ws.AwaitEntry(within(t), 0, func(e slacksim.Entry) bool { return e.Method == "pins.add" && e.OK }); err != nil {
		t.Fatalf("the card was not pinned: %v\n%s", err, log)
	}
	for path, want := range map[string]string{"/readyz": "ready", "/healthz": "alive", "/metrics": `muster_incidents{severity="sev1"`} {
		if got := fetch(t, "http://"+metrics+path); !strings.Contains(got, want) {
			t.Errorf("%s holds no %q:\n%s", path, want, got)
		}
	}
	if doc, err := control.Connect(control.Path(database)).Export(within(t), "INC-1"); err != nil || doc.Incident.Title != "Checkout is down" {
		t.Errorf("export from the running bot: %+v, %v", doc.Incident, err)
	}
	out, _, _, checked := started(t, environment, "check", "--config", file)
	if got := <-checked; got != exitDone || !strings.Contains(out.String(), "the bot that runs has 2 open") || !strings.Contains(out.String(), "the app can post to those of all 1") {
		t.Errorf("check says, with exit code %d:\n%s", got, out)
	}
	stop()
	if got := <-code; got != exitDone {
		t.Errorf("exit code %d\n%s", got, log)
	}
	for _, secret := range []string{"sesame", "Checkout"} {
		if strings.Contains(log.String(), secret) {
			t.Errorf("the log holds %q:\n%s", secret, log)
		}
	}
	if _, err := os.Stat(control.Path(database)); !os.IsNotExist(err) {
		t.Errorf("the control socket is still there: %v", err)
	}
}

// Slack refuses the token at the start: the program says so, is not ready, and goes on with everything that needs no Slack.
func TestServeSaysThatSlackRefusesTheToken(t *testing.T) {
	ws, environment := slackAt(t)
	environment["SLACK_BOT_TOKEN"] = "xoxb-another"
	database, metrics := filepath.Join(t.TempDir(), "muster.db"), freeAddress(t)
	file := filepath.Join(t.TempDir(), "config.yaml")
	if err := os.WriteFile(file, fmt.Appendf(nil, "database: %s\nmetrics: %s\n", database, metrics), 0o600); err != nil {
		t.Fatal(err)
	}
	_, log, stop, code := started(t, environment, "serve", "--config", file)
	if _, err := ws.AwaitEntry(within(t), 0, func(e slacksim.Entry) bool { return e.Method == "auth.test" && !e.OK }); err != nil {
		t.Fatalf("%v\n%s", err, log)
	}
	for path, want := range map[string]string{"/healthz": "alive", "/readyz": "no connection to Slack is open"} {
		if got := fetch(t, "http://"+metrics+path); !strings.Contains(got, want) {
			t.Errorf("%s holds no %q:\n%s", path, want, got)
		}
	}
	if _, err := control.Connect(control.Path(database)).Health(within(t)); err != nil {
		t.Errorf("the running bot does not answer: %v", err)
	}
	if err := log.await(within(t), "check SLACK_BOT_TOKEN"); err != nil {
		t.Error(err)
	}
	stop()
	if got := <-code; got != exitDone || !strings.Contains(log.String(), "invalid_auth") {
		t.Errorf("exit code %d\n%s", got, log)
	}
}

func TestCheckFindsWhatIsWrongInSlack(t *testing.T) {
	ws, environment := slackAt(t)
	private, ok := ws.Person("carol").Channel("leads")
	if !ok {
		t.Fatal("there is no private channel")
	}
	text := "announcements: " + private.ID + "\nseverities:\n- name: sev1\n  invite: {users: [U9999999999], groups: [S9999999999]}\n"
	file := filepath.Join(t.TempDir(), "config.yaml")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	none := filepath.Join(t.TempDir(), "muster.db")
	out, _, _, code := started(t, environment, "check", "--config", file, "--database", none)
	if got := <-code; got != exitFailed {
		t.Errorf("exit code %d", got)
	}
	for _, want := range []string{
		"ok      bot token", "ok      app token", "ok      scopes: all ", "ok      clock",
		"PROBLEM announcements: there is no channel " + private.ID, "invite the app if the channel is private",
		"PROBLEM people: U9999999999, whom severity sev1 names, is nobody", "PROBLEM people: there is no user group S9999999999",
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("nothing says %q:\n%s", want, out)
		}
	}
	out, _, _, code = started(t, environment, "check", "--database", none)
	if got := <-code; got != exitDone {
		t.Errorf("with nothing wrong, exit code %d:\n%s", got, out)
	}
	environment["SLACK_APP_TOKEN"] = "xapp-another"
	out, _, _, code = started(t, environment, "check", "--database", none)
	if got := <-code; got != exitFailed || !strings.Contains(out.String(), "PROBLEM app token: Slack refuses it (invalid_auth)") {
		t.Errorf("exit code %d:\n%s", got, out)
	}
}

func TestTheDemoIsKept(t *testing.T) {
	folder := t.TempDir()
	command := demoCommand{Addr: "127.0.0.1:0", Data: folder, Pace: 60, Lang: "en"}
	d, err := command.open()
	if err != nil {
		t.Fatal(err)
	}
	if err := d.bot.start(); err != nil {
		t.Fatal(err)
	}
	if err := d.ws.AwaitSockets(within(t), 2); err != nil {
		t.Fatal(err)
	}
	if _, err := d.ws.Person("alice").In("general").Types(within(t), "/incident declare sev1 Checkout is down"); err != nil {
		t.Fatal(err)
	}
	if _, err := d.ws.AwaitEntry(within(t), 0, func(e slacksim.Entry) bool { return e.Method == "pins.add" && e.OK }); err != nil {
		t.Fatal(err)
	}
	if err := d.close(); err != nil {
		t.Fatal(err)
	}
	if d, err = command.open(); err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := d.close(); err != nil {
			t.Error(err)
		}
	}()
	if d.bot.running() || len(d.outbox()) > 0 {
		t.Error("something runs before it is started")
	}
	if err := d.bot.start(); err != nil {
		t.Fatal(err)
	}
	if err := d.ws.AwaitSockets(within(t), 2); err != nil {
		t.Fatal(err)
	}
	reply, err := d.ws.Person("alice").In("general").Types(within(t), "/inc list")
	if err != nil || !strings.Contains(reply.Text(), "Checkout is down") {
		t.Errorf("after a restart the list says %q, %v", reply.Text(), err)
	}
	if err := d.reset(within(t)); err != nil {
		t.Fatal(err)
	}
	if err := d.ws.AwaitSockets(within(t), 2); err != nil {
		t.Fatal(err)
	}
	reply, err = d.ws.Person("alice").In("general").Types(within(t), "/inc list")
	if err != nil || strings.Contains(reply.Text(), "Checkout is down") {
		t.Errorf("after a reset the list says %q, %v", reply.Text(), err)
	}
}

// Whoever kills the demo finds a Slack that knows whatever it has answered to the bot.
func TestTheDemoForgetsNothingWhenItIsKilled(t *testing.T) {
	command := demoCommand{Addr: "127.0.0.1:0", Data: t.TempDir(), Pace: 1, Lang: "en"}
	d, err := command.open()
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := d.close(); err != nil {
			t.Error(err)
		}
	}()
	request, err := http.NewRequestWithContext(within(t), http.MethodPost, d.bot.service.slack.api+"conversations.create", strings.NewReader("name=inc-1"))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	request.Header.Set("Authorization", "Bearer "+d.ws.BotToken())
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	_ = response.Body.Close()
	kept, err := os.ReadFile(d.file()) // as a kill at this moment leaves it
	if err != nil || !strings.Contains(string(kept), `"inc-1"`) {
		t.Errorf("the file holds nothing of the channel that the bot was told of: %d bytes, %v", len(kept), err)
	}
}

func TestTheDemoServesItsPage(t *testing.T) {
	address := freeAddress(t)
	out, errors, stop, code := started(t, nil, "demo", "--addr", address, "--data", t.TempDir())
	if got := fetch(t, "http://"+address+"/"); !strings.Contains(got, "general") {
		t.Errorf("the page:\n%s", got)
	}
	stop()
	if got := <-code; got != exitDone || !strings.Contains(out.String(), "open http://"+address) {
		t.Errorf("exit code %d\n%s\n%s", got, out, errors)
	}
}

// freeAddress is an address that nobody listens at.
func freeAddress(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return listener.Addr().String()
}

// fetch asks until somebody answers.
func fetch(t *testing.T, url string) string {
	t.Helper()
	ctx, tick := within(t), time.NewTicker(20*time.Millisecond)
	defer tick.Stop()
	for {
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
		if err != nil {
			t.Fatal(err)
		}
		response, err := http.DefaultClient.Do(request)
		if err == nil {
			defer response.Body.Close()
			body, err := io.ReadAll(response.Body)
			if err != nil {
				t.Fatal(err)
			}
			return string(body)
		}
		select {
		case <-ctx.Done():
			t.Fatalf("nobody answers at %s: %v", url, err)
		case <-tick.C:
		}
	}
}
