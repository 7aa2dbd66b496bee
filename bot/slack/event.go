package slack

import (
	"context"
	"errors"
	"fmt"
	"time"

	"muster/bot/desk"
	"muster/incident"

	"github.com/slack-go/slack"
	"github.com/slack-go/slack/slackevents"
)

// pushpins are the reactions that put a message on the timeline.
func pushpins() []string { return []string{"pushpin", "round_pushpin"} }

// onEvent takes what Slack tells of the workspace. An event that could not be handled is not acknowledged: Slack brings
// it again, after one minute and after five. One that came before is acknowledged and nothing else.
func (b *Bot) onEvent(ctx context.Context, e *envelope, event slackevents.EventsAPIEvent, attempt int) {
	ctx, cancel := context.WithTimeout(ctx, handlerTime)
	defer cancel()
	outer, ok := event.Data.(*slackevents.EventsAPICallbackEvent)
	if !ok {
		e.ack(nil)
		return
	}
	e.kind = event.InnerEvent.Type
	err := b.event(ctx, e, "event/"+outer.EventID, event.InnerEvent.Data)
	if err != nil {
		b.log.Warn().Err(err).Str("event", e.kind).Int("attempt", attempt).Msg("an event could not be handled; Slack brings it again")
		return
	}
	e.ack(nil)
}

func (b *Bot) event(ctx context.Context, e *envelope, once string, data any) error {
	switch event := data.(type) {
	case *slackevents.AppHomeOpenedEvent:
		if event.Tab != "home" {
			return nil
		}
		return b.desk.Home(ctx, incident.UserID(event.User))
	case *slackevents.ReactionAddedEvent:
		if !contains(pushpins(), event.Reaction) || event.Item.Type != "message" || event.User == string(b.self.user) {
			return nil
		}
		e.happened = sent(event.EventTimestamp)
		return b.onPushpin(ctx, e, once, event)
	case *slackevents.MemberJoinedChannelEvent:
		return b.onMember(ctx, e, once, event.Channel, event.User, incident.JoinMember{User: incident.UserID(event.User), At: sent(event.EventTimestamp)})
	case *slackevents.MemberLeftChannelEvent:
		return b.onMember(ctx, e, once, event.Channel, event.User, incident.LeaveMember{User: incident.UserID(event.User), At: sent(event.EventTimestamp)})
	case *slackevents.ChannelArchiveEvent:
		return b.onArchive(ctx, e, once, event.Channel, true)
	case *slackevents.ChannelUnarchiveEvent:
		return b.onArchive(ctx, e, once, event.Channel, false)
	case *slackevents.GroupArchiveEvent:
		return b.onArchive(ctx, e, once, event.Channel, true)
	case *slackevents.GroupUnarchiveEvent:
		return b.onArchive(ctx, e, once, event.Channel, false)
	case *slackevents.TeamJoinEvent:
		if event.User != nil {
			b.people.Put(*event.User)
		}
	case *slackevents.UserChangeEvent:
		b.people.Forget(incident.UserID(event.User.ID))
		if event.User.Deleted {
			return b.onDeactivated(ctx, incident.UserID(event.User.ID))
		}
	case *slackevents.SubteamMembersChangedEvent:
		b.people.ForgetGroup(incident.GroupID(event.SubteamID))
	case *slackevents.SubteamUpdatedEvent:
		b.people.ForgetGroup(incident.GroupID(event.Subteam.ID))
	case *slackevents.SubteamCreatedEvent:
		b.people.ForgetGroup(incident.GroupID(event.Subteam.ID))
	}
	return nil
}

// onDeactivated empties the roles of a person whose account was deactivated. Slack may tell of it late, so it is asked once more.
func (b *Bot) onDeactivated(ctx context.Context, user incident.UserID) error {
	who, err := b.desk.Who(ctx, user)
	if err != nil || who.Kind != incident.Deleted {
		return err
	}
	return b.desk.Deactivated(ctx, user)
}

// sent is when Slack says that something happened; the zero time when it does not say.
func sent(ts string) time.Time {
	at, _ := timeOf(incident.MessageTS(ts))
	return at
}

// onPushpin puts the message that somebody pinned with an emoji on the timeline of the channel's incident.
func (b *Bot) onPushpin(ctx context.Context, e *envelope, once string, event *slackevents.ReactionAddedEvent) error {
	r, err := b.from(ctx, e, event.User, event.Item.Channel)
	if err != nil || r.in == nil {
		return err
	}
	r.once = once
	message, err := b.message(ctx, event.Item.Channel, event.Item.Timestamp)
	if err != nil {
		return err
	}
	_, err = b.noteMessage(ctx, r, message)
	var refusal *incident.Refusal
	switch {
	case !errors.As(err, &refusal):
		return err
	case refusal.Code == incident.RefuseAlreadyNoted:
		return nil // a second pin on one message says nothing new
	}
	b.tell(ctx, r, b.to(r).Refusal(refusal, r.in))
	return nil
}

// message reads one message, in the channel or in a thread of it.
func (b *Bot) message(ctx context.Context, channel, ts string) (slack.Msg, error) {
	history, err := b.slack.GetConversationHistoryContext(ctx, &slack.GetConversationHistoryParameters{
		ChannelID: channel, Latest: ts, Oldest: ts, Inclusive: true, Limit: 1,
	})
	if err != nil {
		return slack.Msg{}, fmt.Errorf("read the pinned message: %w", err)
	}
	for _, message := range history.Messages {
		if message.Timestamp == ts {
			return message.Msg, nil
		}
	}
	replies, _, _, err := b.slack.GetConversationRepliesContext(ctx, &slack.GetConversationRepliesParameters{
		ChannelID: channel, Timestamp: ts, Latest: ts, Oldest: ts, Inclusive: true, Limit: 10,
	})
	if err != nil {
		return slack.Msg{}, fmt.Errorf("read the pinned reply: %w", err)
	}
	for _, message := range replies {
		if message.Timestamp == ts {
			return message.Msg, nil
		}
	}
	return slack.Msg{}, fmt.Errorf("read the pinned message: %s is not there", ts)
}

// onMember follows who comes into an incident's channel and who leaves it.
func (b *Bot) onMember(ctx context.Context, e *envelope, once, channel, user string, command incident.Command) error {
	in, err := b.desk.InChannel(ctx, incident.ChannelID(channel))
	switch {
	case in == nil:
		return err
	case user != string(b.self.user):
		return b.record(ctx, e, once, in, command)
	case in.Channel.State == incident.ChannelArchived: // who lets us into a channel that archiving put us out of has brought it back
		return b.desk.Look(ctx, in.ID)
	}
	return nil
}

// onArchive follows a channel that was archived or brought back, by hand or by us. What is told may have been overtaken long
// ago, so an effect looks. That it was archived is believed until then, for reopening goes by it.
func (b *Bot) onArchive(ctx context.Context, e *envelope, once, channel string, archived bool) error {
	in, err := b.desk.InChannel(ctx, incident.ChannelID(channel))
	if in == nil {
		return err
	}
	if archived {
		if err := b.record(ctx, e, once, in, incident.RecordArchived{Archived: true}); err != nil {
			return err
		}
	}
	return b.desk.Look(ctx, in.ID)
}

// record applies what Slack reports of an incident's channel.
func (b *Bot) record(ctx context.Context, e *envelope, once string, in *incident.Incident, command incident.Command) error {
	_, err := b.desk.Record(ctx, desk.Asked{At: e.arrived, Once: once}, in.ID, command)
	return err
}
