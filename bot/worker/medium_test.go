package worker

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/rs/zerolog"

	"muster/incident"
	"muster/incident/ledger"
)

// Two media, and an effect of each.
type (
	letter struct{ Name string }
	call   struct{ Name string }
)

func (l letter) Handling() ledger.Handling {
	return ledger.Handling{Kind: "letter", Medium: "post", Audience: ledger.ShownToNobody(), Key: l.Name, Lane: "letter/" + l.Name}
}

func (c call) Handling() ledger.Handling {
	return ledger.Handling{Kind: "call", Medium: "phone", Audience: ledger.ShownToNobody(), Key: c.Name, Lane: "call/" + c.Name}
}

func both() []ledger.EffectType {
	return []ledger.EffectType{ledger.EffectOf[letter](), ledger.EffectOf[call]()}
}

// tray is an outbox and a desk in memory. It writes down when each effect ended, and how.
type tray struct {
	mu    sync.Mutex
	jobs  []ledger.Job // waiting, by ID
	wake  chan struct{}
	began time.Time
	ended []string
	admit func(ledger.Job) bool // whether a job may be performed now; one that may not comes back in a minute; nil: all may
}

func newTray(effects ...ledger.Effect) *tray {
	t := &tray{wake: make(chan struct{}, 1), began: time.Now()}
	for i, effect := range effects {
		t.jobs = append(t.jobs, ledger.Job{ID: ledger.JobID(i + 1), Effect: effect, CreatedAt: t.began})
	}
	return t
}

func (t *tray) Claim(_ context.Context, now time.Time, limit int, media ...ledger.Medium) (claimed []ledger.Job, _ error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.jobs = slices.DeleteFunc(t.jobs, func(job ledger.Job) bool {
		if len(claimed) == limit || job.NotBefore.After(now) || !slices.Contains(media, job.Effect.Handling().Medium) {
			return false
		}
		job.Attempt++
		claimed = append(claimed, job)
		return true
	})
	return claimed, nil
}

func (t *tray) NextJob(_ context.Context, media ...ledger.Medium) (at time.Time, ok bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, job := range t.jobs {
		if slices.Contains(media, job.Effect.Handling().Medium) && (!ok || job.NotBefore.Before(at)) {
			at, ok = job.NotBefore, true
		}
	}
	return at, ok
}

func (t *tray) Wake() <-chan struct{} { return t.wake }

func (t *tray) Retry(_ context.Context, job ledger.Job, at time.Time, _ string) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	job.NotBefore = at
	t.jobs = append(t.jobs, job)
	select {
	case t.wake <- struct{}{}:
	default:
	}
	return nil
}

func (t *tray) Release(_ context.Context, job ledger.Job) error {
	return t.Retry(context.Background(), job, time.Time{}, "")
}

func (t *tray) Admit(ctx context.Context, job ledger.Job) (bool, error) {
	if t.admit == nil || t.admit(job) {
		return true, nil
	}
	return false, t.Retry(ctx, job, time.Now().Add(time.Minute), "")
}

func (t *tray) Done(_ context.Context, job ledger.Job, _ []ledger.Command) error {
	t.end(job, "done")
	return nil
}

func (t *tray) GiveUp(_ context.Context, job ledger.Job, reason string, _ []ledger.Command) error {
	t.end(job, reason)
	return nil
}

func (t *tray) end(job ledger.Job, how string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.ended = append(t.ended, fmt.Sprintf("%s %s after %s", job.Effect.Handling().Key, how, time.Since(t.began).Round(time.Second)))
}

var errEngaged = errors.New("engaged")

// post and phone are media that answer what the story wants, or that all is well.
func post(perform func() error) Medium {
	return Medium{Name: "post", Judge: judged, Performers: []Performer{Performs(func(a *Attempt, _ letter) ([]ledger.Command, error) { return nil, tried(a, perform) })}}
}

func phone(perform func() error) Medium {
	return Medium{Name: "phone", Judge: judged, Performers: []Performer{Performs(func(a *Attempt, _ call) ([]ledger.Command, error) { return nil, tried(a, perform) })}}
}

