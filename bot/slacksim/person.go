package slacksim

import (
	"fmt"
	"slices"
	"strings"
)

// Person is somebody of the workspace who acts. Every act is refused that Slack would not let them do.
type Person struct {
	Handle string
	ID     string
	ws     *Workspace
}

// Person is the person of this handle or ID. If there is none, every act of theirs fails.
func (ws *Workspace) Person(handle string) *Person {
	ws.mu.Lock()
	defer ws.mu.Unlock()
	p := &Person{Handle: strings.TrimPrefix(handle, "@"), ws: ws}
	if u := ws.userByName(handle); u != nil {
		p.ID, p.Handle = u.ID, u.Handle
	}
	return p
}

// able says why the person cannot do anything at all. It must be called with the lock held.
func (p *Person) able() error {
	u := p.ws.user(p.ID)
	switch {
	case p.ws.closed:
		return ErrClosed
	case p.ws.down:
		return ErrDown
	case u == nil:
		return fmt.Errorf("nobody is called %q: %w", p.Handle, ErrNotThere)
	case u.Deleted:
		return fmt.Errorf("%s has left the workspace: %w", p.Handle, ErrNotYours)
	}
	return nil
}

// act finds a message of the workspace and lets f do something to it as the person, who must be in the channel.
func (p *Person) act(m Message, f func(*channel, *Message) string) error {
	ws := p.ws
	ws.mu.Lock()
	defer ws.mu.Unlock()
	c, err := p.In(m.Channel).find()
	if err != nil {
		return err
	}
	msg := c.message(m.TS)
	if msg == nil || msg.EphemeralTo != "" && msg.EphemeralTo != p.ID {
		return fmt.Errorf("message %s: %w", m.TS, ErrNotThere)
	}
	if code := f(c, msg); code != "" {
		return fmt.Errorf("%s: %w", code, ErrNotYours)
	}
	return nil
}

// Reacts puts an emoji under a message; colons around its name are left out.
func (p *Person) Reacts(m Message, emoji string) error {
	return p.act(m, func(c *channel, msg *Message) string { return p.ws.react(c, msg, p.ID, strings.Trim(emoji, ":"), true) })
}

// TakesBack takes the person's emoji away.
func (p *Person) TakesBack(m Message, emoji string) error {
	return p.act(m, func(c *channel, msg *Message) string {
		return p.ws.react(c, msg, p.ID, strings.Trim(emoji, ":"), false)
	})
}

// Pins pins a message, Unpins unpins it.
func (p *Person) Pins(m Message) error {
	return p.act(m, func(c *channel, msg *Message) string { return p.ws.pin(c, msg, p.ID, true) })
}

// Unpins takes a pin away.
func (p *Person) Unpins(m Message) error {
	return p.act(m, func(c *channel, msg *Message) string { return p.ws.pin(c, msg, p.ID, false) })
}

// Edits changes the person's own message.
func (p *Person) Edits(m Message, text string) error {
	return p.act(m, func(c *channel, msg *Message) string {
		if msg.User != p.ID || msg.Service() || c.Archived {
			return "cant_update_message"
		}
		p.ws.edit(c, msg, p.ID, func() { msg.Fallback = p.ws.typed(p.ID, text, false, true) })
		return ""
	})
}

// Deletes takes the person's own message away; from an ephemeral one it takes it out of their sight.
func (p *Person) Deletes(m Message) error {
	return p.act(m, func(c *channel, msg *Message) string {
		if msg.User != p.ID && msg.EphemeralTo != p.ID {
			return "cant_delete_message"
		}
		p.ws.remove(c, msg)
		return ""
	})
}

// Joins is to join a public channel.
func (p *Person) Joins(name string) error {
	return p.membership(name, func(c *channel) string {
		switch {
		case c.kind() != "public":
			return "method_not_supported_for_channel_type"
		case c.Archived:
			return "is_archived"
		}
		p.ws.join(c, p.ID, "")
		return ""
	})
}

// Leaves is to leave a channel.
func (p *Person) Leaves(name string) error {
	return p.membership(name, func(c *channel) string {
		if c.General || c.IM || !c.has(p.ID) {
			return "cant_leave"
		}
		p.ws.part(c, p.ID, "")
		return ""
	})
}

// Invites puts somebody else, or the app by its handle, into a channel the person is in.
func (p *Person) Invites(name, handle string) error {
	return p.membership(name, func(c *channel) string {
		u := p.ws.userByName(handle)
		switch {
		case u == nil || u.Deleted:
			return "user_not_found"
		case !c.has(p.ID) || c.IM:
			return "not_in_channel"
		case u.ID == botUserID:
			p.ws.join(c, u.ID, p.ID)
			return ""
		}
		if code := p.ws.cantInvite(c, u.ID); code != "" {
			return code
		}
		p.ws.join(c, u.ID, p.ID)
		return ""
	})
}

// Archives archives a channel or, with false, brings it back.
func (p *Person) Archives(name string, archive bool) error {
	return p.membership(name, func(c *channel) string {
		if !c.has(p.ID) || c.General || c.Archived == archive {
			return "restricted_action"
		}
		p.ws.setArchived(c, p.ID, archive)
		return ""
	})
}

// Creates makes a channel with the person in it, and returns its ID.
func (p *Person) Creates(name string, private bool) (string, error) {
	p.ws.mu.Lock()
	defer p.ws.mu.Unlock()
	if err := p.able(); err != nil {
		return "", err
	}
	code := checkName(name)
	if code == "" && p.ws.nameTaken(name) {
		code = "name_taken"
	}
	if code != "" {
		return "", fmt.Errorf("%s: %w", code, ErrNotYours)
	}
	return p.ws.createChannel(name, p.ID, private).ID, nil
}

func (p *Person) membership(name string, f func(*channel) string) error {
	p.ws.mu.Lock()
	defer p.ws.mu.Unlock()
	if err := p.able(); err != nil {
		return err
	}
	c := p.ws.channelByName(name)
	if c == nil || !p.ws.visible(c, p.ID) {
		return fmt.Errorf("channel %q: %w", name, ErrNotThere)
	}
	if code := f(c); code != "" {
		return fmt.Errorf("%s: %w", code, ErrNotYours)
	}
	return nil
}

// IsIn says whether the person is in a channel.
func (p *Person) IsIn(channel string) bool {
	p.ws.mu.Lock()
	defer p.ws.mu.Unlock()
	c := p.ws.channelByName(channel)
	return c != nil && slices.Contains(c.Members, p.ID)
}
