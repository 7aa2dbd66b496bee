package clock

import (
	"context"
	"fmt"
	"time"

	"muster/bot/desk"
	"muster/incident/ledger"

	"github.com/robfig/cron/v3"
	"github.com/rs/zerolog"
)

// Agenda is what is due when.
type Agenda interface {
	// NextDue is when the earliest is due; false when nothing is.
	NextDue(ctx context.Context) (at time.Time, ok bool, err error)
	// AllDue lists what is due at now, the earliest first.
	AllDue(ctx context.Context, now time.Time, limit int) ([]ledger.Ref, error)
	// DueChanged is signalled when the earliest due time has become another one.
	DueChanged() <-chan struct{}
}

// Reminder reminds of what is due of one aggregate. fired is false where nothing was due any more.
type Reminder interface {
	Remind(ctx context.Context, of ledger.Ref) (reminded []desk.Reminded, fired bool, err error)
}

// Observer is told of each reminder, so long after it was due.
type Observer interface{ ReminderFired(late time.Duration) }

// Recurring is something that is done again and again by the clock.
type Recurring struct {
	Name string
	When string // a cron expression, in UTC
	Do   func(ctx context.Context) error
}

// Options of a Clock. What is not marked optional must be given.
type Options struct {
	Agenda    Agenda
	Reminder  Reminder
	Hold      func() (release func()) // optional: keeps effects from being performed meanwhile
	Recurring []Recurring             // optional
	Observer  Observer                // optional
	Log       zerolog.Logger
}

// Clock is a part of the program: Run sets it going.
type Clock struct {
	Options
	schedules []cron.Schedule // of what recurs
}

// New makes a clock. The error names what recurs at a time that is none.
func New(options Options) (*Clock, error) {
	if options.Hold == nil {
		options.Hold = func() func() { return func() {} }
	}
	c := &Clock{Options: options}
	for _, recurring := range options.Recurring {
		schedule, err := cron.ParseStandard(recurring.When)
		if err != nil {
			return nil, fmt.Errorf("clock: when %s recurs: %w", recurring.Name, err)
		}
		c.schedules = append(c.schedules, schedule)
	}
	return c, nil
}

const (
	// again is when a store that did not answer is asked again.
	again = 5 * time.Second
	// longestNap bounds a wait: a machine that slept, or a clock that was set forward, is noticed so soon.
	longestNap = time.Minute
)

// Run reminds of what is due, and does what recurs, until the context ends. It returns when nothing of that is under way any more.
func (c *Clock) Run(ctx context.Context) error {
	recurring := cron.New(cron.WithLocation(time.UTC))
	for i, schedule := range c.schedules {
		what := c.Recurring[i]
		recurring.Schedule(schedule, cron.FuncJob(func() {
			if err := what.Do(ctx); err != nil && ctx.Err() == nil {
				c.Log.Warn().Err(err).Str("what", what.Name).Msg("what recurs did not work out; it is done again at its next time")
			}
		}))
	}
	if len(c.schedules) > 0 {
		recurring.Start()
		defer func() { <-recurring.Stop().Done() }()
	}
	for ctx.Err() == nil {
		c.wait(ctx, c.turn(ctx))
	}
	return nil
}

// turn reminds of what is due, and answers when there is something to do next; the zero time means not before the index changes.
func (c *Clock) turn(ctx context.Context) time.Time {
	at, ok, err := c.Agenda.NextDue(ctx)
	if ok && err == nil && !at.After(time.Now()) {
		if err = c.remindDue(ctx); err == nil {
			at, ok, err = c.Agenda.NextDue(ctx)
		}
	}
	switch {
	case err != nil && ctx.Err() == nil:
		c.Log.Error().Err(err).Msg("reminders could not be fired and are tried again")
		return time.Now().Add(again)
	case !ok:
		return time.Time{}
	}
	return at
}

// wait waits for a moment, or for the index to change.
func (c *Clock) wait(ctx context.Context, at time.Time) {
	var moment <-chan time.Time
	if !at.IsZero() {
		timer := time.NewTimer(min(time.Until(at), longestNap))
		defer timer.Stop()
		moment = timer.C
	}
	select {
	case <-ctx.Done():
	case <-c.Agenda.DueChanged():
	case <-moment:
	}
}
