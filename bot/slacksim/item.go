package slacksim

import (
	"slices"
	"time"

	"muster/bot/slacksim/blockkit"
)

// react adds or takes away a reaction. It reports Slack's error, or "".
func (ws *Workspace) react(c *channel, m *Message, user, name string, add bool) string {
	if !ws.knowsEmoji(name) {
		return "invalid_name"
	}
	i := slices.IndexFunc(m.Reactions, func(r Reaction) bool { return r.Name == name })
	there := i >= 0 && slices.Contains(m.Reactions[i].Users, user)
	switch {
	case add && there:
		return "already_reacted"
	case !add && !there:
		return "no_reaction"
	case add && i < 0 && len(m.Reactions) >= 23:
		return "too_many_emoji"
	case add && i < 0:
		m.Reactions = append(m.Reactions, Reaction{Name: name, Users: []string{user}})
	case add:
		m.Reactions[i].Users = append(m.Reactions[i].Users, user)
	default:
		m.Reactions[i].Users = slices.DeleteFunc(m.Reactions[i].Users, func(u string) bool { return u == user })
		m.Reactions = slices.DeleteFunc(m.Reactions, func(r Reaction) bool { return len(r.Users) == 0 })
	}
	kind := map[bool]string{true: "reaction_added", false: "reaction_removed"}[add]
	ws.notify(Change{Kind: ChangeReaction, Channel: c.ID, TS: m.TS, Thread: m.ThreadTS})
	ws.emit(event{kind: kind, channel: c, body: map[string]any{
		"user": user, "reaction": name, "item_user": m.User, "item": map[string]any{"type": "message", "channel": c.ID, "ts": m.TS}}})
	return ""
}

// knowsEmoji says whether there is an emoji of this name, without colons: a common one, or one of the workspace's own.
func (ws *Workspace) knowsEmoji(name string) bool {
	_, known := blockkit.EmojiChar(name)
	return known || slices.Contains(ws.opts.Emoji, name)
}

// pin pins or unpins a message. It reports Slack's error, or "".
func (ws *Workspace) pin(c *channel, m *Message, user string, add bool) string {
	switch {
	case add && m.Pinned:
		return "already_pinned"
	case !add && !m.Pinned:
		return "no_pin"
	case add && len(c.Pins) >= 100:
		return "too_many_pins"
	case add && m.EphemeralTo != "":
		return "message_not_found"
	}
	m.Pinned = add
	c.Pins = slices.DeleteFunc(c.Pins, func(ts string) bool { return ts == m.TS })
	kind := "pin_removed"
	if add {
		kind = "pin_added"
		c.Pins = append(c.Pins, m.TS)
		ws.post(c, &Message{User: user, Fallback: "<@" + user + "> pinned a message to this channel.", Subtype: "pinned_item"})
	}
	ws.notify(Change{Kind: ChangePin, Channel: c.ID, TS: m.TS, Thread: m.ThreadTS})
	message := ws.wireMessage(c, m, false)
	message["permalink"] = ws.permalink(c, m)
	now := time.Now().Unix()
	body := map[string]any{"user": user, "channel_id": c.ID, "item_user": m.User, "pin_count": len(c.Pins),
		"item":        map[string]any{"type": "message", "channel": c.ID, "created": now, "created_by": user, "message": message},
		"pinned_info": map[string]any{"channel": c.ID, "pinned_by": user, "pinned_ts": now}}
	if !add {
		body["has_pins"] = len(c.Pins) > 0
	}
	ws.emit(event{kind: kind, channel: c, body: body})
	return ""
}
