package perform

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/slack-go/slack"

	"muster/bot/worker"
	"muster/incident"
	"muster/incident/ledger"
)

// mostNames is how many names are tried before a person has to make room.
const mostNames = 30

// clocksApart is how far apart Slack's clock and ours may be taken to be; Slack tells in whole seconds when a channel was made.
const clocksApart = 10 * time.Second

// createChannel opens the incident's channel, or takes over the one that an earlier attempt opened.
func (t *task) createChannel(incident.CreateChannel) ([]ledger.Command, error) {
	in, err := t.incident()
	if err != nil || in.Channel.ID != "" {
		return nil, err
	}
	channel, err := t.orphan(in)
	for attempt := 0; err == nil && channel == nil && attempt < mostNames; attempt++ {
		channel, err = t.create(attempt)
		switch {
		case hasCode(err, "name_taken"):
			channel, err = nil, nil
		case err == nil && !t.memory.adopt(incident.ChannelID(channel.ID), in.ID):
			// Another incident of this name was looking for its own and has taken it over; ours may be one that is left.
			t.unsure, t.before = true, false
			channel, err = t.orphan(in)
		}
	}
	switch {
	case err != nil:
		return nil, err
	case channel == nil:
		return nil, worker.Failure("name_taken")
	}
	return []ledger.Command{incident.RecordChannel{Channel: incident.ChannelID(channel.ID), Name: channel.Name}}, nil
}

func (t *task) create(attempt int) (channel *slack.Channel, err error) {
	err = t.call("conversations.create", "", func(ctx context.Context) error {
		in, err := t.incident()
		if err != nil {
			return err
		}
		channel, err = t.Client.CreateConversationContext(ctx, slack.CreateConversationParams{
			ChannelName: incident.ChannelName(in, t.Policy, attempt), IsPrivate: in.Private,
		})
		return err
	})
	return channel, err
}

// orphan looks for a channel that an earlier attempt opened and nobody recorded; nil if there is none. A name alone proves
// nothing: two calls at one moment have both succeeded with one name. It is ours if we made it, under a name that we would
// ask for, as private as it has to be, if no incident has it, and if nobody has said a word in it. People may have found a
// public one that is no older than the incident; there, only we may not have spoken.
func (t *task) orphan(in incident.Incident) (*slack.Channel, error) {
	if !t.unsure {
		return nil, nil
	}
	select {
	case t.adopting <- struct{}{}:
		defer func() { <-t.adopting }()
	case <-t.waits.Done():
		return nil, fmt.Errorf("look for the channel of an earlier attempt: %w", worker.ErrStopping)
	}
	names := map[string]int{}
	for attempt := range mostNames {
		names[incident.ChannelName(in, t.Policy, attempt)] = attempt
	}
	before := func(a, b slack.Channel) bool {
		return cmp.Or(cmp.Compare(names[a.Name], names[b.Name]), a.Created.Time().Compare(b.Created.Time())) < 0
	}
	channels, err := t.ourChannels()
	if err != nil {
		return nil, fmt.Errorf("look for the channel of an earlier attempt: %w", err)
	}
	var best *slack.Channel
	for i, channel := range channels {
		_, asked := names[channel.Name]
		if !asked || channel.IsPrivate != in.Private || (best != nil && !before(channel, *best)) {
			continue
		}
		ours, err := t.provenOurs(channel)
		if err != nil {
			return nil, fmt.Errorf("look into the channel of an earlier attempt: %w", err)
		}
		if ours {
			best = &channels[i]
		}
	}
	if best != nil && !t.memory.adopt(incident.ChannelID(best.ID), in.ID) {
		return nil, nil
	}
	return best, nil
}

// ourChannels lists the channels that the bot is in; once for all jobs that were tried before this process began.
func (t *task) ourChannels() ([]slack.Channel, error) {
	if !t.before {
		return t.listChannels()
	}
	if known, ok := t.history.channels(); ok {
		return known, nil
	}
	all, err := t.listChannels()
	if err == nil {
		t.history.setChannels(all)
	}
	return all, err
}

func (t *task) listChannels() (all []slack.Channel, err error) {
	ask := &slack.GetConversationsForUserParameters{
		Types: []string{"public_channel", "private_channel"}, Limit: historyPage, ExcludeArchived: true,
	}
	for {
		err := t.call("users.conversations", "", func(ctx context.Context) error {
			page, next, err := t.Client.GetConversationsForUserContext(ctx, ask)
			all, ask.Cursor = append(all, page...), next
			return err
		})
		if err != nil || ask.Cursor == "" {
			return all, err
		}
	}
}

func (t *task) provenOurs(channel slack.Channel) (bool, error) {
	made := channel.Created.Time()
	if channel.Creator != string(t.BotUser()) || made.Before(t.job.CreatedAt.Add(-lookBack)) {
		return false, nil
	}
	id := incident.ChannelID(channel.ID)
	if _, err := t.Store.ByChannel(t.keeps, id); !errors.Is(err, incident.ErrNotFound) {
		return false, err
	}
	if !t.memory.free(id, incident.IDOf(t.handling.Of)) {
		return false, nil
	}
	var page *slack.GetConversationHistoryResponse
	err := t.call("conversations.history", id, func(ctx context.Context) (err error) {
		page, err = t.Client.GetConversationHistoryContext(ctx, &slack.GetConversationHistoryParameters{
			ChannelID: channel.ID, Limit: historyPage, IncludeAllMetadata: true,
		})
		return err
	})
	if err != nil {
		return false, err
	}
	if !channel.IsPrivate && made.After(t.job.CreatedAt.Add(-clocksApart)) {
		return !slices.ContainsFunc(page.Messages, t.weSpoke), nil // people who found it first may have begun to talk
	}
	return !slices.ContainsFunc(page.Messages, somebodySpoke), nil
}

// weSpoke reports whether a message is about an incident that has the channel: nothing is posted there before it is recorded.
func (s *Slack) weSpoke(message slack.Message) bool { return s.keyOf(message) != "" }

// somebodySpoke reports whether a message is more than Slack's own line about a channel that has just been made.
func somebodySpoke(message slack.Message) bool {
	return !slices.Contains([]string{"channel_join", "group_join", "channel_topic", "channel_purpose", "channel_name"}, message.SubType)
}

// drawTopic sets the channel's topic, if it is not that already.
func (t *task) drawTopic(incident.DrawTopic) ([]ledger.Command, error) {
	in, err := t.incident()
	if err != nil || in.Channel.ID == "" || in.Channel.State == incident.ChannelArchived {
		return nil, err
	}
	if known, ok := t.memory.topic(in.Channel.ID); ok && known == t.shared().Topic(in, time.Now()) {
		return nil, nil
	}
	return nil, t.call("conversations.setTopic", in.Channel.ID, func(ctx context.Context) error {
		in, err := t.incident()
		if err != nil {
			return err
		}
		topic := t.shared().Topic(in, time.Now())
		t.memory.forgetTopic(in.Channel.ID) // until we hear that it is set, it may be either
		if _, err = t.Client.SetTopicOfConversationContext(ctx, string(in.Channel.ID), topic); err == nil {
			t.memory.setTopic(in.Channel.ID, topic)
		}
		return err
	})
}
