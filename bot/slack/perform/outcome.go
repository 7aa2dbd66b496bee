package perform

import (
	"errors"
	"time"

	"muster/incident"
)

// settle commits the outcome of the attempt.
func (t *task) settle(commands []incident.Command, err error) {
	v := classify(err)
	if v.class != fine && v.class != permanent && t.calls.Err() != nil {
		v.class = stopping
	}
	switch v.class {
	case fine:
		t.done(commands)
	case later:
		t.retry(err, v, min(v.after, mostRest))
	case again:
		t.retry(err, v, 0)
	case unauthorized:
		t.refused(err, v)
	case stopping:
		t.memory.failed(t.job, v)
		t.release()
	case permanent:
		if own, redrawn := t.ownChannel(); own && v.code == "is_archived" {
			if t.maybeBack(err) {
				t.retry(err, verdict{class: again, code: v.code}, 0)
				return
			}
			commands = append(commands, incident.RecordArchived{Archived: true}) // what Slack told of it may have come before the channel was known as ours
			// Card and topic are drawn anew once it is back, and the card is pinned. The channel of an incident that is over is
			// archived in the end, whatever still waits for it.
			if in, err := t.incident(); redrawn || err == nil && !in.Status.Open() {
				t.log.Debug().Str("reason", v.code).Msg("the channel was archived meanwhile, and nothing is lost by that")
				t.done(commands)
				return
			}
		}
		t.fail(commands, err, v)
	}
}

// maybeBack reports whether a channel that Slack says is archived may have been brought back before we heard that: nobody told us
// that it is archived. The second time it is believed.
func (t *task) maybeBack(err error) bool {
	own, _ := t.ownChannel()
	in, unread := t.incident()
	return own && hasCode(err, "is_archived") && unread == nil && in.Channel.State != incident.ChannelArchived && t.memory.patient(t.job)
}

// ownChannel reports whether the effect is for the incident's own channel and nowhere else, and whether it is asked for again
// when that channel comes back.
func (t *task) ownChannel() (own, redrawn bool) {
	switch t.job.Effect.(type) {
	case incident.DrawCard, incident.DrawTopic, incident.PinCard:
		return true, true
	case incident.PostEntry, incident.InviteUsers, incident.InviteGroup:
		return true, false
	}
	return false, false
}

func (t *task) done(commands []incident.Command) {
	if !t.keep(func() error { return t.Desk.Done(t.keeps, t.job, commands) }) {
		return
	}
	t.memory.over(t.job)
	after := time.Since(t.job.CreatedAt)
	t.Observer.Performed(t.handling.Kind, after)
	t.log.Info().Dur("after", after).Msg("effect performed")
}

// retry puts the job back for rest, or for a backoff if that is 0.
func (t *task) retry(err error, v verdict, rest time.Duration) {
	troubles := t.memory.failed(t.job, v)
	if rest == 0 {
		rest = t.backoff(troubles)
	}
	if v.unsure {
		rest = max(rest, t.Linger) // the call may take effect yet
	}
	if t.keep(func() error { return t.Store.Retry(t.keeps, t.job, time.Now().Add(rest), v.code) }) {
		t.Observer.Retried(t.handling.Kind, v.code)
		t.log.Warn().Err(err).Dur("again_in", rest).Msg("effect did not work out and is tried again")
	}
}

// refused puts the job back until the token may work again.
func (t *task) refused(err error, v verdict) {
	until, anew := t.gate.shut(time.Now())
	if anew {
		t.Observer.Unauthorized(v.code, until)
		t.Log.Error().Err(err).Time("until", until).Msg("Slack does not take the bot token; no effect is performed until it does")
	}
	t.memory.failed(t.job, v)
	t.keep(func() error { return t.Store.Retry(t.keeps, t.job, until, v.code) })
}

// fail sets the job aside and has a person told.
func (t *task) fail(commands []incident.Command, err error, v verdict) {
	t.Observer.Failed(t.handling.Kind, v.code)
	if t.handling.Kind == incident.KindDrawHome {
		// It belongs to one person, who draws it again by opening it.
		t.log.Warn().Err(err).Str("reason", v.code).Msg("a home could not be drawn and is left as it is")
		t.done(nil)
		return
	}
	t.log.Error().Err(err).Str("reason", v.code).Msg("effect failed for good")
	t.memory.failed(t.job, v)
	t.keep(func() error { return t.Desk.GiveUp(t.keeps, t.job, v.code, commands) })
}

func (t *task) release() {
	if err := t.Store.Release(t.keeps, t.job); err != nil && !errors.Is(err, incident.ErrFenced) {
		t.log.Error().Err(err).Msg("effect could not be put back")
		return
	}
	t.log.Info().Msg("effect put back, since the program stops")
}

// keep writes an outcome, as often as it takes: an effect that took place and is not recorded would be looked for in Slack
// by whoever comes next. It gives up when calls are cut, and reports whether the outcome was written.
func (t *task) keep(write func() error) bool {
	for troubles := 1; ; troubles++ {
		err := write()
		switch {
		case err == nil:
			return true
		case errors.Is(err, incident.ErrFenced):
			t.log.Warn().Msg("somebody else has finished this effect")
			t.memory.over(t.job)
			return false
		}
		t.log.Error().Err(err).Msg("the outcome of an effect could not be stored and is stored again")
		timer := time.NewTimer(t.backoff(troubles))
		select {
		case <-timer.C:
		case <-t.calls.Done():
			timer.Stop()
			t.memory.failed(t.job, verdict{class: again, unsure: true})
			t.release()
			return false
		}
	}
}
