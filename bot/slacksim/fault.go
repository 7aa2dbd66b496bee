package slacksim

import (
	"context"
	"net/http"
	"path"
	"slices"
	"strconv"
	"time"
)

// FaultKind is one way in which Slack can fail.
type FaultKind string

// The faults. The first group strikes Web API calls, the second envelopes and acks.
const (
	FaultError       FaultKind = "error"        // the call is refused with Code
	FaultRateLimited FaultKind = "rate_limited" // 429; Delay is Retry-After, a negative one leaves the header out
	FaultStatus      FaultKind = "status"       // HTTP Status, 503 if none is given
	FaultLatency     FaultKind = "latency"      // the answer takes Delay longer; half of it before the call takes effect, even if its caller is gone
	FaultHang        FaultKind = "hang"         // no effect, and no answer until the caller gives up
	FaultHangAfter   FaultKind = "hang_after"   // the call takes effect; no answer until the caller gives up
	FaultCutBefore   FaultKind = "cut_before"   // the connection ends before the call took effect
	FaultCutAfter    FaultKind = "cut_after"    // the connection ends after the call took effect: the answer is lost
	FaultLate        FaultKind = "late"         // the connection ends, and the call takes effect Delay later
	FaultNameRace    FaultKind = "name_race"    // conversations.create does not notice that the name is taken

	FaultEnvelopeTwice FaultKind = "envelope_twice" // an event arrives twice
	FaultEnvelopeLate  FaultKind = "envelope_late"  // an event arrives Delay later
	FaultEnvelopeSwap  FaultKind = "envelope_swap"  // an event arrives after the next one, or after Delay
	FaultEnvelopeLost  FaultKind = "envelope_lost"  // it is sent into the void, as into a socket that died just now
	FaultAckLost       FaultKind = "ack_lost"       // the app's ack does not arrive
)

// Fault is a rule: what strikes, and when. Of several that match, each strikes; of those that decide the answer, the first.
type Fault struct {
	ID   string    `json:"id"` // given by AddFault
	Kind FaultKind `json:"kind"`
	// Match is a glob (path.Match) over the method, the kind of envelope (slash_commands, interactive) or the event's type.
	// Empty means all.
	Match       string        `json:"match,omitempty"`
	Code        string        `json:"code,omitempty"`
	Status      int           `json:"status,omitempty"`
	Delay       time.Duration `json:"delay,omitempty"`
	Skip        int           `json:"skip,omitempty"`        // let this many matches pass first
	Count       int           `json:"count,omitempty"`       // strike this often; 0 means until cleared
	Probability float64       `json:"probability,omitempty"` // of striking at a match; 0 means always
	Hits        int           `json:"hits"`                  // how often it has struck
	seen        int
}

// AddFault arms a fault and returns its ID. A malformed glob matches nothing.
func (ws *Workspace) AddFault(f Fault) string {
	ws.mu.Lock()
	defer ws.mu.Unlock()
	ws.st.NextID++
	f.ID, f.Hits, f.seen = "F"+strconv.FormatInt(ws.st.NextID, 10), 0, 0
	ws.faults = append(ws.faults, &f)
	ws.notify(Change{Kind: ChangeFault})
	return f.ID
}

// Faults are the armed faults, in the order they came.
func (ws *Workspace) Faults() []Fault {
	ws.mu.Lock()
	defer ws.mu.Unlock()
	out := make([]Fault, len(ws.faults))
	for i, f := range ws.faults {
		out[i] = *f
	}
	return out
}

// ClearFaults disarms the faults of these IDs, or all.
func (ws *Workspace) ClearFaults(ids ...string) {
	ws.mu.Lock()
	defer ws.mu.Unlock()
	ws.faults = slices.DeleteFunc(ws.faults, func(f *Fault) bool { return len(ids) == 0 || slices.Contains(ids, f.ID) })
	ws.notify(Change{Kind: ChangeFault})
}

// SetDown takes Slack away altogether, or brings it back: sockets are cut, calls find nobody, people cannot act. What had
// happened before stays.
func (ws *Workspace) SetDown(down bool) {
	ws.mu.Lock()
	defer ws.mu.Unlock()
	ws.down = down
	if down {
		for _, s := range slices.Clone(ws.sockets) {
			s.end()
		}
	}
	ws.notify(Change{Kind: ChangeFault})
}

// Down says whether SetDown has taken Slack away.
func (ws *Workspace) Down() bool {
	ws.mu.Lock()
	defer ws.mu.Unlock()
	return ws.down
}

