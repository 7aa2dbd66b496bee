package bot_test

import (
	"context"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"muster/bot"
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
