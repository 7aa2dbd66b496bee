package slacksim_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/slack-go/slack"

	"muster/bot/slacksim"
)

// answer is the body of any answer, as far as tests look at it.
type answer struct {
	OK       bool   `json:"ok"`
	Error    string `json:"error"`
	Needed   string `json:"needed"`
	Provided string `json:"provided"`
	TS       string `json:"ts"`
	Channel  any    `json:"channel"`
	Messages []struct {
		TS       string          `json:"ts"`
		Text     string          `json:"text"`
		Metadata json.RawMessage `json:"metadata"`
		Replies  int             `json:"reply_count"`
	} `json:"messages"`
	Metadata struct {
		Messages   []string `json:"messages"`
		NextCursor string   `json:"next_cursor"`
	} `json:"response_metadata"`
	HasMore bool `json:"has_more"`
}

// call makes one bare call, as any client in any language would. Arguments come in pairs.
func (w *world) call(method string, pairs ...string) answer {
	w.t.Helper()
	return w.callAs(w.BotToken(), method, pairs...)
}

func (w *world) callAs(token, method string, pairs ...string) answer {
	w.t.Helper()
	form := []string{"token=" + token}
	for i := 0; i+1 < len(pairs); i += 2 {
		form = append(form, pairs[i]+"="+urlEscape(pairs[i+1]))
	}
	_, a := w.send(method, "application/x-www-form-urlencoded", "", strings.Join(form, "&"))
	return a
}

func urlEscape(s string) string {
	var b strings.Builder
	for _, c := range []byte(s) {
		fmt.Fprintf(&b, "%%%02X", c)
	}
	return b.String()
}

func (w *world) send(method, kind, bearer, body string) (int, answer) {
	w.t.Helper()
	req, err := http.NewRequestWithContext(w.ctx, http.MethodPost, w.net.APIURL()+method, strings.NewReader(body))
	w.must(err)
	if kind != "" {
		req.Header.Set("Content-Type", kind)
	}
	if bearer != "" {
		req.Header.Set("Authorization", "Bearer "+bearer)
	}
	resp, err := w.net.Client().Do(req)
	w.must(err)
	defer resp.Body.Close()
	var a answer
	w.must(json.NewDecoder(resp.Body).Decode(&a))
	return resp.StatusCode, a
}

func (w *world) id(channel string) string {
	w.t.Helper()
	for _, handle := range []string{"alice", "carol"} {
		if c, ok := w.Person(handle).Channel(channel); ok {
			return c.ID
		}
	}
	w.t.Fatalf("no channel %q", channel)
	return ""
}

func TestWhoMayCall(t *testing.T) {
	o := slacksim.Options{Manifest: manifest(t, []string{"chat:write", "commands", "groups:write"})}
	inWorld(t, o, func(w *world) {
		bot, app := w.BotToken(), w.AppToken()
		tests := []struct{ token, method, want string }{
			{"", "auth.test", "not_authed"}, {"xoxb-wrong", "auth.test", "invalid_auth"}, {bot, "auth.test", ""}, {app, "auth.test", ""},
			{bot, "no.such", "unknown_method"}, {app, "chat.postMessage", "not_allowed_token_type"}, {bot, "apps.connections.open", "not_allowed_token_type"},
			{bot, "users.list", "missing_scope"}, {bot, "conversations.list", "missing_scope"}, {bot, "conversations.archive", "invalid_arguments"},
		}
		for _, tt := range tests {
			if got := w.callAs(tt.token, tt.method).Error; got != tt.want {
				t.Errorf("%s with %q: got %q, want %q", tt.method, tt.token, got, tt.want)
			}
		}
		a := w.call("conversations.create", "name", "public")
		if a.Error != "missing_scope" || a.Needed != "channels:manage" || a.Provided != "chat:write,commands,groups:write" {
			t.Errorf("a public channel with groups:write only: %+v", a)
		}
		if a := w.call("conversations.create", "name", "secret", "is_private", "1"); !a.OK {
			t.Errorf("a private channel: %+v", a)
		}
	})
}

