package page

import (
	"context"
	"encoding/json"
	"fmt"
	"hash/maphash"
	"net/http"
	"time"

	"muster/bot/slacksim"
)

// The figures of a stream. What changes is on the page well within 200 ms.
const (
	gather    = 12 * time.Millisecond // changes that come so soon after one another are shown together
	breath    = 30 * time.Millisecond // the least time between two renderings
	lookAgain = time.Second           // for what tells of no change: the outbox, controls
	heartbeat = 15 * time.Second
)

// serveLive streams the regions of a page as they change.
func (s *server) serveLive(w http.ResponseWriter, r *http.Request) {
	at := readPlace(r)
	out := http.NewResponseController(w)
	_ = out.SetWriteDeadline(time.Time{}) // a writer without deadlines needs none lifted
	w.Header().Set("Content-Type", "text/event-stream")
	feed := s.ws.Subscribe(4096)
	defer feed.Close()
	stream := &stream{s: s, at: at, w: w, out: out, sent: map[string]uint64{}, told: map[string]uint64{}, seed: maphash.MakeSeed()}
	if stream.send(regions()) != nil {
		return
	}
	again, beat := time.NewTicker(lookAgain), time.NewTicker(heartbeat)
	defer again.Stop()
	defer beat.Stop()
	for {
		var err error
		select {
		case <-r.Context().Done():
			return
		case change, open := <-feed.C:
			if !open {
				return
			}
			wanted := map[string]bool{}
			stream.affected(change, wanted)
			stream.gather(r.Context(), feed.C, wanted)
			err = stream.sendThese(wanted)
		case <-again.C:
			if at.Panel == "outbox" || at.Panel == "trouble" {
				err = stream.send([]string{regionPanel})
			}
		case <-beat.C:
			_, err = fmt.Fprint(w, ": still here\n\n")
			if err == nil {
				err = out.Flush()
			}
		}
		if err != nil {
			return // the browser went away
		}
	}
}

// gather takes in what else changes within a moment: at least until the browser has had a breath since the last rendering,
// so that a storm of changes does not cost a storm of renderings.
func (st *stream) gather(ctx context.Context, feed <-chan slacksim.Change, wanted map[string]bool) {
	t := time.NewTimer(max(gather, breath-time.Since(st.last)))
	defer t.Stop()
	for {
		select {
		case c, open := <-feed:
			if !open {
				return
			}
			st.affected(c, wanted)
		case <-t.C:
			return
		case <-ctx.Done():
			return
		}
	}
}

// stream is what one browser page has been sent.
type stream struct {
	s    *server
	at   place
	w    http.ResponseWriter
	out  *http.ResponseController
	sent map[string]uint64 // regions
	told map[string]uint64 // messages, see articles
	seed maphash.Seed
	last time.Time
}

// affected adds the regions that may look different after a change.
func (st *stream) affected(c slacksim.Change, wanted map[string]bool) {
	add := func(names ...string) {
		for _, name := range names {
			wanted[name] = true
		}
	}
	if c.User != "" && c.User != st.s.ws.Person(st.at.Who).ID && (c.Kind == slacksim.ChangeView || c.Kind == slacksim.ChangeHome || c.Kind == slacksim.ChangeRead) {
		return
	}
	switch c.Kind {
	case slacksim.ChangePosted, slacksim.ChangeEdited, slacksim.ChangeDeleted, slacksim.ChangeReaction, slacksim.ChangePin:
		add(regionSide)
		if c.Channel == st.at.Channel {
			add(regionLog, regionHead, regionBeside)
		}
	case slacksim.ChangeChannel:
		add(regionSide, regionHead, regionLog, regionFoot, regionBeside)
	case slacksim.ChangeView:
		add(regionModal)
	case slacksim.ChangeHome:
		if st.at.Channel == "" {
			add(regionLog)
		}
	case slacksim.ChangeRead:
		add(regionSide, regionLog)
	case slacksim.ChangeSocket, slacksim.ChangeFault:
		add(regionTop, regionPanel)
	case slacksim.ChangeJournal:
		if st.at.Panel == "calls" || st.at.Panel == "outbox" {
			add(regionPanel)
		}
	default:
		add(regions()...)
	}
}

func (st *stream) sendThese(wanted map[string]bool) error {
	var names []string
	for _, name := range regions() {
		if wanted[name] {
			names = append(names, name)
		}
	}
	if len(names) == 0 {
		return nil
	}
	return st.send(names)
}

// send renders regions and sends those that look different from what was sent before.
func (st *stream) send(names []string) error {
	st.last = time.Now()
	g := st.s.look(st.at)
	g.sent = st.told
	if _, ok := g.byID[st.at.Channel]; st.at.Channel != "" && !ok {
		// The channel is gone, or not for this person any more.
		if _, err := fmt.Fprint(st.w, "event: gone\ndata: {}\n\n"); err != nil {
			return fmt.Errorf("send: %w", err)
		}
		return st.out.Flush()
	}
	for _, name := range names {
		html, err := st.s.region(g, name)
		if err != nil {
			return err
		}
		sum := maphash.String(st.seed, string(html))
		if st.sent[name] == sum {
			continue
		}
		st.sent[name] = sum
		data, err := json.Marshal(map[string]string{"id": name, "html": string(html)})
		if err != nil {
			return fmt.Errorf("send %s: %w", name, err)
		}
		if _, err := fmt.Fprintf(st.w, "event: patch\ndata: %s\n\n", data); err != nil {
			return fmt.Errorf("send %s: %w", name, err)
		}
	}
	return st.out.Flush()
}
