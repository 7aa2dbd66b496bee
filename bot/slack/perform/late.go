package perform

import (
	"time"

	"muster/bot/slack/view"
	"muster/incident"
)

// noteworthy is how late something has to come for people to be told.
const noteworthy = 2 * time.Minute

// tellOfDelay tells the incident's channel in one sentence that what follows comes late, if it does and was not told yet. What is
// posted after it needs no such sentence of its own. The channel's lane runs one job at a time, hence nothing comes between.
func (t *task) tellOfDelay(in incident.Incident) error {
	late := time.Since(t.job.CreatedAt)
	if late < noteworthy {
		return nil
	}
	told, known := t.memory.toldSince(in.Channel.ID, t.job.CreatedAt)
	if told {
		return nil
	}
	key := string(in.ID) + "/late#"
	if !known || t.unsure {
		// The process before this one may have told it, or an attempt whose answer was lost.
		ref, found, err := t.look(in.Channel.ID, "", key+"*", t.before)
		if err != nil {
			return err
		}
		if at := timeOf(ref.TS); found && !at.Before(t.job.CreatedAt) {
			t.memory.tell(in.Channel.ID, at)
			return nil
		}
	}
	_, err := t.postNew(in.Channel.ID, "", key+t.job.ID.String(), func() (view.Message, error) { return t.shared().Late(late), nil })
	if err == nil {
		t.memory.tell(in.Channel.ID, time.Now())
	}
	return err
}