func TestBodies(t *testing.T) {
	inWorld(t, slacksim.Options{}, func(w *world) {
		channel := w.id("incidents")
		tests := []struct{ kind, body, want string }{
			{"application/json; charset=utf-8", `{"channel":"` + channel + `","text":"hi","unfurl_links":false,"thread_ts":null}`, ""},
			{"application/json", `{"channel":"` + channel + `","blocks":[{"type":"divider"}]}`, ""},
			{"application/json", `[1]`, "json_not_object"}, {"application/json", `{`, "invalid_json"},
			{"application/json; charset=latin1", `{}`, "invalid_charset"},
			{"text/plain", `x`, "invalid_post_type"}, {"application/x-www-form-urlencoded", `a=%zz`, "invalid_form_data"},
			{"application/x-www-form-urlencoded", "channel=" + channel, "no_text"},
			{"application/json", `{"text":"hi"}`, "channel_not_found"},
		}
		for _, tt := range tests {
			if _, got := w.send("chat.postMessage", tt.kind, w.BotToken(), tt.body); got.Error != tt.want {
				t.Errorf("%s %s: got %q, want %q", tt.kind, tt.body, got.Error, tt.want)
			}
		}
		body := `{"token":"` + w.BotToken() + `","channel":"` + channel + `","text":"hi","user":"` + w.Person("alice").ID + `"}`
		for _, tt := range []struct{ what, method, bearer, want string }{
			{"a token in JSON is not read", "chat.postMessage", "", "not_authed"}, {"it stands in the header", "chat.postMessage", w.BotToken(), ""},
			{"a method that takes forms only", "users.info", w.BotToken(), "invalid_arguments"},
			{"a method that takes forms only", "conversations.info", w.BotToken(), "invalid_arguments"},
		} {
			if _, got := w.send(tt.method, "application/json", tt.bearer, body); got.Error != tt.want {
				t.Errorf("%s: %s: got %q, want %q", tt.what, tt.method, got.Error, tt.want)
			}
		}
	})
}

func TestMessagesThatSlackRefuses(t *testing.T) {
	inWorld(t, slacksim.Options{Manifest: manifest(t, slices.DeleteFunc(slices.Clone(allScopes), func(s string) bool { return s == "chat:write.public" }))}, func(w *world) {
		ch := w.id("incidents")
		long := `[{"type":"section","text":{"type":"plain_text","text":"` + strings.Repeat("x", 3001) + `"}}]`
		many := "[" + strings.Repeat(`{"type":"section","text":{"type":"plain_text","text":"`+strings.Repeat("x", 2900)+`"}},`, 5) + `{"type":"divider"}]`
		tests := []struct {
			name, want string
			args       []string
		}{
			{"nowhere", "channel_not_found", []string{"channel", "C0NOWHERE", "text", "x"}},
			{"private, not in it", "channel_not_found", []string{"channel", w.id("leads"), "text", "x"}},
			{"public, not in it", "not_in_channel", []string{"channel", w.id("general"), "text", "x"}},
			{"somebody who left", "channel_not_found", []string{"channel", w.Person("gone").ID, "text", "x"}},
			{"empty", "no_text", []string{"channel", ch, "text", " "}},
			{"block too long", "invalid_blocks", []string{"channel", ch, "blocks", long}},
			{"all blocks too long", "msg_blocks_too_long", []string{"channel", ch, "blocks", many}},
			{"blocks that are none", "invalid_blocks_format", []string{"channel", ch, "blocks", "{"}},
			{"metadata that is none", "invalid_metadata_format", []string{"channel", ch, "text", "x", "metadata", `{"event_type":"x"}`}},
			{"no such thread", "thread_not_found", []string{"channel", ch, "text", "x", "thread_ts", "1.000001"}},
			{"markdown and text", "markdown_text_conflict", []string{"channel", ch, "text", "x", "markdown_text", "y"}},
		}
		for _, tt := range tests {
			got := w.call("chat.postMessage", tt.args...)
			if got.Error != tt.want {
				t.Errorf("%s: got %q, want %q", tt.name, got.Error, tt.want)
			}
			if tt.want == "invalid_blocks" && len(got.Metadata.Messages) == 0 {
				t.Errorf("%s: nothing says why", tt.name)
			}
		}
		if got := len(w.Person("alice").History("incidents", 0)); got != 0 {
			t.Errorf("%d messages came of refused calls", got)
		}
	})
}

