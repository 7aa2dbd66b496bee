package slacksim

import (
	"encoding/json"
	"fmt"
	"slices"
)

// OtherApp is another app of the workspace: a monitor that posts alerts, a build server. It does nothing but post.
type OtherApp struct {
	ID   string `json:"id"`  // of the app
	Bot  string `json:"bot"` // what its messages name as bot_id
	User string `json:"user"`
	Name string `json:"name"`
}

// Alert is what another app posts. Blocks and Attachments are JSON as Slack takes it; a message needs only one of the three.
type Alert struct {
	Text        string
	Blocks      json.RawMessage
	Attachments json.RawMessage
	Thread      string // ts of the message that it answers
	Webhook     bool   // by an incoming webhook: Slack names no user then, and calls it a bot_message
}

// otherApp is the other app of this name, installed at its first mention.
func (ws *Workspace) otherApp(name string) *OtherApp {
	i := slices.IndexFunc(ws.st.Apps, func(a *OtherApp) bool { return a.Name == name })
	if i >= 0 {
		return ws.st.Apps[i]
	}
	a := &OtherApp{ID: ws.newID("A"), Bot: ws.newID("B"), User: ws.newID("U"), Name: name}
	ws.st.Apps = append(ws.st.Apps, a)
	ws.addUser(&User{ID: a.User, Handle: handleOf(name), RealName: name, Bot: true})
	return a
}

// appOf is the other app whose bot has this ID, or nil.
func (ws *Workspace) appOf(bot string) *OtherApp {
	i := slices.IndexFunc(ws.st.Apps, func(a *OtherApp) bool { return bot != "" && (a.Bot == bot || a.User == bot) })
	if i < 0 {
		return nil
	}
	return ws.st.Apps[i]
}

// Posts lets another app, installed at its first mention, post into a channel of any kind, by name or ID.
func (ws *Workspace) Posts(app, channel string, alert Alert) (Message, error) {
	ws.mu.Lock()
	defer ws.mu.Unlock()
	c := ws.channelByName(channel)
	switch {
	case ws.down:
		return Message{}, ErrDown
	case c == nil:
		return Message{}, fmt.Errorf("channel %q: %w", channel, ErrNotThere)
	case c.Archived:
		return Message{}, fmt.Errorf("#%s is archived: %w", c.Name, ErrNotYours)
	}
	a := ws.otherApp(app)
	m := &Message{User: a.User, Bot: a.Bot, ThreadTS: alert.Thread}
	if alert.Webhook {
		m.Subtype, m.Username = "bot_message", app
	}
	ws.compose(m, alert)
	ws.post(c, m)
	return ws.copyMessage(c, m), nil
}

// Reposts lets the app of a message put something else in its place, as a monitor does when the trouble is over.
func (ws *Workspace) Reposts(m Message, alert Alert) error {
	ws.mu.Lock()
	defer ws.mu.Unlock()
	c := ws.channel(m.Channel)
	if c == nil {
		return fmt.Errorf("channel %s: %w", m.Channel, ErrNotThere)
	}
	old := c.message(m.TS)
	if old == nil || old.Bot == "" {
		return fmt.Errorf("message %s of another app: %w", m.TS, ErrNotThere)
	}
	ws.edit(c, old, old.User, func() { ws.compose(old, alert) })
	return nil
}

func (ws *Workspace) compose(m *Message, alert Alert) {
	m.Fallback, m.Blocks, m.Attachments = alert.Text, dropEmpty(ws.complete(alert.Blocks)), nil
	if len(alert.Attachments) > 0 {
		m.Attachments = ws.completeWithin(alert.Attachments)
	}
}