func tried(a *Attempt, perform func() error) error {
	if perform == nil {
		return nil
	}
	if err := perform(); err != nil {
		return err
	}
	a.Reached()
	return nil
}

func judged(err error) Verdict {
	if errors.Is(err, errEngaged) {
		return Verdict{Class: Retry, Code: "engaged", Away: true}
	}
	return Verdict{} // forgotten
}

// perform runs a worker on what is in the tray for an hour.
func perform(t *testing.T, effects []ledger.Effect, media ...Medium) (ended []string) {
	t.Helper()
	return performFor(t, effects, func(*tray) {}, media...)
}

func performFor(t *testing.T, effects []ledger.Effect, meanwhile func(*tray), media ...Medium) (ended []string) {
	t.Helper()
	return performTray(t, newTray(effects...), meanwhile, media...)
}

func performTray(t *testing.T, all *tray, meanwhile func(*tray), media ...Medium) (ended []string) {
	t.Helper()
	w, err := New(Options{Queue: all, Desk: all, Effects: both(), Media: media, Log: zerolog.Nop()})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	stopped := make(chan error, 1)

	go func() { stopped <- w.Run(ctx) }()
	meanwhile(all)
	<-time.After(time.Hour)
	cancel()
	if err := <-stopped; err != nil {
		t.Error(err)
	}
	slices.Sort(all.ended)
	return all.ended
}

func want(t *testing.T, got []string, want ...string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("ended:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// Nobody answers the phone for ten minutes: letters go out all the same, calls wait and are tried one at a time.
func TestAMediumThatIsAwayStopsNoOther(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		back := time.Now().Add(10 * time.Minute)
		var tries atomic.Int64 // bob's and eve's calls are tried side by side
		got := perform(t, []ledger.Effect{call{"bob"}, call{"eve"}, letter{"alice"}}, post(nil), phone(func() error {
			tries.Add(1)
			if time.Now().Before(back) {
				return errEngaged
			}
			return nil
		}))
		if len(got) != 3 || got[0] != "alice done after 0s" || !strings.HasPrefix(got[1], "bob done") || !strings.HasPrefix(got[2], "eve done") {
			t.Errorf("ended: %q", got)
		}
		if tries.Load() > 12 {
			t.Errorf("%d calls were tried while nobody answered", tries.Load())
		}
	})
}

// The phone is plugged in after a minute; until then nobody tries to call.
func TestAMediumThatIsNotReadyWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ready := make(chan struct{})
		later := phone(nil)
		later.Ready = ready
		got := performFor(t, []ledger.Effect{call{"bob"}, letter{"alice"}}, func(*tray) {
			<-time.After(time.Minute)
			close(ready)
		}, post(nil), later)
		want(t, got, "alice done after 0s", "bob done after 1m0s")
	})
}

// Without a phone nobody is called, and each call ends in front of a person.
func TestAMediumThatIsNotConfigured(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		want(t, perform(t, []ledger.Effect{call{"bob"}, letter{"alice"}}, post(nil), Absent("phone")), "alice done after 0s", "bob not_configured after 0s")
	})
}

func TestWhatBecomesOfErrors(t *testing.T) {
	for name, test := range map[string]struct {
		fails func() error
		want  string
	}{
		"our own failure":           {func() error { return Failure("no_such_street") }, "alice no_such_street after 0s"},
		"a panic":                   {func() error { panic("at the post office") }, "alice panic after 0s"},
		"its incident is not there": {func() error { return incident.ErrNotFound }, "alice not_found after 0s"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				want(t, perform(t, []ledger.Effect{letter{"alice"}}, post(test.fails), phone(nil)), test.want)
			})
		})
	}
	synctest.Test(t, func(t *testing.T) { // nobody said what it means: it is tried again
		tries := 0
		got := perform(t, []ledger.Effect{letter{"alice"}}, post(func() error {
			if tries++; tries < 3 {
				return errors.New("who knows")
			}
			return nil
		}), phone(nil))
		if tries != 3 || len(got) != 1 || !strings.HasPrefix(got[0], "alice done") {
			t.Errorf("after %d tries: %q", tries, got)
		}
	})
}

