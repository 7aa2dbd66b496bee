package storage

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	"muster/incident"
	"muster/storage/keys"
)

const (
	// defaultLimit is how many come when a limit of 0 is asked for.
	defaultLimit = 20
	// longestKey is more than any key of an index has; an engine may refuse a longer one.
	longestKey = 32 << 10
)

// List answers a page of incidents in the order of incident.Query. A Status overrules the Scope; no Scope means the open
// ones. Private incidents are shown to Query.Viewer only if the incident says so. Next stays good while incidents change:
// it is a place in the order, not a count.
//
// Every filter is an index in the same order, and the page is where they all meet, so that the rarest one sets the pace.
// What cannot be read is left out, and is told as a problem.
func (s *Incidents) List(ctx context.Context, query incident.Query) (incident.Page, error) {
	var page incident.Page
	err := s.engine.View(ctx, "list incidents", func(r Reader) error {
		after, err := decodeCursor(query.After)
		if err != nil {
			return err
		}
		limit := query.Limit
		if limit <= 0 {
			limit = defaultLimit
		}
		page = incident.Page{}
		var last []byte
		meet := newMeeting(r, query)
		for place := meet.from(after); place != nil; place = meet.from(successor(place)) {
			if err := ctx.Err(); err != nil {
				return err
			}
			in, ok := s.visible(r, place, query)
			if !ok {
				continue
			}
			if len(page.Incidents) == limit {
				page.Next = encodeCursor(successor(last))
				return nil
			}
			page.Incidents, last = append(page.Incidents, in), place
		}
		return meet.err
	})
	if err != nil {
		return incident.Page{}, err
	}
	return page, nil
}

// visible reads the incident at a place, unless the viewer may not see it.
func (s *Incidents) visible(r Reader, place []byte, query incident.Query) (incident.Incident, bool) {
	number, ok := rankNumber(place)
	if !ok {
		s.onProblem(errors.Join(ErrDamaged, errors.New("a key of the queue has no number")))
		return incident.Incident{}, false
	}
	in, err := s.load(r, incident.NewID(number))
	if err != nil {
		s.onProblem(err)
		return incident.Incident{}, false
	}
	return in, query.AllSeen || in.VisibleTo(query.Viewer)
}

// successor is the first key after one.
func successor(key []byte) []byte { return append(bytes.Clone(key), 0) }

// index is one index under one name; its keys are ranks.
type index struct {
	cursor Cursor
	prefix []byte
}

// from is the first rank at or after one; nil when there is none.
func (i index) from(place []byte) []byte {
	key, _ := i.cursor.Seek(bytes.Join([][]byte{i.prefix, place}, nil))
	if !bytes.HasPrefix(key, i.prefix) || len(key) == len(i.prefix) {
		return nil
	}
	return key[len(i.prefix):]
}

// meeting walks the ranks that several indexes have in common.
type meeting struct {
	indexes []index
	first   []byte // where the scope begins
	scope   incident.Scope
	err     error // an index is out of order, in which one could walk for ever
}

func newMeeting(r Reader, query incident.Query) *meeting {
	m := &meeting{scope: query.Scope}
	under := func(name, value string) {
		m.indexes = append(m.indexes, index{r.Index(incident.Aggregate, name), keys.AppendText(nil, value)})
	}
	if query.Person != "" {
		under(indexPerson, string(query.Person))
	}
	if query.Status != "" {
		under(indexStatus, string(query.Status))
		m.scope = incident.ScopeAll
	}
	if query.Severity != "" {
		under(indexSeverity, string(query.Severity))
	}
	if len(m.indexes) == 0 {
		m.indexes = append(m.indexes, index{cursor: r.Index(incident.Aggregate, indexQueue)})
	}
	if m.scope == incident.ScopeFinished {
		m.first = []byte{rankFinished}
	}
	return m
}

// from is the first common rank at or after a place within the scope; nil when there is none.
func (m *meeting) from(place []byte) []byte {
	if bytes.Compare(place, m.first) < 0 {
		place = m.first
	}
	for met := 0; met < len(m.indexes); {
		met = 0
		for _, index := range m.indexes {
			found := index.from(place)
			if found == nil {
				return nil
			}
			if bytes.Compare(found, place) < 0 || len(found) > longestKey {
				m.err = fmt.Errorf("%w: an index is out of order", ErrDamaged)
				return nil
			}
			if bytes.Equal(found, place) {
				met++
				continue
			}
			place = bytes.Clone(found)
		}
	}
	if len(place) == 0 || (m.scope != incident.ScopeAll && m.scope != incident.ScopeFinished && place[0] != rankOpen) {
		return nil
	}
	return place
}
