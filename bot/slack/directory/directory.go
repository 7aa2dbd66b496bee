// Package directory knows who people are: whether somebody is a member, a guest or of another organisation, which user
// groups they are in, what they are called and in which time zone they live. What it does not know it asks Slack for, by itself and
// at that moment; Slack's list of people, which names are looked up in, it reads in the background. It follows Slack's events, and
// keeps whom it was asked about, so that after a restart without Slack it knows them still. It decides nothing about incidents.
package directory

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"muster/incident"

	"github.com/rs/zerolog"
	"github.com/slack-go/slack"
	"golang.org/x/sync/singleflight"
)

// Slack is what the directory asks Slack for. Somebody or something that Slack does not know is ErrUnknown.
type Slack interface {
	// Everybody hands over all people of the workspace.
	Everybody(ctx context.Context, each func(slack.User)) error
	User(ctx context.Context, user incident.UserID) (slack.User, error)
	Members(ctx context.Context, group incident.GroupID) ([]incident.UserID, error)
}

// ErrUnknown is answered for what Slack does not know.
var ErrUnknown = errors.New("Slack knows nobody of that name")

// Options of a Directory. What is not marked optional must be given.
type Options struct {
	Slack  Slack
	Groups []incident.GroupID // optional: the user groups that it matters to be in
	Shelf  Shelf              // optional: keeps what is known beyond a restart
	Log    zerolog.Logger
}

// Directory is safe for use by many goroutines.
type Directory struct {
	Options
	flights singleflight.Group // what several ask Slack at once
	changed chan struct{}      // signalled when the shelf has to be told something

	mu     sync.RWMutex
	team   string // empty: not known yet
	people map[incident.UserID]person
	groups map[incident.GroupID][]incident.UserID
	news   news
	// notices counts what Slack told to have changed: an answer to what was asked before that may be older.
	notices uint64
	told    map[incident.UserID]bool // whom that was about while the list is being read; nil: it is not
}

// person is what is known of one.
type person struct {
	Kind   incident.ActorKind `json:"kind"`
	Names  []string           `json:"names,omitempty"` // lower case: handle, display name, real name
	Zone   string             `json:"zone,omitempty"`  // by its name; empty: only the offset is known
	Offset int                `json:"offset,omitempty"`

	zone *time.Location
	kept bool // on the shelf, or about to be: it was asked about
}

// New is an empty directory.
func New(options Options) *Directory {
	return &Directory{
		Options: options, changed: make(chan struct{}, 1),
		people: map[incident.UserID]person{}, groups: map[incident.GroupID][]incident.UserID{}, news: newNews(),
	}
}

// Of says of which team the workspace is: people of others are strangers.
func (d *Directory) Of(team string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.team = team
}

// Load reads everybody and every group that matters anew.
func (d *Directory) Load(ctx context.Context) error {
	d.mu.Lock()
	d.told = map[incident.UserID]bool{}
	d.mu.Unlock()
	err := d.Slack.Everybody(ctx, d.putListed)
	d.mu.Lock()
	d.told = nil
	d.mu.Unlock()
	if err != nil {
		return fmt.Errorf("list users: %w", err)
	}
	for _, group := range d.Groups {
		if _, err := d.ask(ctx, group); err != nil {
			return err
		}
	}
	return nil
}

// putListed takes what the list says of a person, unless Slack told meanwhile that something about them has changed.
func (d *Directory) putListed(user slack.User) {
	d.mu.RLock()
	newer := d.told[incident.UserID(user.ID)]
	d.mu.RUnlock()
	if !newer {
		d.Put(user)
	}
}

// Put takes what Slack says of a person, from a list, an answer or an event.
func (d *Directory) Put(user slack.User) {
	now := person{Zone: user.TZ, Offset: user.TZOffset}
	for _, name := range []string{user.Name, user.Profile.DisplayName, user.RealName, user.Profile.RealName} {
		if name = strings.ToLower(strings.TrimSpace(name)); name != "" && !slices.Contains(now.Names, name) {
			now.Names = append(now.Names, name)
		}
	}
	now.zone = now.location()
	d.mu.Lock()
	defer d.mu.Unlock()
	now.Kind = d.kindOf(user)
	id := incident.UserID(user.ID)
	old := d.people[id]
	now.kept = old.kept
	d.people[id] = now
	if now.kept && !now.same(old) {
		d.tell(id)
	}
}

