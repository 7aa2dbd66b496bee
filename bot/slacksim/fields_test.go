package slacksim_test

import (
	"encoding/json"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/gorilla/websocket"
	"github.com/slack-go/slack"
	"github.com/slack-go/slack/socketmode"

	"muster/bot/slacksim"
)

// keys are the names that an object holds, and which of wanted it lacks.
func lacks(object map[string]any, wanted ...string) []string {
	return slices.DeleteFunc(wanted, func(key string) bool { _, there := object[key]; return there })
}

func TestWhatEventsTell(t *testing.T) {
	o := slacksim.Options{Manifest: manifest(t, allScopes, "message.channels", "app_mention", "pin_added", "pin_removed", "channel_created", "group_archive",
		"team_join", "channel_rename")}
	inWorld(t, o, func(w *world) {
		w.connect(nil)
		alice := w.Person("alice")
		said, err := alice.In("incidents").Types(w.ctx, "see https://graphs.example/d?a=1&b=2. @probe <https://x.example> or ask ops@harbour.example :fire: <!here>")
		w.must(err)
		message := w.event("message")
		wantText := "see <https://graphs.example/d?a=1&amp;b=2>. <@" + w.BotUserID() + "> &lt;<https://x.example>&gt; or ask <mailto:ops@harbour.example|ops@harbour.example> :fire: &lt;!here&gt;"
		if message["text"] != wantText || message["client_msg_id"] == nil {
			t.Errorf("the message:\n got %v\nwant %v", message["text"], wantText)
		}
		if got, want := said.Text(), "see https://graphs.example/d?a=1&b=2. @probe <https://x.example> or ask ops@harbour.example :fire: <!here>"; got != want {
			t.Errorf("people read %q", got)
		}
		var kinds []string
		block := message["blocks"].([]any)[0].(map[string]any)
		for _, e := range block["elements"].([]any)[0].(map[string]any)["elements"].([]any) {
			kinds = append(kinds, e.(map[string]any)["type"].(string))
		}
		if got := strings.Join(kinds, " "); block["type"] != "rich_text" || got != "text link text user text link text link text emoji text" {
			t.Errorf("its blocks: %s", got)
		}
		mention := w.event("app_mention")
		if _, empty := mention["thread_ts"]; empty || len(lacks(mention, "blocks", "client_msg_id", "channel", "user", "event_ts")) > 0 {
			t.Errorf("app_mention: %v", mention)
		}
		w.must(alice.Pins(said.Message))
		pinned := w.event("pin_added")
		item := pinned["item"].(map[string]any)
		w.must(alice.Unpins(said.Message))
		unpinned := w.event("pin_removed")
		if pinned["pin_count"] != 1.0 || len(lacks(item, "created", "created_by")) > 0 || len(lacks(item["message"].(map[string]any), "permalink")) > 0 || unpinned["has_pins"] != false {
			t.Errorf("pins: %v, %v", pinned, unpinned)
		}
		id, err := alice.Creates("war-room", false)
		w.must(err)
		made := w.event("channel_created")["channel"].(map[string]any)
		if got := lacks(made, "is_private", "is_archived", "is_shared", "context_team_id", "is_frozen", "is_general"); made["id"] != id || len(got) > 0 {
			t.Errorf("channel_created lacks %v", got)
		}
		w.call("conversations.setTopic", "channel", w.id("incidents"), "topic", "checkout is down")
		if told := w.event("message"); told["subtype"] != "channel_topic" || told["topic"] != "checkout is down" {
			t.Errorf("the topic: %v", told)
		}
		w.AddUser(slacksim.User{Handle: "nora", RealName: "Nora New"})
		if joined := w.event("team_join"); len(lacks(joined, "cache_ts")) > 0 || len(lacks(joined["user"].(map[string]any), "tz_offset", "color")) > 0 {
			t.Errorf("team_join: %v", joined)
		}
	})
}

