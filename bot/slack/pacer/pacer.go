package pacer

import (
	"context"
	"fmt"
	"sync"
	"time"

	"muster/incident"
)

// Observer is told what happens at the pacer. Its methods are called with nothing locked and must return soon.
type Observer interface {
	// Limited: Slack answered 429 and wants nothing of this method for so long.
	Limited(method string, after time.Duration)
	// Waited: a call was let through after so long; 0 when it did not wait.
	Waited(method string, urgency incident.Urgency, wait time.Duration)
}

// Options of a Pacer. The zero value is Slack's real rates.
type Options struct {
	// Observer may be nil.
	Observer Observer
	// Unlimited lets everything through at once and only keeps what a 429 says: for tests and for stand-ins without rates.
	Unlimited bool
	// Scale multiplies the rates, for a stand-in whose clock runs faster; 0 is 1.
	Scale float64
}

// Call says what is about to be called, and for whom.
type Call struct {
	Method   string             // "chat.update"
	Channel  incident.ChannelID // counts for chat.postMessage only
	Urgency  incident.Urgency
	Incident incident.ID // empty: none; those share a turn
}

// Pacer spends Slack's rates. All methods may be called from many goroutines.
type Pacer struct {
	options Options
	mu      sync.Mutex
	limits  map[string]*limit
}

// New makes a pacer whose rates are all unspent.
func New(options Options) *Pacer {
	if options.Scale <= 0 {
		options.Scale = 1
	}
	if options.Observer == nil {
		options.Observer = silent{}
	}
	return &Pacer{options: options, limits: map[string]*limit{}}
}

type silent struct{}

func (silent) Limited(string, time.Duration)                  {}
func (silent) Waited(string, incident.Urgency, time.Duration) {}

// Acquire waits until the call may go out. The permit is good for one call, which the transport recognizes by the context
// that Permit.Context makes; Release must be called in any case. The error is the context's, and no call is spent then.
func (p *Pacer) Acquire(ctx context.Context, call Call) (*Permit, error) {
	began := time.Now()
	permit := &Permit{pacer: p, call: call}
	p.mu.Lock()
	l := p.limit(call)
	if l == nil {
		p.mu.Unlock()
		p.options.Observer.Waited(call.Method, call.Urgency, 0)
		return permit, nil
	}
	permit.limit = l
	w := &waiter{call: call, granted: make(chan struct{}, 1)}
	l.queue.push(w)
	p.serve(l)
	p.mu.Unlock()
	select {
	case <-w.granted:
	case <-ctx.Done():
		p.abandon(l, w)
		return nil, fmt.Errorf("wait for %s: %w", call.Method, ctx.Err())
	}
	p.options.Observer.Waited(call.Method, call.Urgency, time.Since(began))
	return permit, nil
}

// serve lets through whatever may go out now, and sets the timer for what may go out next. The lock is held.
func (p *Pacer) serve(l *limit) {
	now := time.Now()
	for !l.queue.empty() && !l.opens().After(now) {
		l.take(now)
		l.queue.pop().granted <- struct{}{}
	}
	switch {
	case l.queue.empty() && l.timer != nil:
		l.timer.Stop()
		l.timer = nil
	case l.queue.empty():
	case l.timer == nil:
		l.timer = time.AfterFunc(l.opens().Sub(now), func() {
			p.mu.Lock()
			defer p.mu.Unlock()
			p.serve(l)
		})
	default:
		l.timer.Reset(l.opens().Sub(now))
	}
}

// abandon takes a waiter out whose caller gave up; if it was let through at the same moment, its call is given back.
func (p *Pacer) abandon(l *limit, w *waiter) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !l.queue.remove(w) {
		<-w.granted
		l.giveBack()
	}
	p.serve(l)
}

// limit finds the limit that a call falls under; nil when it is not paced. The lock is held.
func (p *Pacer) limit(call Call) *limit {
	rate, paced := RateOf(call.Method)
	if !paced {
		return nil
	}
	name := call.Method
	if call.Method == postMessage {
		name += " " + string(call.Channel)
	}
	if l := p.limits[name]; l != nil {
		return l
	}
	if p.options.Unlimited {
		rate.Every = 0
	}
	p.forget()
	l := newLimit(call.Method, rate, p.options.Scale)
	p.limits[name] = l
	return l
}

// forgetAt is how many limits are kept before idle ones are looked for: channels come and go for years.
const forgetAt = 512

func (p *Pacer) forget() {
	if len(p.limits) == 0 || len(p.limits)%forgetAt != 0 {
		return
	}
	now := time.Now()
	for name, l := range p.limits {
		if l.idle(now) {
			delete(p.limits, name)
		}
	}
}
