package slacksim

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"
)

// Match says whether a message is the one that somebody looks for. It runs with the workspace locked: it may ask the message
// (Text, Button and so on), and nothing else of the workspace.
type Match func(Message) bool

// Says matches messages whose Text contains every part.
func Says(parts ...string) Match {
	return func(m Message) bool {
		text := m.Text()
		return !slices.ContainsFunc(parts, func(p string) bool { return !strings.Contains(text, p) })
	}
}

// Inside matches messages of the channel of this name or ID.
func Inside(channel string) Match {
	return func(m Message) bool {
		c := m.ws.channelByName(channel)
		return c != nil && c.ID == m.Channel
	}
}

// FromApp matches messages of the app.
func FromApp() Match { return func(m Message) bool { return m.ByApp && !m.Service() } }

// OnlyForMe matches ephemeral messages, Direct those in direct messages.
func OnlyForMe() Match { return func(m Message) bool { return m.EphemeralTo != "" } }

// Direct matches messages in direct messages.
func Direct() Match {
	return func(m Message) bool {
		c := m.ws.channel(m.Channel)
		return c != nil && c.IM
	}
}

// The is the message itself, as it stands now.
func The(wanted Message) Match {
	return func(m Message) bool { return m.Channel == wanted.Channel && m.TS == wanted.TS }
}

// InThread matches the replies to a message.
func InThread(ts string) Match {
	return func(m Message) bool { return m.ThreadTS == ts && m.TS != ts }
}

// WithButton matches messages that carry a button with this text or action ID.
func WithButton(label string) Match {
	return func(m Message) bool {
		return slices.ContainsFunc(m.parseAll(), func(e Element) bool { return e.isButton(label) })
	}
}

// Sees returns the newest message that the person can see and that matches everything, and waits for it if there is none yet.
// They see what stands in channels they are in, and what is shown to them alone.
func (p *Person) Sees(ctx context.Context, matches ...Match) (Message, error) {
	var found Message
	err := p.ws.wait(ctx, func() bool {
		m, ok := p.look(matches)
		found = m
		return ok
	})
	if err != nil {
		return Message{}, fmt.Errorf("%s waits for a message in vain: %w", p.Handle, err)
	}
	return found, nil
}

// Looks is Sees without waiting.
func (p *Person) Looks(matches ...Match) (Message, bool) {
	p.ws.mu.Lock()
	defer p.ws.mu.Unlock()
	return p.look(matches)
}

// SeesAll are all messages that the person can see now and that match, oldest first in each channel.
func (p *Person) SeesAll(matches ...Match) []Message {
	p.ws.mu.Lock()
	defer p.ws.mu.Unlock()
	var out []Message
	for _, c := range p.ws.st.Channels {
		for _, m := range c.Messages {
			if p.sees(c, m) && fits(p.ws, m, matches) {
				out = append(out, p.ws.copyMessage(c, m))
			}
		}
	}
	return out
}

func (p *Person) look(matches []Match) (Message, bool) {
	var newest *Message
	var where *channel
	for _, c := range p.ws.st.Channels {
		for _, m := range slices.Backward(c.Messages) {
			if newest != nil && !tsLess(newest.TS, m.TS) {
				break
			}
			if p.sees(c, m) && fits(p.ws, m, matches) {
				newest, where = m, c
				break
			}
		}
	}
	if newest == nil {
		return Message{}, false
	}
	return p.ws.copyMessage(where, newest), true
}

func (p *Person) sees(c *channel, m *Message) bool {
	return p.ID != "" && (m.EphemeralTo == "" && c.has(p.ID) || m.EphemeralTo == p.ID)
}

func fits(ws *Workspace, m *Message, matches []Match) bool {
	m.words = m.rawText()
	probe := *m
	probe.ws, probe.locked = ws, true
	return !slices.ContainsFunc(matches, func(match Match) bool { return !match(probe) })
}

// Channels are the conversations that the person knows of: those they are in, and the public ones unless they are a guest.
func (p *Person) Channels() []Channel {
	p.ws.mu.Lock()
	defer p.ws.mu.Unlock()
	var out []Channel
	for _, c := range p.ws.st.Channels {
		if p.ID != "" && p.ws.visible(c, p.ID) {
			out = append(out, c.copy())
		}
	}
	return out
}

