package slacksim_test

import (
	"io"
	"net/http"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/slack-go/slack"
	"github.com/slack-go/slack/socketmode"

	"muster/bot/slacksim"
)

// hearing is a manifest that hears of messages, reactions and files.
func hearing(t *testing.T) slacksim.Options {
	return slacksim.Options{Manifest: manifest(t, allScopes, "message.channels", "reaction_added", "pin_added", "file_shared", "file_deleted")}
}

func TestAlertsOfOtherAppsHaveNoText(t *testing.T) {
	inWorld(t, hearing(t), func(w *world) {
		w.connect(nil)
		firing := slacksim.Alert{Attachments: []byte(`[{"color":"danger","title":"Disk full","text":"db-1 at 97%","fields":[{"title":"Region","value":"eu-1"}]}]`)}
		alert, err := w.Posts("Grafana", "incidents", firing)
		w.must(err)
		build, err := w.Posts("Builder", "incidents", slacksim.Alert{Webhook: true, Blocks: []byte(`[{"type":"section","text":{"type":"mrkdwn","text":"Build *failed*"}}]`)})
		w.must(err)
		told := []map[string]any{w.event("message"), w.event("message")}
		var got []any
		for _, m := range told {
			got = append(got, m["subtype"], m["text"], m["user"] != nil, m["username"], m["bot_id"] != nil, m["attachments"] != nil, m["blocks"] != nil)
		}
		want := []any{nil, "", true, nil, true, true, false, "bot_message", "", false, "Builder", true, false, true}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("subtype, text, user, username, bot, attachments, blocks (-want +got):\n%s", diff)
		}
		if info := w.raw("bots.info", "bot", told[0]["bot_id"].(string)); info["bot"].(map[string]any)["name"] != "Grafana" {
			t.Errorf("bots.info: %v", info)
		}
		alice := w.Person("alice")
		seen, err := alice.Sees(w.ctx, slacksim.Says("Disk full", "db-1 at 97%", "eu-1"))
		w.must(err)
		w.must(alice.Reacts(seen, "pushpin"))
		w.must(alice.Pins(seen))
		w.must(alice.UsesShortcutOn(w.ctx, build, "Probe this"))
		cb := w.next(socketmode.EventTypeInteractive).Data.(slack.InteractionCallback)
		if cb.Message.Timestamp != build.TS || cb.Message.Text != "" || len(cb.Message.Blocks.BlockSet) != 1 {
			t.Errorf("a shortcut on it: %+v", cb.Message)
		}
		if got := w.call("chat.update", "channel", alert.Channel, "ts", alert.TS, "text", "x").Error; got != "cant_update_message" {
			t.Errorf("the app edits what is not its own: %q", got)
		}
		w.must(w.Reposts(alert, slacksim.Alert{Text: "Resolved"}))
		if now, _ := alice.Looks(slacksim.The(alert)); now.Text() != "Resolved" || now.Attachments != nil {
			t.Errorf("it is over: %q", now.Text())
		}
	})
}

