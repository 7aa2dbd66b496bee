package slacksim

import (
	"encoding/json"
	"slices"
	"strings"
)

// Message is one message as it stands at the moment, as a copy. Blocks, Attachments and Metadata are as the app sent them, save
// that Slack's own block and action IDs stand where there were none.
type Message struct {
	Channel     string          `json:"channel"`
	TS          string          `json:"ts"`
	ThreadTS    string          `json:"thread_ts,omitempty"`
	User        string          `json:"user"`
	ByApp       bool            `json:"by_app,omitempty"`
	Bot         string          `json:"bot,omitempty"` // the bot ID of the other app that posted it
	Username    string          `json:"username,omitempty"`
	Fallback    string          `json:"text"` // the text argument: shown when there are no blocks, and in notifications
	Blocks      json.RawMessage `json:"blocks,omitempty"`
	Attachments json.RawMessage `json:"attachments,omitempty"`
	Metadata    json.RawMessage `json:"metadata,omitempty"`
	Subtype     string          `json:"subtype,omitempty"`
	Inviter     string          `json:"inviter,omitempty"`
	Before      string          `json:"before,omitempty"` // what a channel_name line says that it was
	After       string          `json:"after,omitempty"`  // ... and what a channel_name, channel_topic or channel_purpose line says that it is
	EditedTS    string          `json:"edited_ts,omitempty"`
	EditedBy    string          `json:"edited_by,omitempty"`
	Broadcast   bool            `json:"broadcast,omitempty"`
	EphemeralTo string          `json:"ephemeral_to,omitempty"` // only this user sees it
	Reactions   []Reaction      `json:"reactions,omitempty"`
	Pinned      bool            `json:"pinned,omitempty"`
	Files       []string        `json:"files,omitempty"`
	Replies     int             `json:"-"` // how many replies its thread has

	ws     *Workspace
	locked bool   // it is being matched: the caller holds the lock
	words  string // rawText, once somebody has asked; empty again after an edit
}

// Reaction is an emoji under a message with those who put it there.
type Reaction struct {
	Name  string   `json:"name"`
	Users []string `json:"users"`
}

func (ws *Workspace) copyMessage(c *channel, m *Message) Message {
	out := *m
	out.ws = ws
	out.Reactions = make([]Reaction, len(m.Reactions))
	for i, r := range m.Reactions {
		out.Reactions[i] = Reaction{Name: r.Name, Users: slices.Clone(r.Users)}
	}
	out.Replies = len(replies(c, m))
	return out
}

// replies are the messages of the thread that m started.
func replies(c *channel, m *Message) []*Message {
	if m.ThreadTS != m.TS {
		return nil
	}
	var out []*Message
	for _, r := range c.Messages {
		if r.ThreadTS == m.TS && r.TS != m.TS && r.EphemeralTo == "" {
			out = append(out, r)
		}
	}
	return out
}

// post puts a message into a channel, gives it its timestamp, and sends the events that follow from it.
func (ws *Workspace) post(c *channel, m *Message) *Message {
	m.Channel, m.TS = c.ID, ws.newTS()
	if m.ThreadTS != "" {
		if root := c.message(m.ThreadTS); root != nil && m.EphemeralTo == "" {
			root.ThreadTS = root.TS
		}
	}
	c.Messages = append(c.Messages, m)
	ws.notify(Change{Kind: ChangePosted, Channel: c.ID, TS: m.TS, Thread: m.ThreadTS, User: m.EphemeralTo})
	if m.EphemeralTo != "" {
		return m
	}
	ws.emitMessage(c, m)
	return m
}

func (ws *Workspace) emitMessage(c *channel, m *Message) {
	body := ws.wireMessage(c, m, true)
	body["channel"], body["channel_type"], body["event_ts"] = c.ID, c.eventKind(), m.TS
	ws.emit(event{kind: "message", channel: c, body: body})
	if !m.ByApp && m.Bot == "" && !m.Service() && strings.Contains(m.Fallback, "<@"+botUserID+">") && !c.IM {
		mention := ws.wireMessage(c, m, false)
		mention["channel"], mention["event_ts"] = c.ID, m.TS
		ws.emit(event{kind: "app_mention", channel: c, body: mention})
	}
}

// Service says whether the message is a line of Slack's own, about what somebody did, rather than something that was said.
func (m Message) Service() bool {
	switch m.Subtype {
	case "", "bot_message", "file_share", "thread_broadcast", "me_message":
		return false
	}
	return true
}

// subtype is what Slack calls the message now. One that was also sent to the channel is a thread_broadcast, with whatever it holds.
func (m *Message) subtype() string {
	if m.Broadcast && m.Subtype == "" {
		return "thread_broadcast"
	}
	return m.Subtype
}

// edit changes a message in place; change does the changing.
func (ws *Workspace) edit(c *channel, m *Message, by string, change func()) {
	before := ws.wireMessage(c, m, true)
	change()
	m.words = ""
	m.EditedTS, m.EditedBy = ws.newTS(), by
	ws.notify(Change{Kind: ChangeEdited, Channel: c.ID, TS: m.TS, Thread: m.ThreadTS, User: m.EphemeralTo})
	if m.EphemeralTo == "" {
		ws.emit(event{kind: "message", channel: c, body: map[string]any{
			"subtype": "message_changed", "hidden": true, "channel": c.ID, "channel_type": c.eventKind(), "ts": ws.newTS(),
			"message": ws.wireMessage(c, m, true), "previous_message": before}})
	}
}

