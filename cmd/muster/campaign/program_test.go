package campaign

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"muster/bot/slack/manifest"
	"muster/bot/slacksim"
)

// program is a built muster and the Slack it talks to.
type program struct {
	*testing.T
	binary string
	dir    string
	ws     *slacksim.Workspace
	server *httptest.Server
	config string // the file
	basics string // of which this is always in it

	lost, doubled, leaked int            // what verify found
	shown                 map[string]int // what it looked for, by what it was
	looked                int            // what it looked at for leaks

	mu   sync.Mutex
	logs bytes.Buffer
}

var (
	buildOnce sync.Once
	built     string
	buildErr  error
)

// build makes the program with its crash points, once for all tests.
func build(t *testing.T) string {
	t.Helper()
	buildOnce.Do(func() {
		dir, err := os.MkdirTemp("", "muster-campaign")
		if err != nil {
			buildErr = err
			return
		}
		built = filepath.Join(dir, "muster")
		out, err := exec.Command("go", "build", "-tags", "crashpoints", "-o", built, "muster/cmd/muster").CombinedOutput()
		if err != nil {
			buildErr = fmt.Errorf("build: %w\n%s", err, out)
		}
	})
	if buildErr != nil {
		t.Fatal(buildErr)
	}
	return built
}

func TestMain(m *testing.M) {
	code := m.Run()
	if built != "" {
		_ = os.RemoveAll(filepath.Dir(built))
	}
	os.Exit(code)
}

func newProgram(t *testing.T, seed uint64) *program {
	t.Helper()
	app, err := manifest.New(manifest.Options{}).JSON()
	if err != nil {
		t.Fatal(err)
	}
	ws, err := slacksim.New(slacksim.Options{Manifest: app, Seed: seed})
	if err != nil {
		t.Fatal(err)
	}
	p := &program{T: t, shown: map[string]int{}, binary: build(t), dir: t.TempDir(), ws: ws, server: httptest.NewServer(ws.Handler())}
	t.Cleanup(func() {
		ws.Close()
		p.server.Close()
	})
	announcements, _ := ws.Person("alice").Channel("incidents")
	p.config = filepath.Join(p.dir, "config.yaml")
	p.basics = fmt.Sprintf("database: %s\nannouncements: %s\nreminders:\n  no_manager: {after: 0s, every: 0s, times: 1}\n  role_empty: {after: 0s, every: 0s, times: 1}\n", p.database(), announcements.ID)
	p.configures("")
	return p
}

// configures replaces what the configuration has beside the basics.
func (p *program) configures(text string) {
	p.Helper()
	if err := os.WriteFile(p.config, []byte(p.basics+text), 0o600); err != nil {
		p.Fatal(err)
	}
}

func (p *program) database() string { return filepath.Join(p.dir, "muster.db") }

// Write takes what a child logs.
func (p *program) Write(data []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.logs.Write(data)
}

// log is the end of what the children logged.
func (p *program) log() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	lines := strings.Split(p.logs.String(), "\n")
	return strings.Join(lines[max(0, len(lines)-40):], "\n")
}

// child is one run of the program.
type child struct {
	*exec.Cmd
	ended chan error
}

// start runs the program, to crash at a point or, without one, not by itself.
func (p *program) start(crashAt string) *child {
	p.Helper()
	c := &child{Cmd: exec.Command(p.binary, "serve", "--config", p.config), ended: make(chan error, 1)}
	c.Env = append(os.Environ(), "SLACK_API_URL="+p.server.URL+"/api/", "SLACK_BOT_TOKEN="+p.ws.BotToken(), "SLACK_APP_TOKEN="+p.ws.AppToken(),
		"MUSTER_CRASH_AT="+crashAt)
	c.Stdout, c.Stderr = p, p
	if err := c.Start(); err != nil {
		p.Fatal(err)
	}
	go func() { c.ended <- c.Wait() }()
	return c
}

// stop ends the program kindly and fails the test when it does not go.
func (p *program) stop(c *child) {
	p.Helper()
	if err := c.Process.Signal(syscall.SIGTERM); err != nil {
		p.Fatal(err)
	}
	select {
	case err := <-c.ended:
		var exit *exec.ExitError
		if errors.As(err, &exit) {
			p.Fatalf("muster ended with %v:\n%s", err, p.log())
		}
	case <-time.After(20 * time.Second):
		_ = c.Process.Kill()
		p.Fatalf("muster did not end within 20 s of SIGTERM:\n%s", p.log())
	}
}

// listening waits until the program has its sockets open; false when it ended before that.
func (p *program) listening(ctx context.Context, c *child) bool {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	ready := make(chan error, 1)
	go func() { ready <- p.ws.AwaitSockets(ctx, 1) }()
	select {
	case err := <-ready:
		return err == nil
	case err := <-c.ended:
		c.ended <- err
		return false
	}
}
