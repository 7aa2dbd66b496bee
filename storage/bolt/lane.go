package bolt

import "container/heap"

// lane is what must stay in order.
type lane struct {
	name    string
	jobs    []*queued // by ID
	running int       // how many of them run: none or one
	heap    *laneHeap // where its head is sorted in; nil while a job runs or the head is held
	at      int       // the place in the heap
}

// heads are the lanes whose first job is of one medium.
type heads struct {
	ready   laneHeap
	delayed laneHeap
}

// leave takes a lane out of its heap; only then may its head change.
func (l *lane) leave() {
	if l.heap != nil {
		heap.Remove(l.heap, l.at)
		l.heap = nil
	}
}

func (l *lane) enter(h *laneHeap) {
	l.heap = h
	heap.Push(h, l)
}

func moreUrgent(a, b *queued) bool {
	if a.handling.Urgency != b.handling.Urgency {
		return a.handling.Urgency < b.handling.Urgency
	}
	return a.job.ID < b.job.ID
}

func earlier(a, b *queued) bool {
	if !a.job.NotBefore.Equal(b.job.NotBefore) {
		return a.job.NotBefore.Before(b.job.NotBefore)
	}
	return a.job.ID < b.job.ID
}

// laneHeap sorts lanes by their heads.
type laneHeap struct {
	lanes []*lane
	less  func(a, b *queued) bool
}

// first is the job at the head of the first lane.
func (h *laneHeap) first() *queued { return h.lanes[0].jobs[0] }

func (h *laneHeap) Len() int           { return len(h.lanes) }
func (h *laneHeap) Less(i, j int) bool { return h.less(h.lanes[i].jobs[0], h.lanes[j].jobs[0]) }
func (h *laneHeap) Swap(i, j int) {
	h.lanes[i], h.lanes[j] = h.lanes[j], h.lanes[i]
	h.lanes[i].at, h.lanes[j].at = i, j
}
func (h *laneHeap) Push(x any) {
	l := x.(*lane)
	l.at = len(h.lanes)
	h.lanes = append(h.lanes, l)
}
func (h *laneHeap) Pop() any {
	l := h.lanes[len(h.lanes)-1]
	h.lanes[len(h.lanes)-1] = nil
	h.lanes = h.lanes[:len(h.lanes)-1]
	return l
}
