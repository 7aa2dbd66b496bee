package slacksim

import (
	"regexp"
	"slices"
)

var tsPattern = regexp.MustCompile(`^\d{1,12}(\.\d{1,6})?$`)

func isTS(s string) bool { return tsPattern.MatchString(s) }

// readable is a conversation whose messages the bot may read.
func (c *call) readable() (*channel, error) {
	ch, err := c.channel("channel")
	if err == nil && !ch.has(botUserID) {
		err = refuse("not_in_channel")
	}
	return ch, err
}

// within keeps the messages between the arguments oldest and latest.
func (c *call) within(all []*Message) ([]*Message, error) {
	oldest, latest, inclusive := c.args["oldest"], c.args["latest"], c.args.bool("inclusive")
	if oldest != "" && !isTS(oldest) {
		return nil, refuse("invalid_ts_oldest")
	}
	if latest != "" && !isTS(latest) {
		return nil, refuse("invalid_ts_latest")
	}
	var out []*Message
	for _, m := range all {
		after := oldest == "" || oldest == "0" || tsLess(oldest, m.TS) || inclusive && oldest == m.TS
		before := latest == "" || tsLess(m.TS, latest) || inclusive && latest == m.TS
		if after && before {
			out = append(out, m)
		}
	}
	return out, nil
}

func (c *call) messages(ch *channel, list []*Message) (answer, error) {
	items, next, err := page(c, list, 100, 1000, func(m *Message) string { return m.TS })
	if err != nil {
		return nil, err
	}
	metadata := c.args.bool("include_all_metadata")
	wire := make([]map[string]any, len(items))
	for i, m := range items {
		wire[i] = c.ws.wireMessage(ch, m, metadata)
	}
	out := answer{"messages": wire, "has_more": next != "", "pin_count": len(ch.Pins)}
	if next != "" {
		out["response_metadata"] = cursorOf(next)
	}
	return out, nil
}

// conversationsHistory lists a conversation's messages, newest first, without replies in threads.
func conversationsHistory(c *call) (answer, error) {
	ch, err := c.readable()
	if err != nil {
		return nil, err
	}
	var top []*Message
	for _, m := range ch.Messages {
		if m.EphemeralTo == "" && (m.ThreadTS == "" || m.ThreadTS == m.TS || m.Broadcast) {
			top = append(top, m)
		}
	}
	list, err := c.within(top)
	if err != nil {
		return nil, err
	}
	slices.Reverse(list)
	return c.messages(ch, list)
}

// conversationsReplies lists a thread: the message that began it, and its replies, oldest first.
func conversationsReplies(c *call) (answer, error) {
	ch, err := c.readable()
	if err != nil {
		return nil, err
	}
	root := ch.message(c.args["ts"])
	if root == nil || root.EphemeralTo != "" {
		return nil, refuse("thread_not_found")
	}
	if root.ThreadTS != "" && root.ThreadTS != root.TS {
		if parent := ch.message(root.ThreadTS); parent != nil {
			root = parent
		}
	}
	list, err := c.within(replies(ch, root))
	if err != nil {
		return nil, err
	}
	return c.messages(ch, append([]*Message{root}, list...))
}