func TestAHomeHasATitleOfSlacks(t *testing.T) {
	inWorld(t, slacksim.Options{}, func(w *world) {
		home := `{"type":"home","blocks":[{"type":"divider"}]}`
		view := w.raw("views.publish", "user_id", w.Person("alice").ID, "view", home)["view"].(map[string]any)
		if title, _ := view["title"].(map[string]any); title["text"] != "View Title" || view["close"] != nil {
			t.Errorf("title: %v, close: %v", view["title"], view["close"])
		}
	})
}

func TestAButtonTellsItsLinkAndItsQuestion(t *testing.T) {
	inWorld(t, slacksim.Options{}, func(w *world) {
		w.connect(nil)
		button := slack.NewButtonBlockElement("open", "1", text("Open"))
		button.URL, button.Confirm = "https://graphs.example/", slack.NewConfirmationBlockObject(text("Sure?"), text("It opens"), text("Yes"), text("No"))
		w.post("incidents", slack.MsgOptionBlocks(slack.NewActionBlock("", button)))
		alice := w.Person("alice")
		seen, _ := alice.Looks(slacksim.WithButton("Open"))
		w.must(seen.Button("Open").Click(w.ctx, alice))
		var payload struct{ Actions []map[string]any }
		w.must(json.Unmarshal(w.next(socketmode.EventTypeInteractive).Request.Payload, &payload))
		if got := lacks(payload.Actions[0], "url", "confirm"); len(got) > 0 {
			t.Errorf("the action lacks %v: %v", got, payload.Actions[0])
		}
	})
}

// A menu of a modal may ask for the right to answer where somebody picks.
func TestAModalThatMayAnswerInAChannel(t *testing.T) {
	inWorld(t, slacksim.Options{}, func(w *world) {
		menu := slack.NewOptionsSelectBlockElement(slack.OptTypeConversations, text("Where"), "where")
		menu.ResponseURLEnabled = true
		w.connect(func(c *socketmode.Client, e socketmode.Event) {
			if cb, _ := e.Data.(slack.InteractionCallback); cb.Type == slack.InteractionTypeShortcut {
				_, err := w.api.OpenViewContext(w.ctx, cb.TriggerID, slack.ModalViewRequest{Type: slack.VTModal, Title: text("Tell"), Submit: text("Go"),
					Blocks: slack.Blocks{BlockSet: []slack.Block{slack.NewInputBlock("w", text("Where"), nil, menu)}}})
				w.must(err)
			}
			if e.Request != nil && e.Request.EnvelopeID != "" {
				_ = c.Ack(*e.Request)
			}
		})
		alice := w.Person("alice")
		w.must(alice.UsesShortcut(w.ctx, "Probe all"))
		modal, err := alice.SeesView(w.ctx, nil)
		w.must(err)
		w.must(modal.Choose(w.ctx, "Where", "incidents"))
		_, err = modal.Submit(w.ctx)
		w.must(err)
		w.next(socketmode.EventTypeInteractive)
		urls := w.next(socketmode.EventTypeInteractive).Data.(slack.InteractionCallback).ResponseURLs
		if len(urls) != 1 || urls[0].ChannelID != w.id("incidents") || urls[0].ActionID != "where" {
			t.Fatalf("response_urls: %+v", urls)
		}
		w.respond(urls[0].ResponseURL, slack.WebhookMessage{Text: "told", ResponseType: slack.ResponseTypeInChannel})
		if _, ok := w.Person("bob").Looks(slacksim.Says("told")); !ok {
			t.Error("nothing came of it")
		}
	})
}

func TestWhatTokensSayOfThemselves(t *testing.T) {
	inWorld(t, slacksim.Options{}, func(w *world) {
		bot := w.raw("auth.test")
		if got := lacks(bot, "user_id", "bot_id", "team_id", "app_id"); !slices.Equal(got, []string{"app_id"}) {
			t.Errorf("the bot's token: %v", bot)
		}
		resp, err := w.net.Client().PostForm(w.net.APIURL()+"auth.test", url.Values{"token": {w.AppToken()}})
		w.must(err)
		defer resp.Body.Close()
		var app map[string]any
		w.must(json.NewDecoder(resp.Body).Decode(&app))
		if got := lacks(app, "app_id", "app_name", "user_id", "bot_id"); !slices.Equal(got, []string{"user_id", "bot_id"}) {
			t.Errorf("the app's token: %v", app)
		}
	})
}

