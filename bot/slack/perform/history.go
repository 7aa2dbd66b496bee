package perform

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/slack-go/slack"

	"muster/incident"
)

// What our messages carry in their metadata.
const (
	eventType  = "muster_effect"
	payloadKey = "key"
)

// How far back from a job's making its message is looked for: two clocks may be a day apart, not more.
const lookBack = 25 * time.Hour

// historyPage is how many messages are asked for at once.
const historyPage = 200

// past is what we had posted into a channel before this process began, by key.
type past struct {
	from time.Time
	keys map[string]incident.MessageTS
}

// history remembers the pasts of channels: after a restart, each job that waits has to look, and most look into the same few.
type history struct {
	mu    sync.Mutex
	pasts map[incident.ChannelID]past
	ours  []slack.Channel // the channels that the bot was in; nil while that is not known
}

func newHistory() *history { return &history{pasts: map[incident.ChannelID]past{}} }

func (h *history) recall(channel incident.ChannelID, from time.Time) (past, bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	known, ok := h.pasts[channel]
	return known, ok && !known.from.After(from)
}

func (h *history) remember(channel incident.ChannelID, known past) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.pasts[channel] = known
}

func (h *history) channels() ([]slack.Channel, bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.ours, h.ours != nil
}

func (h *history) setChannels(ours []slack.Channel) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.ours = append([]slack.Channel{}, ours...)
}

func metadata(key string) slack.MsgOption {
	return slack.MsgOptionMetadata(slack.SlackMetadata{EventType: eventType, EventPayload: map[string]any{payloadKey: key}})
}

// keyOf is the key that one of our messages carries; empty for everybody else's.
func (s *Slack) keyOf(message slack.Message) string {
	if message.Metadata.EventType != eventType || (s.BotUser() != "" && message.User != string(s.BotUser())) {
		return ""
	}
	key, _ := message.Metadata.EventPayload[payloadKey].(string)
	return key
}

// posted looks for a message that an earlier attempt may have posted, if there can be one. thread is empty for a channel.
// A key that ends in "*" stands for all that begin so, of which the newest is found.
func (t *task) posted(channel incident.ChannelID, thread incident.MessageTS, key string) (incident.MessageRef, bool, error) {
	if !t.unsure {
		return incident.MessageRef{}, false, nil
	}
	return t.look(channel, thread, key, t.before)
}

// look is posted without asking whether there can be one. before says that only what was posted before this process began
// is of interest.
func (t *task) look(channel incident.ChannelID, thread incident.MessageTS, key string, before bool) (incident.MessageRef, bool, error) {
	from := t.job.CreatedAt.Add(-lookBack)
	var keys map[string]incident.MessageTS
	var err error
	switch {
	case thread != "":
		keys, err = t.readThread(channel, thread, from)
	case before:
		keys, err = t.readPast(channel, from)
	default:
		keys, err = t.readChannel(channel, from)
	}
	if err != nil {
		return incident.MessageRef{}, false, fmt.Errorf("look for the message of an earlier attempt: %w", err)
	}
	found := incident.MessageRef{Channel: channel, TS: keys[key]}
	if prefix, many := strings.CutSuffix(key, "*"); many {
		for other, ts := range keys {
			if strings.HasPrefix(other, prefix) && ts > found.TS {
				found.TS = ts
			}
		}
	}
	return found, found.Posted(), nil
}

// readPast is readChannel, once for all jobs that ask.
func (t *task) readPast(channel incident.ChannelID, from time.Time) (map[string]incident.MessageTS, error) {
	if known, ok := t.history.recall(channel, from); ok {
		return known.keys, nil
	}
	keys, err, _ := t.flights.Do("history "+string(channel), func() (any, error) {
		if known, ok := t.history.recall(channel, from); ok {
			return known.keys, nil
		}
		keys, err := t.readChannel(channel, from)
		if err == nil {
			t.history.remember(channel, past{from, keys})
		}
		return keys, err
	})
	if err != nil {
		return nil, err
	}
	return keys.(map[string]incident.MessageTS), nil
}

func (t *task) readChannel(channel incident.ChannelID, from time.Time) (map[string]incident.MessageTS, error) {
	keys := map[string]incident.MessageTS{}
	ask := &slack.GetConversationHistoryParameters{
		ChannelID: string(channel), Oldest: timestamp(from), Limit: historyPage, IncludeAllMetadata: true,
	}
	for {
		var page *slack.GetConversationHistoryResponse
		err := t.call("conversations.history", channel, func(ctx context.Context) (err error) {
			page, err = t.Client.GetConversationHistoryContext(ctx, ask)
			return err
		})
		if err != nil {
			return nil, err
		}
		t.collect(keys, page.Messages)
		if ask.Cursor = page.ResponseMetaData.NextCursor; ask.Cursor == "" {
			return keys, nil
		}
	}
}

func (t *task) readThread(channel incident.ChannelID, thread incident.MessageTS, from time.Time) (map[string]incident.MessageTS, error) {
	keys := map[string]incident.MessageTS{}
	ask := &slack.GetConversationRepliesParameters{
		ChannelID: string(channel), Timestamp: string(thread), Oldest: timestamp(from), Limit: historyPage, IncludeAllMetadata: true,
	}
	for {
		var page []slack.Message
		err := t.call("conversations.replies", channel, func(ctx context.Context) (err error) {
			page, _, ask.Cursor, err = t.Client.GetConversationRepliesContext(ctx, ask)
			return err
		})
		if err != nil {
			return nil, err
		}
		t.collect(keys, page)
		if ask.Cursor == "" {
			return keys, nil
		}
	}
}

func (s *Slack) collect(keys map[string]incident.MessageTS, messages []slack.Message) {
	for _, message := range messages {
		if key := s.keyOf(message); key != "" && incident.MessageTS(message.Timestamp) > keys[key] {
			keys[key] = incident.MessageTS(message.Timestamp)
		}
	}
}

// timestamp is a moment as Slack writes it.
func timestamp(at time.Time) string {
	return fmt.Sprintf("%d.%06d", max(at.Unix(), 0), at.Nanosecond()/1000)
}

// timeOf is when a message was posted, by Slack's clock.
func timeOf(ts incident.MessageTS) time.Time {
	seconds, err := strconv.ParseFloat(string(ts), 64)
	if err != nil {
		return time.Time{}
	}
	return time.UnixMicro(int64(seconds * 1e6))
}
