package campaign

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"muster/cmd/muster/config"
	"muster/storage/local"
)

// released builds the program as it is released (make build).
func released(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "muster")
	command := exec.Command("go", "build", "-trimpath", "-ldflags=-s -w", "-o", path, "muster/cmd/muster")
	command.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := command.CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	return path
}

// onDatabase lets the program use another database.
func (p *program) onDatabase(path string) {
	p.Helper()
	announcements, _ := p.ws.Person("alice").Channel("incidents")
	text := fmt.Sprintf("database: %s\nannouncements: %s\n", path, announcements.ID)
	if err := os.WriteFile(p.config, []byte(text), 0o600); err != nil {
		p.Fatal(err)
	}
}

// measureProgram weighs the program as it is released: its file, and its memory with 1,000 incidents, a hundred of them open,
// at rest after the start and again at rest after work.
func measureProgram(t *testing.T) []figure {
	const incidents, commands, megabyte = 1000, 300, 1 << 20
	p := newProgram(t, 1)
	p.binary = released(t)
	info, err := os.Stat(p.binary)
	if err != nil {
		t.Fatal(err)
	}
	figures := []figure{{what: "the program's file, static and stripped", figure: fmt.Sprintf("%.1f MB", float64(info.Size())/megabyte)}}
	store, err := local.Open(p.database(), local.Options{})
	if err != nil {
		t.Fatal(err)
	}
	fill(t, store, config.Default().Policy, filling{count: incidents, open: 100, declared: func(i int) time.Time {
		return time.Now().Add(-time.Minute * time.Duration(incidents-i) / 100)
	}})
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
	c := p.start("")
	if !p.listening(t.Context(), c) {
		t.Fatalf("muster does not start:\n%s", p.log())
	}
	wait(t, 20*time.Second)
	figures = append(figures, p.memory(c, fmt.Sprintf("resident memory with %d incidents, idle", incidents)))
	for i := range commands {
		line := fmt.Sprintf("/incident INC-%d note Seen again, %d", incidents-i%100, i)
		if _, err := p.ws.Person(people()[i%len(people())]).In("general").Types(t.Context(), line); err != nil {
			t.Fatal(err)
		}
	}
	wait(t, 60*time.Second)
	figures = append(figures, p.memory(c, fmt.Sprintf("the same, idle again a minute after %d commands", commands)))
	p.stop(c)
	return figures
}

// memory reads what a child has in memory; where the system does not tell, the figure is empty.
func (p *program) memory(c *child, what string) figure {
	status := fmt.Sprintf("/proc/%d/status", c.Process.Pid)
	in := func(name string) float64 {
		kilobytes, _ := strconv.ParseFloat(strings.TrimSpace(strings.TrimSuffix(after(status, name), "kB")), 64)
		return kilobytes / 1024
	}
	all := in("VmRSS")
	return figure{
		what:   what + fmt.Sprintf(" (%.1f MB its own, %.1f MB pages of its file and its database)", in("RssAnon"), in("RssFile")),
		figure: fmt.Sprintf("%.1f MB", all), must: "40 MB", reached: whether(all > 0 && all < 40),
	}
}
