package slacksim

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// The figures of menus whose options the app provides.
const (
	queryLength = 3   // how much must be typed until the app is asked, if the menu does not say
	maxOptions  = 100 // in one answer; and groups of them
	optionText  = 75
	optionValue = 150
)

// external says that the element's options come from the app, while somebody types.
func (e Element) external() bool { return strings.HasSuffix(e.Type, "external_select") }

// menu is where the options stand that one person was offered in one menu.
type menu struct {
	user   string
	at     Target
	block  string
	action string
}

// Asks is to type into a menu whose options the app provides. It returns what the app offers, which is all that can be picked there; too
// little typed offers nothing, and the app is not asked. ErrTimeout says that it did not answer within its 3 seconds.
func (e Element) Asks(ctx context.Context, who *Person, typed string) ([]Option, error) {
	if !e.Exists() {
		return nil, fmt.Errorf("menu: %w", ErrNotThere)
	}
	return who.Asks(ctx, Act{Target: e.at, BlockID: e.BlockID, ActionID: e.ActionID}, typed)
}

// Asks is to type into the menu that the act names.
func (p *Person) Asks(ctx context.Context, a Act, typed string) ([]Option, error) {
	ws := p.ws
	ws.mu.Lock()
	e, err := p.element(a)
	if err == nil && !e.external() {
		err = fmt.Errorf("a %s has its own options: %w", e.Type, ErrNotYours)
	}
	enough := queryLength
	if e.MinQuery != nil {
		enough = *e.MinQuery
	}
	if err != nil || utf8.RuneCountInString(typed) < enough {
		ws.mu.Unlock()
		return nil, err
	}
	env := ws.newEnvelope("interactive", "interactive", p.suggestion(e, typed), true)
	ws.mu.Unlock()
	payload, err := ws.deliver(ctx, env)
	if err != nil {
		return nil, fmt.Errorf("options for %q: %w", typed, err)
	}
	options, err := readOptions(payload)
	if err != nil {
		return nil, err
	}
	ws.mu.Lock()
	defer ws.mu.Unlock()
	ws.offered[p.menu(e)] = options
	return slices.Clone(options), nil
}

func (p *Person) menu(e Element) menu {
	return menu{user: p.ID, at: e.at, block: e.BlockID, action: e.ActionID}
}

// suggestion is the payload that asks the app for options.
func (p *Person) suggestion(e Element, typed string) map[string]any {
	ws := p.ws
	body := p.payload("block_suggestion")
	body["action_id"], body["block_id"], body["value"] = e.ActionID, e.BlockID, typed
	if e.at.View != "" {
		v := ws.openView(e.at.View, "")
		body["container"], body["view"] = map[string]any{"type": "view", "view_id": v.ID}, ws.wireView(v)
		return body
	}
	c, m := p.message(e.at)
	body["container"] = container(c, m, e)
	body["channel"] = map[string]any{"id": c.ID, "name": commandPlace(c)}
	if m.EphemeralTo == "" {
		body["message"] = ws.wireMessage(c, m, true)
	}
	return body
}

// readOptions reads the app's answer, as strictly as Slack does. No answer offers nothing.
func readOptions(payload json.RawMessage) ([]Option, error) {
	var answer struct {
		Options []Option      `json:"options"`
		Groups  []OptionGroup `json:"option_groups"`
	}
	if payload == nil {
		return nil, nil
	}
	wrong := func(format string, a ...any) ([]Option, error) {
		return nil, fmt.Errorf("slack refuses the app's answer: "+format, a...)
	}
	if err := json.Unmarshal(payload, &answer); err != nil {
		return wrong("%w", err)
	}
	if len(answer.Options) > 0 && len(answer.Groups) > 0 || len(answer.Options) > maxOptions || len(answer.Groups) > maxOptions {
		return wrong("%d options and %d groups of them", len(answer.Options), len(answer.Groups))
	}
	all := Element{Options: answer.Options, OptionGroups: answer.Groups}.AllOptions()
	for _, o := range all {
		text, value := utf8.RuneCountInString(o.Text.Text), utf8.RuneCountInString(o.Value)
		if text == 0 || text > optionText || value == 0 || value > optionValue {
			return wrong("an option of %d characters for %q", text, o.Value)
		}
	}
	return all, nil
}

// ask types what a person wants to pick into the menu, where it was not offered yet.
func (p *Person) ask(ctx context.Context, a Act) error {
	p.ws.mu.Lock()
	e, err := p.element(a)
	p.ws.mu.Unlock()
	if err != nil || !e.external() {
		return err
	}
	for _, word := range a.Values {
		if word == "" || slices.ContainsFunc(e.offers, func(o Option) bool { return o.is(word) }) {
			continue
		}
		if _, err := p.Asks(ctx, a, word); err != nil {
			return err
		}
	}
	return nil
}

// is says whether a person, or a form, would call the option so.
func (o Option) is(word string) bool { return o.Text.Text == word || o.Value == word }
