package directory_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"muster/bot/slack/directory"
	"muster/incident"

	"github.com/rs/zerolog"
	"github.com/slack-go/slack"
)

// book is Slack's answers: its list of people, those whom it knows beside that, and who is in which group.
type book struct {
	mu               sync.Mutex
	listed, unlisted []slack.User
	groups           map[incident.GroupID][]incident.UserID
	away             bool           // Slack answers nothing
	asked            map[string]int // how often, for whom and for which group
	meanwhile        func()         // happens while Slack answers; nil: nothing
}

var errAway = errors.New("Slack is away")

func (b *book) count(what string) error {
	b.mu.Lock()
	if b.asked == nil {
		b.asked = map[string]int{}
	}
	b.asked[what]++
	b.mu.Unlock()
	if b.meanwhile != nil {
		b.meanwhile()
	}
	if b.away {
		return errAway
	}
	return nil
}

func (b *book) Everybody(_ context.Context, each func(slack.User)) error {
	if err := b.count("everybody"); err != nil {
		return err
	}
	for _, user := range b.listed {
		each(user)
	}
	return nil
}

func (b *book) User(_ context.Context, id incident.UserID) (slack.User, error) {
	if err := b.count(string(id)); err != nil {
		return slack.User{}, err
	}
	for _, user := range append(b.listed[:len(b.listed):len(b.listed)], b.unlisted...) {
		if user.ID == string(id) {
			return user, nil
		}
	}
	return slack.User{}, directory.ErrUnknown
}

func (b *book) Members(_ context.Context, group incident.GroupID) ([]incident.UserID, error) {
	if err := b.count(string(group)); err != nil {
		return nil, err
	}
	if members, known := b.groups[group]; known {
		return members, nil
	}
	return nil, directory.ErrUnknown
}

// shelf is what outlasts a directory.
type shelf map[string]map[string][]byte

func (s shelf) RecallAll(_ context.Context, name string) (map[string][]byte, error) {
	return s[name], nil
}

func (s shelf) Remember(_ context.Context, name string, _ int, values map[string][]byte) error {
	if s[name] == nil {
		s[name] = map[string][]byte{}
	}
	for key, value := range values {
		s[name][key] = value
	}
	return nil
}

func (s shelf) Forget(_ context.Context, name string, keys ...string) error {
	for _, key := range keys {
		delete(s[name], key)
	}
	return nil
}

func people() []slack.User {
	return []slack.User{
		{ID: "U1", Name: "mina", TeamID: "T1", TZOffset: 9 * 3600, TZ: "Asia/Seoul"},
		{ID: "U2", Name: "gus", TeamID: "T1", IsRestricted: true},
		{ID: "U3", Name: "zed", TeamID: "T2"},
		{ID: "U4", Name: "old", TeamID: "T1", Deleted: true},
		{ID: "U5", Name: "robot", TeamID: "T1", IsBot: true},
		{ID: "U6", Name: "mina2", RealName: "Mina", TeamID: "T1"},
	}
}

func of(b *book, s directory.Shelf, groups ...incident.GroupID) *directory.Directory {
	d := directory.New(directory.Options{Slack: b, Groups: groups, Shelf: s, Log: zerolog.Nop()})
	d.Of("T1")
	return d
}

func groupsOf(t *testing.T, d *directory.Directory, user incident.UserID) []incident.GroupID {
	t.Helper()
	actor, err := d.Actor(t.Context(), user)
	if err != nil {
		t.Fatal(err)
	}
	return actor.Groups
}

func TestWhoSomebodyIs(t *testing.T) {
	b := &book{listed: people(), unlisted: []slack.User{{ID: "U9", Name: "new", TeamID: "T1"}}, groups: map[incident.GroupID][]incident.UserID{"S1": {"U1", "U2"}}}
	d := of(b, nil, "S1")
	if err := d.Load(t.Context()); err != nil {
		t.Fatal(err)
	}
	for id, want := range map[incident.UserID]incident.ActorKind{
		"U1": incident.Person, "U2": incident.Guest, "U3": incident.Stranger, "U4": incident.Deleted,
		"U5": incident.Machine, "U9": incident.Person, "U404": "",
	} {
		if got, err := d.Actor(t.Context(), id); err != nil || got.Kind != want {
			t.Errorf("%s is %q, %v; want %q", id, got.Kind, err, want)
		}
	}
	if got := groupsOf(t, d, "U1"); !slices.Equal(got, []incident.GroupID{"S1"}) {
		t.Errorf("mina's groups: %v", got)
	}
	if id, ok := d.ByName("Mina"); !ok || id != "U1" {
		t.Errorf("@Mina is %q: a handle goes before a real name", id)
	}
	if id, ok := d.ByName("old"); ok {
		t.Errorf("@old is %q, who is gone", id)
	}
	if name := d.Zone("U1").String(); name == "UTC" {
		t.Error("mina lives in UTC")
	}
}

