package slack

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"muster/incident"

	"github.com/robfig/cron/v3"
	"github.com/rs/zerolog"
	"golang.org/x/sync/errgroup"
)

// reminders fires what the store's due index holds. The index is the truth; the cron holds a single entry, for the
// earliest reminder there is, and gets another one whenever that changes.
type reminders struct {
	agenda Agenda
	remind func(ctx context.Context, id incident.ID) (fired bool, err error)
	hold   func() (release func()) // keeps effects from being performed
	log    zerolog.Logger

	cron   *cron.Cron
	mu     sync.Mutex
	next   cron.EntryID
	firing bool // what changes meanwhile, fire finds by itself
}

const (
	reminderBatch   = 16384           // incidents looked up at once
	reminderStorm   = 16              // so many at once go before all effects
	reminderAtOnce  = 512             // commands under way at once: while some are committed, as many gather for the next commit
	reminderRecheck = 5 * time.Second // after a store that did not answer
)

// once is a cron schedule that comes a single time.
type once struct{ at time.Time }

// Next answers the moment while it is ahead and never after that.
func (o once) Next(now time.Time) time.Time {
	if o.at.After(now) {
		return o.at
	}
	return time.Time{}
}

// run fires reminders until the context ends; it returns when none is under way any more.
func (r *reminders) run(ctx context.Context) error {
	r.cron = cron.New(cron.WithLocation(time.UTC))
	r.cron.Start()
	r.arm(ctx, 0)
	for {
		select {
		case <-ctx.Done():
			<-r.cron.Stop().Done()
			return nil
		case <-r.agenda.DueChanged():
			r.arm(ctx, 0)
		}
	}
}

// arm replaces the cron's entry by one for the earliest reminder, but not before wait has passed. While reminders are being
// fired it leaves that to the end of it: each that fires changes what comes next.
func (r *reminders) arm(ctx context.Context, wait time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if ctx.Err() != nil || r.firing {
		return
	}
	at, ok, err := r.agenda.NextDue(ctx)
	if err != nil {
		r.log.Error().Err(err).Msg("read the due index")
		at, ok = time.Now().Add(reminderRecheck), true
	}
	r.cron.Remove(r.next)
	if !ok {
		return
	}
	// The cron looks at its clock again after this: a moment that is just ahead may be past by then and would never come.
	if soonest := time.Now().Add(max(wait, 5*time.Millisecond)); at.Before(soonest) {
		at = soonest
	}
	r.next = r.cron.Schedule(once{at}, cron.FuncJob(func() { r.fire(ctx) }))
}

// fire reminds of everything that is due, then arms what comes next. One at a time does: two would look up the same
// reminders and get in each other's way.
func (r *reminders) fire(ctx context.Context) {
	if !r.begin() {
		return
	}
	wait := time.Duration(0)
	if err := r.fireDue(ctx); err != nil && ctx.Err() == nil {
		r.log.Error().Err(err).Msg("reminders could not be fired and are tried again")
		wait = reminderRecheck
	}
	r.mu.Lock()
	r.firing = false
	r.mu.Unlock()
	r.arm(ctx, wait)
}

// begin reports whether nobody fires yet; then the caller does.
func (r *reminders) begin() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.firing {
		return false
	}
	r.firing = true
	return true
}

// fireDue reminds until nothing is due. Of a storm all are fired before their messages are sent: otherwise the last ones, for
// which nobody has been told yet, would wait for the messages of the first.
func (r *reminders) fireDue(ctx context.Context) error {
	release := func() {}
	defer func() { release() }()
	for storm := false; ; {
		now := time.Now()
		due, err := r.agenda.DueBefore(ctx, now, reminderBatch)
		if err != nil {
			return fmt.Errorf("read the due index: %w", err)
		}
		if len(due) == 0 {
			return nil
		}
		if !storm && len(due) >= reminderStorm {
			storm, release = true, r.hold()
		}
		fired, err := r.remindAll(ctx, due)
		if err != nil {
			return err
		}
		if fired == 0 {
			// Somebody may have been faster everywhere; if not, asking again at once would spin.
			return fmt.Errorf("%d incidents are in the due index with nothing due", len(due))
		}
	}
}

// remindAll reminds of many incidents side by side. One that cannot be reminded does not keep the others from it.
func (r *reminders) remindAll(ctx context.Context, due []incident.ID) (fired int64, err error) {
	var next, done atomic.Int64
	var group errgroup.Group
	for range min(reminderAtOnce, len(due)) {
		group.Go(func() error {
			var troubles error
			for i := next.Add(1); i <= int64(len(due)); i = next.Add(1) {
				did, err := r.remind(ctx, due[i-1])
				if did {
					done.Add(1)
				}
				troubles = cmp.Or(troubles, err)
			}
			return troubles
		})
	}
	err = group.Wait()
	return done.Load(), err
}

// remind fires what is due of one incident. What was done since it was armed is no error: the index has moved on.
func (b *Bot) remind(ctx context.Context, id incident.ID) (fired bool, err error) {
	now := time.Now()
	out, err := b.store.Apply(ctx, id, "", func(current incident.Incident) (incident.Outcome, error) {
		return incident.Step(current, id, incident.Remind{}, incident.Muster, now, b.policy)
	})
	var refusal *incident.Refusal
	if errors.As(err, &refusal) {
		b.log.Debug().Str("incident", string(id)).Msg("a reminder was not due any more")
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("remind: %w", err)
	}
	for _, entry := range out.Entries {
		if reminded, ok := entry.Event.(incident.EventReminded); ok {
			b.observe.ReminderFired(entry.At.Sub(reminded.Due))
			b.log.Info().Str("incident", string(id)).Str("rule", string(reminded.Rule)).Int("step", reminded.Step).Msg("reminded")
		}
	}
	return true, nil
}
