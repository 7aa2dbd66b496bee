package slack_test

import (
	"bytes"
	"context"
	"errors"
	"net"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"muster/bot"
	"muster/bot/slacksim"
	"muster/incident"

	"github.com/gorilla/websocket"
)

// garbler changes what comes in on the sockets, without changing its length.
type garbler struct{ from, to atomic.Pointer[[]byte] }

// set begins to change one text into another; an empty one ends it.
func (g *garbler) set(from, to string) {
	if from == "" {
		g.from.Store(nil)
		return
	}
	f, t := []byte(from), []byte(to+strings.Repeat(" ", len(from)-len(to)))
	g.to.Store(&t)
	g.from.Store(&f)
}

func (g *garbler) into(o *bot.Options) {
	dial := o.Dialer.NetDialContext
	o.Dialer = &websocket.Dialer{NetDialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := dial(ctx, network, address)
		return &garbled{conn, g}, err
	}}
}

type garbled struct {
	net.Conn
	by *garbler
}

func (c *garbled) Read(b []byte) (int, error) {
	n, err := c.Conn.Read(b)
	if from := c.by.from.Load(); from != nil {
		copy(b[:n], bytes.ReplaceAll(b[:n], *from, *c.by.to.Load()))
	}
	return n, err
}

// What cannot be decoded is acknowledged, so that nobody waits, logged, and told to whom it can still be told.
func TestGarbledEnvelopes(t *testing.T) {
	g := &garbler{}
	inHouse(t, setup{rough: true, bot: g.into}, func(h *house) {
		in := h.declared("sev1 Checkout is down")
		alice, bob := h.person("alice"), h.person("bob")
		h.settle()
		card := h.card(in)

		g.set(`"user_id":"U0ALICE001"`, `"user_id":1`)
		h.changesNothing("a garbled command", func() {
			alice.types("general", "/incident INC-1 claim im")
			synctest.Wait()
			told, found := alice.Looks(slacksim.OnlyForMe(), slacksim.Says("went wrong"))
			if !found || !strings.Contains(h.log.String(), reference(told)) {
				t.Errorf("alice was not told, or the log does not know the reference: %s", alice.everything())
			}
		})
		alice.forgets()
		g.set(`"id":"U0ALICE001"`, `"id":7`)
		h.changesNothing("a garbled click", func() {
			alice.clicks(card, "Take: Tech lead")
			synctest.Wait()
			if _, found := alice.Looks(slacksim.OnlyForMe(), slacksim.Says("went wrong")); !found {
				t.Error("alice was not told of the click")
			}
		})
		g.set(`"type":"member_joined_channel"`, `"type":"member_abducted"`)
		from := h.ws.Mark()
		if err := bob.Joins(in.Channel.Name); err != nil {
			t.Fatal(err)
		}
		pass(10 * time.Minute)
		for _, entry := range h.ws.Journal(from) {
			if entry.Kind == slacksim.EntryEnvelope && entry.Method == "member_joined_channel" && entry.Attempt > 0 {
				t.Error("an event that cannot be decoded came again")
			}
		}
		g.set("", "")
		h.reads("afterwards", alice.types(in.Channel.Name, "/incident claim im"), "You are now")
	})
}

// reference is what an apology asks to quote.
func reference(apology slacksim.Message) string {
	_, rest, _ := strings.Cut(apology.Text(), "`")
	ref, _, _ := strings.Cut(rest, "`")
	return ref
}

// touchy is a schedule that panics while it is armed.
type touchy struct {
	incident.Schedule
	armed *atomic.Bool
}

const outcry = "words that somebody typed in confidence"

func (s touchy) Next(after time.Time) time.Time {
	if s.armed.Load() {
		panic(outcry)
	}
	return s.Schedule.Next(after)
}

