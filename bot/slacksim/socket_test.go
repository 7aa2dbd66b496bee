package slacksim_test

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/slack-go/slack"
	"github.com/slack-go/slack/socketmode"

	"muster/bot/slacksim"
)

// answering acks commands with a text and everything else with nothing.
func answering(text string) func(*socketmode.Client, socketmode.Event) {
	return func(c *socketmode.Client, e socketmode.Event) {
		switch {
		case e.Request == nil || e.Request.EnvelopeID == "":
		case e.Type == socketmode.EventTypeSlashCommand:
			_ = c.Ack(*e.Request, map[string]any{"text": text})
		default:
			_ = c.Ack(*e.Request)
		}
	}
}

// The proof that a real client can live here: it connects, is greeted, is pinged for as long as it stays, and a command finds
// its way there and back.
func TestClientLivesOnSimulatedTime(t *testing.T) {
	inWorld(t, slacksim.Options{}, func(w *world) {
		w.connect(answering("pong & <!channel>"))
		w.next(socketmode.EventTypeHello)
		w.pass(10 * time.Minute) // simulated; slack-go hangs up after 30 s without a ping
		if got := len(w.Sockets()); got != 1 {
			t.Fatalf("sockets after ten minutes: got %d, want 1", got)
		}
		if got := w.Sockets()[0].ID; got != 1 {
			t.Errorf("the socket was replaced: ID %d", got)
		}
		r, err := w.Person("alice").In("general").Types(w.ctx, "/probe  is <this> & that @bob ")
		w.must(err)
		cmd := w.next(socketmode.EventTypeSlashCommand).Data.(slack.SlashCommand)
		if want := "is &lt;this&gt; &amp; that @bob"; cmd.Text != want {
			t.Errorf("command text: got %q, want %q", cmd.Text, want)
		}
		if cmd.ChannelName != "general" || cmd.UserName != "alice" || cmd.TriggerID == "" {
			t.Errorf("command: %+v", cmd)
		}
		if got := r.Message.EphemeralTo; got != w.Person("alice").ID {
			t.Errorf("the reply is shown to %q, want alice alone", got)
		}
		if _, ok := w.Person("bob").Looks(slacksim.Says("pong")); ok {
			t.Error("bob sees what is shown to alice alone")
		}
	})
}

func TestEscapedCommandResolvesMentions(t *testing.T) {
	inWorld(t, slacksim.Options{}, func(w *world) {
		w.connect(nil)
		_, err := w.Person("alice").In("general").Types(w.ctx, "/escaped assign @bob. to #general, not #leads or @nobody")
		w.must(err)
		got := w.next(socketmode.EventTypeSlashCommand).Data.(slack.SlashCommand).Text
		general, _ := w.Person("alice").Channel("general")
		want := "assign <@" + w.Person("bob").ID + "|bob>. to <#" + general.ID + "|general>, not #leads or @nobody"
		if got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	})
}

func TestCommandThatNobodyAcks(t *testing.T) {
	inWorld(t, slacksim.Options{}, func(w *world) {
		alice := w.Person("alice").In("general")
		if _, err := alice.Types(w.ctx, "/probe"); !errors.Is(err, slacksim.ErrNoSocket) {
			t.Errorf("without a socket: got %v", err)
		}
		w.connect(func(*socketmode.Client, socketmode.Event) {})
		start := time.Now()
		if _, err := alice.Types(w.ctx, "/probe"); !errors.Is(err, slacksim.ErrTimeout) {
			t.Errorf("without an ack: got %v", err)
		}
		if got := time.Since(start); got != 3*time.Second {
			t.Errorf("the person waited %s, want 3s", got)
		}
		if _, ok := w.Person("alice").Looks(slacksim.Says("operation_timeout"), slacksim.OnlyForMe()); !ok {
			t.Error("alice is not told")
		}
		w.pass(time.Hour)
		n := 0
		for _, e := range w.Journal(0) {
			if e.Kind == slacksim.EntryEnvelope && e.Method == "slash_commands" && e.OK {
				n++
			}
		}
		if n != 1 {
			t.Errorf("the command was sent %d times, want once", n)
		}
	})
}

