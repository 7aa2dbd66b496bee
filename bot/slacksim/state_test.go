package slacksim_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/slack-go/slack"
	"github.com/slack-go/slack/socketmode"

	"muster/bot/slacksim"
)

func TestSaveAndLoad(t *testing.T) {
	inWorld(t, slacksim.Options{}, func(w *world) {
		w.connect(nil)
		alice := w.Person("alice")
		ts := w.post("incidents", card(), slack.MsgOptionMetadata(slack.SlackMetadata{EventType: "effect", EventPayload: map[string]any{"key": "k"}}))
		said, err := alice.In("incidents").Thread(ts).Types(w.ctx, "in the thread & <b>")
		w.must(err)
		w.must(alice.Reacts(said.Message, "eyes"))
		w.must(alice.Pins(said.Message))
		alice.Reads("incidents")
		_, _, err = w.api.ScheduleMessageContext(w.ctx, w.id("incidents"), strconv.FormatInt(time.Now().Add(time.Hour).Unix(), 10), slack.MsgOptionText("later", false))
		w.must(err)
		home := slack.HomeTabViewRequest{Type: slack.VTHomeTab, Blocks: slack.Blocks{BlockSet: []slack.Block{slack.NewHeaderBlock(text("Home"))}}}
		_, err = w.api.PublishViewContext(w.ctx, slack.PublishViewContextRequest{UserID: alice.ID, View: home})
		w.must(err)
		var saved bytes.Buffer
		w.must(w.Save(&saved))

		next, err := slacksim.New(slacksim.Options{Manifest: manifest(t, allScopes)})
		w.must(err)
		defer next.Close()
		w.must(next.Load(bytes.NewReader(saved.Bytes())))
		other := next.Person("alice")
		same := cmpopts.IgnoreUnexported(slacksim.Message{})
		if diff := cmp.Diff(alice.History("incidents", 0), other.History("incidents", 0), same); diff != "" {
			t.Errorf("history (-before +after):\n%s", diff)
		}
		if diff := cmp.Diff(alice.Channels(), other.Channels()); diff != "" {
			t.Errorf("channels (-before +after):\n%s", diff)
		}
		if h, ok := other.Home(); !ok || !strings.Contains(h.Text(), "Home") {
			t.Error("the home is lost")
		}
		if n, _ := other.Unread("incidents"); n != 0 {
			t.Errorf("unread: %d", n)
		}
		fresh, err := other.In("general").Types(w.ctx, "after the restart")
		w.must(err)
		if fresh.TS <= said.TS {
			t.Errorf("timestamps run backwards: %s after %s", fresh.TS, said.TS)
		}
		w.pass(2 * time.Hour)
		if _, ok := other.Looks(slacksim.Says("later")); !ok {
			t.Error("the scheduled message was forgotten")
		}
		w.Reset()
		if got := len(alice.History("incidents", 0)); got != 0 || len(w.Sockets()) != 1 {
			t.Errorf("after the reset: %d messages, %d sockets", got, len(w.Sockets()))
		}
	})
}

func TestLoadRefusesNonsense(t *testing.T) {
	ws, err := slacksim.New(slacksim.Options{Manifest: manifest(t, allScopes)})
	if err != nil {
		t.Fatal(err)
	}
	defer ws.Close()
	for _, data := range []string{"", "{", `{"version":9}`, `{"version":1}`, `{"version":1,"users":[null]}`} {
		if err := ws.Load(strings.NewReader(data)); err == nil {
			t.Errorf("loaded %q", data)
		}
	}
	if got := len(ws.Users()); got < 10 {
		t.Errorf("a failed load changed the workspace: %d users", got)
	}
}

// Law: timestamps are unique and only grow, whoever posts at whatever moment.
func TestTimestampsGrow(t *testing.T) {
	inWorld(t, slacksim.Options{}, func(w *world) {
		var all sync.WaitGroup
		for i := range 20 {
			all.Go(func() {
				for range 20 {
					w.call("chat.postMessage", "channel", w.id("incidents"), "text", fmt.Sprint(i))
				}
			})
		}
		all.Wait()
		last := ""
		for _, m := range w.Person("alice").History("incidents", 0) {
			if m.TS <= last {
				t.Fatalf("%s after %s", m.TS, last)
			}
			last = m.TS
		}
	})
}

