package slacksim

import (
	"context"
	"fmt"
	"time"
)

// UsesShortcut is to pick a global shortcut by its name or callback ID.
func (p *Person) UsesShortcut(ctx context.Context, name string) error {
	ws := p.ws
	ws.mu.Lock()
	s, ok := ws.manifest.shortcut("global", name)
	err := p.able()
	if err == nil && !ok {
		err = fmt.Errorf("global shortcut %q: %w", name, ErrNotThere)
	}
	if err != nil {
		ws.mu.Unlock()
		return err
	}
	body := p.payload("shortcut")
	body["callback_id"], body["trigger_id"], body["action_ts"] = s.CallbackID, ws.newTrigger(p.ID, ""), fmt.Sprintf("%d.000000", time.Now().Unix())
	env := ws.newEnvelope("interactive", "interactive", body, false)
	ws.mu.Unlock()
	_, err = ws.deliver(ctx, env)
	return err
}

// UsesShortcutOn is to pick a message shortcut on a message, by its name or callback ID.
func (p *Person) UsesShortcutOn(ctx context.Context, m Message, name string) error {
	ws := p.ws
	ws.mu.Lock()
	s, ok := ws.manifest.shortcut("message", name)
	err := p.able()
	if err == nil && !ok {
		err = fmt.Errorf("message shortcut %q: %w", name, ErrNotThere)
	}
	c, msg := p.message(m.at())
	if err == nil && (msg == nil || msg.EphemeralTo != "") {
		err = fmt.Errorf("message %s: %w", m.TS, ErrNotThere)
	}
	if err != nil {
		ws.mu.Unlock()
		return err
	}
	body := p.payload("message_action")
	body["callback_id"], body["trigger_id"], body["action_ts"] = s.CallbackID, ws.newTrigger(p.ID, ""), fmt.Sprintf("%d.000000", time.Now().Unix())
	body["channel"] = map[string]any{"id": c.ID, "name": commandPlace(c)}
	body["message"], body["message_ts"] = ws.wireMessage(c, msg, true), msg.TS
	body["response_url"] = ws.newResponseURL(p.ID, c.ID, msg.TS, "")
	env := ws.newEnvelope("interactive", "interactive", body, false)
	ws.mu.Unlock()
	_, err = ws.deliver(ctx, env)
	return err
}
