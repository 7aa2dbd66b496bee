package campaign

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
)

var (
	performance = flag.String("performance", "", "measure how fast Muster is and write the table to this file; -: only print it")
	measures    = flag.String("measures", "", "measure only these, by name with commas between; empty: all")
)

// figure is a row of the table.
type figure struct {
	what   string
	figure string // what was measured
	limit  string // what is possible, measured in the same run where it is physical
	ratio  string
	must   string
	reached
}

// reached says whether a figure is what it must be.
type reached string

const (
	yes      reached = "yes"
	no       reached = "**no**"
	noDemand reached = "" // there is nothing that it must reach
)

func whether(ok bool) reached {
	if ok {
		return yes
	}
	return no
}

// TestHowFast measures what Muster must reach and prints it as a table. It judges nothing: a figure that falls short stands in
// the table as such. Without its flag it is skipped, so that tests never depend on how fast a machine is.
func TestHowFast(t *testing.T) {
	if *performance == "" {
		t.Skip("give -performance FILE, or -performance - to only print; make bench does")
	}
	place := surroundings(t)
	var figures []figure
	for _, one := range []struct {
		name    string
		measure func(t *testing.T) []figure
	}{
		{"declare", measureDeclare},
		{"ack", measureAck},
		{"storm", measureStorm},
		{"size", measureSize},
		{"reminders", measureReminders},
		{"program", measureProgram},
		{"hot", measureHotPath},
	} {
		if *measures != "" && !slices.Contains(strings.Split(*measures, ","), one.name) {
			continue
		}
		t.Run(one.name, func(t *testing.T) {
			began := time.Now()
			got := one.measure(t)
			figures = append(figures, got...)
			t.Logf("took %v\n%s", time.Since(began).Round(time.Second), table(got))
		})
	}
	page := place.page(figures)
	fmt.Println(page)
	if *performance == "-" || t.Failed() {
		return
	}
	if err := os.MkdirAll(filepath.Dir(*performance), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(*performance, []byte(page), 0o644); err != nil {
		t.Fatal(err)
	}
}

// table is the rows as Markdown.
func table(figures []figure) string {
	var b strings.Builder
	b.WriteString("| what | figure | limit | ratio | must reach | reached? |\n|---|---|---|---|---|---|\n")
	for _, f := range figures {
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s | %s |\n", f.what, f.figure, f.limit, f.ratio, f.must, f.reached)
	}
	return b.String()
}

// machine is where and when the figures were made.
type machine struct {
	cpu, system, disk, commit, priority string

	began time.Time
	load  string // before the first measure
}

func surroundings(t *testing.T) machine {
	t.Helper()
	return machine{
		cpu:      fmt.Sprintf("%s, %d cores", after("/proc/cpuinfo", "model name"), runtime.NumCPU()),
		system:   fmt.Sprintf("%s/%s, %s, kernel %s, %s of memory", runtime.GOOS, runtime.GOARCH, runtime.Version(), first("/proc/sys/kernel/osrelease"), after("/proc/meminfo", "MemTotal")),
		disk:     fileSystem(t.TempDir()),
		commit:   output("git", "log", "-1", "--format=%h"),
		priority: priority(),
		began:    time.Now(),
		load:     load(),
	}
}

// page is the whole of docs/performance.md.
func (m machine) page(figures []figure) string {
	short := 0
	for _, f := range figures {
		if f.reached == no {
			short++
		}
	}
	verdict := "Every figure reaches what it must."
	if short > 0 {
		verdict = fmt.Sprintf("**%d figures fall short of what they must reach.**", short)
	}
	return fmt.Sprintf(`# How fast

%s Made by a command, not by hand; to make it anew:

    make bench TO=docs/performance.md

`+"`L`"+` is one round trip to Slack. Where a limit is physical (a round trip, a commit to disk, Slack's rates) it was measured or
computed in the same run, beside the figure; a ratio is one of medians. "p99" is what 99 of 100 stayed below.

%s
| | |
|---|---|
| when | %s, commit %s, in %s |
| machine | %s |
| system | %s |
| disk | %s |
| load | %s before, %s after; other work ran on the machine and its disk at the same time |
| priority | %s |

What the rows mean, and what they leave out, stands beside their code in `+"`cmd/muster/campaign/performance_*_test.go`"+`.
`, verdict, table(figures), m.began.UTC().Format("2006-01-02 15:04 MST"), m.commit, time.Since(m.began).Round(time.Second),
		m.cpu, m.system, m.disk, m.load, load(), m.priority)
}

// median is the middle of what was measured; percentile p is what the share p of it does not exceed.
func median(took []time.Duration) time.Duration { return percentile(took, 0.5) }

func percentile(took []time.Duration, p float64) time.Duration {
	if len(took) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(took))
	return sorted[min(len(sorted)-1, int(p*float64(len(sorted))))]
}

// ms is a length of time with three digits that count.
func ms(d time.Duration) string {
	switch {
	case d < time.Microsecond:
		return fmt.Sprintf("%d ns", d.Nanoseconds())
	case d < 100*time.Microsecond:
		return fmt.Sprintf("%.1f µs", float64(d)/1e3)
	case d < 10*time.Millisecond:
		return fmt.Sprintf("%.2f ms", float64(d)/1e6)
	case d < 10*time.Second:
		return fmt.Sprintf("%.0f ms", float64(d)/1e6)
	}
	return fmt.Sprintf("%.1f s", d.Seconds())
}

func ratio(figure, limit time.Duration) string {
	return fmt.Sprintf("%.2f", float64(figure)/float64(limit))
}

// wait waits for real or simulated time to pass.
func wait(t *testing.T, d time.Duration) {
	t.Helper()
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-t.Context().Done():
		t.Fatal(t.Context().Err())
	}
}
