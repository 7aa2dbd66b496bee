package campaign

import (
	"context"
	"fmt"
	"os"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"muster/bot"
	"muster/bot/desk"
	"muster/bot/slacksim"
	"muster/incident"
)

const armed = 10_000

// measureReminders arms the reminders of 10,000 open incidents. A reminder is in time when it is on disk with its message in
// the outbox; from there on Slack's rates have the word.
func measureReminders(t *testing.T) []figure {
	var figures []figure
	synctest.Test(t, func(t *testing.T) { figures = append(figures, remindersSpread(t)) })
	return append(figures, remindersAtOnce(t)...)
}

// remindersSpread has them due over half an hour of simulated time: what is measured is whether the cron wakes for each.
func remindersSpread(t *testing.T) figure {
	const span = 30 * time.Minute
	watch := newWatch(armed)
	in := newArmed(t, watch, arrangement{bubble: true, dir: memoryDir(t)}, func(i int) time.Time {
		return time.Now().Add(time.Minute + span*time.Duration(i)/armed)
	})
	defer in.stop()
	wait(t, span+2*time.Minute)
	synctest.Wait()
	return watch.figure(fmt.Sprintf("%d reminders of as many open incidents, due over %v (simulated time): the latest", armed, span))
}

// remindersAtOnce has them all due at the same instant of the real clock; the local Slack that their messages go to shares the
// machine. They are due soon after the store was filled: where a machine takes memory back from whoever is idle, a longer wait
// measures how fast it comes back.
func remindersAtOnce(t *testing.T) []figure {
	const rounds = 3
	var watches []*watch
	var posted []time.Duration
	for range rounds {
		watch := newWatch(armed)
		at := time.Now().Add(8 * time.Second)
		in := newArmed(t, watch, arrangement{dir: t.TempDir()}, func(int) time.Time { return at })
		if time.Until(at) < 2*time.Second {
			t.Fatal("the reminders were due before all was ready")
		}
		select {
		case <-watch.all:
		case <-time.After(time.Until(at) + time.Minute):
			t.Errorf("only %d of %d reminders fired within a minute", len(watch.late), armed)
		}
		watches = append(watches, watch)
		posted = append(posted, in.allPosted(at))
		in.stop()
	}
	slices.SortFunc(watches, func(a, b *watch) int { return int(percentile(a.late, 1) - percentile(b.late, 1)) })
	slices.Sort(posted)
	middle := watches[rounds/2]
	return []figure{
		middle.figure(fmt.Sprintf("%d reminders, all due at the same instant (real clock): the latest, in the middle one of %d runs; half came within %s", armed, rounds, ms(median(middle.late)))),
		{what: "from that instant until the last of them stands in its channel, the bot and the local Slack sharing the machine", figure: ms(posted[rounds/2])},
	}
}

// newArmed is a bot with open incidents whose updates fall due in their channels, each at its time.
func newArmed(t *testing.T, watch *watch, with arrangement, due func(i int) time.Time) *inside {
	t.Helper()
	const cadence = 30 * time.Minute
	with.slack = func(o *slacksim.Options) {
		o.Channels = slacksim.DefaultChannels()
		for i := range armed {
			o.Channels = append(o.Channels, slacksim.ChannelSeed{Name: fmt.Sprintf("inc-%d", i), Members: []string{"alice"}, App: true})
		}
	}
	with.policy = func(p *incident.Policy) {
		p.Rules = []incident.Rule{{Name: incident.RuleUpdateDue, To: []incident.Addressee{incident.ToChannel}}}
		for i := range p.Severities {
			p.Severities[i].Cadence, p.Severities[i].Nights = "@every "+cadence.String(), true
		}
	}
	with.wrap = func(inner bot.Store) bot.Store {
		watch.Store = inner
		return watch
	}
	with.fill = func(in *inside) {
		channels := map[string]string{}
		for _, channel := range in.ws.Person("alice").Channels() {
			channels[channel.Name] = channel.ID
		}
		fill(t, in.store, in.policy, filling{count: armed, open: armed,
			declared: func(i int) time.Time { return due(i).Add(-cadence) },
			channel: func(i int) (id, name string) {
				name = fmt.Sprintf("inc-%d", i)
				return channels[name], name
			},
		})
	}
	return newInside(t, with)
}

// allPosted waits until every reminder was posted and answers how long that took from a moment on.
func (in *inside) allPosted(from time.Time) time.Duration {
	in.Helper()
	ctx, cancel := context.WithTimeout(in.Context(), 3*time.Minute)
	defer cancel()
	posted := map[int64]bool{}
	last, err := in.ws.AwaitEntry(ctx, 0, func(e slacksim.Entry) bool {
		if e.Method == "chat.postMessage" && e.EndSeq != 0 && e.OK {
			posted[e.StartSeq] = true
		}
		return len(posted) >= armed
	})
	if err != nil {
		in.Errorf("%d of %d reminders were posted: %v", len(posted), armed, err)
		return 0
	}
	return last.End.Sub(from)
}

// watch is a store that sees how late reminders are on disk.
type watch struct {
	bot.Store
	want int
	mu   sync.Mutex
	late []time.Duration
	all  chan struct{}
}

func newWatch(want int) *watch { return &watch{want: want, all: make(chan struct{})} }

func (w *watch) Apply(ctx context.Context, id incident.ID, once string, decide desk.Decide) (incident.Outcome, error) {
	out, err := w.Store.Apply(ctx, id, once, decide)
	now := time.Now()
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, entry := range out.Entries {
		if reminded, ok := entry.Event.(incident.EventReminded); ok {
			if w.late = append(w.late, now.Sub(reminded.Due)); len(w.late) == w.want {
				close(w.all)
			}
		}
	}
	return out, err
}

func (w *watch) figure(what string) figure {
	w.mu.Lock()
	defer w.mu.Unlock()
	worst := percentile(w.late, 1)
	if len(w.late) != w.want {
		what = fmt.Sprintf("%s (%d of %d came)", what, len(w.late), w.want)
	}
	return figure{what: what, figure: ms(worst), limit: "its time", must: "1 s", reached: whether(worst < time.Second && len(w.late) == w.want)}
}

// memoryDir is a folder in memory where the machine has one, for measures on simulated time, which disks know nothing of.
func memoryDir(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("/dev/shm", "muster")
	if err != nil {
		return t.TempDir()
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	return dir
}
