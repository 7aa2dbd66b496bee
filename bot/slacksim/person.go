package slacksim

import (
	"context"
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

// Place is a conversation, or a thread in it, where a person writes.
type Place struct {
	p       *Person
	channel string
	thread  string
}

// In is a channel by name or ID.
func (p *Person) In(channel string) Place { return Place{p: p, channel: channel} }

// DM is the direct messages with the app, or with the person of this handle.
func (p *Person) DM(handle ...string) Place {
	p.ws.mu.Lock()
	defer p.ws.mu.Unlock()
	with := botUserID
	if len(handle) > 0 {
		with = ""
		if u := p.ws.userByName(handle[0]); u != nil {
			with = u.ID
		}
	}
	if p.ID == "" || with == "" {
		return Place{p: p}
	}
	c, _ := p.ws.openIM(p.ID, with)
	return Place{p: p, channel: c.ID}
}

// Thread is the thread under a message of the place.
func (pl Place) Thread(ts string) Place {
	pl.thread = ts
	return pl
}

// find is the channel of the place if the person is in it. It must be called with the lock held.
func (pl Place) find() (*channel, error) {
	if err := pl.p.able(); err != nil {
		return nil, err
	}
	c := pl.p.ws.channelByName(pl.channel)
	switch {
	case c == nil || !pl.p.ws.visible(c, pl.p.ID):
		return nil, fmt.Errorf("channel %q: %w", pl.channel, ErrNotThere)
	case !c.has(pl.p.ID):
		return nil, fmt.Errorf("%s is not in #%s: %w", pl.p.Handle, pl.channel, ErrNotYours)
	}
	return c, nil
}

// Reply is what came of typing: the person's own message, or what the app's ack of their command showed, if anything.
type Reply struct {
	Message
	Shown bool // there is a message at all
}

// Text is what the reply reads, "" when nothing was shown.
func (r Reply) Text() string {
	if !r.Shown {
		return ""
	}
	return r.Message.Text()
}

// Types is to type text and press enter: a message, or a slash command if it begins with one. A command returns when the app
// has acknowledged it; ErrTimeout, ErrNoSocket and ErrDown say that the person saw it fail.
func (pl Place) Types(ctx context.Context, text string) (Reply, error) {
	if strings.HasPrefix(text, "/") {
		return pl.command(ctx, text)
	}
	ws := pl.p.ws
	ws.mu.Lock()
	defer ws.mu.Unlock()
	c, err := pl.find()
	switch {
	case err != nil:
		return Reply{}, err
	case c.Archived:
		return Reply{}, fmt.Errorf("#%s is archived: %w", c.Name, ErrNotYours)
	case strings.TrimSpace(text) == "":
		return Reply{}, fmt.Errorf("an empty message: %w", ErrNotYours)
	}
	m := &Message{User: pl.p.ID, Fallback: ws.typed(pl.p.ID, text, false, true)}
	if pl.thread != "" {
		root := c.message(pl.thread)
		if root == nil || root.EphemeralTo != "" {
			return Reply{}, fmt.Errorf("thread %s: %w", pl.thread, ErrNotThere)
		}
		m.ThreadTS = pl.thread
		if root.ThreadTS != "" {
			m.ThreadTS = root.ThreadTS
		}
	}
	ws.post(c, m)
	return Reply{Message: ws.copyMessage(c, m), Shown: true}, nil
}

func (pl Place) command(ctx context.Context, text string) (Reply, error) {
	ws := pl.p.ws
	name, rest, _ := strings.Cut(text, " ")
	cmd, ok := ws.manifest.command(name)
	if !ok {
		return Reply{}, fmt.Errorf("%s is not a valid command: %w", name, ErrNotThere)
	}
	if pl.thread != "" {
		return Reply{}, fmt.Errorf("%s is not supported in threads: %w", name, ErrNotYours)
	}
	ws.mu.Lock()
	c, err := pl.find()
	if err != nil {
		ws.mu.Unlock()
		return Reply{}, err
	}
	url := ws.newResponseURL(pl.p.ID, c.ID, "", "")
	u := ws.user(pl.p.ID)
	env := ws.newEnvelope("slash_commands", "slash_commands", map[string]any{
		"token": "slacksim", "team_id": ws.opts.TeamID, "team_domain": ws.opts.TeamDomain, "channel_id": c.ID, "channel_name": commandPlace(c),
		"user_id": u.ID, "user_name": u.Handle, "command": name, "text": ws.typed(u.ID, strings.TrimSpace(rest), true, cmd.ShouldEscape),
		"api_app_id": appID, "is_enterprise_install": "false", "response_url": url, "trigger_id": ws.newTrigger(u.ID, ""),
	}, true)
	ws.mu.Unlock()
	payload, err := ws.deliver(ctx, env)
	ws.mu.Lock()
	defer ws.mu.Unlock()
	if err != nil {
		ws.tellFailure(c, pl.p.ID, name, err)
		return Reply{}, fmt.Errorf("%s: %w", name, err)
	}
	if payload == nil || string(payload) == "{}" {
		return Reply{}, nil
	}
	m, err := ws.respond(payload, responseURL{User: pl.p.ID, Channel: c.ID})
	if err != nil || m == nil {
		return Reply{}, refusedReply(err)
	}
	return Reply{Message: ws.copyMessage(c, m), Shown: true}, nil
}

// tellFailure is Slackbot's line under a command that the app did not take.
func (ws *Workspace) tellFailure(c *channel, user, command string, err error) {
	code := map[error]string{ErrTimeout: "operation_timeout", ErrNoSocket: "dispatch_failed"}[err]
	if code != "" {
		ws.post(c, &Message{User: slackbot, EphemeralTo: user, Fallback: command + ` failed with the error "` + code + `"`})
	}
}

// commandPlace is the channel_name of a command: the names of private conversations are not told.
func commandPlace(c *channel) string {
	switch c.kind() {
	case "im":
		return "directmessage"
	case "public":
		return c.Name
	}
	return "privategroup"
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

// Reacts puts an emoji under a message.
func (p *Person) Reacts(m Message, emoji string) error {
	return p.act(m, func(c *channel, msg *Message) string { return p.ws.react(c, msg, p.ID, emoji, true) })
}

// TakesBack takes the person's emoji away.
func (p *Person) TakesBack(m Message, emoji string) error {
	return p.act(m, func(c *channel, msg *Message) string { return p.ws.react(c, msg, p.ID, emoji, false) })
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
		if msg.User != p.ID {
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
		p.ws.part(c, p.ID)
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
