package clock

import (
	"context"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"muster/bot/desk"
	"muster/incident"
	"muster/incident/ledger"

	"github.com/google/go-cmp/cmp"
	"github.com/rs/zerolog"
)

// diary is an agenda of reminders that take a while to fire, and tell of a change each time.
type diary struct {
	mu      sync.Mutex
	due     map[incident.ID]time.Time
	changed chan struct{}
	asked   map[incident.ID]int // how often each was fired
	holds   int                 // how many there are at present
	unheld  int                 // how many were fired without one
}

func (d *diary) NextDue(context.Context) (at time.Time, ok bool, err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, one := range d.due {
		if !ok || one.Before(at) {
			at, ok = one, true
		}
	}
	return at, ok, nil
}

func (d *diary) AllDue(_ context.Context, now time.Time, limit int) ([]ledger.Ref, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	var ids []incident.ID
	for id, at := range d.due {
		if !at.After(now) {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	var refs []ledger.Ref
	for _, id := range ids[:min(limit, len(ids))] {
		refs = append(refs, id.Ref())
	}
	return refs, nil
}

func (d *diary) DueChanged() <-chan struct{} { return d.changed }

func (d *diary) Remind(_ context.Context, of ledger.Ref) ([]desk.Reminded, bool, error) {
	id := incident.IDOf(of)
	d.mu.Lock()
	d.asked[id]++
	if d.holds == 0 {
		d.unheld++
	}
	d.mu.Unlock()
	select {
	case d.changed <- struct{}{}:
	default:
	}
	<-time.After(time.Second)
	d.mu.Lock()
	defer d.mu.Unlock()
	_, fired := d.due[id]
	delete(d.due, id)
	return nil, fired, nil
}

func (d *diary) hold() (release func()) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.holds++
	return sync.OnceFunc(func() {
		d.mu.Lock()
		defer d.mu.Unlock()
		d.holds--
	})
}

// firings runs the reminders of so many incidents that are due at once.
func firings(t *testing.T, count int) *diary {
	t.Helper()
	d := &diary{due: map[incident.ID]time.Time{}, asked: map[incident.ID]int{}}
	synctest.Test(t, func(t *testing.T) {
		d.changed = make(chan struct{}, 1)
		for i := range count {
			d.due[incident.NewID(uint64(i)+1)] = time.Now().Add(time.Minute)
		}
		c, err := New(Options{Agenda: d, Reminder: d, Hold: d.hold, Log: zerolog.Nop()})
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- c.Run(ctx) }()
		<-time.After(10 * time.Minute)
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	return d
}

// What is being fired is not looked up and fired again, however often the next reminder becomes another one meanwhile.
func TestEachReminderOfAStormIsFiredOnce(t *testing.T) {
	d := firings(t, 200)
	want := map[incident.ID]int{}
	for i := range 200 {
		want[incident.NewID(uint64(i)+1)] = 1
	}
	if diff := cmp.Diff(want, d.asked); diff != "" {
		t.Errorf("how often each was fired (-want +got):\n%s", diff)
	}
}

// A storm of reminders goes before all effects; a few do not hold anybody up.
func TestAStormOfRemindersGoesFirst(t *testing.T) {
	for _, test := range []struct{ reminders, unheld int }{{storm - 1, storm - 1}, {storm, 0}} {
		d := firings(t, test.reminders)
		if d.unheld != test.unheld {
			t.Errorf("%d of %d reminders were fired while effects were performed, want %d", d.unheld, test.reminders, test.unheld)
		}
		if d.holds != 0 {
			t.Errorf("after %d reminders effects are still held", test.reminders)
		}
	}
}
