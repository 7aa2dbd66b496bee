package perform

import (
	"context"
	"time"

	"github.com/slack-go/slack"

	"muster/bot/slack/view"
	"muster/incident"
	"muster/incident/ledger"
)

// drawCard posts the card into the incident's channel, or edits the one that stands there. None can stand there before the
// first drawing, unless an earlier attempt has posted it.
func (t *task) drawCard(e incident.DrawCard) ([]ledger.Command, error) {
	in, err := t.incident()
	if err != nil || in.Channel.State == incident.ChannelNone {
		return nil, err
	}
	if !in.Card.Posted() && !e.First {
		t.unsure, t.before = true, false // the first one may have been posted, and given up when the channel was archived
	}
	ref, err := t.draw(in, in.Channel.ID, in.Card, t.shared().Card)
	if err != nil || ref == in.Card {
		return nil, err
	}
	return []ledger.Command{incident.RecordCard{Card: ref}}, nil
}

// drawAnnouncement posts the announcement, or edits it where it stands.
func (t *task) drawAnnouncement(incident.DrawAnnouncement) ([]ledger.Command, error) {
	in, err := t.incident()
	if err != nil || (t.Policy.Announcements == "" && !in.Announcement.Posted()) {
		return nil, err
	}
	ref, err := t.draw(in, t.Policy.Announcements, in.Announcement, t.shared().Announcement)
	if err != nil || ref == in.Announcement {
		return nil, err
	}
	return []ledger.Command{incident.RecordAnnouncement{Announcement: ref}}, nil
}

// draw brings a message that is edited in place up to date and answers where it stands. One that a person deleted is posted
// anew.
func (t *task) draw(in incident.Incident, channel incident.ChannelID, old incident.MessageRef, look func(incident.Incident, time.Time) view.Message) (incident.MessageRef, error) {
	if old.Posted() && t.memory.drawnUpTo(t.handling.Key) >= in.Seq {
		return old, nil // the drawing before this one showed all of it already
	}
	var seq uint64
	render := func() (view.Message, error) {
		in, err := t.incident()
		seq = in.Seq
		return look(in, time.Now()), err
	}
	ref, err := t.redraw(channel, old, render)
	if err == nil {
		t.memory.draw(t.handling.Key, seq)
	}
	return ref, err
}

func (t *task) redraw(channel incident.ChannelID, old incident.MessageRef, render render) (incident.MessageRef, error) {
	if old.Posted() {
		if err := t.edit(old, render); !hasCode(err, "message_not_found") || channel == "" {
			return old, err
		}
	}
	key := t.handling.Key + "#"
	if ref, found, err := t.posted(channel, "", key+"*"); err != nil {
		return ref, err
	} else if found && ref != old {
		// What it shows may be older than what is to be shown.
		if err := t.edit(ref, render); !hasCode(err, "message_not_found") {
			return ref, err
		}
	}
	return t.postNew(channel, "", key+t.job.ID.String(), render)
}

// pinCard pins the card. One that was deleted is pinned when it is posted anew.
func (t *task) pinCard(incident.PinCard) ([]ledger.Command, error) {
	in, err := t.incident()
	if err != nil || !in.Card.Posted() {
		return nil, err
	}
	err = settled(t.call("pins.add", in.Card.Channel, func(ctx context.Context) error {
		return t.Client.AddPinContext(ctx, string(in.Card.Channel), slack.NewRefToMessage(string(in.Card.Channel), string(in.Card.TS)))
	}))
	if hasCode(err, "message_not_found") {
		return nil, nil
	}
	return nil, err
}
