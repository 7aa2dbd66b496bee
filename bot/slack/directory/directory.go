// Package directory knows who people are: whether somebody is a member, a guest or of another organisation, which user
// groups they are in, what they are called and in which time zone they live. It reads Slack's lists once, follows Slack's
// events after that, and asks about single people it has never heard of. It decides nothing about incidents.
package directory

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"muster/incident"

	"github.com/slack-go/slack"
)

// Slack is the part of Slack's Web API that the directory reads.
type Slack interface {
	GetUsersContext(ctx context.Context, options ...slack.GetUsersOption) ([]slack.User, error)
	GetUserInfoContext(ctx context.Context, user string, options ...slack.GetUserInfoOption) (*slack.User, error)
	GetUserGroupsContext(ctx context.Context, options ...slack.GetUserGroupsOption) ([]slack.UserGroup, error)
}

// Directory is safe for use by many goroutines.
type Directory struct {
	slack Slack

	mu     sync.RWMutex
	team   string // empty: not known yet
	people map[incident.UserID]person
	groups map[incident.GroupID][]incident.UserID
}

type person struct {
	kind  incident.ActorKind
	names []string // lower case: handle, display name, real name
	zone  *time.Location
}

// New is an empty directory.
func New(client Slack) *Directory {
	return &Directory{slack: client, people: map[incident.UserID]person{}, groups: map[incident.GroupID][]incident.UserID{}}
}

// Of says of which team the workspace is: people of others are strangers.
func (d *Directory) Of(team string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.team = team
}

// Load reads everybody (users.list) and, if groups are asked for, every user group with its members (usergroups.list).
func (d *Directory) Load(ctx context.Context, groups bool) error {
	users, err := d.slack.GetUsersContext(ctx, slack.GetUsersOptionLimit(1000))
	if err != nil {
		return fmt.Errorf("list users: %w", err)
	}
	for _, user := range users {
		d.Put(user)
	}
	if !groups {
		return nil
	}
	return d.LoadGroups(ctx)
}

// LoadGroups reads every user group with its members.
func (d *Directory) LoadGroups(ctx context.Context) error {
	groups, err := d.slack.GetUserGroupsContext(ctx, slack.GetUserGroupsOptionIncludeUsers(true))
	if err != nil {
		return fmt.Errorf("list user groups: %w", err)
	}
	members := map[incident.GroupID][]incident.UserID{}
	for _, group := range groups {
		for _, user := range group.Users {
			members[incident.GroupID(group.ID)] = append(members[incident.GroupID(group.ID)], incident.UserID(user))
		}
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.groups = members
	return nil
}

// Put takes what Slack says of a person, from a list or an event.
func (d *Directory) Put(user slack.User) {
	entry := person{zone: zoneOf(user)}
	for _, name := range []string{user.Name, user.Profile.DisplayName, user.RealName, user.Profile.RealName} {
		if name = strings.ToLower(strings.TrimSpace(name)); name != "" && !slices.Contains(entry.names, name) {
			entry.names = append(entry.names, name)
		}
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	entry.kind = d.kindOf(user)
	d.people[incident.UserID(user.ID)] = entry
}

// zoneOf is where a person's clock stands: by its name, which knows of summer time, else by the offset of today.
func zoneOf(user slack.User) *time.Location {
	if zone, err := time.LoadLocation(user.TZ); err == nil && user.TZ != "" {
		return zone
	}
	if user.TZOffset != 0 {
		return time.FixedZone(user.TZLabel, user.TZOffset)
	}
	return time.UTC
}

// Forget makes the directory ask about a person anew: something about them has changed.
func (d *Directory) Forget(user incident.UserID) {
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.people, user)
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

// Actor says who a user is; one it has never heard of is looked up (users.info). An ID that Slack does not know is an
// actor of no kind, which no command accepts.
func (d *Directory) Actor(ctx context.Context, user incident.UserID) (incident.Actor, error) {
	entry, err := d.find(ctx, user)
	if err != nil {
		return incident.Actor{}, err
	}
	actor := incident.Actor{ID: user, Kind: entry.kind}
	d.mu.RLock()
	defer d.mu.RUnlock()
	for group, members := range d.groups {
		if slices.Contains(members, user) {
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
	if entry, known := d.people[user]; known {
		return entry.zone
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
	for id, entry := range d.people {
		if entry.kind == incident.Deleted || !slices.Contains(entry.names, name) {
			continue
		}
		if entry.names[0] == name {
			return id, true // handles are unique
		}
		found = append(found, id)
	}
	if len(found) == 1 {
		return found[0], true
	}
	return "", false
}

func (d *Directory) find(ctx context.Context, user incident.UserID) (person, error) {
	d.mu.RLock()
	entry, known := d.people[user]
	d.mu.RUnlock()
	if known {
		return entry, nil
	}
	info, err := d.slack.GetUserInfoContext(ctx, string(user))
	if err != nil {
		if err.Error() == "user_not_found" || err.Error() == "users_not_found" || err.Error() == "user_not_visible" {
			return person{}, nil
		}
		return person{}, fmt.Errorf("look up user: %w", err)
	}
	d.Put(*info)
	d.mu.RLock()
	defer d.mu.RUnlock()
	return d.people[user], nil
}
