package campaign

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"go.etcd.io/bbolt"

	"muster/bot"
	"muster/bot/desk"
	"muster/bot/slacksim"
	"muster/incident"
)

// measureDeclare is what the declarer waits for: from the command to the channel with them in it and the role buttons posted,
// as Slack's answers to the invitation and the card say. It is the real program, as it is released; each call to Slack takes
// 100 ms more than it would.
func measureDeclare(t *testing.T) []figure {
	const rounds, latency = 12, 100 * time.Millisecond
	p := newProgram(t, 1)
	p.binary = released(t)
	p.ws.AddFault(slacksim.Fault{Kind: slacksim.FaultLatency, Delay: latency})
	c := p.start("")
	if !p.listening(t.Context(), c) {
		t.Fatalf("muster does not start:\n%s", p.log())
	}
	alice := p.ws.Person("alice")
	var trips, took []time.Duration
	for round := range rounds + 1 {
		p.quiet()
		trips = append(trips, p.roundTrip())
		title := fmt.Sprintf("Checkout is down %d", round)
		from, began := p.ws.Mark(), time.Now()
		if _, err := alice.In("general").Types(t.Context(), "/incident declare sev1 "+title); err != nil {
			t.Fatal(err)
		}
		last := p.declared(alice, title, from)
		if round > 0 { // the first one opens the connections
			took = append(took, last.Sub(began))
		}
	}
	p.stop(c)
	limit, got := 2*median(trips), median(took)
	return []figure{{
		what:   fmt.Sprintf("declare in one line: from the command to the channel with its declarer in it and the role buttons posted (median of %d; slowest %s)", rounds, ms(percentile(took, 1))),
		figure: ms(got), limit: fmt.Sprintf("2 L = %s, a bare call being measured as %s", ms(limit), ms(median(trips))), ratio: ratio(got, limit),
		must: "2 L + 50 ms = " + ms(limit+50*time.Millisecond), reached: whether(got <= limit+50*time.Millisecond),
	}}
}

// roundTrip is how long a bare call takes.
func (p *program) roundTrip() time.Duration {
	p.Helper()
	began := time.Now()
	request, err := http.NewRequestWithContext(p.Context(), http.MethodPost, p.server.URL+"/api/auth.test", bytes.NewReader(nil))
	if err != nil {
		p.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+p.ws.BotToken())
	response, err := p.server.Client().Do(request)
	if err != nil {
		p.Fatal(err)
	}
	_ = response.Body.Close()
	return time.Since(began)
}

// declared waits until a person is in the channel of an incident and its card is there, and answers when Slack said so.
func (p *program) declared(who *slacksim.Person, title string, from int64) time.Time {
	p.Helper()
	ctx, cancel := context.WithTimeout(p.Context(), time.Minute)
	defer cancel()
	card, err := who.Sees(ctx, slacksim.WithButton("Take: Tech lead"), slacksim.Says(title))
	if err != nil {
		p.Fatalf("%v\n%s", err, p.log())
	}
	var last time.Time
	for _, method := range []string{"conversations.invite", "chat.postMessage"} {
		entry, err := p.ws.AwaitEntry(ctx, from, func(e slacksim.Entry) bool {
			return e.Method == method && e.Channel == card.Channel && e.EndSeq != 0 && e.OK
		})
		if err != nil {
			p.Fatal(err)
		}
		if entry.End.After(last) {
			last = entry.End
		}
	}
	return last
}

// committed is a store that knows when each key that works once was on disk.
type committed struct {
	bot.Store
	mu sync.Mutex
	at map[string]time.Time
}

func (c *committed) note(once string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at[once] = time.Now()
}

func (c *committed) Create(ctx context.Context, once string, decide func(id incident.ID) (incident.Outcome, error)) (incident.Outcome, error) {
	out, err := c.Store.Create(ctx, once, decide)
	c.note(once)
	return out, err
}

func (c *committed) Apply(ctx context.Context, id incident.ID, once string, decide desk.Decide) (incident.Outcome, error) {
	out, err := c.Store.Apply(ctx, id, once, decide)
	c.note(once)
	return out, err
}

