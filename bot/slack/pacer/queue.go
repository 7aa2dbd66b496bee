package pacer

import (
	"slices"

	"muster/incident"
)

// urgencies is how many there are.
const urgencies = int(incident.UrgencyCosmetic) + 1

// waiter is one call that waits.
type waiter struct {
	call    Call
	granted chan struct{} // gets a word once the call may go out
}

// queue orders what waits for one rate: by urgency, then round robin between incidents, then as it came.
type queue [urgencies]ring

// ring holds the waiters of one urgency, a line for each incident. The incident at the front is served next and then goes to
// the back.
type ring struct {
	order []incident.ID
	lines map[incident.ID][]*waiter
}

func (q *queue) empty() bool {
	return !slices.ContainsFunc(q[:], func(r ring) bool { return len(r.order) > 0 })
}

func (q *queue) push(w *waiter) {
	r := &q[min(max(int(w.call.Urgency), 0), urgencies-1)]
	if r.lines == nil {
		r.lines = map[incident.ID][]*waiter{}
	}
	if len(r.lines[w.call.Incident]) == 0 {
		r.order = append(r.order, w.call.Incident)
	}
	r.lines[w.call.Incident] = append(r.lines[w.call.Incident], w)
}

// pop takes the one that goes next, or nil.
func (q *queue) pop() *waiter {
	for i := range q {
		r := &q[i]
		if len(r.order) == 0 {
			continue
		}
		of := r.order[0]
		line := r.lines[of]
		r.order = r.order[1:]
		if len(line) > 1 {
			r.lines[of] = line[1:]
			r.order = append(r.order, of)
		} else {
			delete(r.lines, of)
		}
		return line[0]
	}
	return nil
}

// remove takes a waiter out that gave up; it reports whether it was still there.
func (q *queue) remove(w *waiter) bool {
	for i := range q {
		r := &q[i]
		line := r.lines[w.call.Incident]
		place := slices.Index(line, w)
		if place < 0 {
			continue
		}
		if len(line) == 1 {
			delete(r.lines, w.call.Incident)
			r.order = slices.DeleteFunc(r.order, func(of incident.ID) bool { return of == w.call.Incident })
		} else {
			r.lines[w.call.Incident] = slices.Delete(line, place, place+1)
		}
		return true
	}
	return false
}