// Mina acts before any list has arrived: she and her group are asked for, each once.
func TestWhatIsNotKnownIsAskedFor(t *testing.T) {
	b := &book{listed: people(), groups: map[incident.GroupID][]incident.UserID{"S1": {"U1"}, "S2": {"U2"}}}
	d := of(b, nil, "S1", "S2", "S404")
	for range 3 {
		if got := groupsOf(t, d, "U1"); !slices.Equal(got, []incident.GroupID{"S1"}) {
			t.Errorf("mina's groups: %v", got)
		}
	}
	for what, times := range map[string]int{"U1": 1, "S1": 1, "S2": 1, "S404": 1, "everybody": 0} {
		if b.asked[what] != times {
			t.Errorf("Slack was asked %d times for %s, want %d", b.asked[what], what, times)
		}
	}
	b.away = true
	if _, err := d.Actor(t.Context(), "U2"); !errors.Is(err, errAway) {
		t.Errorf("gus, while Slack is away: %v; nobody can tell who that is", err)
	}
}

// Who was asked about is known after a restart that does not reach Slack, with the groups; what changed since is asked for.
func TestARestartWithoutSlack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		kept := shelf{}
		b := &book{listed: people(), groups: map[incident.GroupID][]incident.UserID{"S1": {"U1", "U2"}}}
		during := func(d *directory.Directory, story func()) {
			ctx, cancel := context.WithCancel(t.Context())
			if err := d.Recall(ctx); err != nil {
				t.Fatal(err)
			}
			ended := make(chan struct{})
			go func() {
				defer close(ended)
				d.Keep(ctx)
			}()
			story()
			cancel()
			<-ended
		}
		first := of(b, kept, "S1")
		during(first, func() {
			if err := first.Load(t.Context()); err != nil {
				t.Fatal(err)
			}
			groupsOf(t, first, "U1")
			groupsOf(t, first, "U2")
			<-time.After(time.Minute)
			first.Forget("U2")
		})
		b.away = true
		second := of(b, kept, "S1")
		during(second, func() {
			if got := groupsOf(t, second, "U1"); !slices.Equal(got, []incident.GroupID{"S1"}) {
				t.Errorf("mina's groups: %v", got)
			}
			if id, ok := second.ByName("mina"); !ok || id != "U1" || second.Zone("U1").String() != "Asia/Seoul" {
				t.Errorf("mina is %q in %s", id, second.Zone("U1"))
			}
			for _, id := range []incident.UserID{"U2", "U3"} { // changed since, and never asked about
				if _, err := second.Actor(t.Context(), id); !errors.Is(err, errAway) {
					t.Errorf("%s: %v, want that nobody can tell", id, err)
				}
			}
			second.ForgetGroup("S1")
		})
		third := of(b, kept, "S1")
		during(third, func() {
			if _, err := third.Actor(t.Context(), "U1"); !errors.Is(err, errAway) {
				t.Errorf("the group has changed: %v, want that nobody can tell", err)
			}
		})
	})
}

// Gus becomes a member, and leaves the group, while Slack still answers what was asked before: the answer does not outlive the notice.
func TestALateAnswerIsNotKept(t *testing.T) {
	b := &book{listed: people(), groups: map[incident.GroupID][]incident.UserID{"S1": {"U2"}}}
	d := of(b, nil, "S1")
	b.meanwhile = func() {
		d.Forget("U2")
		d.ForgetGroup("S1")
	}
	if err := d.Load(t.Context()); err != nil {
		t.Fatal(err)
	}
	groupsOf(t, d, "U2")
	b.meanwhile = nil
	b.listed[1].IsRestricted, b.groups["S1"] = false, nil
	if actor, err := d.Actor(t.Context(), "U2"); err != nil || actor.Kind != incident.Person || len(actor.Groups) != 0 {
		t.Errorf("gus is %+v, %v; want a member in no group", actor, err)
	}
}