// A socket that died without a word does not answer the client's pings either, or nobody would ever notice.
func TestAHalfOpenSocketAnswersNoPing(t *testing.T) {
	inWorld(t, slacksim.Options{}, func(w *world) {
		opened := w.callAs(w.AppToken(), "apps.connections.open")
		if !opened.OK {
			t.Fatalf("open: %+v", opened)
		}
		_, url, err := w.api.StartSocketModeContext(w.ctx)
		w.must(err)
		conn := w.dial(url)
		defer conn.Close()
		pongs := make(chan bool, 10)
		conn.SetPongHandler(func(string) error { pongs <- true; return nil })
		go func() {
			for {
				if _, _, err := conn.ReadMessage(); err != nil {
					return
				}
			}
		}()
		ping := func() int {
			w.must(conn.WriteControl(websocket.PingMessage, []byte("there?"), time.Now().Add(time.Second)))
			w.pass(time.Second)
			return len(pongs)
		}
		got := []int{ping()}
		w.HalfOpen()
		got = append(got, ping())
		if diff := cmp.Diff([]int{1, 1}, got); diff != "" {
			t.Errorf("pongs while open, and half open (-want +got):\n%s", diff)
		}
	})
}

func TestRefusals(t *testing.T) {
	inWorld(t, slacksim.Options{}, func(w *world) {
		ch := w.id("incidents")
		bad := w.raw("chat.postMessage", "channel", ch, "blocks", `[{"type":"section"}]`)
		first, _ := bad["response_metadata"].(map[string]any)["messages"].([]any)
		if errors, _ := bad["errors"].([]any); len(errors) == 0 || len(first) == 0 || first[0] != "[ERROR] "+errors[0].(string) {
			t.Errorf("invalid_blocks: %v", bad)
		}
		metadata := func(payload string) string {
			return w.call("chat.postMessage", "channel", ch, "text", "x", "metadata", `{"event_type":"e","event_payload":`+payload+`}`).Error
		}
		steps := []struct{ what, got, want string }{
			{"a message to nowhere", w.call("chat.postMessage", "text", "x").Error, "channel_not_found"},
			{"words, numbers and objects", metadata(`{"a":"x","b":1,"c":true,"d":{"e":"f"},"g":[{"h":1}]}`), ""},
			{"null", metadata(`{"a":null}`), "invalid_metadata_format"}, {"deep", metadata(`{"a":{"b":{"c":{}}}}`), "invalid_metadata_format"},
			{"lists in lists", metadata(`{"a":[[1]]}`), "invalid_metadata_format"}, {"no object", metadata(`[1]`), "invalid_metadata_format"},
			{"open with itself", w.call("conversations.open", "users", w.BotUserID()).Error, "not_enough_users"},
			{"whose channels", w.call("users.conversations", "user", "U0NOBODY").Error, "user_not_found"},
			{"a bookmark without a title", w.call("bookmarks.add", "channel_id", ch, "title", "", "type", "link", "link", "https://x.example").Error, "invalid_arguments"},
			{"a bookmark with what is no emoji", w.call("bookmarks.add", "channel_id", ch, "title", "x", "type", "link", "link", "https://x.example", "emoji", ":nope:").Error, "invalid_emoji"},
			{"a bookmark with an emoji", w.call("bookmarks.add", "channel_id", ch, "title", "x", "type", "link", "link", "https://x.example", "emoji", ":fire:").Error, ""},
		}
		for _, s := range steps {
			if s.got != s.want {
				t.Errorf("%s: got %q, want %q", s.what, s.got, s.want)
			}
		}
	})
}