// A panic, wherever it strikes, hurts nobody but whom it struck, who gets an apology and a reference; and all goes on.
func TestPanicsAreContained(t *testing.T) {
	armed := &atomic.Bool{}
	inHouse(t, setup{rough: true, cadence: func(spec string, schedule incident.Schedule) incident.Schedule {
		if spec == "@every 30m" {
			return touchy{schedule, armed}
		}
		return schedule
	}}, func(h *house) {
		h.typed = append(h.typed, outcry)
		sick, well := h.declared("sev1 Checkout is down"), h.declared("sev2 Login fails")
		alice := h.person("alice")
		card := h.card(sick)
		armed.Store(true)
		for _, line := range []string{"list", "INC-1", "INC-1 update We look into it", "INC-1 claim im", "INC-1 remind why"} {
			before := h.ws.Mark()
			answer := alice.types("general", "/incident "+line)
			synctest.Wait()
			if answer == "" {
				if told, found := alice.Looks(slacksim.OnlyForMe()); found {
					answer = told.Text()
				}
			}
			if !strings.Contains(answer, "went wrong") {
				t.Errorf("%s: %q", line, answer)
			}
			for _, entry := range h.ws.Journal(before) {
				if entry.Kind == slacksim.EntryAck && !entry.OK {
					t.Errorf("%s: %s", line, entry.Error)
				}
			}
			alice.forgets()
		}
		alice.clicks(card, "Take: Tech lead")
		h.settle()
		if told := alice.told(); !strings.Contains(told, "went wrong") {
			t.Errorf("a click: %q", told)
		}
		pass(6 * time.Minute) // through reminders of both
		alice.sees(slacksim.Inside(well.Channel.Name), slacksim.WithButton("Why this?"), slacksim.Says("obody is in charge"))
		armed.Store(false)
		pass(time.Minute)
		h.settle()
		alice.sees(slacksim.Inside(sick.Channel.Name), slacksim.WithButton("Why this?"), slacksim.Says("obody is in charge"))
		h.reads("afterwards", alice.types("general", "/incident INC-1 update We look into it"), "posted")
		h.settle()
		alice.sees(slacksim.Inside(sick.Channel.Name), slacksim.FromApp(), slacksim.Says("We look into it"))
	})
}

// A form that strikes a panic shows the apology below its first field, and stays open with what was typed.
func TestAPanicInAForm(t *testing.T) {
	armed := &atomic.Bool{}
	inHouse(t, setup{rough: true, cadence: func(_ string, schedule incident.Schedule) incident.Schedule { return touchy{schedule, armed} }}, func(h *house) {
		h.declared("sev1 Checkout is down")
		alice := h.person("alice")
		alice.types("general", "/incident INC-1 update")
		form := alice.modal()
		alice.fills(form, "State and impact", "We look into it")
		armed.Store(true)
		if wrong := alice.submits(form); !strings.Contains(wrong["State and impact"], "went wrong") {
			t.Errorf("alice reads %v", wrong)
		}
		armed.Store(false)
		if wrong := alice.submits(form); len(wrong) != 0 {
			t.Errorf("once more: %v", wrong)
		}
		if got := h.get("INC-1").Updates; got != 1 {
			t.Errorf("%d updates", got)
		}
	})
}

// Sockets come and go; two of them cover for each other, and nobody notices.
func TestSocketsComeAndGo(t *testing.T) {
	for name, trouble := range map[string]func(ws *slacksim.Workspace, id int){
		"cut":      func(ws *slacksim.Workspace, id int) { ws.CutSockets(id) },
		"warning":  func(ws *slacksim.Workspace, id int) { ws.Disconnect(slacksim.DisconnectWarning, id) },
		"refresh":  func(ws *slacksim.Workspace, id int) { ws.Disconnect(slacksim.DisconnectRefresh, id) },
		"too many": func(ws *slacksim.Workspace, id int) { ws.Disconnect(slacksim.DisconnectTooMany, id) },
	} {
		t.Run(name, func(t *testing.T) {
			inHouse(t, setup{}, func(h *house) {
				in := h.declared("sev1 Checkout is down")
				alice := h.person("alice")
				for i := range 6 {
					trouble(h.ws, h.ws.Sockets()[0].ID)
					synctest.Wait() // what Slack sends into a socket that is just being closed is lost, whatever we do
					h.reads("at once", alice.types(in.Channel.Name, "/incident note This was number "+string(rune('A'+i))), "timeline")
					pass(time.Duration(i) * 3 * time.Second)
					h.reads("later", alice.types(in.Channel.Name, "/incident note This was later than "+string(rune('A'+i))), "timeline")
					if err := h.ws.AwaitSockets(h.Context(), 2); err != nil {
						t.Fatal(err)
					}
				}
				if got := h.get(in.ID).Notes; got != 12 {
					t.Errorf("%d notes, want 12", got)
				}
			})
		})
	}
}

// All sockets gone at once, and half-open ones: people see their command fail, try again, and it works; what failed did not happen.
func TestAllSocketsGone(t *testing.T) {
	inHouse(t, setup{}, func(h *house) {
		in := h.declared("sev1 Checkout is down")
		alice := h.person("alice")
		for _, trouble := range []func(...int){h.ws.CutSockets, h.ws.HalfOpen, func(ids ...int) { h.ws.Disconnect(slacksim.DisconnectDisabled, ids...) }} {
			before := h.get(in.ID).Notes
			trouble()
			_, err := alice.In(in.Channel.Name).Types(h.Context(), "/incident note Lost in between")
			switch {
			case err == nil:
				before++
			case !errors.Is(err, slacksim.ErrNoSocket) && !errors.Is(err, slacksim.ErrTimeout):
				t.Fatal(err)
			}
			pass(2 * time.Minute)
			h.reads("afterwards", alice.types(in.Channel.Name, "/incident note Back again now"), "timeline")
			if got := h.get(in.ID).Notes; got != before+1 {
				t.Errorf("%d notes, want %d", got, before+1)
			}
			if err := h.ws.AwaitSockets(h.Context(), 2); err != nil {
				t.Fatal(err)
			}
		}
	})
}

