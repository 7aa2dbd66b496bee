package slacksim

import (
	"cmp"
	"encoding/json"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// The lengths of messages.
const (
	maxText     = 40_000 // of a new message: what is longer is cut
	maxEdit     = 4_000  // of an edited one: what is longer is refused
	maxBlocks   = 13_000
	maxMarkdown = 12_000
	maxMetadata = 16_000
	soonest     = 10 * time.Second // of a scheduled message
	latest      = 120 * 24 * time.Hour
)

// target is where a message may go: a conversation's ID or name, or a user, which opens the direct messages with them.
func (c *call) target() (*channel, error) {
	ws, name := c.ws, c.args["channel"]
	if u := ws.user(name); u != nil {
		if u.Deleted || u.ID == botUserID {
			return nil, refuse("channel_not_found")
		}
		ch, _ := ws.openIM(botUserID, u.ID)
		return ch, nil
	}
	ch := ws.channelByName(name)
	switch {
	case ch == nil || ch.kind() != "public" && !ch.has(botUserID):
		return nil, refuse("channel_not_found")
	case ch.Archived:
		return nil, refuse("is_archived")
	case !ch.has(botUserID) && !ws.manifest.has("chat:write.public"):
		return nil, refuse("not_in_channel")
	}
	return ch, nil
}

// content reads what a message is made of. old is the message that it changes, if it does: what is not given stays as it was, blocks
// beside a new text included. An empty list takes them away.
func (c *call) content(old *Message) (Message, error) {
	var m Message
	if old != nil {
		m = *old
	}
	blocks, ok := c.args.raw("blocks")
	if !ok || len(blocks) > 0 && blocks[0] != '[' {
		return m, refuse("invalid_blocks_format")
	}
	attachments, ok := c.args.raw("attachments")
	if !ok || len(attachments) > 0 && attachments[0] != '[' {
		return m, refuse("invalid_attachments")
	}
	text, given := c.args["text"]
	markdown := c.args["markdown_text"]
	switch {
	case markdown != "" && (given && text != "" || blocks != nil):
		return m, refuse("markdown_text_conflict")
	case utf8.RuneCountInString(markdown) > maxMarkdown:
		return m, refuse("msg_too_long")
	case markdown != "":
		text, given = markdown, true
	}
	n := utf8.RuneCountInString(text)
	switch {
	case old != nil && n > maxEdit, n > maxText && strings.HasSuffix(c.method.name, "Ephemeral"):
		return m, refuse("msg_too_long")
	case n > maxText:
		text = string([]rune(text)[:maxText])
	}
	if old != nil && !given && blocks == nil && attachments == nil {
		return m, refuse("no_text")
	}
	if err := c.checkBlocks(blocks); err != nil {
		return m, err
	}
	if given || old == nil {
		m.Fallback = text
	}
	if blocks != nil || markdown != "" {
		m.Blocks = c.ws.complete(blocks)
	}
	if attachments != nil {
		m.Attachments = c.ws.completeWithin(attachments)
	}
	m.Blocks, m.Attachments = dropEmpty(m.Blocks), dropEmpty(m.Attachments)
	if strings.TrimSpace(m.Fallback) == "" && m.Blocks == nil && m.Attachments == nil {
		return m, refuse("no_text")
	}
	return m, c.metadata(&m)
}

func dropEmpty(list json.RawMessage) json.RawMessage {
	var items []json.RawMessage
	if json.Unmarshal(list, &items) == nil && len(items) == 0 {
		return nil
	}
	return list
}

func (c *call) checkBlocks(blocks json.RawMessage) error {
	if len(blocks) == 0 {
		return nil
	}
	if utf8.RuneCount(blocks) > maxBlocks {
		return refuse("msg_blocks_too_long")
	}
	if problems := c.ws.opts.ValidateBlocks("message", blocks); len(problems) > 0 {
		return &apiError{code: "invalid_blocks", extra: map[string]any{
			"errors": problems, "response_metadata": map[string]any{"messages": prefixed(problems)}}}
	}
	return nil
}

func (c *call) metadata(m *Message) error {
	raw, ok := c.args.raw("metadata")
	if !ok {
		return refuse("invalid_metadata_format")
	}
	if raw == nil {
		return nil
	}
	var meta struct {
		EventType    string          `json:"event_type"`
		EventPayload json.RawMessage `json:"event_payload"`
	}
	if json.Unmarshal(raw, &meta) != nil {
		return refuse("invalid_metadata_format")
	}
	if meta.EventType == "" && len(meta.EventPayload) == 0 {
		m.Metadata = nil
		return nil
	}
	if meta.EventType == "" || !flat(meta.EventPayload, 2) {
		return refuse("invalid_metadata_format")
	}
	if len(raw) > maxMetadata {
		return refuse("metadata_too_large")
	}
	m.Metadata = raw
	return nil
}

// flat says whether an event_payload holds only what Slack's types know: words, numbers, truths, and objects of these, alone or in a list.
func flat(raw json.RawMessage, depth int) bool {
	var object map[string]any
	if json.Unmarshal(raw, &object) != nil || object == nil {
		return false
	}
	plain := func(v any) bool {
		switch v.(type) {
		case string, float64, bool:
			return true
		}
		inner, is := v.(map[string]any)
		return is && depth > 1 && flat(toJSON(inner), depth-1)
	}
	for _, v := range object {
		list, is := v.([]any)
		if !is {
			list = []any{v}
		}
		if is && depth < 2 || slices.ContainsFunc(list, func(v any) bool { return !plain(v) }) {
			return false
		}
	}
	return true
}

// compose is the message of the call in its channel, not yet posted.
func (c *call) compose() (*channel, *Message, error) {
	ch, err := c.target()
	if err != nil {
		return nil, nil, err
	}
	m, err := c.content(nil)
	if err != nil {
		return nil, nil, err
	}
	m.User, m.ByApp, m.Username = botUserID, true, ""
	if name := c.args["username"]; name != "" && c.ws.manifest.has("chat:write.customize") {
		m.Username = name
	}
	if ts := c.args["thread_ts"]; ts != "" {
		root := ch.message(ts)
		if root == nil || root.EphemeralTo != "" {
			return nil, nil, refuse("thread_not_found")
		}
		m.ThreadTS, m.Broadcast = cmp.Or(root.ThreadTS, root.TS), c.args.bool("reply_broadcast")
	}
	return ch, &m, nil
}

func chatPostMessage(c *call) (answer, error) {
	ch, m, err := c.compose()
	if err != nil {
		return nil, err
	}
	c.ws.post(ch, m)
	c.effect("posted %s in %s", m.TS, ch.ID)
	return answer{"channel": ch.ID, "ts": m.TS, "message": c.ws.wireMessage(ch, m, true)}, nil
}

func chatPostEphemeral(c *call) (answer, error) {
	ch, m, err := c.compose()
	if err != nil {
		return nil, err
	}
	if !ch.has(botUserID) {
		return nil, refuse("not_in_channel")
	}
	u := c.ws.user(c.args["user"])
	if u == nil || !ch.has(u.ID) || u.Deleted {
		return nil, refuse("user_not_in_channel")
	}
	m.EphemeralTo = u.ID
	c.ws.post(ch, m)
	c.effect("showed %s in %s to %s", m.TS, ch.ID, u.ID)
	return answer{"message_ts": m.TS}, nil
}

// own is the message of the call's channel and ts if it is the app's.
func (c *call) own(denied string) (*channel, *Message, error) {
	ch, err := c.channel("channel")
	if err != nil {
		return nil, nil, err
	}
	m := ch.message(c.args["ts"])
	switch {
	case m == nil || m.EphemeralTo != "" || m.Subtype == tombstone:
		return nil, nil, refuse("message_not_found")
	case !m.ByApp:
		return nil, nil, refuse(denied)
	}
	return ch, m, nil
}

func chatUpdate(c *call) (answer, error) {
	ch, m, err := c.own("cant_update_message")
	if err != nil {
		return nil, err
	}
	if ch.Archived {
		return nil, refuse("is_inactive") // the other methods say is_archived
	}
	next, err := c.content(m)
	if err != nil {
		return nil, err
	}
	c.ws.edit(ch, m, botUserID, func() {
		m.Fallback, m.Blocks, m.Attachments, m.Metadata = next.Fallback, next.Blocks, next.Attachments, next.Metadata
	})
	c.effect("edited %s in %s", m.TS, ch.ID)
	return answer{"channel": ch.ID, "ts": m.TS, "text": m.Fallback, "message": c.ws.wireMessage(ch, m, true)}, nil
}

func chatDelete(c *call) (answer, error) {
	ch, m, err := c.own("cant_delete_message")
	if err != nil {
		return nil, err
	}
	c.ws.remove(ch, m)
	c.effect("deleted %s in %s", m.TS, ch.ID)
	return answer{"channel": ch.ID, "ts": m.TS}, nil
}

func chatGetPermalink(c *call) (answer, error) {
	ch, err := c.channel("channel")
	if err != nil {
		return nil, err
	}
	m := ch.message(c.args["message_ts"])
	if m == nil || m.EphemeralTo != "" {
		return nil, refuse("message_not_found")
	}
	return answer{"channel": ch.ID, "permalink": c.ws.permalink(ch, m)}, nil
}
