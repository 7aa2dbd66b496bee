package slacksim

import (
	"cmp"
	"context"
	"slices"
	"time"
)

// EntryKind says what an entry of the journal is about.
type EntryKind string

// The kinds of entry.
const (
	EntryCall     EntryKind = "call"     // a Web API call
	EntryEnvelope EntryKind = "envelope" // something sent to the app
	EntryAck      EntryKind = "ack"      // what the app sent back
	EntrySocket   EntryKind = "socket"   // a socket opened or closed
	EntryResponse EntryKind = "response" // a post to a response_url
)

// Entry is one thing that passed between the app and the workspace. StartSeq and EndSeq are positions in the order in which
// things began and ended, so that overlap can be told even when the clock stands still. Tokens are never in it.
type Entry struct {
	Kind       EntryKind         `json:"kind"`
	StartSeq   int64             `json:"start_seq"`
	EndSeq     int64             `json:"end_seq,omitempty"` // 0 while under way
	Start      time.Time         `json:"start"`
	End        time.Time         `json:"end,omitzero"`
	Method     string            `json:"method"` // the method, or the kind of envelope or event
	Channel    string            `json:"channel,omitempty"`
	OK         bool              `json:"ok"`
	Status     int               `json:"status,omitempty"`
	Error      string            `json:"error,omitempty"`
	Args       map[string]string `json:"args,omitempty"`
	Effect     string            `json:"effect,omitempty"`      // what the call changed, empty if nothing
	Fault      string            `json:"fault,omitempty"`       // the fault that struck
	AnswerLost bool              `json:"answer_lost,omitempty"` // the call took effect, or was refused, and its caller never heard
	RetryAfter time.Duration     `json:"retry_after,omitempty"`
	Envelope   string            `json:"envelope,omitempty"`
	Attempt    int               `json:"attempt,omitempty"`
	Socket     int               `json:"socket,omitempty"`
	Body       string            `json:"body,omitempty"` // the payload of an envelope or an ack
}

type journal struct {
	entries []*Entry
	seq     int64
	limit   int
}

func (j *journal) add(e *Entry) *Entry {
	j.seq++
	e.StartSeq, e.Start = j.seq, time.Now()
	if len(j.entries) >= 2*j.limit {
		j.entries = slices.Clone(j.entries[len(j.entries)-j.limit:])
	}
	j.entries = append(j.entries, e)
	return e
}

// note adds an entry that begins and ends at once. It must be called with the lock held.
func (ws *Workspace) note(e Entry) {
	added := ws.journal.add(&e)
	added.EndSeq, added.End = added.StartSeq, added.Start
	ws.notify(Change{Kind: ChangeJournal, Seq: added.StartSeq})
}

func (ws *Workspace) begin(name string, a args) *Entry {
	ws.mu.Lock()
	defer ws.mu.Unlock()
	channel := a["channel"]
	if channel == "" {
		channel = a["channel_id"]
	}
	e := ws.journal.add(&Entry{Kind: EntryCall, Method: name, Channel: channel, Args: a})
	ws.notify(Change{Kind: ChangeJournal, Seq: e.StartSeq})
	return e
}

func (ws *Workspace) finish(e *Entry, outcome Entry) {
	ws.mu.Lock()
	defer ws.mu.Unlock()
	ws.journal.seq++
	e.EndSeq, e.End = ws.journal.seq, time.Now()
	e.OK, e.Status, e.Error, e.Fault = outcome.OK, outcome.Status, outcome.Error, outcome.Fault
	e.AnswerLost, e.RetryAfter = outcome.AnswerLost, outcome.RetryAfter
	ws.notify(Change{Kind: ChangeJournal, Seq: e.StartSeq})
}

// Journal returns the entries from position from on (0 for all that are kept), oldest first. A call still under way has no end.
func (ws *Workspace) Journal(from int64) []Entry {
	ws.mu.Lock()
	defer ws.mu.Unlock()
	kept := ws.since(from)
	out := make([]Entry, len(kept))
	for i, e := range kept {
		out[i] = *e
	}
	return out
}

// Mark is the journal's present position: what happens from now on has a greater one.
func (ws *Workspace) Mark() int64 {
	ws.mu.Lock()
	defer ws.mu.Unlock()
	return ws.journal.seq
}

// AwaitEntry returns the first entry from position from on that satisfies want, and waits for it if there is none yet. want
// runs with the workspace locked. An entry that is under way has no EndSeq; want may wait for that.
func (ws *Workspace) AwaitEntry(ctx context.Context, from int64, want func(Entry) bool) (Entry, error) {
	var found Entry
	err := ws.waitOn(ctx, &ws.noted, func() bool {
		for _, e := range ws.since(from) {
			if want(*e) {
				found = *e
				return true
			}
		}
		return false
	})
	return found, err
}

// since are the entries from position from on. It must be called with the lock held.
func (ws *Workspace) since(from int64) []*Entry {
	i, _ := slices.BinarySearchFunc(ws.journal.entries, from, func(e *Entry, seq int64) int { return cmp.Compare(e.StartSeq, seq) })
	return ws.journal.entries[i:]
}

// Between keeps the finished entries that began after the first one that satisfies from, and ended no later than the first one
// after that which satisfies to. It is empty if there is no such pair.
func Between(entries []Entry, from, to func(Entry) bool) []Entry {
	first := slices.IndexFunc(entries, from)
	if first < 0 {
		return nil
	}
	rest := entries[first+1:]
	last := slices.IndexFunc(rest, func(e Entry) bool { return e.EndSeq != 0 && to(e) })
	if last < 0 {
		return nil
	}
	end := rest[last].EndSeq
	return slices.DeleteFunc(slices.Clone(rest), func(e Entry) bool { return e.EndSeq == 0 || e.EndSeq > end })
}

// Calls are the finished Web API calls among entries, of the named methods or of all.
func Calls(entries []Entry, methods ...string) []Entry {
	return slices.DeleteFunc(slices.Clone(entries), func(e Entry) bool {
		return e.Kind != EntryCall || e.EndSeq == 0 || len(methods) > 0 && !slices.Contains(methods, e.Method)
	})
}

// RoundTrips is the length of the longest chain of calls among entries in which each began after the one before had ended: how
// often somebody must have waited for Slack, if each call needed the one before. Calls that went out together count as one, as
// long as answers take time (see FaultLatency): against an instant Slack no two calls ever overlap.
func RoundTrips(entries []Entry) int {
	calls := Calls(entries)
	slices.SortFunc(calls, func(a, b Entry) int { return cmp.Compare(a.EndSeq, b.EndSeq) })
	chain, end := 0, int64(0)
	for _, c := range calls {
		if c.StartSeq > end {
			chain, end = chain+1, c.EndSeq
		}
	}
	return chain
}
