package clock

import (
	"cmp"
	"context"
	"fmt"
	"sync/atomic"
	"time"

	"muster/incident/ledger"

	"golang.org/x/sync/errgroup"
)

const (
	batch  = 16384 // incidents looked up at once
	storm  = 16    // so many at once go before all effects
	atOnce = 512   // commands under way at once: while some are committed, as many gather for the next commit
)

// remindDue reminds until nothing is due. Of a storm all are fired before their messages are sent: otherwise the last ones, for
// which no message has told people yet, would wait for the messages of the first.
func (c *Clock) remindDue(ctx context.Context) error {
	release := func() {}
	defer func() { release() }()
	for held := false; ; {
		due, err := c.Agenda.AllDue(ctx, time.Now(), batch)
		if err != nil {
			return fmt.Errorf("read the due index: %w", err)
		}
		if len(due) == 0 {
			return nil
		}
		if !held && len(due) >= storm {
			held, release = true, c.Hold()
		}
		fired, err := c.remindAll(ctx, due)
		if err != nil {
			return err
		}
		if fired == 0 {
			// People may have been faster everywhere; if not, asking again at once would spin.
			return fmt.Errorf("%d are in the due index with nothing due", len(due))
		}
	}
}

// remindAll reminds of many side by side. One that cannot be reminded does not keep the others from it.
func (c *Clock) remindAll(ctx context.Context, due []ledger.Ref) (fired int64, err error) {
	var next, done atomic.Int64
	var group errgroup.Group
	for range min(atOnce, len(due)) {
		group.Go(func() error {
			var troubles error
			for i := next.Add(1); i <= int64(len(due)); i = next.Add(1) {
				did, err := c.remind(ctx, due[i-1])
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

// remind reminds of one, and counts and logs how late that was.
func (c *Clock) remind(ctx context.Context, of ledger.Ref) (fired bool, err error) {
	all, fired, err := c.Reminder.Remind(ctx, of)
	for _, reminded := range all {
		if c.Observer != nil {
			c.Observer.ReminderFired(reminded.Late)
		}
		c.Log.Info().Str(string(of.Aggregate), of.ID).Str("rule", reminded.Rule).Int("step", reminded.Step).Msg("reminded")
	}
	return fired, err
}