// remove takes a message away, with its pin and its place in its thread. Where others have replied to it, Slack leaves a stone.
func (ws *Workspace) remove(c *channel, m *Message) {
	if len(replies(c, m)) > 0 {
		ws.bury(c, m)
		return
	}
	before := ws.wireMessage(c, m, true)
	c.Messages = slices.DeleteFunc(c.Messages, func(x *Message) bool { return x == m })
	c.Pins = slices.DeleteFunc(c.Pins, func(ts string) bool { return ts == m.TS })
	ws.notify(Change{Kind: ChangeDeleted, Channel: c.ID, TS: m.TS, Thread: m.ThreadTS, User: m.EphemeralTo})
	if m.EphemeralTo == "" {
		ws.emit(event{kind: "message", channel: c, body: map[string]any{
			"subtype": "message_deleted", "hidden": true, "channel": c.ID, "channel_type": c.eventKind(), "ts": ws.newTS(),
			"deleted_ts": m.TS, "previous_message": before}})
	}
	if root := c.message(m.ThreadTS); root != nil && root.Subtype == tombstone && len(replies(c, root)) == 0 {
		ws.remove(c, root)
	}
}

// tombstone is the subtype of what stands where a thread began, once that was deleted.
const tombstone = "tombstone"

func (ws *Workspace) bury(c *channel, m *Message) {
	c.Pins = slices.DeleteFunc(c.Pins, func(ts string) bool { return ts == m.TS })
	ws.edit(c, m, "", func() {
		*m = Message{Channel: m.Channel, TS: m.TS, ThreadTS: m.ThreadTS, User: slackbot, Fallback: "This message was deleted.", Subtype: tombstone}
	})
	m.EditedTS = ""
}

// wireMessage is the message object as the bot sees it.
func (ws *Workspace) wireMessage(c *channel, m *Message, metadata bool) map[string]any {
	wire := map[string]any{"type": "message", "text": m.Fallback, "ts": m.TS, "team": ws.opts.TeamID}
	set := func(key string, value any, is bool) {
		if is {
			wire[key] = value
		}
	}
	set("user", m.User, m.Subtype != "bot_message")
	author := ws.appOf(m.Bot)
	if m.ByApp {
		author = ws.thisApp()
	}
	if author != nil {
		wire["bot_id"], wire["app_id"] = author.Bot, author.ID
		set("bot_profile", ws.wireBot(author), m.Subtype != "bot_message")
	}
	set("subtype", m.subtype(), m.subtype() != "")
	if !m.ByApp && m.Bot == "" && !m.Service() {
		wire["client_msg_id"] = clientID(m.TS)
		set("blocks", richText(m.TS, m.Fallback), m.Fallback != "")
	}
	if len(m.Files) > 0 {
		wire["files"], wire["upload"], wire["display_as_bot"] = ws.wireFiles(m.Files), false, false
	}
	set("name", m.After, m.Subtype == "channel_name")
	set("old_name", m.Before, m.Subtype == "channel_name")
	set("topic", m.After, m.Subtype == "channel_topic")
	set("purpose", m.After, m.Subtype == "channel_purpose")
	set("username", m.Username, m.Username != "")
	set("inviter", m.Inviter, m.Inviter != "")
	set("blocks", m.Blocks, len(m.Blocks) > 0)
	set("attachments", m.Attachments, len(m.Attachments) > 0)
	set("metadata", m.Metadata, metadata && len(m.Metadata) > 0)
	set("edited", map[string]any{"user": m.EditedBy, "ts": m.EditedTS}, m.EditedTS != "" && m.Subtype != tombstone)
	set("pinned_to", []string{c.ID}, m.Pinned)
	set("is_ephemeral", true, m.EphemeralTo != "")
	if len(m.Reactions) > 0 {
		var rs []map[string]any
		for _, r := range m.Reactions {
			rs = append(rs, map[string]any{"name": r.Name, "users": slices.Clone(r.Users), "count": len(r.Users)})
		}
		wire["reactions"] = rs
	}
	if m.ThreadTS == "" {
		return wire
	}
	wire["thread_ts"] = m.ThreadTS
	if m.ThreadTS != m.TS {
		if root := c.message(m.ThreadTS); root != nil {
			wire["parent_user_id"] = root.User
			if m.Broadcast {
				wire["root"] = ws.wireMessage(c, root, false)
			}
		}
		return wire
	}
	thread := replies(c, m)
	users := []string{}
	for _, r := range thread {
		if !slices.Contains(users, r.User) {
			users = append(users, r.User)
		}
	}
	wire["reply_count"], wire["reply_users"], wire["reply_users_count"] = len(thread), users, len(users)
	if len(thread) > 0 {
		wire["latest_reply"] = thread[len(thread)-1].TS
	}
	return wire
}
