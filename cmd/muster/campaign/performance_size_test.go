package campaign

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"muster/bot/slack/view"
	"muster/cmd/muster/config"
	"muster/incident"
	"muster/storage"
	"muster/storage/local"
	"muster/templates"
)

const (
	few, many  = 100, 100_000
	stillOpen  = 100 // of each: people look at what is open, however much is over
	fastEnough = 300 * time.Millisecond
)

// sized is a store of one size.
type sized struct {
	path  string
	count int
	store *storage.Stores
	took  map[string][]time.Duration
}

// measureSize compares what people wait for in a store of 100 incidents, all open, with one of 100,000, of which as many are
// open. The stores take turns, so that whatever else the machine does befalls both.
func measureSize(t *testing.T) []figure {
	policy := config.Default().Policy
	words, err := templates.Load("en", nil)
	if err != nil {
		t.Fatal(err)
	}
	stores := []*sized{filledStore(t, few, policy), filledStore(t, many, policy)}
	figures := measureStart(t, stores, policy)
	views := view.Views{Words: words, Policy: policy, Command: "/incident"}
	for _, s := range stores {
		if s.store, err = local.Open(s.path, local.Options{}); err != nil {
			t.Fatal(err)
		}
		defer func() { _ = s.store.Close() }()
	}
	for _, act := range acts(policy, views) {
		for round := range act.rounds {
			for _, s := range stores {
				began := time.Now()
				for i := range act.times {
					if err := act.do(t.Context(), s, round*act.times+i); err != nil {
						t.Fatalf("%s: %v", act.what, err)
					}
				}
				s.took[act.what] = append(s.took[act.what], time.Since(began)/time.Duration(act.times))
			}
		}
		small, big := median(stores[0].took[act.what]), median(stores[1].took[act.what])
		row := figure{
			what:   fmt.Sprintf("%s with %d incidents in store, %d of them open", act.what, many, stillOpen),
			figure: ms(big), limit: fmt.Sprintf("%s with %d", ms(small), few), ratio: ratio(big, small),
		}
		if act.bound {
			row.must, row.reached = "2", whether(big <= 2*small)
		}
		figures = append(figures, row)
	}
	return figures
}

func filledStore(t *testing.T, count int, policy *incident.Policy) *sized {
	t.Helper()
	s := &sized{path: filepath.Join(t.TempDir(), "muster.db"), count: count, took: map[string][]time.Duration{}}
	store, err := local.Open(s.path, local.Options{})
	if err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	fill(t, store, policy, filling{count: count, open: stillOpen, declared: func(i int) time.Time {
		return time.Now().Add(-time.Minute * time.Duration(count-i) / 100)
	}})
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(s.path); err == nil {
		t.Logf("%d incidents: %d MB, filled in %v", count, info.Size()>>20, time.Since(began).Round(time.Millisecond))
	}
	return s
}

// act is something that people do with a store.
type act struct {
	what          string
	rounds, times int  // how often, and how many at once
	bound         bool // whether it must take at most twice as long
	do            func(ctx context.Context, s *sized, i int) error
}

// acts lists them. Of either store the same number is opened again and again: what is opened for the first time since the
// start pays for its page to come into memory too, which is a row of its own.
func acts(policy *incident.Policy, views view.Views) []act {
	viewer := incident.UserID("U0ALICE001")
	return []act{
		{what: "open one that nobody has opened since the start", rounds: 31, times: 100, bound: false, do: func(ctx context.Context, s *sized, i int) error {
			_, err := s.store.Get(ctx, incident.NewID(uint64(1+i*7919%s.count)))
			return err
		}},
		{what: "open one of a hundred that lie all over the store", rounds: 31, times: 100, bound: true, do: func(ctx context.Context, s *sized, i int) error {
			_, err := s.store.Get(ctx, incident.NewID(uint64(1+i%few*(s.count/few))))
			return err
		}},
		{what: "list what is open (a page of ten)", rounds: 31, times: 100, bound: true, do: func(ctx context.Context, s *sized, _ int) error {
			page, err := s.store.List(ctx, incident.Query{Scope: incident.ScopeOpen, Viewer: viewer, Limit: 10})
			views.In(templates.Workspace).List(page, "", viewer, time.Now())
			return err
		}},
		{what: "list one severity of one person, over or not", rounds: 31, times: 100, bound: true, do: func(ctx context.Context, s *sized, _ int) error {
			page, err := s.store.List(ctx, incident.Query{Scope: incident.ScopeAll, Viewer: viewer, Person: viewer, Severity: "sev1", Limit: 10})
			views.In(templates.Workspace).List(page, "", viewer, time.Now())
			return err
		}},
		{what: "draw a person's home", rounds: 31, times: 50, bound: true, do: func(ctx context.Context, s *sized, _ int) error {
			open, err := s.store.List(ctx, incident.Query{Scope: incident.ScopeOpen, Viewer: viewer, Limit: 200})
			views.In(templates.Workspace).Home(viewer, open.Incidents, nil, time.Now())
			return err
		}},
		{what: "declare (to the commit)", rounds: 31, times: 10, bound: true, do: func(ctx context.Context, s *sized, i int) error {
			_, err := s.store.Create(ctx, fmt.Sprintf("envelope/%d", i), func(id incident.ID) (incident.Outcome, error) {
				declare := incident.Declare{Title: "Checkout is down", Severity: "sev3"}
				return incident.Step(incident.Incident{}, id, declare, incident.Actor{ID: viewer, Kind: incident.Person}, time.Now(), policy)
			})
			return err
		}},
	}
}

// measureStart starts on both stores: the store in this process, and the program as it is released until Slack has a socket
// of it. The files are in the page cache, as after a restart of the program.
func measureStart(t *testing.T, stores []*sized, policy *incident.Policy) []figure {
	for range 9 {
		for _, s := range stores {
			began := time.Now()
			store, err := local.Open(s.path, local.Options{Policy: policy})
			if err != nil {
				t.Fatal(err)
			}
			if err := store.Reindex(t.Context()); err != nil {
				t.Fatal(err)
			}
			s.took["start"] = append(s.took["start"], time.Since(began))
			if err := store.Close(); err != nil {
				t.Fatal(err)
			}
		}
	}
	p := newProgram(t, 1)
	p.binary = released(t)
	for range 7 {
		for _, s := range stores {
			p.onDatabase(s.path)
			began := time.Now()
			c := p.start("")
			if !p.listening(t.Context(), c) {
				t.Fatalf("muster does not start:\n%s", p.log())
			}
			s.took["program"] = append(s.took["program"], time.Since(began))
			p.stop(c)
		}
	}
	opened, small := median(stores[1].took["start"]), median(stores[0].took["start"])
	program, base := median(stores[1].took["program"]), median(stores[0].took["program"])
	return []figure{
		{what: fmt.Sprintf("start with %d incidents: open the store and derive the reminders", many), figure: ms(opened), limit: fmt.Sprintf("%s with %d", ms(small), few), ratio: ratio(opened, small), must: ms(fastEnough), reached: whether(opened < fastEnough)},
		{what: fmt.Sprintf("start with %d incidents: the program, until Slack has its first socket", many), figure: ms(program), limit: fmt.Sprintf("%s with %d", ms(base), few), ratio: ratio(program, base), must: ms(fastEnough) + " more than with few", reached: whether(program-base < fastEnough)},
	}
}