// Slack takes seconds for every answer: commands are acknowledged in time all the same, and everything comes in the end.
func TestASlowSlack(t *testing.T) {
	inHouse(t, setup{}, func(h *house) {
		h.ws.AddFault(slacksim.Fault{Kind: slacksim.FaultLatency, Delay: 2 * time.Second})
		alice := h.person("alice")
		for _, line := range []string{"declare sev1 Checkout is down", "list", "INC-1 claim im", "INC-1 update We look into it", "INC-1 resolve It is over"} {
			began := time.Now()
			h.reads(line, alice.types("general", "/incident "+line), "INC-1")
			if waited := time.Since(began); waited > 0 { // simulated: only waiting for Slack takes any time
				t.Errorf("%s waited %v for Slack before it was acknowledged", line, waited)
			}
		}
		h.settle()
		card := h.card(h.get("INC-1"))
		h.reads("the card", card.Text(), "Resolved", "We look into it")
		if !card.Pinned {
			t.Error("the card is not pinned")
		}
		// A form opens while its trigger lives.
		alice.types("general", "/incident declare")
		if got := alice.modal().Text(); !strings.Contains(got, "Declare an incident") {
			t.Errorf("got %q", got)
		}
	})
}

// Slack is down for two hours in the midst of an incident: afterwards everything is there once, and told to be late in one
// sentence.
func TestSlackIsAway(t *testing.T) {
	inHouse(t, setup{rough: true}, func(h *house) {
		in := h.declared("sev1 Checkout is down")
		alice := h.person("alice")
		alice.types(in.Channel.Name, "/incident claim im")
		alice.types(in.Channel.Name, "/incident update The last thing before")
		h.ws.SetDown(true)
		pass(2 * time.Hour)
		if _, err := alice.In(in.Channel.Name).Types(h.Context(), "/incident list"); !errors.Is(err, slacksim.ErrDown) {
			t.Fatal(err)
		}
		h.ws.SetDown(false)
		if err := h.ws.AwaitSockets(h.Context(), 2); err != nil {
			t.Fatal(err)
		}
		pass(10 * time.Minute)
		h.settle()
		for _, words := range []string{"Update on INC-1", "@alice is now *Incident manager*"} {
			if got := len(alice.SeesAll(slacksim.Inside(in.Channel.Name), slacksim.FromApp(), slacksim.Says(words))); got != 1 {
				t.Errorf("%q is there %d times", words, got)
			}
		}
		excuses := alice.SeesAll(slacksim.Inside(in.Channel.Name), slacksim.FromApp(), slacksim.Says("late:"))
		if len(excuses) > 1 {
			t.Errorf("%d excuses:\n%s", len(excuses), alice.everything())
		}
		h.reads("afterwards", alice.types(in.Channel.Name, "/incident update We are back"), "posted")
	})
}

// Events that come twice, late and out of order are taken once, and as they are meant.
func TestOddEvents(t *testing.T) {
	for _, fault := range []slacksim.Fault{
		{Kind: slacksim.FaultEnvelopeTwice},
		{Kind: slacksim.FaultEnvelopeLate, Delay: 3 * time.Minute},
		{Kind: slacksim.FaultEnvelopeSwap, Delay: time.Minute},
		{Kind: slacksim.FaultAckLost, Match: "reaction_added"},
		{Kind: slacksim.FaultEnvelopeLost, Match: "reaction_added", Count: 1},
	} {
		t.Run(string(fault.Kind), func(t *testing.T) {
			inHouse(t, setup{}, func(h *house) {
				in := h.declared("sev1 Checkout is down")
				alice, bob := h.person("alice"), h.person("bob")
				h.ws.AddFault(fault)
				if err := bob.Joins(in.Channel.Name); err != nil {
					t.Fatal(err)
				}
				message := bob.says(in.Channel.Name, "The disk is full")
				if err := alice.Reacts(message, "pushpin"); err != nil {
					t.Fatal(err)
				}
				pass(15 * time.Minute)
				h.settle()
				if got := len(events[incident.EventNoteAdded](h, in.ID)); got != 1 {
					t.Errorf("%d notes", got)
				}
				if got := len(events[incident.EventMemberJoined](h, in.ID)); got != 2 { // alice, and bob
					t.Errorf("%d came", got)
				}
			})
		})
	}
}