func (p person) same(other person) bool {
	return p.Kind == other.Kind && slices.Equal(p.Names, other.Names) && p.Zone == other.Zone && p.Offset == other.Offset
}

// location is where a person's clock stands: by its name, which knows of summer time, else by the offset of today.
func (p person) location() *time.Location {
	if zone, err := time.LoadLocation(p.Zone); err == nil && p.Zone != "" {
		return zone
	}
	if p.Offset != 0 {
		return time.FixedZone("", p.Offset)
	}
	return time.UTC
}

// Forget makes the directory ask about a person anew: something about them has changed.
func (d *Directory) Forget(user incident.UserID) {
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.people, user)
	d.notices++
	if d.told != nil {
		d.told[user] = true
	}
	d.tell(user)
}

func (d *Directory) kindOf(user slack.User) incident.ActorKind {
	switch {
	case user.Deleted:
		return incident.Deleted
	case user.IsBot || user.ID == "USLACKBOT":
		return incident.Machine
	case user.IsStranger || (user.TeamID != "" && d.team != "" && user.TeamID != d.team):
		return incident.Stranger
	case user.IsRestricted || user.IsUltraRestricted:
		return incident.Guest
	}
	return incident.Person
}

// Actor says who a user is and which of the groups that matter they are in. What is not known is asked for; the error says that
// nobody could tell. An ID that Slack does not know is an actor of no kind, which no command accepts.
func (d *Directory) Actor(ctx context.Context, user incident.UserID) (incident.Actor, error) {
	who, err := d.find(ctx, user)
	if err != nil {
		return incident.Actor{}, err
	}
	actor := incident.Actor{ID: user, Kind: who.Kind}
	members, err := d.membersOfAll(ctx)
	if err != nil {
		return incident.Actor{}, err
	}
	for i, group := range d.Groups {
		if slices.Contains(members[i], user) {
			actor.Groups = append(actor.Groups, group)
		}
	}
	slices.Sort(actor.Groups)
	return actor, nil
}

// Zone is the time zone in which a person reads a clock; UTC when Slack does not say.
func (d *Directory) Zone(user incident.UserID) *time.Location {
	d.mu.RLock()
	defer d.mu.RUnlock()
	if known, ok := d.people[user]; ok {
		return known.zone
	}
	return time.UTC
}

// ByName finds the one active person with a handle, display name or real name. A name that nobody or more than one person
// bears finds nobody.
func (d *Directory) ByName(name string) (incident.UserID, bool) {
	name = strings.ToLower(strings.TrimSpace(name))
	d.mu.RLock()
	defer d.mu.RUnlock()
	var found []incident.UserID
	for id, known := range d.people {
		if known.Kind == incident.Deleted || !slices.Contains(known.Names, name) {
			continue
		}
		if known.Names[0] == name {
			return id, true // handles are unique
		}
		found = append(found, id)
	}
	if len(found) == 1 {
		return found[0], true
	}
	return "", false
}

// errOvertaken is the error of an answer that Slack took back before it was read.
var errOvertaken = errors.New("something about them is changing; ask again")

// find is what is known of a person, who is kept from now on.
func (d *Directory) find(ctx context.Context, user incident.UserID) (person, error) {
	d.mu.RLock()
	known, ok := d.people[user]
	notices := d.notices
	d.mu.RUnlock()
	if !ok {
		info, err := d.Slack.User(ctx, user)
		switch {
		case errors.Is(err, ErrUnknown):
			return person{}, nil
		case err != nil:
			return person{}, fmt.Errorf("look up user: %w", err)
		}
		d.Put(info)
	}
	if known.kept {
		return known, nil
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if known, ok = d.people[user]; !ok {
		return person{}, fmt.Errorf("look up user: %w", errOvertaken)
	}
	if d.notices != notices {
		delete(d.people, user) // good for this once
		return known, nil
	}
	known.kept = true
	d.people[user] = known
	d.tell(user)
	return known, nil
}
