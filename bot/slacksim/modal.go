package slacksim

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
)

// FieldErrors are the complaints under the fields of a modal, by the field's label.
type FieldErrors map[string]string

// View is the modal that the person has open, the topmost one.
func (p *Person) View() (View, bool) {
	p.ws.mu.Lock()
	defer p.ws.mu.Unlock()
	return p.top()
}

func (p *Person) top() (View, bool) {
	stack := p.ws.modals[p.ID]
	if len(stack) == 0 {
		return View{}, false
	}
	return p.ws.copyView(stack[len(stack)-1]), true
}

// Views are all modals that the person has open, the topmost last.
func (p *Person) Views() []View {
	p.ws.mu.Lock()
	defer p.ws.mu.Unlock()
	var out []View
	for _, v := range p.ws.modals[p.ID] {
		out = append(out, p.ws.copyView(v))
	}
	return out
}

// Home is the app's Home as the person saw it last.
func (p *Person) Home() (View, bool) {
	p.ws.mu.Lock()
	defer p.ws.mu.Unlock()
	return p.home()
}

func (p *Person) home() (View, bool) {
	v := p.ws.st.Homes[p.ID]
	if v == nil {
		return View{}, false
	}
	return p.ws.copyView(v), true
}

// SeesView waits until the person has a modal open that satisfies want (nil: any). want runs with the workspace locked.
func (p *Person) SeesView(ctx context.Context, want func(View) bool) (View, error) {
	return p.seesView(ctx, "modal", p.top, want)
}

// SeesHome waits until the person's App Home satisfies want (nil: any). want runs with the workspace locked.
func (p *Person) SeesHome(ctx context.Context, want func(View) bool) (View, error) {
	return p.seesView(ctx, "home", p.home, want)
}

func (p *Person) seesView(ctx context.Context, what string, get func() (View, bool), want func(View) bool) (View, error) {
	var found View
	err := p.ws.wait(ctx, func() bool {
		v, ok := get()
		found, v.locked = v, true
		return ok && (want == nil || want(v))
	})
	if err != nil {
		return View{}, fmt.Errorf("%s waits for a %s in vain: %w", p.Handle, what, err)
	}
	return found, nil
}

// OpensHome is to open the app's Home. It returns what stands there at once; what the app publishes in answer comes later
// (SeesHome).
func (p *Person) OpensHome() (View, error) {
	ws := p.ws
	ws.mu.Lock()
	defer ws.mu.Unlock()
	if err := p.able(); err != nil {
		return View{}, err
	}
	if !ws.manifest.Features.AppHome.HomeTabEnabled {
		return View{}, fmt.Errorf("the app has no home tab: %w", ErrNotThere)
	}
	c, _ := ws.openIM(p.ID, botUserID)
	body := map[string]any{"user": p.ID, "channel": c.ID, "tab": "home"}
	v, ok := p.home()
	if ok {
		body["view"] = ws.wireView(ws.st.Homes[p.ID])
	}
	ws.emit(event{kind: "app_home_opened", body: body})
	return v, nil
}

// Refresh is the view as it stands now; ErrNotThere if it is closed.
func (v View) Refresh() (View, error) {
	v.ws.mu.Lock()
	defer v.ws.mu.Unlock()
	now := v.ws.openView(v.ID, "")
	if now == nil {
		return View{}, fmt.Errorf("view %s: %w", v.ID, ErrNotThere)
	}
	return v.ws.copyView(now), nil
}

func (v View) owner() *Person { return v.ws.Person(v.User) }

// Fill types a text into the input with this label, placeholder or action ID.
func (v View) Fill(ctx context.Context, field, text string) error {
	return v.Choose(ctx, field, text)
}

// Choose picks values in the field with this label, placeholder or action ID; none at all empties it.
func (v View) Choose(ctx context.Context, field string, values ...string) error {
	now, err := v.Refresh()
	if err != nil {
		return err
	}
	e := now.Select(field)
	if !e.Exists() {
		return fmt.Errorf("field %q: %w", field, ErrNotThere)
	}
	return e.Choose(ctx, v.owner(), values...)
}

