package perform

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/slack-go/slack"

	"muster/bot/slack/view"
	"muster/bot/worker"
	"muster/incident"
	"muster/incident/ledger"
)

// notedEmoji is the reaction that says that a message stands on the timeline.
const notedEmoji = "pushpin"

// errNothing is answered by a render that finds, at the last moment, that there is nothing to say any more.
var errNothing = errors.New("nothing to say")

// render draws a message from the newest state.
type render func() (view.Message, error)

// post posts a message once: one that an earlier attempt posted is taken for it.
func (t *task) post(channel incident.ChannelID, thread incident.MessageTS, key string, draw render) (incident.MessageRef, error) {
	if ref, found, err := t.posted(channel, thread, key); err != nil || found {
		return ref, err
	}
	return t.postNew(channel, thread, key, draw)
}

func (t *task) postNew(channel incident.ChannelID, thread incident.MessageTS, key string, draw render) (incident.MessageRef, error) {
	var ref incident.MessageRef
	err := t.call("chat.postMessage", channel, func(ctx context.Context) error {
		message, err := draw()
		if err != nil {
			return err
		}
		options := append(content(message), metadata(key))
		if thread != "" {
			options = append(options, slack.MsgOptionTS(string(thread)))
		}
		in, ts, err := t.Client.PostMessageContext(ctx, string(channel), options...)
		ref = incident.MessageRef{Channel: incident.ChannelID(in), TS: incident.MessageTS(ts)}
		return err
	})
	return ref, err
}

// edit changes a message in place.
func (t *task) edit(ref incident.MessageRef, draw render) error {
	return t.call("chat.update", ref.Channel, func(ctx context.Context) error {
		message, err := draw()
		if err != nil {
			return err
		}
		_, _, _, err = t.Client.UpdateMessageContext(ctx, string(ref.Channel), string(ref.TS), content(message)...)
		return err
	})
}

func content(message view.Message) []slack.MsgOption {
	return []slack.MsgOption{
		slack.MsgOptionText(message.Text, false), slack.MsgOptionBlocks(message.Blocks...),
		slack.MsgOptionDisableLinkUnfurl(), slack.MsgOptionDisableMediaUnfurl(),
	}
}

// ignoreNothing is the error of a message without the one that says that there was nothing to say.
func ignoreNothing(err error) error {
	if errors.Is(err, errNothing) {
		return nil
	}
	return err
}

// postEntry tells the channel of a timeline entry; without a channel, the declarer.
func (t *task) postEntry(e incident.PostEntry) ([]ledger.Command, error) {
	in, err := t.incident()
	if err != nil {
		return nil, err
	}
	entry, err := t.Store.Entry(t.keeps, e.Of, e.Seq)
	if err != nil {
		return nil, fmt.Errorf("read entry %d: %w", e.Seq, err)
	}
	draw := t.entry(entry)
	if in.Channel.State == incident.ChannelNone {
		return nil, ignoreNothing(t.postDirect(in.Confidant(), t.job.Once(), draw))
	}
	if err = t.tellOfDelay(in); err == nil {
		_, err = t.post(in.Channel.ID, "", t.job.Once(), draw)
	}
	if classify(err).Class != worker.Permanent || t.maybeBack(err) {
		return nil, ignoreNothing(err)
	}
	// Whatever keeps us from telling the channel must not keep the failure from everybody.
	if _, failing := entry.Event.(incident.EventEffectFailed); failing {
		var commands []ledger.Command
		if hasCode(err, "is_archived") {
			commands = append(commands, incident.RecordArchived{Archived: true})
		}
		return commands, ignoreNothing(t.postDirect(in.Confidant(), t.job.Once(), draw))
	}
	if told := t.tellDeclarer(in, classify(err).Code); told != nil && classify(told).Class != worker.Permanent {
		return nil, told
	}
	return nil, err
}

// entry draws a timeline entry.
func (t *task) entry(entry incident.Entry) render {
	return func() (view.Message, error) {
		in, err := t.incident()
		if err != nil {
			return view.Message{}, err
		}
		message, ok := t.shared().Entry(in, entry, time.Now())
		if !ok {
			return view.Message{}, errNothing
		}
		return message, nil
	}
}

// tellDeclarer tells the declarer that the channel cannot be told of something, unless that was told already.
func (t *task) tellDeclarer(in incident.Incident, reason string) error {
	trouble := incident.Trouble{Job: t.job.ID, Kind: t.handling.Kind, Reason: reason}
	if slices.ContainsFunc(in.Troubles, func(other incident.Trouble) bool { return other.Kind == trouble.Kind && other.Reason == reason }) {
		return nil
	}
	entry := incident.Entry{At: time.Now(), Actor: incident.Muster, Event: incident.EventEffectFailed{Trouble: trouble}}
	return ignoreNothing(t.postDirect(in.Confidant(), t.job.Once()+"/failed", t.entry(entry)))
}

// postDirect posts to one person.
func (t *task) postDirect(user incident.UserID, key string, draw render) error {
	channel, err := t.direct(user)
	if err != nil {
		return err
	}
	_, err = t.post(channel, "", key, draw)
	return err
}

// direct is the conversation with one person.
func (t *task) direct(user incident.UserID) (incident.ChannelID, error) {
	if channel, known := t.memory.directTo(user); known {
		return channel, nil
	}
	var channel incident.ChannelID
	err := t.call("conversations.open", "", func(ctx context.Context) error {
		opened, _, _, err := t.Client.OpenConversationContext(ctx, &slack.OpenConversationParameters{Users: []string{string(user)}})
		if err == nil {
			channel = incident.ChannelID(opened.ID)
			t.memory.setDirect(user, channel)
		}
		return err
	})
	return channel, err
}

// sendBrief tells a holder what the role is for; who gave it back meanwhile is left alone.
func (t *task) sendBrief(e incident.SendBrief) ([]ledger.Command, error) {
	return nil, ignoreNothing(t.postDirect(e.User, t.job.Once(), func() (view.Message, error) {
		in, err := t.incident()
		if err != nil {
			return view.Message{}, err
		}
		if !in.Holds(e.User, e.Role) {
			return view.Message{}, errNothing
		}
		return t.to(e.User).Brief(in, e.Role, e.User), nil
	}))
}

// linkOrigin answers in the thread of the message that the incident was declared from.
func (t *task) linkOrigin(incident.LinkOrigin) ([]ledger.Command, error) {
	in, err := t.incident()
	if err != nil || !in.Origin.Message.Posted() {
		return nil, err
	}
	_, err = t.post(in.Origin.Message.Channel, in.Origin.Message.TS, t.job.Once(), func() (view.Message, error) {
		in, err := t.incident()
		return t.shared().Origin(in), err
	})
	return nil, err
}

// markNoted reacts to a message that was put on the timeline. Whoever put it there was told so already: where we may not
// react, or the message is gone, nothing is lost.
func (t *task) markNoted(e incident.MarkNoted) ([]ledger.Command, error) {
	err := settled(t.call("reactions.add", e.Message.Channel, func(ctx context.Context) error {
		return t.Client.AddReactionContext(ctx, notedEmoji, slack.NewRefToMessage(string(e.Message.Channel), string(e.Message.TS)))
	}))
	if hasCode(err, "message_not_found", "not_in_channel", "channel_not_found", "is_archived", "no_access", "thread_locked",
		"too_many_emoji", "too_many_reactions", "not_reactable") {
		t.log.Debug().Err(err).Msg("a message that was noted is left unmarked")
		return nil, nil
	}
	return nil, err
}