// Channel is a conversation by name or ID, if the person knows of it.
func (p *Person) Channel(name string) (Channel, bool) {
	p.ws.mu.Lock()
	defer p.ws.mu.Unlock()
	c := p.ws.channelByName(name)
	if c == nil || p.ID == "" || !p.ws.visible(c, p.ID) {
		return Channel{}, false
	}
	return c.copy(), true
}

// History is what the person sees in a conversation now, oldest first; replies in threads only if they were sent to the
// channel too. limit 0 means all.
func (p *Person) History(channel string, limit int) []Message {
	return p.read(channel, limit, func(m *Message) bool { return m.ThreadTS == "" || m.ThreadTS == m.TS || m.Broadcast })
}

// Replies is a thread as the person sees it: the message that began it, and its replies.
func (p *Person) Replies(channel, ts string) []Message {
	return p.read(channel, 0, func(m *Message) bool { return m.TS == ts || m.ThreadTS == ts })
}

func (p *Person) read(name string, limit int, want func(*Message) bool) []Message {
	p.ws.mu.Lock()
	defer p.ws.mu.Unlock()
	c := p.ws.channelByName(name)
	if c == nil || p.ID == "" || !p.ws.visible(c, p.ID) {
		return nil
	}
	var out []Message
	for _, m := range slices.Backward(c.Messages) {
		if limit > 0 && len(out) == limit {
			break
		}
		if want(m) && (m.EphemeralTo == "" || m.EphemeralTo == p.ID) {
			out = append(out, p.ws.copyMessage(c, m))
		}
	}
	slices.Reverse(out)
	return out
}

// Reads marks a conversation as read up to now.
func (p *Person) Reads(channel string) {
	p.ws.mu.Lock()
	defer p.ws.mu.Unlock()
	c := p.ws.channelByName(channel)
	if c == nil || !c.has(p.ID) || len(c.Messages) == 0 {
		return
	}
	last := c.Messages[len(c.Messages)-1].TS
	if c.Read == nil {
		c.Read = map[string]string{}
	}
	if c.Read[p.ID] != last {
		c.Read[p.ID] = last
		p.ws.notify(Change{Kind: ChangeRead, Channel: c.ID, User: p.ID})
	}
}

// Unread counts the messages of a conversation that the person has not read, and those among them that mention them.
func (p *Person) Unread(channel string) (messages, mentions int) {
	p.ws.mu.Lock()
	defer p.ws.mu.Unlock()
	c := p.ws.channelByName(channel)
	if c == nil || !c.has(p.ID) {
		return 0, 0
	}
	for _, m := range slices.Backward(c.Messages) {
		if read := c.Read[p.ID]; read != "" && !tsLess(read, m.TS) {
			break
		}
		if m.User == p.ID || m.Service() || !p.sees(c, m) || m.ThreadTS != "" && m.ThreadTS != m.TS && !m.Broadcast {
			continue
		}
		messages++
		if c.IM || p.mentioned(m) {
			mentions++
		}
	}
	return messages, mentions
}

// mentioned says whether a message calls the person: by name, by one of their groups, or all of the channel.
func (p *Person) mentioned(m *Message) bool {
	// Most messages call nobody: only those that hold a fitting word at all are read closely.
	if !slices.ContainsFunc([]string{p.ID, "!channel", "!here", "!everyone", "!subteam"}, func(word string) bool {
		return strings.Contains(m.Fallback, word) || bytes.Contains(m.Blocks, []byte(word)) || bytes.Contains(m.Attachments, []byte(word))
	}) {
		return false
	}
	text := m.rawText()
	if strings.Contains(text, "<@"+p.ID) || strings.Contains(text, "<!channel") || strings.Contains(text, "<!here") || strings.Contains(text, "<!everyone") {
		return true
	}
	return slices.ContainsFunc(p.ws.st.Groups, func(g *UserGroup) bool {
		return slices.Contains(g.Users, p.ID) && strings.Contains(text, "<!subteam^"+g.ID)
	})
}

// Permalink is the link to a message.
func (m Message) Permalink() string {
	if !m.locked {
		m.ws.mu.Lock()
		defer m.ws.mu.Unlock()
	}
	c := m.ws.channel(m.Channel)
	if c == nil {
		return ""
	}
	return m.ws.permalink(c, &m)
}
