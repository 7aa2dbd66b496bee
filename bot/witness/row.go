package witness

import "muster/incident"

// line is a row of docs/witness.md, for one kind of event.
type line interface {
	kind() incident.EventKind
	event() incident.Event // an empty one
	complete() bool
	is(incident.Event) bool
	words(incident.Event) []string
	happen(*Moment, incident.Entry)
	show(scene) []Sight
}

// row is the row of one type of event.
type row[E incident.Event] struct {
	of    incident.EventKind
	wrote func(E) []string                 // what people wrote into it; nil: they write nothing into it
	then  func(*Moment, E, incident.Entry) // what the witness remembers of it; nil: nothing
	seen  func(scene, E) []Sight           // what should be seen of it; nothing where nobody sees anything
}

func (r row[E]) kind() incident.EventKind { return r.of }

func (r row[E]) event() incident.Event { return *new(E) }

func (r row[E]) complete() bool { return r.of != "" && r.seen != nil }

func (r row[E]) is(event incident.Event) bool {
	_, is := event.(E)
	return is
}

func (r row[E]) words(event incident.Event) []string {
	if r.wrote == nil {
		return nil
	}
	return r.wrote(event.(E))
}

func (r row[E]) happen(m *Moment, entry incident.Entry) {
	if r.then != nil {
		r.then(m, entry.Event.(E), entry)
	}
}

func (r row[E]) show(c scene) []Sight { return r.seen(c, c.entry.Event.(E)) }

// rowOf is the row of an event; nil: there is none.
func rowOf(event incident.Event) line {
	for _, row := range rows() {
		if row.is(event) {
			return row
		}
	}
	return nil
}

// Kinds are the kinds of events that have a row, in the order of docs/witness.md.
func Kinds() (kinds []incident.EventKind) {
	for _, row := range rows() {
		kinds = append(kinds, row.kind())
	}
	return kinds
}

// told is an event of which the room is told, and nothing else is seen but on the surfaces.
func told[E incident.Event](c scene, e E) []Sight { return c.told(rowOf(e).words(e)...) }

// nothing is an event of which nobody sees anything but on the surfaces.
func nothing[E incident.Event](scene, E) []Sight { return nil }
