package slacksim

import (
	"cmp"
	"slices"
	"time"
)

// Whom a workspace lets do these things is a setting of Slack. Here every member of a channel may rename it and put others out of it, but
// guests; only administrators (User.Admin) may convert or delete one.

// Renames gives a channel another name.
func (p *Person) Renames(name, to string) error {
	return p.manages(name, false, func(c *channel) string {
		code := checkName(to)
		switch {
		case code != "":
			return code
		case c.Archived:
			return "is_archived"
		case to != c.Name && p.ws.nameTaken(to):
			return "name_taken"
		}
		p.ws.rename(c, p.ID, to)
		return ""
	})
}

// Removes puts somebody else, or the app by its handle, out of a channel.
func (p *Person) Removes(name, handle string) error {
	return p.manages(name, false, func(c *channel) string {
		u := p.ws.userByName(handle)
		switch {
		case u == nil:
			return "user_not_found"
		case c.General:
			return "cant_kick_from_general"
		case u.ID == p.ID:
			return "cant_kick_self"
		case !c.has(u.ID):
			return "not_in_channel"
		}
		p.ws.part(c, u.ID, p.ID)
		return ""
	})
}

// Converts makes a public channel private or, with false, a private one public.
func (p *Person) Converts(name string, private bool) error {
	return p.manages(name, true, func(c *channel) string {
		if c.General || c.Archived || c.Private == private {
			return "restricted_action"
		}
		p.ws.convert(c, p.ID, private)
		return ""
	})
}

// DeletesChannel deletes a channel for good, with all that was said in it. An archived one can be deleted too.
func (p *Person) DeletesChannel(name string) error {
	return p.manages(name, true, func(c *channel) string {
		if c.General {
			return "restricted_action"
		}
		p.ws.deleteChannel(c, p.ID)
		return ""
	})
}

// manages lets f do something to a channel that the person is in and may manage.
func (p *Person) manages(name string, admin bool, f func(*channel) string) error {
	return p.membership(name, func(c *channel) string {
		u := p.ws.user(p.ID)
		switch {
		case c.IM || c.MPIM:
			return "method_not_supported_for_channel_type"
		case u.narrow() || admin && !u.Admin:
			return "restricted_action"
		case !c.has(p.ID) && (!u.Admin || c.Private):
			return "not_in_channel"
		}
		return f(c)
	})
}

// rename gives a channel its new name, with the line that people see and the event.
func (ws *Workspace) rename(c *channel, by, name string) {
	old := c.Name
	c.PreviousNames, c.Name = append(c.PreviousNames, old), name
	ws.post(c, &Message{User: by, ByApp: by == botUserID, Fallback: "<@" + by + `> has renamed the channel from "` + old + `" to "` + name + `"`, Subtype: "channel_name",
		Before: old, After: name})
	kind := map[bool]string{true: "group_rename", false: "channel_rename"}[c.Private]
	ws.emit(event{kind: kind, channel: c, everywhere: true, body: map[string]any{"channel": map[string]any{
		"id": c.ID, "name": name, "name_normalized": name, "created": c.Created, "is_channel": true, "is_mpim": false}}})
	ws.notify(Change{Kind: ChangeChannel, Channel: c.ID})
}

// convert changes who can see a channel. No event of its own tells of it: only the line in the channel does, and conversations.info.
func (ws *Workspace) convert(c *channel, by string, private bool) {
	c.Private = private
	kind := map[bool]string{true: "private", false: "public"}[private]
	ws.post(c, &Message{User: by, Fallback: "<@" + by + "> made this channel *" + kind + "*", Subtype: "channel_convert_to_" + kind})
	ws.notify(Change{Kind: ChangeChannel, Channel: c.ID})
}

func (ws *Workspace) deleteChannel(c *channel, by string) {
	if c.Private {
		ws.emit(event{kind: "group_deleted", channel: c, body: map[string]any{"channel": c.ID, "date_deleted": time.Now().Unix(), "actor_id": by}})
	} else {
		ws.emit(event{kind: "channel_deleted", channel: c, everywhere: true, body: map[string]any{"channel": c.ID, "actor_id": by}})
	}
	ws.st.Channels = slices.DeleteFunc(ws.st.Channels, func(other *channel) bool { return other == c })
	ws.notify(Change{Kind: ChangeChannel, Channel: c.ID})
}

// part takes a user out of a channel, with the line people see and the events. by is who put them out; empty, they left.
func (ws *Workspace) part(c *channel, user, by string) {
	ws.emit(event{kind: "member_left_channel", channel: c, body: map[string]any{
		"user": user, "channel": c.ID, "channel_type": string([]rune(c.ID)[0]), "team": ws.opts.TeamID}})
	if user == botUserID {
		kind := map[bool]string{true: "group_left", false: "channel_left"}[c.Private]
		ws.emit(event{kind: kind, channel: c, body: map[string]any{"channel": c.ID, "actor_id": cmp.Or(by, user)}})
	}
	c.Members = slices.DeleteFunc(c.Members, func(m string) bool { return m == user })
	text := "<@" + user + "> has left the channel"
	if by != "" {
		text = "<@" + user + "> was removed from the channel by <@" + by + ">"
	}
	ws.post(c, &Message{User: user, Fallback: text, Subtype: "channel_leave"})
	ws.notify(Change{Kind: ChangeChannel, Channel: c.ID})
}