func TestSomebodyPostsAPicture(t *testing.T) {
	inWorld(t, hearing(t), func(w *world) {
		w.connect(nil)
		alice := w.Person("alice")
		said, err := alice.In("incidents").Uploads("", slacksim.Upload{Name: "graph.png", Content: []byte("PNG")}, slacksim.Upload{Name: "app.log", Title: "The log"})
		w.must(err)
		told := w.event("message")
		files := told["files"].([]any)
		picture := files[0].(map[string]any)
		if told["subtype"] != "file_share" || told["text"] != "" || len(files) != 2 || picture["mimetype"] != "image/png" || picture["title"] != "graph.png" {
			t.Errorf("the message: %v", told)
		}
		if shared := w.event("file_shared"); shared["file_id"] != picture["id"] || shared["channel_id"] != said.Channel || shared["user_id"] != alice.ID {
			t.Errorf("file_shared: %v", shared)
		}
		history := w.raw("conversations.history", "channel", said.Channel)["messages"].([]any)[0].(map[string]any)
		info := w.raw("files.info", "file", picture["id"].(string))["file"].(map[string]any)
		if len(history["files"].([]any)) != 2 || !slices.Equal(info["channels"].([]any), []any{said.Channel}) {
			t.Errorf("history: %v, info: %v", history["files"], info["channels"])
		}
		fetch := func(token string) string {
			r, err := http.NewRequestWithContext(w.ctx, http.MethodGet, picture["url_private"].(string), nil)
			w.must(err)
			r.Header.Set("Authorization", "Bearer "+token)
			answer, err := w.net.Client().Do(r)
			w.must(err)
			defer answer.Body.Close()
			body, err := io.ReadAll(answer.Body)
			w.must(err)
			return string(body)
		}
		if got := fetch(w.BotToken()); got != "PNG" {
			t.Errorf("the picture itself: %q", got)
		}
		if got := fetch("nobody"); got == "PNG" {
			t.Error("anybody gets the picture")
		}
		if got := w.call("files.delete", "file", picture["id"].(string)).Error; got != "cant_delete_file" {
			t.Errorf("the app deletes somebody's file: %q", got)
		}
		list := w.raw("files.list", "channel", said.Channel, "count", "1")
		if paging := list["paging"].(map[string]any); len(list["files"].([]any)) != 1 || paging["pages"] != 2.0 || paging["total"] != 2.0 {
			t.Errorf("files.list: %v", list)
		}
	})
}

func TestAReplyThatIsAlsoSentToTheChannel(t *testing.T) {
	inWorld(t, hearing(t), func(w *world) {
		w.connect(nil)
		alice := w.Person("alice")
		root, err := alice.In("incidents").Types(w.ctx, "it is slow")
		w.must(err)
		_, err = w.Person("bob").In("incidents").Thread(root.TS).AndChannel().Types(w.ctx, "it is the database")
		w.must(err)
		w.event("message")
		told := w.event("message")
		above, _ := told["root"].(map[string]any)
		if told["subtype"] != "thread_broadcast" || told["thread_ts"] != root.TS || above["text"] != "it is slow" {
			t.Errorf("told: %v", told)
		}
		if all := alice.History("incidents", 0); len(all) != 2 {
			t.Errorf("%d messages stand in the channel, want both", len(all))
		}
	})
}

// What somebody said is edited and deleted; where others had answered, a stone is left.
func TestSomebodyEditsAndDeletes(t *testing.T) {
	inWorld(t, hearing(t), func(w *world) {
		w.connect(nil)
		alice, bob := w.Person("alice"), w.Person("bob")
		root, err := alice.In("incidents").Types(w.ctx, "restart db-1")
		w.must(err)
		w.event("message")
		w.must(alice.Edits(root.Message, "restart db-2"))
		changed := w.event("message")
		now, before := changed["message"].(map[string]any), changed["previous_message"].(map[string]any)
		if changed["subtype"] != "message_changed" || now["text"] != "restart db-2" || before["text"] != "restart db-1" || now["ts"] != root.TS {
			t.Errorf("edited: %v", changed)
		}
		answered, err := bob.In("incidents").Thread(root.TS).Types(w.ctx, "done")
		w.must(err)
		w.event("message")
		w.must(alice.Deletes(root.Message))
		stone := w.event("message")
		if stone["subtype"] != "message_changed" || stone["message"].(map[string]any)["subtype"] != "tombstone" {
			t.Errorf("a message with replies is deleted: %v", stone)
		}
		w.must(bob.Deletes(answered.Message))
		for _, want := range []string{answered.TS, root.TS} {
			if gone := w.event("message"); gone["subtype"] != "message_deleted" || gone["deleted_ts"] != want {
				t.Errorf("deleted: %v, want %s", gone, want)
			}
		}
	})
}
