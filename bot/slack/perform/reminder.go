package perform

import (
	"fmt"
	"time"

	"muster/bot/slack/view"
	"muster/bot/worker"
	"muster/incident"
	"muster/incident/ledger"
)

// sendReminder posts a reminder to a person or the channel, unless what it asks for was done meanwhile.
func (t *task) sendReminder(e incident.SendReminder) ([]ledger.Command, error) {
	entry, err := t.Store.Entry(t.keeps, e.Of, e.Seq)
	if err != nil {
		return nil, fmt.Errorf("read entry %d: %w", e.Seq, err)
	}
	sent, ok := entry.Event.(incident.EventReminded)
	if !ok {
		return nil, worker.Failure("no_reminder")
	}
	in, err := t.incident()
	if err != nil || !t.stillDue(in, e, sent) {
		return nil, err
	}
	// To the channel a delay is told in one sentence; a person sees only this message.
	toldOfDelay := false
	draw := func() (view.Message, error) {
		in, err := t.incident()
		if err != nil {
			return view.Message{}, err
		}
		if !t.stillDue(in, e, sent) {
			return view.Message{}, errNothing
		}
		late := time.Since(sent.Due)
		if toldOfDelay {
			late = min(late, t.job.CreatedAt.Sub(sent.Due))
		}
		return t.to(e.User).Reminder(in, sent, e.User, max(late, 0)), nil
	}
	switch {
	case e.User != "":
		return nil, ignoreNothing(t.postDirect(e.User, t.job.Once(), draw))
	case in.Channel.ID == "":
		return nil, ignoreNothing(t.postDirect(in.Confidant(), t.job.Once(), draw))
	}
	if err := t.tellOfDelay(in); err != nil {
		return nil, err
	}
	toldOfDelay = time.Since(t.job.CreatedAt) >= noteworthy
	_, err = t.post(in.Channel.ID, "", t.job.Once(), draw)
	return nil, ignoreNothing(err)
}

// stillDue reports whether a reminder makes sense at this moment, to this person or in this channel.
func (t *task) stillDue(in incident.Incident, e incident.SendReminder, sent incident.EventReminded) bool {
	if e.User != "" && !incident.Shown(in, ledger.ShownTo(e.User)) || e.User == "" && in.Channel.State == incident.ChannelArchived {
		return false // they are out by now, or nobody reads there
	}
	return incident.StillDue(in, t.Policy, sent)
}
