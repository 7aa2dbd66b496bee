package slacksim

import (
	"cmp"
	"context"
	"fmt"
	"strings"
)

// Place is a conversation, or a thread in it, where a person writes.
type Place struct {
	p       *Person
	channel string
	thread  string
	also    bool
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

// AndChannel is the thread with the box "also send to the channel" ticked.
func (pl Place) AndChannel() Place {
	pl.also = true
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
	if strings.TrimSpace(text) == "" {
		return Reply{}, fmt.Errorf("an empty message: %w", ErrNotYours)
	}
	return pl.say(text, nil)
}

// say posts what a person wrote, with the files that they put beside it.
func (pl Place) say(text string, uploads []Upload) (Reply, error) {
	ws := pl.p.ws
	ws.mu.Lock()
	defer ws.mu.Unlock()
	c, err := pl.find()
	switch {
	case err != nil:
		return Reply{}, err
	case c.Archived:
		return Reply{}, fmt.Errorf("#%s is archived: %w", c.Name, ErrNotYours)
	}
	m := &Message{User: pl.p.ID, Fallback: ws.typed(pl.p.ID, text, false, true)}
	if pl.thread != "" {
		root := c.message(pl.thread)
		if root == nil || root.EphemeralTo != "" {
			return Reply{}, fmt.Errorf("thread %s: %w", pl.thread, ErrNotThere)
		}
		m.ThreadTS, m.Broadcast = cmp.Or(root.ThreadTS, root.TS), pl.also
	}
	for _, u := range uploads {
		m.Files, m.Subtype = append(m.Files, ws.upload(pl.p.ID, u).ID), "file_share"
	}
	ws.post(c, m)
	ws.shared(c, m)
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
	if err == nil && ws.uninstalled() {
		err = fmt.Errorf("%s is not a valid command: %w", name, ErrNotThere)
	}
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