// Whoever reads page by page misses nothing that was there all the time, whatever goes meanwhile.
func TestPagesStayWhole(t *testing.T) {
	inWorld(t, slacksim.Options{}, func(w *world) {
		var made []string
		for i := range 6 {
			channel, err := w.api.CreateConversationContext(w.ctx, slack.CreateConversationParams{ChannelName: fmt.Sprint("inc-", i)})
			w.must(err)
			made = append(made, channel.ID)
		}
		var seen []string
		ask := &slack.GetConversationsForUserParameters{Limit: 1, ExcludeArchived: true}
		for page := 0; page == 0 || ask.Cursor != ""; page++ {
			channels, next, err := w.api.GetConversationsForUserContext(w.ctx, ask)
			w.must(err)
			for _, channel := range channels {
				seen = append(seen, channel.ID)
				if channel.ID == made[1] { // two that were read, and the one at which the next page begins
					for _, gone := range made[:3] {
						w.must(w.api.ArchiveConversationContext(w.ctx, gone))
					}
				}
			}
			ask.Cursor = next
		}
		if want := slices.Delete(slices.Clone(made), 2, 3); !slices.Equal(seen[len(seen)-len(want):], want) {
			t.Errorf("seen were %v, want %v at the end", seen, want)
		}
		if got := w.call("users.conversations", "cursor", "page:2").Error; got != "invalid_cursor" {
			t.Errorf("a cursor that somebody made up: %q", got)
		}
	})
}