func TestFeed(t *testing.T) {
	inWorld(t, slacksim.Options{}, func(w *world) {
		f, slow := w.Subscribe(100), w.Subscribe(1)
		alice := w.Person("alice")
		said, err := alice.In("general").Types(w.ctx, "one")
		w.must(err)
		w.must(alice.Edits(said.Message, "two"))
		w.must(alice.Reacts(said.Message, "eyes"))
		w.must(alice.Deletes(said.Message))
		var got []slacksim.ChangeKind
		for range 4 {
			c := <-f.C
			got = append(got, c.Kind)
			if c.TS != said.TS || c.Channel != said.Channel {
				t.Errorf("change: %+v", c)
			}
		}
		want := []slacksim.ChangeKind{slacksim.ChangePosted, slacksim.ChangeEdited, slacksim.ChangeReaction, slacksim.ChangeDeleted}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("changes (-want +got):\n%s", diff)
		}
		<-slow.C
		_, err = alice.In("general").Types(w.ctx, "three")
		w.must(err)
		if c := <-slow.C; c.Kind != slacksim.ChangeReset {
			t.Errorf("a reader who fell behind got %+v", c)
		}
		f.Close()
		for range f.C { // ends, since the feed is closed
		}
	})
}

func TestSeesWaits(t *testing.T) {
	inWorld(t, slacksim.Options{}, func(w *world) {
		go func() {
			<-time.After(time.Hour)
			_, _ = w.Person("alice").In("incidents").Types(w.ctx, "at last")
		}()
		start := time.Now()
		_, err := w.Person("bob").Sees(w.ctx, slacksim.Says("at last"), func(m slacksim.Message) bool { return m.Text() != "" && m.Permalink() != "" })
		w.must(err)
		if got := time.Since(start); got != time.Hour {
			t.Errorf("seen after %s", got)
		}
	})
}

// The same over real loopback, without a bubble: what the demo and the crash campaign use.
func TestOverLoopback(t *testing.T) {
	ws, err := slacksim.New(slacksim.Options{Manifest: manifest(t, allScopes)})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(ws.Handler())
	defer server.Close()
	defer ws.Close()
	api := slack.New(ws.BotToken(), slack.OptionAPIURL(server.URL+"/api/"), slack.OptionAppLevelToken(ws.AppToken()))
	client := socketmode.New(api, socketmode.OptionLog(log.New(io.Discard, "", 0)))
	ctx, cancel := context.WithCancel(t.Context())
	var work sync.WaitGroup
	defer work.Wait()
	defer cancel()
	work.Go(func() { _ = client.RunContext(ctx) })
	work.Go(func() {
		for {
			select {
			case <-ctx.Done():
				return
			case e := <-client.Events:
				answering("pong")(client, e)
			}
		}
	})
	if err := ws.AwaitSockets(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	r, err := ws.Person("alice").In("general").Types(t.Context(), "/probe")
	if err != nil || r.Text() != "pong" {
		t.Errorf("got %q, %v", r.Text(), err)
	}
	file, err := api.UploadFileContext(t.Context(), slack.UploadFileParameters{Filename: "review.md", FileSize: 4, Content: "text", Channel: channelID(ws, "incidents")})
	if err != nil || string(ws.FileContent(file.ID)) != "text" {
		t.Errorf("upload: %+v, %v", file, err)
	}
}

func channelID(ws *slacksim.Workspace, name string) string {
	c, _ := ws.Person("alice").Channel(name)
	return c.ID
}

func TestNothingIsLeftRunning(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ws, err := slacksim.New(slacksim.Options{Manifest: manifest(t, allScopes, "app_home_opened")})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := ws.Person("alice").OpensHome(); err != nil { // its redelivery is under way
			t.Fatal(err)
		}
		ws.Close()
		if _, err := ws.Person("alice").OpensHome(); err == nil {
			t.Error("alice acts in a closed workspace")
		}
	})
}
