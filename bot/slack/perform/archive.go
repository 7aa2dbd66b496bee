package perform

import (
	"context"
	"errors"

	"github.com/slack-go/slack"

	"muster/bot/worker"
	"muster/incident"
	"muster/incident/ledger"
)

// archiveChannel archives the channel, unless the incident was reopened meanwhile. If it was, and the channel may be archived
// by now, it is brought back at once: what was told before the reopening waits in the lane ahead of RestoreChannel.
func (t *task) archiveChannel(incident.ArchiveChannel) ([]ledger.Command, error) {
	in, err := t.incident()
	if err != nil || in.Channel.ID == "" {
		return nil, err
	}
	if in.Status.Open() {
		if !t.unsure {
			return nil, nil
		}
		return nil, t.undo(in)
	}
	err = settled(t.call("conversations.archive", in.Channel.ID, func(ctx context.Context) error {
		if now, err := t.incident(); err != nil || now.Status.Open() {
			return errors.Join(err, errNothing)
		}
		return t.Client.ArchiveConversationContext(ctx, string(in.Channel.ID))
	}))
	if err != nil {
		return nil, ignoreNothing(err)
	}
	now, err := t.incident()
	if err != nil {
		return nil, err // it is tried again, and archived already
	}
	if now.Status.Open() {
		return nil, t.undo(in)
	}
	t.memory.forget(in)
	return []ledger.Command{incident.RecordArchived{Archived: true}}, nil
}

// undo brings back what should not have been archived. Where we may not, RestoreChannel, which follows, tells.
func (t *task) undo(in incident.Incident) error {
	err := t.unarchive(in)
	if classify(err).Class == worker.Permanent {
		return nil
	}
	return err
}

func (t *task) unarchive(in incident.Incident) error {
	return settled(t.call("conversations.unarchive", in.Channel.ID, func(ctx context.Context) error {
		return t.Client.UnArchiveConversationContext(ctx, string(in.Channel.ID))
	}))
}

// restoreChannel brings an archived channel back. It is back even if we may not look or come into it.
func (t *task) restoreChannel(incident.RestoreChannel) ([]ledger.Command, error) {
	in, err := t.incident()
	if err != nil || in.Channel.ID == "" {
		return nil, err
	}
	if err := t.unarchive(in); err != nil {
		return nil, err
	}
	archived, _, err := t.comeBack(in) // a person may have archived it again
	return []ledger.Command{incident.RecordArchived{Archived: archived, AfterRestore: true}}, err
}

// lookAtChannel records whether the channel is archived, whoever did it. What was recorded while it looked is newer, and is
// looked at again or was seen by who recorded it.
func (t *task) lookAtChannel(incident.LookAtChannel) ([]ledger.Command, error) {
	in, err := t.incident()
	if err != nil || in.Channel.ID == "" {
		return nil, err
	}
	archived, seen, err := t.comeBack(in)
	if err != nil || !seen {
		return nil, err
	}
	now, err := t.incident()
	if err != nil || now.Channel.State != in.Channel.State {
		return nil, err
	}
	return []ledger.Command{incident.RecordArchived{Archived: archived}}, nil
}

// comeBack joins a live public channel that we are not in, and reports whether the channel is archived: Slack puts an app out of a
// channel that is archived, and whoever brings that back does not bring the app. seen is false of a channel that we cannot see,
// such as an archived private one.
func (t *task) comeBack(in incident.Incident) (archived, seen bool, err error) {
	var channel *slack.Channel
	err = t.call("conversations.info", in.Channel.ID, func(ctx context.Context) (err error) {
		channel, err = t.Client.GetConversationInfoContext(ctx, &slack.GetConversationInfoInput{ChannelID: string(in.Channel.ID)})
		return err
	})
	if hasCode(err, "channel_not_found") {
		return false, false, nil
	}
	if err != nil {
		return false, false, err
	}
	if channel.IsArchived || channel.IsMember || channel.IsPrivate {
		return channel.IsArchived, true, nil
	}
	err = t.call("conversations.join", in.Channel.ID, func(ctx context.Context) error {
		_, _, _, err := t.Client.JoinConversationContext(ctx, string(in.Channel.ID))
		return err
	})
	if hasCode(err, "is_archived") { // again, just now
		return true, true, nil
	}
	return false, true, err
}