// What belongs to one person who asks for it anew is left as it is when it fails for good.
func TestWhatIsExpendable(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		light := post(func() error { return Failure("no_such_street") })
		light.Performers[0] = light.Performers[0].Expendable()
		want(t, perform(t, []ledger.Effect{letter{"alice"}}, light, phone(nil)), "alice done after 0s")
	})
}

// A letter may not be sent for a while, between two attempts or before the first: that makes no attempt of it, and an answer that
// was lost before is not forgotten by it.
func TestWhatWaitsIsNoAttempt(t *testing.T) {
	type doubt struct{ unsure, before bool }
	for name, test := range map[string]struct {
		waits int // which of its claims is turned away
		want  []doubt
	}{
		"before the first attempt":      {1, []doubt{{false, false}, {true, false}}},
		"after an answer that was lost": {2, []doubt{{false, false}, {true, false}}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var got []doubt
				slow := Medium{Name: "post", Judge: func(error) Verdict { return Verdict{Class: Retry, Code: "lost", Unsure: true} },
					Performers: []Performer{Performs(func(a *Attempt, _ letter) ([]ledger.Command, error) {
						if got = append(got, doubt{a.Unsure, a.Unsure && a.Before}); len(got) == 1 {
							return nil, errEngaged
						}
						return nil, nil
					})}}
				claims := 0
				all := newTray(letter{"alice"})
				all.admit = func(ledger.Job) bool {
					claims++
					return claims != test.waits
				}
				performTray(t, all, func(*tray) {}, slow, phone(nil))
				if !slices.Equal(got, test.want) {
					t.Errorf("attempts: %v, want %v", got, test.want)
				}
			})
		})
	}
}

func TestCheck(t *testing.T) {
	twice := phone(nil)
	twice.Performers = append(twice.Performers, phone(nil).Performers...)
	foreign := post(nil)
	foreign.Performers = append(foreign.Performers, phone(nil).Performers...)
	for name, test := range map[string]struct {
		effects []ledger.EffectType
		media   []Medium
		want    string // "": nothing is wrong
	}{
		"all is well":       {both(), []Medium{post(nil), phone(nil)}, ""},
		"not configured":    {both(), []Medium{post(nil), Absent("phone")}, ""},
		"no performer":      {both(), []Medium{post(nil), {Name: "phone"}}, "effect call (worker.call) has no performer"},
		"two performers":    {both(), []Medium{post(nil), twice}, "effect call (worker.call) has 2 performers"},
		"another's effect":  {both(), []Medium{foreign, {Name: "phone"}}, "is of phone and performed by post"},
		"no such medium":    {both(), []Medium{post(nil)}, `is of the medium "phone", which the program does not have`},
		"a medium twice":    {both(), []Medium{post(nil), phone(nil), Absent("phone")}, `the medium "phone" is there twice`},
		"an unknown effect": {both()[:1], []Medium{post(nil), phone(nil)}, "phone performs worker.call, which is no effect that the program knows"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := New(Options{Effects: test.effects, Media: test.media})
			if (err == nil) != (test.want == "") || err != nil && !strings.Contains(err.Error(), test.want) {
				t.Errorf("%v, want %q", err, test.want)
			}
		})
	}
}

// A performer that panicked may have told the world already; one that said that it cannot has not.
func TestAfterAPanicNobodyIsSure(t *testing.T) {
	m := &medium{Medium: Medium{Judge: judged}}
	if v := m.judge(FailurePanic); v.Class != Permanent || !v.Unsure {
		t.Errorf("a panic is judged %+v", v)
	}
	if v := m.judge(FailureNotConfigured); v.Class != Permanent || v.Unsure {
		t.Errorf("a medium that is not there is judged %+v", v)
	}
}