// Submit presses the modal's submit button. Without an error the modal took it, or shows what is wrong: the field errors, of
// Slack's client or of the app. What the app put in the modal's place is seen by View.
func (v View) Submit(ctx context.Context) (FieldErrors, error) {
	p, ws := v.owner(), v.ws
	ws.mu.Lock()
	now := ws.openView(v.ID, "")
	err := p.able()
	switch {
	case err != nil:
	case now == nil || now.Type != "modal" || ws.stackIndex(now) < 0:
		err = fmt.Errorf("modal %s: %w", v.ID, ErrNotThere)
	case now.SubmitText == nil:
		err = fmt.Errorf("a modal without a submit button: %w", ErrNotThere)
	}
	if err != nil {
		ws.mu.Unlock()
		return nil, err
	}
	if complaints := now.complaints(); len(complaints) > 0 {
		now.Errors = complaints
		ws.notify(Change{Kind: ChangeView, User: p.ID})
		ws.mu.Unlock()
		return now.named(complaints), nil
	}
	body := p.payload("view_submission")
	body["trigger_id"], body["view"], body["response_urls"] = ws.newTrigger(p.ID, now.ID), ws.wireView(now), ws.responseURLs(now)
	env := ws.newEnvelope("interactive", "interactive", body, true)
	ws.mu.Unlock()
	payload, err := ws.deliver(ctx, env)
	if err != nil {
		return nil, fmt.Errorf("submit: %w", err)
	}
	return ws.submitted(now, payload)
}

// complaints is what Slack's client says before it sends a modal, by block.
func (v *View) complaints() map[string]string {
	out := map[string]string{}
	for _, e := range parseElements(v.Blocks) {
		if !e.Input {
			continue
		}
		if text := e.complain(v.State[e.BlockID][e.ActionID]); text != "" {
			out[e.BlockID] = text
		}
	}
	return out
}

// named puts labels in the place of the block IDs of inputs; any other block is left out.
func (v *View) named(byBlock map[string]string) FieldErrors {
	out := FieldErrors{}
	for _, e := range parseElements(v.Blocks) {
		if text, ok := byBlock[e.BlockID]; ok && e.Input {
			out[e.Label] = text
		}
	}
	return out
}

// submitted does what the app's ack of a submission says.
func (ws *Workspace) submitted(v *View, payload json.RawMessage) (FieldErrors, error) {
	var answer struct {
		Action string            `json:"response_action"`
		Errors map[string]string `json:"errors"`
		View   json.RawMessage   `json:"view"`
	}
	if payload != nil {
		if err := json.Unmarshal(payload, &answer); err != nil {
			return nil, fmt.Errorf("slack refuses the app's answer: %w", err)
		}
	}
	ws.mu.Lock()
	defer ws.mu.Unlock()
	now := ws.openView(v.ID, "") // it may have been updated meanwhile
	if now == nil {
		return nil, nil
	}
	at := ws.stackIndex(now)
	switch answer.Action {
	case "":
		ws.popTo(v.User, at)
	case "clear":
		ws.popTo(v.User, 0)
	case "errors":
		named := now.named(answer.Errors)
		if len(named) != len(answer.Errors) || len(named) == 0 {
			return nil, fmt.Errorf("slack refuses the app's answer: errors for blocks that are no inputs: %v", slices.Sorted(maps.Keys(answer.Errors)))
		}
		now.Errors = answer.Errors
		ws.notify(Change{Kind: ChangeView, User: v.User})
		return named, nil
	case "update", "push":
		next, err := ws.parseView(answer.View, "modal")
		if err != nil {
			return nil, refusedReply(err)
		}
		if answer.Action == "update" {
			ws.swap(now, next)
		} else if code := ws.push(next, v.User); code != "" {
			return nil, refusedReply(refuse(code))
		}
	default:
		return nil, fmt.Errorf("slack refuses the app's answer: response_action %q", answer.Action)
	}
	return nil, nil
}

// Close is to cancel the modal. If the app asked for it, it is told, and Close returns when the app has acknowledged.
func (v View) Close(ctx context.Context) error {
	p, ws := v.owner(), v.ws
	ws.mu.Lock()
	now := ws.openView(v.ID, "")
	if now == nil || ws.stackIndex(now) < 0 {
		ws.mu.Unlock()
		return fmt.Errorf("modal %s: %w", v.ID, ErrNotThere)
	}
	keep := ws.stackIndex(now)
	if now.ClearOnClose {
		keep = 0
	}
	var tell []*envelope
	for _, closed := range slices.Backward(ws.modals[p.ID][keep:]) {
		if closed.NotifyOnClose {
			body := p.payload("view_closed")
			body["view"], body["is_cleared"] = ws.wireView(closed), now.ClearOnClose
			tell = append(tell, ws.newEnvelope("interactive", "interactive", body, false))
		}
	}
	ws.popTo(p.ID, keep)
	ws.mu.Unlock()
	for _, env := range tell {
		if _, err := ws.deliver(ctx, env); err != nil {
			return fmt.Errorf("close: %w", err)
		}
	}
	return nil
}
