package slacksim

import (
	"context"
	"fmt"
	"slices"
)

func (e Element) isButton(label string) bool {
	return e.Type == "button" && (e.Text != nil && e.Text.Text == label || e.ActionID == label)
}

// isField says whether a person would call the element so: by its label, placeholder or action ID.
func (e Element) isField(name string) bool {
	return e.Type != "button" && (e.ActionID == name || e.Label == name || e.Placeholder != nil && e.Placeholder.Text == name)
}

func pick(ws *Workspace, all []Element, at Target, is func(Element) bool) Element {
	i := slices.IndexFunc(all, is)
	if i < 0 {
		return Element{}
	}
	all[i].at, all[i].ws = at, ws
	return all[i]
}

func (m Message) at() Target { return Target{Channel: m.Channel, TS: m.TS} }

// Elements are the interactive elements of the message, in reading order.
func (m Message) Elements() []Element {
	return bind(m.parseAll(), m.ws, m.at())
}

// Elements are the interactive elements of the view, in reading order.
func (v View) Elements() []Element {
	return bind(parseElements(v.Blocks), v.ws, Target{View: v.ID})
}

func bind(all []Element, ws *Workspace, at Target) []Element {
	for i := range all {
		all[i].at, all[i].ws = at, ws
	}
	return all
}

// Button is the button with this text or action ID. Exists tells whether there is one.
func (m Message) Button(label string) Element {
	return pick(m.ws, m.parseAll(), m.at(), func(e Element) bool { return e.isButton(label) })
}

// Select is the menu, picker or input with this placeholder, label or action ID.
func (m Message) Select(name string) Element {
	return pick(m.ws, m.parseAll(), m.at(), func(e Element) bool { return e.isField(name) })
}

// Button is the button with this text or action ID.
func (v View) Button(label string) Element {
	return pick(v.ws, parseElements(v.Blocks), Target{View: v.ID}, func(e Element) bool { return e.isButton(label) })
}

// Select is the menu, picker or input with this placeholder, label or action ID.
func (v View) Select(name string) Element {
	return pick(v.ws, parseElements(v.Blocks), Target{View: v.ID}, func(e Element) bool { return e.isField(name) })
}

// Exists says whether the element was found at all.
func (e Element) Exists() bool { return e.ActionID != "" }

// Click presses a button as it stands now, says yes to its confirm dialog if it has one, and returns when the app has
// acknowledged. A button that is not there any more is ErrNotThere.
func (e Element) Click(ctx context.Context, who *Person) error {
	if !e.Exists() {
		return fmt.Errorf("button: %w", ErrNotThere)
	}
	return who.Does(ctx, Act{Target: e.at, BlockID: e.BlockID, ActionID: e.ActionID})
}

// ClickAsSeen presses a button as it looked when it was found, even if its message has changed since: a click that crosses the
// change on its way.
func (e Element) ClickAsSeen(ctx context.Context, who *Person) error {
	if !e.Exists() {
		return fmt.Errorf("button: %w", ErrNotThere)
	}
	ws := who.ws
	ws.mu.Lock()
	if err := who.able(); err != nil {
		ws.mu.Unlock()
		return err
	}
	c, m := who.message(e.at)
	if e.at.View == "" && (m == nil || !c.has(who.ID)) || e.at.View != "" && ws.openView(e.at.View, "") == nil {
		ws.mu.Unlock()
		return fmt.Errorf("message %s: %w", e.at.TS, ErrNotThere)
	}
	env, err := who.prepare(e, nil)
	ws.mu.Unlock()
	if err != nil || env == nil {
		return err
	}
	_, err = ws.deliver(ctx, env)
	return err
}

// Choose picks options of a menu by text or value, users by handle, channels by name, a date, or fills a text, and returns when
// the app has acknowledged if it is told at all.
func (e Element) Choose(ctx context.Context, who *Person, values ...string) error {
	if !e.Exists() {
		return fmt.Errorf("menu: %w", ErrNotThere)
	}
	return who.Does(ctx, Act{Target: e.at, BlockID: e.BlockID, ActionID: e.ActionID, Values: values})
}
