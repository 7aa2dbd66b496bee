package slacksim_test

import (
	"context"
	"encoding/json"
	"io"
	"log"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gorilla/websocket"
	"github.com/slack-go/slack"
	"github.com/slack-go/slack/socketmode"

	"muster/bot/slacksim"
)

// allScopes are what the test app is granted.
var allScopes = []string{
	"app_mentions:read", "bookmarks:read", "bookmarks:write", "canvases:read", "canvases:write", "channels:history", "channels:join", "channels:manage", "channels:read",
	"chat:write", "chat:write.public", "commands", "dnd:read", "emoji:read", "files:read", "files:write", "groups:history", "groups:read", "groups:write", "im:history", "im:read", "im:write",
	"mpim:history", "mpim:read", "mpim:write", "pins:read", "pins:write", "reactions:read", "reactions:write", "team:read",
	"usergroups:read", "usergroups:write", "users.profile:read", "users:read", "users:read.email",
}

// manifest is an app manifest with these scopes, and everything else that a test may need.
func manifest(t testing.TB, scopes []string, events ...string) []byte {
	t.Helper()
	data, err := json.Marshal(map[string]any{
		"display_information": map[string]any{"name": "Probe"},
		"features": map[string]any{
			"app_home": map[string]any{"home_tab_enabled": true, "messages_tab_enabled": true},
			"bot_user": map[string]any{"display_name": "Probe"},
			"slash_commands": []any{
				map[string]any{"command": "/probe", "description": "Probes"},
				map[string]any{"command": "/escaped", "description": "Probes", "should_escape": true},
			},
			"shortcuts": []any{
				map[string]any{"name": "Probe all", "type": "global", "callback_id": "probe_all", "description": "Probes"},
				map[string]any{"name": "Probe this", "type": "message", "callback_id": "probe_this", "description": "Probes"},
			},
		},
		"oauth_config": map[string]any{"scopes": map[string]any{"bot": scopes}},
		"settings": map[string]any{
			"event_subscriptions": map[string]any{"bot_events": events},
			"interactivity":       map[string]any{"is_enabled": true}, "socket_mode_enabled": true,
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// world is a workspace with slack-go at the other end of an in-memory network.
type world struct {
	*slacksim.Workspace
	t    *testing.T
	net  *slacksim.Network
	api  *slack.Client
	ctx  context.Context
	seen chan socketmode.Event // hello, commands, interactions and events, as slack-go decodes them
}

// inWorld runs f in a bubble with a fresh workspace. Times in it are simulated.
func inWorld(t *testing.T, o slacksim.Options, f func(w *world)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		if o.Manifest == nil {
			o.Manifest = manifest(t, allScopes)
		}
		ws, err := slacksim.New(o)
		if err != nil {
			t.Fatal(err)
		}
		net := slacksim.Listen(ws)
		ctx, cancel := context.WithCancel(t.Context())
		w := &world{Workspace: ws, t: t, net: net, ctx: ctx, seen: make(chan socketmode.Event, 1000)}
		w.api = slack.New(ws.BotToken(), slack.OptionAPIURL(net.APIURL()), slack.OptionHTTPClient(net.Client()), slack.OptionAppLevelToken(ws.AppToken()))
		defer func() {
			cancel()
			ws.Close()
			net.Close()
			synctest.Wait()
		}()
		f(w)
	})
}

// connect starts a socket-mode client. What it gets goes to handle, which acks; nil acks everything with nothing.
func (w *world) connect(handle func(*socketmode.Client, socketmode.Event)) {
	w.t.Helper()
	before := len(w.Sockets())
	client := socketmode.New(w.api, socketmode.OptionDialer(&websocket.Dialer{NetDialContext: w.net.DialContext}),
		socketmode.OptionLog(log.New(io.Discard, "", 0)))
	go func() { _ = client.RunContext(w.ctx) }()
	go func() {
		for {
			select {
			case <-w.ctx.Done():
				return
			case e := <-client.Events:
				select {
				case w.seen <- e:
				default:
				}
				switch {
				case handle != nil:
					handle(client, e)
				case e.Request != nil && e.Request.EnvelopeID != "":
					_ = client.Ack(*e.Request)
				}
			}
		}
	}()
	w.must(w.AwaitSockets(w.ctx, before+1))
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// next is the next thing of this type that slack-go has decoded.
func (w *world) next(kind socketmode.EventType) socketmode.Event {
	w.t.Helper()
	patience := time.After(time.Hour) // of simulated time
	for {
		select {
		case e := <-w.seen:
			if e.Type == kind {
				return e
			}
		case <-patience:
			w.t.Fatalf("no %s came", kind)
		}
	}
}

// event is the next event of this type, as it came over the wire. Others before it are passed over.
func (w *world) event(kind string) map[string]any {
	w.t.Helper()
	for {
		var outer struct {
			Event map[string]any `json:"event"`
		}
		w.must(json.Unmarshal(w.next(socketmode.EventTypeEventsAPI).Request.Payload, &outer))
		if outer.Event["type"] == kind {
			return outer.Event
		}
	}
}

// heard are all events that have come by now, a line each: their type, and the subtype of a message.
func (w *world) heard() []string {
	synctest.Wait()
	var out []string
	for len(w.seen) > 0 {
		if e := <-w.seen; e.Type == socketmode.EventTypeEventsAPI {
			var outer struct {
				Event struct{ Type, Subtype string }
			}
			w.must(json.Unmarshal(e.Request.Payload, &outer))
			out = append(out, strings.TrimSpace(outer.Event.Type+" "+outer.Event.Subtype))
		}
	}
	return out
}

// raw is the answer to a call, whole.
func (w *world) raw(method string, pairs ...string) map[string]any {
	w.t.Helper()
	form := url.Values{"token": {w.BotToken()}}
	for i := 0; i+1 < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	resp, err := w.net.Client().PostForm(w.net.APIURL()+method, form)
	w.must(err)
	defer resp.Body.Close()
	var out map[string]any
	w.must(json.NewDecoder(resp.Body).Decode(&out))
	return out
}

func (w *world) tryDial(url string) (*websocket.Conn, int, error) {
	d := &websocket.Dialer{NetDialContext: w.net.DialContext}
	conn, resp, err := d.DialContext(w.ctx, url, nil)
	status := 0
	if resp != nil {
		status = resp.StatusCode
	}
	return conn, status, err
}

func (w *world) dial(url string) *websocket.Conn {
	w.t.Helper()
	conn, _, err := w.tryDial(url)
	w.must(err)
	return conn
}

// pass lets simulated time go by.
func (w *world) pass(d time.Duration) { <-time.After(d) }
