package slacksim

import (
	"encoding/base64"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// apiError is a refusal with Slack's error code and whatever else the answer carries.
type apiError struct {
	code  string
	extra map[string]any
}

func (e *apiError) Error() string { return e.code }

func refuse(code string) error { return &apiError{code: code} }

// refuseBecause adds the sentences that Slack puts into response_metadata.
func refuseBecause(code string, messages ...string) error {
	return &apiError{code: code, extra: map[string]any{"response_metadata": map[string]any{"messages": messages}}}
}

// prefixed are complaints as Slack puts them into response_metadata.
func prefixed(problems []string) []string {
	out := make([]string, len(problems))
	for i, p := range problems {
		out[i] = "[ERROR] " + p
	}
	return out
}

// answer is the body of an answer, without ok.
type answer map[string]any

type tokenKind string

const (
	botToken tokenKind = "bot"
	appToken tokenKind = "app"
)

// scopes says which scopes open a method: any one of the list. In kinds, the list depends on the kind of the conversation.
type scopes struct {
	any   []string
	kinds map[string][]string
}

// method is one row of the method table.
type method struct {
	name     string
	scopes   scopes
	token    tokenKind
	tier     int // calls a minute; special ones have a number of their own
	required []string
	handle   func(*call) (answer, error)
}

// call is one Web API call under way. Handlers run with the workspace locked.
type call struct {
	ws     *Workspace
	method *method
	args   args
	host   string
	token  tokenKind
	races  bool // conversations.create forgets to look for the name
	entry  *Entry
}

// effect notes in the journal what the call has done to the workspace.
func (c *call) effect(format string, a ...any) {
	if c.entry.Effect != "" {
		c.entry.Effect += "; "
	}
	c.entry.Effect += fmt.Sprintf(format, a...)
}

// allow checks the scope for a conversation of this kind.
func (c *call) allow(kind string) error {
	need := c.method.scopes.kinds[kind]
	if c.method.scopes.kinds == nil || slices.ContainsFunc(need, c.ws.manifest.has) {
		return nil
	}
	return c.missingScope(need)
}

func (c *call) missingScope(need []string) error {
	return &apiError{code: "missing_scope", extra: map[string]any{
		"needed": strings.Join(need, ","), "provided": strings.Join(c.ws.manifest.OAuthConfig.Scopes.Bot, ",")}}
}

// channel is the conversation of an argument, if the bot may know of it and the method's scope covers it.
func (c *call) channel(arg string) (*channel, error) {
	ch := c.ws.channel(c.args[arg])
	if ch == nil || ch.kind() != "public" && !ch.has(botUserID) {
		return nil, refuse("channel_not_found")
	}
	return ch, c.allow(ch.kind())
}

// serveAPI answers one Web API call: who calls, may they, how often, and then the method's handler; between them the faults
// that were asked for.
func (ws *Workspace) serveAPI(w http.ResponseWriter, r *http.Request) {
	if !ws.enter() {
		panic(http.ErrAbortHandler)
	}
	defer ws.leave()
	name := r.PathValue("method")
	m := ws.methods[name]
	a, problem := decodeArgs(r, formOnly(name))
	token := strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
	if token == "" {
		token = a["token"]
	}
	delete(a, "token")
	c := &call{ws: ws, method: m, args: a, host: r.Host, entry: ws.begin(name, a)}
	plan := ws.plan(name)
	if !ws.before(r, c, plan) {
		ws.finish(c.entry, Entry{Error: "connection cut", Fault: plan.name()})
		panic(http.ErrAbortHandler)
	}
	if plan.kind() == FaultLate {
		if ws.enter() {
			go func() {
				defer ws.leave()
				ws.land(c, token, problem, plan)
			}()
		}
		panic(http.ErrAbortHandler)
	}
	res := plan.result()
	if res == nil {
		res = ws.answer(c, token, problem)
	}
	if !ws.after(r, plan) {
		ws.finish(c.entry, Entry{OK: res.ok, Status: res.status, Error: res.code, Fault: plan.name(), AnswerLost: true})
		panic(http.ErrAbortHandler)
	}
	ws.finish(c.entry, Entry{OK: res.ok, Status: res.status, Error: res.code, RetryAfter: res.retryAfter, Fault: plan.name()})
	res.write(w)
}

// result is an answer ready to be written.
type result struct {
	status     int
	ok         bool
	code       string
	retryAfter time.Duration
	noHeader   bool     // a 429 that does not say when to come back
	scopes     []string // what the caller's token may do
	body       map[string]any
}

func (res *result) write(w http.ResponseWriter) {
	h := w.Header()
	if res.status == http.StatusTooManyRequests && !res.noHeader {
		h.Set("Retry-After", strconv.Itoa(int((res.retryAfter+time.Second-1)/time.Second)))
	}
	if len(res.scopes) > 0 {
		h.Set("X-OAuth-Scopes", strings.Join(res.scopes, ","))
	}
	if res.body == nil {
		http.Error(w, http.StatusText(res.status), res.status)
		return
	}
	h.Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(res.status)
	_, _ = w.Write(toJSON(res.body))
}

func refusal(code string, extra map[string]any) *result {
	body := map[string]any{"ok": false, "error": code}
	maps.Copy(body, extra)
	return &result{status: http.StatusOK, code: code, body: body}
}

func rateLimited(after time.Duration) *result {
	res := refusal("ratelimited", nil)
	res.status, res.retryAfter = http.StatusTooManyRequests, after
	return res
}

// answer lets the method's handler run, if token, scope, rate and required arguments allow it.
func (ws *Workspace) answer(c *call, token, problem string) (res *result) {
	ws.mu.Lock()
	defer ws.mu.Unlock()
	defer func() {
		if token == ws.opts.BotToken {
			res.scopes = ws.manifest.OAuthConfig.Scopes.Bot
		}
	}()
	if res := ws.admit(c, token); res != nil {
		return res
	}
	if problem != "" {
		return refusal(problem, nil)
	}
	var missing []string
	for _, arg := range c.method.required {
		if _, ok := c.args[arg]; !ok {
			missing = append(missing, "[ERROR] missing required field: "+arg)
		}
	}
	if missing != nil && strings.HasPrefix(c.method.name, "chat.") && c.args["channel"] == "" {
		return refusal("channel_not_found", nil)
	}
	if missing != nil {
		return refusal("invalid_arguments", map[string]any{"response_metadata": map[string]any{"messages": missing}})
	}
	if wait := ws.spend(c); wait > 0 {
		return rateLimited(wait)
	}
	body, err := c.method.handle(c)
	var refused *apiError
	switch {
	case errors.As(err, &refused):
		return refusal(refused.code, refused.extra)
	case err != nil:
		return refusal("internal_error", nil)
	}
	if body == nil {
		body = answer{}
	}
	body["ok"] = true
	return &result{status: http.StatusOK, ok: true, body: body}
}

func (ws *Workspace) admit(c *call, token string) *result {
	m := c.method
	kinds := map[string]tokenKind{ws.opts.BotToken: botToken, ws.opts.AppToken: appToken}
	kind, known := kinds[token]
	switch {
	case m == nil:
		return refusal("unknown_method", map[string]any{"req_method": c.entry.Method})
	case token == "":
		return refusal("not_authed", nil)
	case !known:
		return refusal("invalid_auth", nil)
	case kind == botToken && ws.st.Revoked != "":
		return refusal(ws.st.Revoked, nil)
	case m.token != kind && !(m.name == "auth.test"):
		return refusal("not_allowed_token_type", nil)
	}
	c.token = kind
	need := m.scopes.any
	for _, list := range m.scopes.kinds {
		need = append(need[:len(need):len(need)], list...)
	}
	if len(need) > 0 && !slices.ContainsFunc(need, ws.manifest.has) {
		var e *apiError
		errors.As(c.missingScope(slices.Compact(slices.Sorted(slices.Values(need)))), &e)
		return refusal(e.code, e.extra)
	}
	return nil
}

// page cuts one page out of a list by limit and cursor; next is the cursor of the following one, or "". The list is in the order of
// its keys, up or down. A cursor names an item, as Slack's do, so that nothing is left out when others come and go between two pages.
func page[T any](c *call, all []T, def, most int64, key func(T) string) (items []T, next string, err error) {
	limit, ok := c.args.int("limit", def)
	if !ok || limit < 0 {
		return nil, "", refuse("invalid_limit")
	}
	if limit == 0 {
		limit = def
	}
	start := 0
	if cursor := c.args["cursor"]; cursor != "" {
		said, err := base64.StdEncoding.DecodeString(cursor)
		way, from, ok := strings.Cut(string(said), ":")
		if err != nil || !ok || way != "up" && way != "down" {
			return nil, "", refuse("invalid_cursor")
		}
		start = slices.IndexFunc(all, func(item T) bool { return key(item) == from || (way == "up") == (key(item) > from) })
		if start < 0 {
			start = len(all)
		}
	}
	end := min(start+int(min(limit, most)), len(all))
	if end < len(all) {
		way := "up"
		if key(all[0]) > key(all[end]) {
			way = "down"
		}
		next = base64.StdEncoding.EncodeToString([]byte(way + ":" + key(all[end])))
	}
	return all[start:end], next, nil
}

func cursorOf(next string) map[string]any { return map[string]any{"next_cursor": next} }
