package incident

import (
	"encoding/json"
	"errors"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/robfig/cron/v3"
)

// The people of the stories.
var (
	alice = Actor{ID: "U_ALICE", Kind: Person}
	bob   = Actor{ID: "U_BOB", Kind: Person}
	carol = Actor{ID: "U_CAROL", Kind: Person}
	guest = Actor{ID: "U_GUEST", Kind: Guest}
	other = Actor{ID: "U_OTHER", Kind: Stranger}
	gone  = Actor{ID: "U_GONE", Kind: Deleted}
	robot = Actor{ID: "U_ROBOT", Kind: Machine}
)

const dayStart = "2026-11-23T09:00:00Z" // a Monday

func at(t testing.TB, text string) time.Time {
	t.Helper()
	moment, err := time.Parse(time.RFC3339, text)
	if err != nil {
		t.Fatal(err)
	}
	return moment.UTC()
}

func parseCadence(spec string) (Schedule, error) { return cron.ParseStandard(spec) }

func compiled(t testing.TB, change func(*Policy)) *Policy {
	t.Helper()
	p := DefaultPolicy()
	p.Announcements = "C_INCIDENTS"
	if change != nil {
		change(p)
	}
	if err := p.Compile(parseCadence); err != nil {
		t.Fatal(err)
	}
	return p
}

// desk is one incident that people act on, with a clock that the story moves.
type desk struct {
	t       testing.TB
	p       *Policy
	in      Incident
	now     time.Time
	out     Outcome // of the last command
	entries []Entry
	effects []Effect
}

func newDesk(t testing.TB, change func(*Policy)) *desk {
	t.Helper()
	return &desk{t: t, p: compiled(t, change), now: at(t, dayStart)}
}

// declared is a sev1 that Alice declared, with its channel and card.
func declared(t testing.TB) *desk {
	t.Helper()
	return declaredWith(t, nil, Declare{Title: "Checkout is down", Severity: "sev1"})
}

func declaredWith(t testing.TB, change func(*Policy), c Declare) *desk {
	t.Helper()
	d := newDesk(t, change)
	d.do(alice, c)
	d.do(Muster, RecordChannel{Channel: "C_INC", Name: "inc-1"})
	d.do(Muster, RecordCard{Card: MessageRef{Channel: "C_INC", TS: "1.1"}})
	d.do(Muster, RecordMembers{Users: []UserID{alice.ID}})
	return d
}

func (d *desk) try(actor Actor, command Command) (Outcome, error) {
	return Step(d.in, "INC-1", command, actor, d.now, d.p)
}

// do is a command that must be accepted.
func (d *desk) do(actor Actor, command Command) *desk {
	d.t.Helper()
	out, err := d.try(actor, command)
	if err != nil {
		d.t.Fatalf("%s: %T%+v: %v", actor.ID, command, command, err)
	}
	d.take(out)
	return d
}

func (d *desk) take(out Outcome) {
	d.in, d.out = out.State, out
	d.entries = append(d.entries, out.Entries...)
	d.effects = append(d.effects, out.Effects...)
}

// sender is who sends a command in a story: what Muster alone reports, Muster does.
func sender(command Command, person Actor) Actor {
	if programOnly(command) {
		return Muster
	}
	return person
}

// programOnly lists what no person may send.
func programOnly(command Command) bool {
	switch command.(type) {
	case Remind, RecordDeactivated, RecordChannel, RecordArchived, RecordMembers, JoinMember, LeaveMember, RecordCard, RecordAnnouncement, RecordFailure, ClearTrouble:
		return true
	}
	return false
}

// refused is a command that must be refused with a code, and change nothing.
func (d *desk) refused(actor Actor, command Command, want Code) *Refusal {
	d.t.Helper()
	before := asJSON(d.t, d.in)
	out, err := d.try(actor, command)
	refusal := refusalOf(d.t, err)
	if refusal.Code != want {
		d.t.Errorf("%s: %T%+v was refused with %s, want %s", actor.ID, command, command, refusal.Code, want)
	}
	if !reflect.DeepEqual(out, Outcome{}) || asJSON(d.t, d.in) != before {
		d.t.Errorf("%T was refused, and changed something", command)
	}
	return refusal
}

// nothing is a command that is accepted and changes nothing.
func (d *desk) nothing(actor Actor, command Command) {
	d.t.Helper()
	before := d.in.Seq
	if d.do(actor, command); d.in.Seq != before || len(d.out.Effects) > 0 {
		d.t.Errorf("%T%+v changed something: %+v", command, command, d.out)
	}
}

func (d *desk) after(wait time.Duration) *desk {
	d.now = d.now.Add(wait)
	return d
}

// reminded fires what is due now and lists it as "rule step addressee person ...".
func (d *desk) reminded() []string {
	d.t.Helper()
	out, err := d.try(Muster, Remind{})
	var refusal *Refusal
	if errors.As(err, &refusal) && refusal.Code == RefuseNotDue {
		return nil
	}
	if err != nil {
		d.t.Fatal(err)
	}
	d.take(out)
	var got []string
	for _, entry := range out.Entries {
		switch e := entry.Event.(type) {
		case EventReminded:
			line := string(e.Rule) + " " + string(rune('0'+e.Step)) + " " + string(e.To)
			for _, user := range e.Users {
				line += " " + string(user)
			}
			got = append(got, line)
		case EventArchiveDue:
			got = append(got, "archive")
		}
	}
	slices.Sort(got)
	return got
}

// reminds checks what fires at a moment.
func (d *desk) reminds(want ...string) *desk {
	d.t.Helper()
	slices.Sort(want)
	if got := d.reminded(); !slices.Equal(got, want) {
		d.t.Errorf("at %s: got reminders %q, want %q", d.now.Format(time.RFC3339), got, want)
	}
	return d
}

// due checks when the next reminder comes.
func (d *desk) due(want string) *desk {
	d.t.Helper()
	got := ""
	if next := NextDue(d.in, d.p); !next.IsZero() {
		got = next.Format(time.RFC3339)
	}
	if got != want {
		d.t.Errorf("next due at %q, want %q; ahead: %+v", got, want, Due(d.in, d.p))
	}
	return d
}

// asked lists the last command's effects by their keys.
func (d *desk) asked() []string {
	var keys []string
	for _, effect := range d.out.Effects {
		keys = append(keys, effect.Handling().Key)
	}
	return keys
}

func (d *desk) asks(want ...string) {
	d.t.Helper()
	if diff := cmp.Diff(want, d.asked()); diff != "" {
		d.t.Errorf("effects (-want +got):\n%s", diff)
	}
}

// failer is what a test and a property have in common.
type failer interface {
	Helper()
	Fatal(args ...any)
}

func asJSON(t failer, value any) string {
	t.Helper()
	data, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}
