package slacksim

import (
	"context"
	"fmt"
	"time"
)

// eventsPerHour is above what Slack sends app_rate_limited instead of events.
const eventsPerHour = 30_000

// event is something that happened, before it is known whether the app hears of it. channel, if set, has to be one that the
// bot is in, or may be any public one if the event is told everywhere.
type event struct {
	kind       string
	channel    *channel
	everywhere bool
	body       map[string]any
}

// heard says whether the bot may see where the event happened.
func (e event) heard() bool {
	return e.channel == nil || e.channel.has(botUserID) || e.everywhere && e.channel.kind() == "public"
}

// subscription is the name by which the manifest subscribes to the event.
func (e event) subscription() string {
	if e.kind != "message" {
		return e.kind
	}
	return map[string]string{"channel": "message.channels", "group": "message.groups", "im": "message.im", "mpim": "message.mpim"}[e.channel.eventKind()]
}

// emit tells the app of an event if its manifest subscribes to it and the bot may see where it happened. The first attempt
// goes out at once; the attempts that may follow are work of the workspace.
func (ws *Workspace) emit(e event) {
	if ws.closed || ws.uninstalled() || !ws.manifest.subscribes(e.subscription()) || !e.heard() {
		return
	}
	if ws.opts.Rates && ws.take("events", eventsPerHour/3600.0, eventsPerHour) > 0 {
		if ws.take("app_rate_limited", 1.0/60, 1) == 0 {
			ws.hand(ws.newEnvelope("events_api", "app_rate_limited", map[string]any{
				"type": "app_rate_limited", "team_id": ws.opts.TeamID, "api_app_id": appID, "minute_rate_limited": time.Now().Truncate(time.Minute).Unix()}, false))
		}
		return
	}
	e.body["type"] = e.kind
	if e.body["event_ts"] == nil {
		e.body["event_ts"] = ws.newTS()
	}
	payload := map[string]any{
		"token": "slacksim", "team_id": ws.opts.TeamID, "api_app_id": appID, "type": "event_callback", "event": e.body,
		"event_id": ws.newID("Ev"), "event_time": time.Now().Unix(), "is_ext_shared_channel": false, "context_team_id": ws.opts.TeamID,
		"context_enterprise_id": nil, "event_context": "4-" + e.kind,
		"authorizations": []map[string]any{{"enterprise_id": nil, "team_id": ws.opts.TeamID, "user_id": botUserID, "is_bot": true, "is_enterprise_install": false}},
	}
	env := ws.newEnvelope("events_api", e.kind, payload, false)
	odd := ws.struck(e.kind, FaultEnvelopeTwice, FaultEnvelopeLate, FaultEnvelopeSwap)
	if odd[FaultEnvelopeTwice] != nil {
		twin := ws.newEnvelope("events_api", e.kind, payload, false)
		defer func() { ws.hand(twin) }()
	}
	if f := odd[FaultEnvelopeLate]; f != nil {
		ws.later(env, f.Delay, nil)
		return
	}
	if f := odd[FaultEnvelopeSwap]; f != nil {
		ws.later(env, max(f.Delay, time.Second), ws.held)
		return
	}
	ws.hand(env)
	close(ws.held)
	ws.held = make(chan struct{})
}

// later hands the envelope over after a delay, or when the sign is given.
func (ws *Workspace) later(env *envelope, delay time.Duration, sign <-chan struct{}) {
	ws.run(func(ctx context.Context) {
		t := time.NewTimer(delay)
		defer t.Stop()
		select {
		case <-t.C:
		case <-sign:
		case <-ctx.Done():
			return
		}
		ws.mu.Lock()
		defer ws.mu.Unlock()
		ws.hand(env)
	})
}

// hand makes the first attempt, and leaves the others to work of their own.
func (ws *Workspace) hand(env *envelope) {
	sent := ws.send(env)
	ws.run(func(ctx context.Context) { ws.persist(ctx, env, sent) })
}

// persist redelivers an event that is not acked: at once, after a minute, after five more.
func (ws *Workspace) persist(ctx context.Context, env *envelope, sent bool) {
	waits := []time.Duration{0, time.Minute, 5 * time.Minute}
	for {
		if sent {
			if _, err := ws.await(ctx, env); err == nil || ctx.Err() != nil {
				return
			}
			env.reason = "timeout"
		} else {
			env.reason = "connection_failed"
		}
		if env.attempt == len(waits) || !pause(ctx, max(waits[env.attempt], time.Millisecond)) {
			return
		}
		ws.mu.Lock()
		ws.st.NextID++
		next := *env
		next.id = fmt.Sprintf("%s-%d", env.id[:36], env.attempt+1)
		next.attempt++
		env = &next
		sent = !ws.down && ws.send(env)
		ws.mu.Unlock()
	}
}
