package directory

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"muster/incident"
)

// Shelf keeps things beyond a restart: so many on each shelf, the newest.
type Shelf interface {
	RecallAll(ctx context.Context, shelf string) (map[string][]byte, error)
	Remember(ctx context.Context, shelf string, most int, values map[string][]byte) error
	Forget(ctx context.Context, shelf string, keys ...string) error
}

// The persisted names of the shelves, and how much each holds.
const (
	peopleShelf = "slack_people"
	groupsShelf = "slack_groups"
	mostPeople  = 10000
	mostGroups  = 500
)

// rest is how long changes gather before they are written down together.
const rest = 5 * time.Second

// news is what the shelf has to be told.
type news struct {
	people map[incident.UserID]bool
	groups map[incident.GroupID]bool
}

func newNews() news {
	return news{people: map[incident.UserID]bool{}, groups: map[incident.GroupID]bool{}}
}

// tell has the shelf told of a person; its caller holds the lock.
func (d *Directory) tell(user incident.UserID) {
	d.news.people[user] = true
	d.signal()
}

func (d *Directory) tellOfGroup(group incident.GroupID) {
	d.news.groups[group] = true
	d.signal()
}

func (d *Directory) signal() {
	select {
	case d.changed <- struct{}{}:
	default:
	}
}

// Recall reads what an earlier process knew. What is known already is newer.
func (d *Directory) Recall(ctx context.Context) error {
	if d.Shelf == nil {
		return nil
	}
	people, err := d.Shelf.RecallAll(ctx, peopleShelf)
	if err != nil {
		return fmt.Errorf("recall people: %w", err)
	}
	groups, err := d.Shelf.RecallAll(ctx, groupsShelf)
	if err != nil {
		return fmt.Errorf("recall groups: %w", err)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	for id, data := range people {
		var who person
		if _, known := d.people[incident.UserID(id)]; known || json.Unmarshal(data, &who) != nil || who.Kind == "" {
			continue // it is asked for anew
		}
		who.zone, who.kept = who.location(), true
		d.people[incident.UserID(id)] = who
	}
	for id, data := range groups {
		var members []incident.UserID
		if _, known := d.groups[incident.GroupID(id)]; known || json.Unmarshal(data, &members) != nil {
			continue
		}
		d.groups[incident.GroupID(id)] = members
	}
	return nil
}

// Keep writes down what changes, until the context ends and once more then. What could not be written is asked for again after a
// restart.
func (d *Directory) Keep(ctx context.Context) {
	if d.Shelf == nil {
		return
	}
	for ctx.Err() == nil {
		select {
		case <-ctx.Done():
		case <-d.changed:
			timer := time.NewTimer(rest)
			select {
			case <-ctx.Done():
			case <-timer.C:
			}
			timer.Stop()
			d.write(context.WithoutCancel(ctx))
		}
	}
	d.write(context.WithoutCancel(ctx))
}

// write tells the shelf the news, and the log if it could not.
func (d *Directory) write(ctx context.Context) {
	if err := d.writeNews(ctx); err != nil {
		d.Log.Warn().Err(err).Msg("who people are could not be written down")
	}
}

func (d *Directory) writeNews(ctx context.Context) error {
	d.mu.Lock()
	people, groups := map[string][]byte{}, map[string][]byte{}
	var gonePeople, goneGroups []string
	for id := range d.news.people {
		if who, known := d.people[id]; known {
			people[string(id)] = encode(who)
		} else {
			gonePeople = append(gonePeople, string(id))
		}
	}
	for id := range d.news.groups {
		if members, known := d.groups[id]; known {
			groups[string(id)] = encode(members)
		} else {
			goneGroups = append(goneGroups, string(id))
		}
	}
	d.news = newNews()
	d.mu.Unlock()
	for _, shelf := range []struct {
		name   string
		most   int
		values map[string][]byte
		gone   []string
	}{{peopleShelf, mostPeople, people, gonePeople}, {groupsShelf, mostGroups, groups, goneGroups}} {
		if len(shelf.gone) > 0 {
			if err := d.Shelf.Forget(ctx, shelf.name, shelf.gone...); err != nil {
				return err
			}
		}
		if len(shelf.values) > 0 {
			if err := d.Shelf.Remember(ctx, shelf.name, shelf.most, shelf.values); err != nil {
				return err
			}
		}
	}
	return nil
}

// encode writes what has no field that could not be written.
func encode(value any) []byte {
	data, _ := json.Marshal(value)
	return data
}
