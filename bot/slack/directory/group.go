package directory

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"muster/incident"

	"golang.org/x/sync/errgroup"
)

// membersOfAll are the people in each of the groups that matter. Those that are not known are asked for at once.
func (d *Directory) membersOfAll(ctx context.Context) ([][]incident.UserID, error) {
	all := make([][]incident.UserID, len(d.Groups))
	var asking errgroup.Group
	for i, group := range d.Groups {
		d.mu.RLock()
		known, ok := d.groups[group]
		d.mu.RUnlock()
		if ok {
			all[i] = known
			continue
		}
		asking.Go(func() (err error) {
			all[i], err = d.members(ctx, group)
			return err
		})
	}
	return all, asking.Wait()
}

// members are the people in a group.
func (d *Directory) members(ctx context.Context, group incident.GroupID) ([]incident.UserID, error) {
	d.mu.RLock()
	known, ok := d.groups[group]
	d.mu.RUnlock()
	if ok {
		return known, nil
	}
	asked, err, _ := d.flights.Do(string(group), func() (any, error) { return d.ask(ctx, group) })
	if err != nil {
		return nil, err
	}
	return asked.([]incident.UserID), nil
}

// ask asks Slack who is in a group. One that Slack does not know has nobody in it; muster check tells of it.
func (d *Directory) ask(ctx context.Context, group incident.GroupID) ([]incident.UserID, error) {
	d.mu.RLock()
	notices := d.notices
	d.mu.RUnlock()
	members, err := d.Slack.Members(ctx, group)
	if err != nil && !errors.Is(err, ErrUnknown) {
		return nil, fmt.Errorf("look up the members of group %s: %w", group, err)
	}
	if members == nil {
		members = []incident.UserID{}
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.notices != notices {
		return members, nil // good for this once: Slack told of a change meanwhile
	}
	old, known := d.groups[group]
	d.groups[group] = members
	if !known || !slices.Equal(old, members) {
		d.tellOfGroup(group)
	}
	return members, nil
}

// ForgetGroup makes the directory ask about a group anew: people have joined or left it.
func (d *Directory) ForgetGroup(group incident.GroupID) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.notices++
	if _, known := d.groups[group]; known {
		delete(d.groups, group)
		d.tellOfGroup(group)
	}
}
