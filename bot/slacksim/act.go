package slacksim

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"
)

// Target is where an element stands: a message, or a view by its ID.
type Target struct {
	Channel string `json:"channel,omitempty"`
	TS      string `json:"ts,omitempty"`
	View    string `json:"view,omitempty"`
}

// Act is what a person does to an element: nothing more for a button, the options by text or value for a menu, handles for
// users, names for channels, text for a text input.
type Act struct {
	Target   Target   `json:"target"`
	BlockID  string   `json:"block_id"`
	ActionID string   `json:"action_id"`
	Values   []string `json:"values,omitempty"`
}

// Does is to act on an element as it stands now. It returns when the app has acknowledged; in a modal's input nothing is sent
// until the modal is submitted, unless the block dispatches its actions.
func (p *Person) Does(ctx context.Context, a Act) error {
	ws := p.ws
	if err := p.ask(ctx, a); err != nil {
		return err
	}
	ws.mu.Lock()
	el, err := p.element(a)
	if err != nil {
		ws.mu.Unlock()
		return err
	}
	env, err := p.prepare(el, a.Values)
	ws.mu.Unlock()
	if err != nil || env == nil {
		return err
	}
	_, err = ws.deliver(ctx, env)
	return err
}

// element finds what a person acts on, among what they can see. It must be called with the lock held.
func (p *Person) element(a Act) (Element, error) {
	if err := p.able(); err != nil {
		return Element{}, err
	}
	var all []Element
	var held []Option // what the field holds already
	if a.Target.View != "" {
		v := p.ws.openView(a.Target.View, "")
		if v == nil || v.User != p.ID {
			return Element{}, fmt.Errorf("view %s: %w", a.Target.View, ErrNotThere)
		}
		all, held = parseElements(v.Blocks), v.State[a.BlockID][a.ActionID].Options
	} else {
		c, m := p.message(a.Target)
		if m == nil {
			return Element{}, fmt.Errorf("message %s: %w", a.Target.TS, ErrNotThere)
		}
		if !c.has(p.ID) {
			return Element{}, fmt.Errorf("%s is not in the channel: %w", p.Handle, ErrNotYours)
		}
		all = m.parseAll()
	}
	e, ok := among(all, a)
	if !ok {
		return Element{}, fmt.Errorf("element %q in block %q: %w", a.ActionID, a.BlockID, ErrNotThere)
	}
	e.at, e.ws = a.Target, p.ws
	if e.external() {
		e.offers = slices.Concat(p.ws.offered[p.menu(e)], e.InitialOptions, held)
		if e.InitialOption != nil {
			e.offers = append(e.offers, *e.InitialOption)
		}
	}
	return e, nil
}

func (p *Person) message(t Target) (*channel, *Message) {
	c := p.ws.channel(t.Channel)
	if c == nil || !p.ws.visible(c, p.ID) {
		return nil, nil
	}
	m := c.message(t.TS)
	if m == nil || m.EphemeralTo != "" && m.EphemeralTo != p.ID {
		return c, nil
	}
	return c, m
}

// prepare changes the state that the act changes, and makes the envelope that tells of it; nil means that there is nothing to tell.
func (p *Person) prepare(e Element, values []string) (*envelope, error) {
	ws := p.ws
	if !ws.manifest.Settings.Interactivity.IsEnabled {
		return nil, fmt.Errorf("the app is not configured to handle interactive responses: %w", ErrNotYours)
	}
	value, err := e.read(ws, values)
	if err != nil {
		return nil, err
	}
	if e.Type != "button" && e.Type != "overflow" && e.at.View != "" {
		v := ws.openView(e.at.View, "")
		if v.State[e.BlockID] == nil {
			v.State[e.BlockID] = map[string]Value{}
		}
		v.State[e.BlockID][e.ActionID] = value
		delete(v.Errors, e.BlockID)
		ws.notify(Change{Kind: ChangeView, User: p.ID})
	}
	if e.Input && !e.Dispatch {
		return nil, nil
	}
	body := p.payload("block_actions")
	body["trigger_id"] = ws.newTrigger(p.ID, e.at.View)
	if e.at.View != "" {
		v := ws.openView(e.at.View, "")
		body["container"] = map[string]any{"type": "view", "view_id": v.ID}
		body["view"] = ws.wireView(v)
	} else {
		p.describe(body, e, value)
	}
	body["actions"] = []any{e.action(value)}
	return ws.newEnvelope("interactive", "interactive", body, false), nil
}

// describe adds the message that an act was done to.
func (p *Person) describe(body map[string]any, e Element, value Value) {
	ws := p.ws
	c, m := p.message(e.at)
	thread := ""
	if m.ThreadTS != m.TS {
		thread = m.ThreadTS
	}
	body["container"], body["channel"] = container(c, m, e), map[string]any{"id": c.ID, "name": commandPlace(c)}
	body["response_url"] = ws.newResponseURL(p.ID, c.ID, m.TS, thread)
	if m.EphemeralTo == "" {
		body["message"] = ws.wireMessage(c, m, true)
	}
	state := map[string]map[string]Value{}
	for _, other := range m.parseAll() {
		if other.Type == "button" || other.Type == "overflow" {
			continue
		}
		if state[other.BlockID] == nil {
			state[other.BlockID] = map[string]Value{}
		}
		state[other.BlockID][other.ActionID] = other.initial()
		if other.BlockID == e.BlockID && other.ActionID == e.ActionID {
			state[other.BlockID][other.ActionID] = value
		}
	}
	body["state"] = wireState(state)
}

// container says where in a message an element stands.
func container(c *channel, m *Message, e Element) map[string]any {
	out := map[string]any{"type": "message", "message_ts": m.TS, "channel_id": c.ID, "is_ephemeral": m.EphemeralTo != ""}
	if e.attachment > 0 {
		out["type"], out["attachment_id"], out["is_app_unfurl"] = "message_attachment", e.attachment, false
	}
	if m.ThreadTS != "" && m.ThreadTS != m.TS {
		out["thread_ts"] = m.ThreadTS
	}
	return out
}

// action is the entry of a block_actions payload.
func (e Element) action(v Value) map[string]any {
	a := map[string]any{"action_id": e.ActionID, "block_id": e.BlockID, "action_ts": fmt.Sprintf("%d.%06d", time.Now().Unix(), time.Now().UnixMicro()%1e6)}
	if e.Type != "button" {
		v.wire(a)
		if e.Placeholder != nil {
			a["placeholder"] = e.Placeholder
		}
		return a
	}
	a["type"], a["text"] = e.Type, e.Text
	if e.Value != "" {
		a["value"] = e.Value
	}
	if e.Style != "" {
		a["style"] = e.Style
	}
	if e.URL != "" {
		a["url"] = e.URL
	}
	if e.Confirm != nil {
		a["confirm"] = e.Confirm
	}
	return a
}

// payload is what every interactive payload begins with.
func (p *Person) payload(kind string) map[string]any {
	ws := p.ws
	u := ws.user(p.ID)
	return map[string]any{
		"type": kind, "token": "slacksim", "api_app_id": appID, "enterprise": nil, "is_enterprise_install": false,
		"team": map[string]any{"id": ws.opts.TeamID, "domain": ws.opts.TeamDomain},
		"user": map[string]any{"id": u.ID, "username": u.Handle, "name": u.Handle, "team_id": cmp.Or(u.TeamID, ws.opts.TeamID)},
	}
}
