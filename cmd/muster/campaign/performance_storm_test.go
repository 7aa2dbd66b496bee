package campaign

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"muster/bot/slacksim"
	"muster/cmd/muster/metrics"
	"muster/incident"
)

// measureStorm has fifty incidents declared within a minute, and roles taken in all of them, by the real bot against a Slack
// that keeps to its rates, on simulated time. Computing takes no time there: what is measured is the order of calls.
func measureStorm(t *testing.T) []figure {
	var figures []figure
	synctest.Test(t, func(t *testing.T) { figures = append(figures, stormDrain(t)...) })
	synctest.Test(t, func(t *testing.T) { figures = append(figures, stormPage(t)) })
	return figures
}

// trip is how long a call takes in the storm.
const trip = 80 * time.Millisecond

func newStorm(t *testing.T, observer *pages) *inside {
	in := newInside(t, arrangement{
		bubble: true, dir: memoryDir(t), observer: observer,
		slack: func(o *slacksim.Options) { o.Rates = true },
	})
	in.ws.AddFault(slacksim.Fault{Kind: slacksim.FaultLatency, Delay: trip})
	return in
}

func stormDrain(t *testing.T) []figure {
	const incidents = 50
	observer := newPages()
	in := newStorm(t, observer)
	defer in.stop()
	began, mark := time.Now(), in.ws.Mark()
	for i := range incidents {
		in.types(people()[i%len(people())], "general", fmt.Sprintf("/incident declare sev1 Storm %d", i))
		in.types(people()[(i+1)%len(people())], "general", fmt.Sprintf("/incident INC-%d claim tl", i+1))
		wait(t, time.Minute/incidents)
	}
	in.drain()
	calls := slacksim.Calls(in.ws.Journal(mark))
	refused, messages, channels, last := 0, 0, map[string]bool{}, began
	for _, call := range calls {
		if call.Status == 429 {
			refused++
		}
		if call.Method == "chat.postMessage" {
			messages++
			channels[call.Channel] = true
		}
		if call.End.After(last) {
			last = call.End
		}
	}
	shortest, by := shortestSchedule(in.ws.Rates(), calls)
	took := last.Sub(began)
	what := fmt.Sprintf("drain of a storm: %d incidents declared and staffed within a minute, %d calls, %d messages over %d channels", incidents, len(calls), messages, len(channels))
	return []figure{
		{what: what + " (simulated time)", figure: ms(took), limit: fmt.Sprintf("%s, the shortest schedule that the rate of %s allows these calls", ms(shortest), by), ratio: ratio(took, shortest), must: "1.05", reached: whether(took <= shortest*105/100)},
		{what: "answers 429 in that storm", figure: fmt.Sprint(refused), must: "0", reached: whether(refused == 0)},
		{what: fmt.Sprintf("the longest that one of its %d page-urgent calls stood behind something cosmetic of the same rate", observer.pages), figure: ms(observer.behind), must: "0", reached: whether(observer.behind == 0)},
	}
}

// shortestSchedule is how long the rates alone make calls take: for each rate the calls beyond its burst at its pace, and the
// answer to the last of them. That some calls need the answers of others makes it longer, and is left out.
func shortestSchedule(rates []slacksim.Rate, calls []slacksim.Entry) (shortest time.Duration, by string) {
	known := map[string]slacksim.Rate{}
	for _, rate := range rates {
		known[rate.Method] = rate
	}
	made := map[string]int{}
	for _, call := range calls {
		name := call.Method
		if known[call.Method].ByChannel {
			name += " " + call.Channel
		}
		made[name]++
	}
	for name, count := range made {
		method, _, _ := strings.Cut(name, " ")
		rate := known[method]
		if rate.PerMinute == 0 {
			continue
		}
		needs := time.Duration(max(0, count-rate.Burst))*time.Minute/time.Duration(rate.PerMinute) + trip
		if needs > shortest || needs == shortest && method < by {
			shortest, by = needs, method
		}
	}
	return shortest, by
}

// stormPage declares an incident while the cosmetic work of fifteen others fills every rate.
func stormPage(t *testing.T) figure {
	in := newStorm(t, newPages())
	defer in.stop()
	for i := range 15 {
		in.types(people()[i%len(people())], "general", fmt.Sprintf("/incident declare sev3 Storm %d", i))
	}
	in.drain()
	for round := range 6 {
		for i := range 15 {
			in.types("bob", "general", fmt.Sprintf("/incident INC-%d title Round %d of %d", i+1, round, i))
		}
		wait(t, time.Second)
	}
	wait(t, 10*time.Second) // until another channel may be made
	waiting, err := in.store.Jobs(t.Context(), incident.JobsAll, 0)
	if err != nil || len(waiting) < 10 {
		t.Fatalf("there is no storm: %d effects, %v", len(waiting), err)
	}
	began, mark := time.Now(), in.ws.Mark()
	in.types("alice", "general", "/incident declare sev1 In the midst of it")
	wait(t, 5*time.Second)
	again, err := in.store.Jobs(t.Context(), incident.JobsAll, 0)
	if err != nil || len(again) < 10 {
		t.Fatalf("the storm is over: %d effects, %v", len(again), err)
	}
	// Two round trips are the limit for both; anything beyond is waiting.
	var waited time.Duration
	found := 0
	for _, in := range slacksim.Calls(in.ws.Journal(mark), "conversations.create", "conversations.invite", "chat.postMessage") {
		least := trip
		if in.Method == "conversations.create" {
			least = 0
		} else if in.Start.Sub(began) > 4*time.Second || !strings.HasPrefix(in.Channel, "C") {
			continue
		}
		found++
		waited = max(waited, in.Start.Sub(began)-least)
	}
	if found < 3 {
		t.Errorf("only %d of the calls for the channel, its declarer and its card were made", found)
	}
	return figure{
		what:   fmt.Sprintf("what a declaration waits for beside its own two round trips while %d cosmetic effects of others wait for their rates", len(waiting)),
		figure: ms(waited), must: "0", reached: whether(waited == 0),
	}
}

// drain lets simulated time pass until the outbox is empty.
func (in *inside) drain() {
	in.Helper()
	for range 36_000 {
		synctest.Wait()
		jobs, err := in.store.Jobs(in.Context(), incident.JobsAll, 1)
		if err != nil {
			in.Fatal(err)
		}
		if len(jobs) == 0 {
			return
		}
		wait(in.T, 100*time.Millisecond)
	}
	in.Fatal("the outbox does not empty within an hour")
}

// pages watches the pacer: whether something cosmetic was let through while something urgent waited for the same rate.
type pages struct {
	*metrics.Figures
	mu     sync.Mutex
	low    map[string][]time.Time // when cosmetic calls were let through
	pages  int
	behind time.Duration
}

func newPages() *pages { return &pages{Figures: metrics.New(), low: map[string][]time.Time{}} }

// Waited: a call was let through. The rate of messages is each channel's own; it is looked at apart (stormPage).
func (p *pages) Waited(method string, urgency incident.Urgency, took time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := time.Now()
	switch urgency {
	case incident.UrgencyCosmetic:
		p.low[method] = append(p.low[method], now)
	case incident.UrgencyPage:
		p.pages++
		for _, at := range p.low[method] {
			if method != "chat.postMessage" && at.After(now.Add(-took)) && at.Before(now) {
				p.behind = max(p.behind, now.Sub(at))
			}
		}
	}
}