// strike says whether the fault strikes at this match, and counts it. It must be called with the lock held.
func (ws *Workspace) strike(f *Fault, name string) bool {
	if f.Match != "" {
		if ok, err := path.Match(f.Match, name); err != nil || !ok {
			return false
		}
	}
	if f.Count > 0 && f.Hits >= f.Count {
		return false
	}
	f.seen++
	if f.seen <= f.Skip || f.Probability > 0 && ws.random.Float64() >= f.Probability {
		return false
	}
	f.Hits++
	return true
}

// struck are the faults of these kinds that strike now.
func (ws *Workspace) struck(name string, kinds ...FaultKind) map[FaultKind]*Fault {
	out := map[FaultKind]*Fault{}
	for _, f := range ws.faults {
		if slices.Contains(kinds, f.Kind) && out[f.Kind] == nil && ws.strike(f, name) {
			out[f.Kind] = f
		}
	}
	return out
}

// plan is what is going to happen to one Web API call.
type plan struct {
	down    bool
	latency time.Duration
	fault   *Fault // the one that decides the outcome
	races   bool
}

func (ws *Workspace) plan(name string) plan {
	ws.mu.Lock()
	defer ws.mu.Unlock()
	p := plan{down: ws.down}
	for _, f := range ws.faults {
		switch f.Kind {
		case FaultLatency:
			if ws.strike(f, name) {
				p.latency += f.Delay
			}
		case FaultNameRace:
			p.races = p.races || name == "conversations.create" && ws.strike(f, name)
		case FaultError, FaultRateLimited, FaultStatus, FaultHang, FaultHangAfter, FaultCutBefore, FaultCutAfter, FaultLate:
			if p.fault == nil && ws.strike(f, name) {
				p.fault = f
			}
		}
	}
	return p
}

func (p plan) kind() FaultKind {
	if p.fault == nil {
		return ""
	}
	return p.fault.Kind
}

func (p plan) name() string {
	if p.down {
		return "down"
	}
	return string(p.kind())
}

// result is the answer if the fault decides it, or nil.
func (p plan) result() *result {
	switch p.kind() {
	case FaultError:
		return refusal(p.fault.Code, nil)
	case FaultRateLimited:
		res := rateLimited(max(p.fault.Delay, 0))
		res.noHeader = p.fault.Delay < 0
		return res
	case FaultStatus:
		status := p.fault.Status
		if status == 0 {
			status = http.StatusServiceUnavailable
		}
		return &result{status: status, code: "http_" + strconv.Itoa(status)}
	}
	return nil
}

// before spends the time until the call takes effect; false means that it never does, and the connection ends.
func (ws *Workspace) before(r *http.Request, c *call, p plan) bool {
	c.races = p.races
	switch {
	case p.down || p.kind() == FaultCutBefore:
		return false
	case p.kind() == FaultHang:
		ws.sleep(r.Context(), -1)
		return false
	}
	// What has arrived takes effect, whoever still waits for the answer.
	return ws.sleep(ws.ctx, p.latency/2)
}

// land lets a call take effect after its connection has ended. It must be called within enter and leave.
func (ws *Workspace) land(c *call, token, problem string, p plan) {
	outcome := Entry{Error: "connection cut", Fault: p.name()}
	if ws.sleep(ws.ctx, p.fault.Delay) {
		res := ws.answer(c, token, problem)
		outcome = Entry{OK: res.ok, Status: res.status, Error: res.code, Fault: p.name(), AnswerLost: true}
	}
	ws.finish(c.entry, outcome)
}

// after spends the time until the answer goes out; false means that it is lost.
func (ws *Workspace) after(r *http.Request, p plan) bool {
	switch p.kind() {
	case FaultCutAfter:
		return false
	case FaultHangAfter:
		ws.sleep(r.Context(), -1)
		return false
	}
	return ws.sleep(r.Context(), p.latency-p.latency/2) && !ws.Down()
}

// sleep waits; a negative time means until ctx ends. false means that there is nobody left to wait for.
func (ws *Workspace) sleep(ctx context.Context, d time.Duration) bool {
	if d == 0 {
		return true
	}
	var over <-chan time.Time
	if d > 0 {
		t := time.NewTimer(d)
		defer t.Stop()
		over = t.C
	}
	select {
	case <-over:
		return true
	case <-ctx.Done():
		return false
	case <-ws.ctx.Done():
		return false
	}
}