// measureAck lets twelve people send fifty commands a second about twenty incidents: what a person waits until Slack has the
// acknowledgement, the way over loopback both ways and the local Slack's own work included. At the same time, on the same disk,
// bare commits of one record of an incident's size.
func measureAck(t *testing.T) []figure {
	const seconds, perSecond, incidents = 30, 50, 20
	store := &committed{at: map[string]time.Time{}}
	in := newInside(t, arrangement{dir: t.TempDir(), wrap: func(inner bot.Store) bot.Store {
		store.Store = inner
		return store
	}})
	defer in.stop()
	for i := range incidents {
		in.types(people()[i%len(people())], "general", fmt.Sprintf("/incident declare sev2 Number %d is down", i))
	}
	chance := rand.New(rand.NewPCG(1, 2))
	mark := in.ws.Mark()
	ctx, cancel := context.WithCancel(t.Context())
	var bare []time.Duration
	var beside sync.WaitGroup
	beside.Go(func() { bare = bareCommits(ctx, t, 3*time.Second/perSecond) })
	acks := in.commands(chance, seconds*perSecond, time.Second/perSecond, incidents)
	cancel()
	beside.Wait()
	early, written := 0, 0
	for _, entry := range in.ws.Journal(mark) {
		if at, wrote := store.at["envelope/"+entry.Envelope]; wrote && entry.Kind == slacksim.EntryAck {
			written++
			if entry.Start.Before(at) {
				early++
			}
		}
	}
	p99, limit := percentile(acks, 0.99), percentile(bare, 0.99)
	what := fmt.Sprintf("ack of a command, %d of them at %d a second about %d incidents", len(acks), perSecond, incidents)
	return []figure{
		{what: what + ", median", figure: ms(median(acks)), limit: "a bare commit at the same time, median " + ms(median(bare)), ratio: ratio(median(acks), median(bare))},
		{what: what + ", p99", figure: ms(p99), limit: "a bare commit at the same time, p99 " + ms(limit), ratio: ratio(p99, limit), must: "50 ms", reached: whether(p99 < 50*time.Millisecond)},
		{what: fmt.Sprintf("acks sent before their commit was on disk, of the %d that wrote", written), figure: fmt.Sprint(early), must: "0", reached: whether(early == 0 && written > 0)},
	}
}

// commands has people type at a steady pace, whether or not the one before has been answered, and answers how long each waited.
func (in *inside) commands(chance *rand.Rand, count int, every time.Duration, incidents int) []time.Duration {
	in.Helper()
	took := make([]time.Duration, count)
	pace := time.NewTicker(every)
	defer pace.Stop()
	var typing sync.WaitGroup
	for i := range count {
		<-pace.C
		who, id := people()[chance.IntN(len(people()))], 1+chance.IntN(incidents)
		line := []string{
			fmt.Sprintf("/incident INC-%d note Seen again at %d", id, i), fmt.Sprintf("/incident INC-%d update Half of the payments fail, try %d", id, i),
			fmt.Sprintf("/incident INC-%d title Number %d is down, again", id, i), fmt.Sprintf("/incident INC-%d remind every 45m", id),
			fmt.Sprintf("/incident INC-%d severity sev%d it is worse, or better", id, 1+i%3), "/incident list",
			fmt.Sprintf("/incident INC-%d note A second look, %d", id, i), fmt.Sprintf("/incident INC-%d timeline", id),
			fmt.Sprintf("/incident declare sev3 A new one, %d", i), fmt.Sprintf("/incident INC-%d summary It is all about %d", id, i),
		}[chance.IntN(10)]
		typing.Go(func() {
			began := time.Now()
			in.types(who, "general", line)
			took[i] = time.Since(began)
		})
	}
	typing.Wait()
	return took
}

// bareCommits makes one record durable again and again, beside whatever else goes on, until the context ends: what the disk
// and bbolt need at least, at that time.
func bareCommits(ctx context.Context, t *testing.T, every time.Duration) []time.Duration {
	t.Helper()
	db, err := bbolt.Open(filepath.Join(t.TempDir(), "bare.db"), 0o600, &bbolt.Options{InitialMmapSize: 1 << 26})
	if err != nil {
		t.Error(err)
		return nil
	}
	defer func() { _ = db.Close() }()
	var took []time.Duration
	value, pace := make([]byte, 1000), time.NewTicker(every)
	defer pace.Stop()
	for i := 0; ctx.Err() == nil; i++ {
		<-pace.C
		began := time.Now()
		err := db.Update(func(tx *bbolt.Tx) error {
			bucket, err := tx.CreateBucketIfNotExists([]byte("bare"))
			if err != nil {
				return err
			}
			return bucket.Put(fmt.Appendf(nil, "%08d", i), value)
		})
		if err != nil {
			t.Error(err)
		}
		took = append(took, time.Since(began))
	}
	return took
}