// An answer that Slack does not take is in the log, without the secret address that it was sent to.
func TestAnAnswerThatIsLost(t *testing.T) {
	inHouse(t, setup{rough: true}, func(h *house) {
		in := h.declared("sev1 Checkout is down")
		alice := h.person("alice")
		old := h.card(in)
		alice.types(in.Channel.Name, "/incident resolve It is over")
		h.settle()
		for _, fault := range []slacksim.Fault{{Kind: slacksim.FaultCutBefore}, {Kind: slacksim.FaultHang}, {Kind: slacksim.FaultStatus}} {
			fault.Match = "response_url"
			id := h.ws.AddFault(fault)
			before := strings.Count(h.log.String(), "did not reach")
			if err := old.Button("Start fixing").ClickAsSeen(h.Context(), alice.Person); err != nil {
				t.Fatal(err)
			}
			pass(time.Minute)
			if got := strings.Count(h.log.String(), "did not reach"); got != before+1 {
				t.Errorf("%s: the log tells of %d lost answers, want one", fault.Kind, got-before)
			}
			h.ws.ClearFaults(id)
		}
	})
}

// The list of people cannot be read at the start: people are asked about one by one, until it can.
func TestNoListOfPeople(t *testing.T) {
	inHouse(t, setup{slack: func(o *slacksim.Options) { o.Rates = false }}, func(h *house) {
		h.stop()
		fault := h.ws.AddFault(slacksim.Fault{Kind: slacksim.FaultStatus, Match: "users.list"})
		h.start()
		h.reads("without the list", h.person("alice").types("general", "/incident declare sev1 Checkout is down"), "INC-1")
		h.reads("a guest", h.person("gina").types("support", "/incident declare sev1 Checkout is down"), "Guests")
		h.ws.ClearFaults(fault)
		pass(5 * time.Minute)
		h.reads("by name", h.person("alice").types("general", "/incident INC-1 assign tl @erin"), "@erin")
		h.reads("by a name without @", h.person("alice").types("general", "/incident INC-1 assign comms carol"), "@carol", "Communications manager")
		h.reads("somebody unknown", h.person("alice").types("general", "/incident INC-1 assign comms Clara"), "could not find the person “Clara”")
		h.reads("a role that there is not", h.person("alice").types("general", "/incident INC-1 assign chef carol"), "chef carol")
	})
}

// Answers of any size reach their reader, and no acknowledgement is too large for Slack.
func TestLongAnswers(t *testing.T) {
	inHouse(t, setup{}, func(h *house) {
		in := h.declared("sev1 " + strings.Repeat("결제가 ", 29))
		alice := h.person("alice")
		for range 20 {
			alice.types(in.Channel.Name, "/incident note "+strings.Repeat("장애 ", 900))
		}
		alice.types(in.Channel.Name, "/incident summary "+strings.Repeat("요약 ", 600))
		alice.types(in.Channel.Name, "/incident update "+strings.Repeat("공유 ", 900))
		h.settle()
		for _, line := range []string{"timeline", "roles", "", "help", "list", "remind why", "title " + strings.Repeat("<&>", 40)} {
			if got := alice.types(in.Channel.Name, "/incident "+line); got == "" {
				t.Errorf("%s was answered with nothing", line)
			}
		}
	})
}

// A form whose acknowledgement got lost stays open, and its person presses the button again: it works once, and the second
// press shows no error.
func TestAFormSentAgain(t *testing.T) {
	inHouse(t, setup{}, func(h *house) {
		alice := h.person("alice")
		twice := func(form slacksim.View) {
			t.Helper()
			h.ws.AddFault(slacksim.Fault{Kind: slacksim.FaultAckLost, Match: "interactive", Count: 1})
			if _, err := form.Submit(h.Context()); !errors.Is(err, slacksim.ErrTimeout) {
				t.Fatalf("the first press: %v", err)
			}
			if wrong := alice.submits(form); len(wrong) != 0 {
				t.Errorf("the second press: %v", wrong)
			}
			h.settle()
		}
		alice.types("general", "/incident declare")
		alice.fills(alice.modal(), "What is wrong?", "Checkout is down")
		twice(alice.modal())
		if _, err := h.store.Get(h.Context(), "INC-2"); !errors.Is(err, incident.ErrNotFound) {
			t.Fatalf("a second incident: %v", err)
		}
		h.reads("the answer", alice.modal().Text(), "INC-1")
		h.closeAll(alice)
		in := h.get("INC-1")
		alice.types(in.Channel.Name, "/incident update")
		alice.fills(alice.modal(), "State and impact", "We look into it")
		twice(alice.modal())
		alice.types(in.Channel.Name, "/incident note")
		alice.fills(alice.modal(), "What happened?", "A release went out")
		twice(alice.modal())
		if now := h.get("INC-1"); now.Updates != 1 || now.Notes != 1 {
			t.Errorf("%d updates and %d notes", now.Updates, now.Notes)
		}
	})
}
