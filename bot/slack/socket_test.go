package slack_test

import (
	"context"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"muster/bot"
	"muster/bot/slacksim"
	"muster/incident"
)

// slowLists is a store whose lists take as long as the story wants.
type slowLists struct {
	bot.Store
	wait func()
}

func (s slowLists) List(ctx context.Context, query incident.Query) (incident.Page, error) {
	s.wait()
	return s.Store.List(ctx, query)
}

// Acknowledgements whose socket is gone for good are given up, and keep no place that others need.
func TestAcksWithoutASocket(t *testing.T) {
	var slow chan struct{}
	slowly := func(o *bot.Options) {
		slow = make(chan struct{})
		o.Store = slowLists{o.Store, func() { <-slow }}
	}
	inHouse(t, setup{rough: true, bot: slowly}, func(h *house) {
		ctx, cancel := context.WithCancel(h.Context())
		var people sync.WaitGroup
		for range 100 {
			people.Go(func() { _, _ = h.person("bob").In("general").Types(ctx, "/incident list") })
		}
		synctest.Wait()
		h.ws.SetDown(true)
		h.ws.CutSockets()
		close(slow)
		pass(5 * time.Minute)
		h.ws.SetDown(false)
		cancel()
		people.Wait()
		if err := h.ws.AwaitSockets(h.Context(), 2); err != nil {
			t.Fatal(err)
		}
		h.reads("a list", h.person("bob").types("general", "/incident list"), "No incident")
		began := time.Now()
		h.stop()
		if strings.Contains(h.log.String(), "still under way") {
			t.Errorf("requests were still under way %s after the stop", time.Since(began))
		}
	})
}

// A gateway that knows nothing of sockets is asked again now and then, not without end.
func TestSocketsThatAreNotFound(t *testing.T) {
	inHouse(t, setup{rough: true}, func(h *house) {
		h.ws.AddFault(slacksim.Fault{Kind: slacksim.FaultStatus, Status: 404, Match: "apps.connections.open", Count: 500})
		h.ws.CutSockets()
		pass(time.Minute)
		if hits := h.ws.Faults()[0].Hits; hits < 2 || hits > 20 {
			t.Errorf("Slack was asked %d times for a socket", hits)
		}
		h.ws.ClearFaults()
		if err := h.ws.AwaitSockets(h.Context(), 2); err != nil {
			t.Fatal(err)
		}
		h.reads("a list", h.person("bob").types("general", "/incident list"), "No incident")
	})
}

// However long Slack is away, it is asked for sockets seldom, and soon enough once it is back. Of what it says itself about
// when to come back, what makes sense is believed.
func TestSocketsOfASlackThatIsAway(t *testing.T) {
	for _, test := range []struct {
		name  string
		away  slacksim.Fault
		every time.Duration
	}{
		{"500", slacksim.Fault{Kind: slacksim.FaultStatus, Status: 500}, 15 * time.Second},
		{"429", slacksim.Fault{Kind: slacksim.FaultRateLimited, Delay: 40 * time.Second}, 40 * time.Second},
		{"429 for no time", slacksim.Fault{Kind: slacksim.FaultRateLimited}, 15 * time.Second},
		{"429 for a day", slacksim.Fault{Kind: slacksim.FaultRateLimited, Delay: 24 * time.Hour}, 5 * time.Minute},
	} {
		t.Run(test.name, func(t *testing.T) {
			inHouse(t, setup{rough: true}, func(h *house) {
				test.away.Match = "apps.connections.open"
				h.ws.AddFault(test.away)
				h.ws.CutSockets()
				pass(time.Hour)
				mostHits := 2 * (int(time.Hour/test.every) + 10) // of two sockets, which begin with a few quick tries
				if hits := h.ws.Faults()[0].Hits; hits > mostHits || hits < mostHits/3 {
					t.Errorf("Slack was asked %d times for a socket, at most %d were expected", hits, mostHits)
				}
				h.ws.ClearFaults()
				pass(test.every + time.Second)
				h.reads("a list", h.person("bob").types("general", "/incident list"), "No incident")
			})
		})
	}
}
