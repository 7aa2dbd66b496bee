package page_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"muster/bot/slacksim"
	"muster/bot/slacksim/page"
)

// world is a workspace with its page, and an echo bot in it.
type world struct {
	ws   *slacksim.Workspace
	bot  *echo
	base string
}

func manifest(t testing.TB) []byte {
	t.Helper()
	data, err := json.Marshal(map[string]any{
		"display_information": map[string]any{"name": "Echo"},
		"features": map[string]any{
			"app_home": map[string]any{"home_tab_enabled": true, "messages_tab_enabled": true},
			"bot_user": map[string]any{"display_name": "echo"},
			"slash_commands": []any{
				map[string]any{"command": "/echo", "description": "Says it again", "usage_hint": "[words]"},
				map[string]any{"command": "/widgets", "description": "Posts one of everything"},
				map[string]any{"command": "/modal", "description": "Opens a dialog"},
				map[string]any{"command": "/hostile", "description": "Posts text that means harm"},
			},
			"shortcuts": []any{
				map[string]any{"name": "Echo a form", "type": "global", "callback_id": "form", "description": "Opens a dialog"},
				map[string]any{"name": "Echo this", "type": "message", "callback_id": "this", "description": "Says it again"},
			},
		},
		"oauth_config": map[string]any{"scopes": map[string]any{"bot": []string{"app_mentions:read", "channels:history", "channels:read",
			"chat:write", "commands", "im:history", "im:write", "pins:read", "pins:write", "reactions:read", "reactions:write", "users:read", "bookmarks:write", "channels:manage"}}},
		"settings": map[string]any{
			"event_subscriptions": map[string]any{"bot_events": []string{"app_mention", "app_home_opened", "reaction_added", "message.channels"}},
			"interactivity":       map[string]any{"is_enabled": true}, "socket_mode_enabled": true,
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func newWorld(t testing.TB, opts page.Options) *world {
	t.Helper()
	ws, err := slacksim.New(slacksim.Options{Manifest: manifest(t)})
	if err != nil {
		t.Fatal(err)
	}
	opts.Landing = "incidents"
	handler, err := page.New(ws, opts)
	if err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	for _, path := range []string{"/api/", "/socket", "/response/"} {
		mux.Handle(path, ws.Handler())
	}
	mux.Handle("/", handler)
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	t.Cleanup(ws.Close) // first: it ends the page's streams, for which the server waits
	w := &world{ws: ws, base: server.URL, bot: &echo{t: t, base: server.URL + "/api/", token: ws.BotToken()}}
	w.bot.answer = w.answer
	w.bot.start(ws.AppToken())
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	if err := ws.AwaitSockets(ctx, 1); err != nil {
		t.Fatal(err)
	}
	return w
}

// channel is the ID of a channel.
func (w *world) channel(name string) string {
	c, ok := w.ws.Person("alice").Channel(name)
	if !ok {
		w.bot.t.Fatalf("there is no channel %s", name)
	}
	return c.ID
}

func (w *world) as(who, channel string) string {
	return w.base + "/as/" + who + "/c/" + w.channel(channel)
}

// answer is what the bot does about each envelope.
func (w *world) answer(kind string, payload map[string]any) any {
	switch kind {
	case "slash_commands":
		return w.command(payload)
	case "events_api":
		event, _ := payload["event"].(map[string]any)
		w.event(event)
		return nil
	}
	return w.interaction(payload)
}

func (w *world) command(p map[string]any) any {
	channel := fmt.Sprint(p["channel_id"])
	switch p["command"] {
	case "/echo":
		return map[string]any{"text": "You said: " + fmt.Sprint(p["text"])}
	case "/widgets":
		w.bot.must("chat.postMessage", map[string]any{"channel": channel, "text": "widgets", "blocks": widgets()})
	case "/modal":
		w.bot.must("views.open", map[string]any{"trigger_id": p["trigger_id"], "view": form("first")})
	case "/hostile":
		w.bot.must("chat.postMessage", map[string]any{"channel": channel, "text": hostile, "blocks": hostileBlocks()})
	}
	return nil
}

func (w *world) event(e map[string]any) {
	switch e["type"] {
	case "app_mention":
		w.bot.must("chat.postMessage", map[string]any{"channel": e["channel"], "thread_ts": e["ts"], "text": "You called, <@" + fmt.Sprint(e["user"]) + ">?"})
	case "app_home_opened":
		w.bot.must("views.publish", map[string]any{"user_id": e["user"], "view": map[string]any{"type": "home", "blocks": []any{
			map[string]any{"type": "header", "text": plain("Home of the echo")},
			map[string]any{"type": "actions", "elements": []any{element("button", "home", map[string]any{"text": plain("Knock")})}}}}})
	case "reaction_added":
		item, _ := e["item"].(map[string]any)
		w.bot.call("reactions.add", map[string]any{"channel": item["channel"], "timestamp": item["ts"], "name": "tada"})
	}
}

func (w *world) interaction(p map[string]any) any {
	switch p["type"] {
	case "block_suggestion":
		var offered []any
		for _, place := range []string{"Hamburg", "Hanoi", "Seoul"} {
			if strings.HasPrefix(strings.ToLower(place), strings.ToLower(fmt.Sprint(p["value"]))) {
				offered = append(offered, option(place))
			}
		}
		return map[string]any{"options": offered}
	case "block_actions":
		actions, _ := p["actions"].([]any)
		action, _ := actions[0].(map[string]any)
		if view, ok := p["view"].(map[string]any); ok && action["action_id"] == "push" {
			w.bot.must("views.push", map[string]any{"trigger_id": p["trigger_id"], "view": form("pushed by " + fmt.Sprint(view["callback_id"]))})
			return nil
		}
		w.say(fmt.Sprintf("%s did %s: %s", user(p), action["action_id"], chosen(action)))
	case "view_submission":
		return w.submitted(p)
	case "view_closed":
		view, _ := p["view"].(map[string]any)
		w.say(fmt.Sprintf("%s closed %s", user(p), view["callback_id"]))
	case "shortcut":
		w.bot.must("views.open", map[string]any{"trigger_id": p["trigger_id"], "view": form("shortcut")})
	case "message_action":
		m, _ := p["message"].(map[string]any)
		w.say("Echo: " + fmt.Sprint(m["text"]))
	}
	return nil
}

func (w *world) submitted(p map[string]any) any {
	view, _ := p["view"].(map[string]any)
	state, _ := view["state"].(map[string]any)
	raw, err := json.Marshal(state["values"])
	if err != nil {
		w.bot.t.Error(err)
	}
	values := map[string]map[string]map[string]any{}
	if err := json.Unmarshal(raw, &values); err != nil {
		w.bot.t.Error(err)
	}
	switch name := values["name"]["name"]["value"]; name {
	case "bad":
		return map[string]any{"response_action": "errors", "errors": map[string]any{"name": "No bad names, please"}}
	case "swap":
		return map[string]any{"response_action": "update", "view": form("swapped")}
	case "push":
		return map[string]any{"response_action": "push", "view": form("pushed")}
	case "clear":
		return map[string]any{"response_action": "clear"}
	default:
		parts := []string{fmt.Sprintf("%s sent %v", user(p), name)}
		for _, id := range []string{"place", "pick", "who", "many", "boxes", "radio", "day", "hour", "count"} {
			for _, value := range values[id] {
				parts = append(parts, id+"="+chosen(value))
			}
		}
		w.say(strings.Join(parts, " "))
	}
	return nil
}

func (w *world) say(text string) {
	w.bot.must("chat.postMessage", map[string]any{"channel": w.channel("incidents"), "text": text})
}

func user(p map[string]any) string {
	u, _ := p["user"].(map[string]any)
	return fmt.Sprint(u["username"])
}

// chosen is what an element holds, in words.
func chosen(a map[string]any) string {
	one := func(v any) string {
		if o, ok := v.(map[string]any); ok {
			return fmt.Sprint(o["value"])
		}
		return fmt.Sprint(v)
	}
	for _, name := range []string{"value", "selected_option", "selected_user", "selected_conversation", "selected_channel", "selected_date", "selected_time", "selected_date_time"} {
		if v := a[name]; v != nil {
			return one(v)
		}
	}
	for _, name := range []string{"selected_options", "selected_users"} {
		if list, ok := a[name].([]any); ok {
			var words []string
			for _, v := range list {
				words = append(words, one(v))
			}
			return strings.Join(words, "+")
		}
	}
	return "pressed"
}