func TestMessageLife(t *testing.T) {
	inWorld(t, slacksim.Options{}, func(w *world) {
		ch := w.id("incidents")
		first := w.call("chat.postMessage", "channel", ch, "text", "one", "metadata", `{"event_type":"effect","event_payload":{"key":"k1"}}`)
		for _, text := range []string{"two", "three"} {
			w.call("chat.postMessage", "channel", ch, "text", text, "thread_ts", first.TS)
		}
		last := w.call("chat.postMessage", "channel", "#incidents", "text", "four")
		h := w.call("conversations.history", "channel", ch, "include_all_metadata", "true")
		if len(h.Messages) != 2 || h.Messages[0].TS != last.TS || h.Messages[1].Replies != 2 {
			t.Fatalf("history: %+v", h.Messages)
		}
		if want := `{"event_type":"effect","event_payload":{"key":"k1"}}`; string(h.Messages[1].Metadata) != want {
			t.Errorf("metadata: got %s", h.Messages[1].Metadata)
		}
		if h = w.call("conversations.history", "channel", ch); h.Messages[1].Metadata != nil {
			t.Error("metadata comes without being asked for")
		}
		h = w.call("conversations.history", "channel", ch, "limit", "1")
		h = w.call("conversations.history", "channel", ch, "limit", "1", "cursor", h.Metadata.NextCursor)
		if len(h.Messages) != 1 || h.Messages[0].TS != first.TS || h.HasMore {
			t.Errorf("second page: %+v", h)
		}
		r := w.call("conversations.replies", "channel", ch, "ts", first.TS)
		if len(r.Messages) != 3 || r.Messages[2].Text != "three" {
			t.Errorf("replies: %+v", r.Messages)
		}
		if _, ok := w.Person("bob").Looks(slacksim.Says("four")); !ok {
			t.Error("bob does not see the message before its edit")
		}
		w.call("chat.update", "channel", ch, "ts", last.TS, "text", "five")
		m, _ := w.Person("bob").Looks(slacksim.Inside("incidents"), slacksim.Says("five"))
		if m.TS != last.TS || m.EditedTS == "" {
			t.Errorf("after the edit: %+v", m)
		}
		said, err := w.Person("bob").In("incidents").Types(w.ctx, "mine")
		w.must(err)
		got := []string{
			w.call("chat.update", "channel", ch, "ts", said.TS, "text", "x").Error, w.call("chat.delete", "channel", ch, "ts", said.TS).Error,
			w.call("chat.update", "channel", ch, "ts", "9.000001", "text", "x").Error, w.call("chat.delete", "channel", ch, "ts", last.TS).Error,
			w.call("chat.delete", "channel", ch, "ts", last.TS).Error,
		}
		if diff := cmp.Diff([]string{"cant_update_message", "cant_delete_message", "message_not_found", "", "message_not_found"}, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
}

func TestItems(t *testing.T) {
	inWorld(t, slacksim.Options{}, func(w *world) {
		ch, ts := w.id("incidents"), w.post("incidents", slack.MsgOptionText("card", false))
		link, err := w.api.GetPermalinkContext(w.ctx, &slack.PermalinkParameters{Channel: ch, Ts: ts})
		w.must(err)
		if m, _ := w.Person("alice").Looks(slacksim.Says("card")); m.Permalink() != link || !strings.HasSuffix(link, "/p"+strings.ReplaceAll(ts, ".", "")) {
			t.Errorf("permalink: %s and %s", link, m.Permalink())
		}
		ref := slack.NewRefToMessage(ch, ts)
		w.must(w.api.AddPinContext(w.ctx, ch, ref))
		pins, _, err := w.api.ListPinsContext(w.ctx, ch)
		w.must(err)
		if len(pins) != 1 || pins[0].Message.Timestamp != ts {
			t.Errorf("pins: %+v", pins)
		}
		b, err := w.api.AddBookmarkContext(w.ctx, ch, slack.AddBookmarkParameters{Title: "Call", Type: "link", Link: "https://meet.example/1"})
		w.must(err)
		title := "Bridge"
		_, err = w.api.EditBookmarkContext(w.ctx, ch, b.ID, slack.EditBookmarkParameters{Title: &title})
		w.must(err)
		list, err := w.api.ListBookmarksContext(w.ctx, ch)
		w.must(err)
		if len(list) != 1 || list[0].Title != "Bridge" || list[0].Link != "https://meet.example/1" {
			t.Errorf("bookmarks: %+v", list)
		}
		steps := []struct{ what, got, want string }{
			{"pin again", w.call("pins.add", "channel", ch, "timestamp", ts).Error, "already_pinned"},
			{"pin nothing", w.call("pins.add", "channel", ch, "timestamp", "1.000001").Error, "message_not_found"},
			{"pin nonsense", w.call("pins.add", "channel", ch, "timestamp", "x").Error, "bad_timestamp"},
			{"unpin", w.call("pins.remove", "channel", ch, "timestamp", ts).Error, ""},
			{"unpin again", w.call("pins.remove", "channel", ch, "timestamp", ts).Error, "no_pin"},
			{"react", w.call("reactions.add", "channel", ch, "timestamp", ts, "name", "eyes").Error, ""},
			{"react again", w.call("reactions.add", "channel", ch, "timestamp", ts, "name", "eyes").Error, "already_reacted"},
			{"react with nonsense", w.call("reactions.add", "channel", ch, "timestamp", ts, "name", "a b").Error, "invalid_name"},
			{"take back", w.call("reactions.remove", "channel", ch, "timestamp", ts, "name", "eyes").Error, ""},
			{"take back again", w.call("reactions.remove", "channel", ch, "timestamp", ts, "name", "eyes").Error, "no_reaction"},
			{"bookmark", w.call("bookmarks.add", "channel_id", ch, "title", "x", "type", "link", "link", "javascript:x").Error, "invalid_link"},
			{"bookmark", w.call("bookmarks.remove", "channel_id", ch, "bookmark_id", b.ID).Error, ""},
			{"bookmark", w.call("bookmarks.remove", "channel_id", ch, "bookmark_id", b.ID).Error, "not_found"},
		}
		for _, s := range steps {
			if s.got != s.want {
				t.Errorf("%s: got %q, want %q", s.what, s.got, s.want)
			}
		}
	})
}
