package slacksim

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"
)

// The figures of response URLs.
const (
	responseUses = 5
	responseLife = 30 * time.Minute
)

// responseURL is the right to answer something that a person did, beside the Web API.
type responseURL struct {
	User    string    `json:"user"`
	Channel string    `json:"channel"`
	TS      string    `json:"ts,omitempty"` // the message it was done to
	Thread  string    `json:"thread,omitempty"`
	Uses    int       `json:"uses"`
	Expires time.Time `json:"expires"`
}

func (ws *Workspace) newResponseURL(user, channel, ts, thread string) string {
	for id, r := range ws.st.Responses {
		if time.Since(r.Expires) > responseLife {
			delete(ws.st.Responses, id)
		}
	}
	id := ws.newID("R")
	ws.st.Responses[id] = &responseURL{User: user, Channel: channel, TS: ts, Thread: thread, Expires: time.Now().Add(responseLife)}
	return "http://" + cmp.Or(ws.host, "slacksim") + "/response/" + id
}

// responseURLs are the rights that come with a submission: one for each conversation that was picked in a menu which asks for it.
func (ws *Workspace) responseURLs(v *View) []map[string]any {
	out := []map[string]any{}
	for _, e := range parseElements(v.Blocks) {
		if !e.ResponseURL {
			continue
		}
		for _, id := range v.State[e.BlockID][e.ActionID].IDs {
			if ws.channel(id) != nil {
				out = append(out, map[string]any{"block_id": e.BlockID, "action_id": e.ActionID, "channel_id": id,
					"response_url": ws.newResponseURL(v.User, id, "", "")})
			}
		}
	}
	return out
}

// reply is what the app answers with: in the ack of a command, or to a response URL.
type reply struct {
	ResponseType    string `json:"response_type"`
	ReplaceOriginal bool   `json:"replace_original"`
	DeleteOriginal  bool   `json:"delete_original"`
}

// respond does what a reply says. The message is the one that came of it, or nil.
func (ws *Workspace) respond(body json.RawMessage, at responseURL) (*Message, error) {
	var r reply
	a := args{}
	if json.Unmarshal(body, &r) != nil || a.takeJSON(body, "") != "" {
		return nil, refuse("invalid_payload")
	}
	ch := ws.channel(at.Channel)
	if ch == nil {
		return nil, refuse("channel_not_found")
	}
	original := ch.message(at.TS)
	if r.DeleteOriginal {
		if original != nil && original.ByApp {
			ws.remove(ch, original)
		}
		return nil, nil
	}
	c := &call{ws: ws, method: &method{name: "response_url"}, args: a, entry: &Entry{}}
	m, err := c.content(nil)
	if err != nil {
		return nil, err
	}
	if r.ReplaceOriginal && original != nil && original.ByApp {
		ws.edit(ch, original, botUserID, func() {
			original.Fallback, original.Blocks, original.Attachments = m.Fallback, m.Blocks, m.Attachments
		})
		return original, nil
	}
	m.User, m.ByApp, m.ThreadTS = botUserID, true, a["thread_ts"]
	switch {
	case r.ResponseType != "in_channel":
		m.EphemeralTo, m.ThreadTS = at.User, cmp.Or(m.ThreadTS, at.Thread)
	case ch.Archived:
		return nil, refuse("is_archived")
	}
	return ws.post(ch, &m), nil
}

func (ws *Workspace) serveResponse(w http.ResponseWriter, r *http.Request) {
	if !ws.enter() {
		panic(http.ErrAbortHandler)
	}
	defer ws.leave()
	body, err := io.ReadAll(io.LimitReader(r.Body, maxBody))
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	c := &call{ws: ws, entry: ws.begin("response_url", nil)}
	c.entry.Kind = EntryResponse
	p := ws.plan("response_url")
	if !ws.before(r, c, p) {
		ws.finish(c.entry, Entry{Error: "connection cut", Fault: p.name()})
		panic(http.ErrAbortHandler)
	}
	res := p.result()
	if res == nil {
		res = ws.useResponse(c, r.PathValue("id"), body)
	}
	lost := !ws.after(r, p)
	ws.finish(c.entry, Entry{OK: res.ok, Status: res.status, Error: res.code, Fault: p.name(), AnswerLost: lost})
	if lost {
		panic(http.ErrAbortHandler)
	}
	res.write(w)
}

func (ws *Workspace) useResponse(c *call, id string, body []byte) *result {
	ws.mu.Lock()
	defer ws.mu.Unlock()
	at := ws.st.Responses[id]
	bad := func(code string) *result {
		res := refusal(code, nil)
		res.status = http.StatusNotFound
		return res
	}
	switch {
	case at == nil:
		return bad("invalid_url")
	case time.Now().After(at.Expires):
		return bad("expired_url")
	case at.Uses >= responseUses:
		return bad("used_url")
	}
	at.Uses++
	m, err := ws.respond(body, *at)
	var refused *apiError
	if errors.As(err, &refused) {
		res := refusal(refused.code, refused.extra)
		res.status = http.StatusBadRequest
		return res
	}
	if m != nil {
		c.effect("answered with %s in %s", m.TS, m.Channel)
	}
	return &result{status: http.StatusOK, ok: true, body: map[string]any{"ok": true}}
}

// refusedReply makes Slack's refusal of an app's answer readable.
func refusedReply(err error) error {
	var refused *apiError
	if !errors.As(err, &refused) {
		return err
	}
	return fmt.Errorf("slack refuses the app's answer: %s %s", refused.code, toJSON(refused.extra))
}