// Law: each envelope goes to exactly one of the sockets.
func TestEachEnvelopeGoesToOneSocket(t *testing.T) {
	inWorld(t, slacksim.Options{Seed: 3}, func(w *world) {
		w.connect(nil)
		w.connect(nil)
		w.connect(nil)
		const n = 60
		for range n {
			_, err := w.Person("bob").In("general").Types(w.ctx, "/probe")
			w.must(err)
		}
		sent, used := map[string]int{}, map[int]int{}
		for _, e := range w.Journal(0) {
			if e.Kind == slacksim.EntryEnvelope {
				sent[e.Envelope]++
				used[e.Socket]++
			}
		}
		commands := 0
		for len(w.seen) > 0 {
			if (<-w.seen).Type == socketmode.EventTypeSlashCommand {
				commands++
			}
		}
		if len(sent) != n || commands != n || len(used) != 3 {
			t.Errorf("%d envelopes, %d arrived, over %d sockets; want %d, %d, 3", len(sent), commands, len(used), n, n)
		}
	})
}

func TestEventsAreRedelivered(t *testing.T) {
	o := slacksim.Options{Manifest: manifest(t, allScopes, "app_home_opened")}
	inWorld(t, o, func(w *world) {
		start := time.Now()
		_, err := w.Person("alice").OpensHome()
		w.must(err)
		w.pass(90 * time.Second)
		w.connect(func(*socketmode.Client, socketmode.Event) {}) // takes it, and never acks
		w.pass(time.Hour)
		type attempt struct {
			After   time.Duration
			Attempt int
			Error   string
		}
		var got []attempt
		for _, e := range w.Journal(0) {
			if e.Kind == slacksim.EntryEnvelope {
				got = append(got, attempt{e.Start.Sub(start).Round(time.Second), e.Attempt, e.Error})
			}
		}
		want := []attempt{{0, 0, "no socket is open"}, {0, 1, "no socket is open"}, {time.Minute, 2, "no socket is open"}, {6 * time.Minute, 3, ""}}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("attempts (-want +got):\n%s", diff)
		}
		e := w.next(socketmode.EventTypeEventsAPI)
		if e.Request.RetryAttempt != 3 || e.Request.RetryReason != "connection_failed" {
			t.Errorf("retry: attempt %d, reason %q", e.Request.RetryAttempt, e.Request.RetryReason)
		}
	})
}

func TestSocketsEndAndComeBack(t *testing.T) {
	inWorld(t, slacksim.Options{}, func(w *world) {
		w.connect(nil)
		for _, cut := range []func(){
			func() { w.Disconnect(slacksim.DisconnectRefresh) },
			func() { w.CutSockets() },
			func() { w.HalfOpen() },
			func() { w.SetDown(true); w.pass(time.Hour); w.SetDown(false) },
		} {
			old := w.Sockets()[0].ID
			cut()
			w.pass(6 * time.Minute)
			now := w.Sockets()
			if len(now) != 1 || now[0].ID == old {
				t.Fatalf("after the cut: %+v, was %d", now, old)
			}
			_, err := w.Person("alice").In("general").Types(w.ctx, "/probe")
			w.must(err)
		}
	})
}

func TestTooManySockets(t *testing.T) {
	inWorld(t, slacksim.Options{}, func(w *world) {
		for range 10 {
			w.connect(nil)
		}
		client := socketmode.New(w.api)
		_, url, err := client.OpenContext(w.ctx)
		w.must(err)
		conn := w.dial(url)
		var frame struct{ Type, Reason string }
		w.must(conn.ReadJSON(&frame))
		if frame.Type != "disconnect" || frame.Reason != slacksim.DisconnectTooMany {
			t.Errorf("got %+v", frame)
		}
		_ = conn.Close()
		if _, _, err := w.tryDial(url); err == nil {
			t.Error("a socket URL worked twice")
		}
		synctest.Wait()
		if got := len(w.Sockets()); got != 10 {
			t.Errorf("sockets: got %d, want 10", got)
		}
	})
}

func TestAckThatIsTooLong(t *testing.T) {
	inWorld(t, slacksim.Options{}, func(w *world) {
		_, url, err := socketmode.New(w.api).OpenContext(w.ctx)
		w.must(err)
		conn := w.dial(url)
		defer conn.Close()
		w.must(w.AwaitSockets(w.ctx, 1)) // the upgrade is answered a moment before
		go func() {
			var e struct {
				ID string `json:"envelope_id"`
			}
			for conn.ReadJSON(&e) == nil {
				if e.ID != "" {
					_ = conn.WriteJSON(map[string]any{"envelope_id": e.ID, "payload": map[string]any{"text": string(make([]byte, 20_480))}})
				}
			}
		}()
		if _, err := w.Person("alice").In("general").Types(w.ctx, "/probe"); !errors.Is(err, slacksim.ErrTimeout) {
			t.Errorf("got %v, want a timeout", err)
		}
	})
}
