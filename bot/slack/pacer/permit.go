package pacer

import (
	"context"
	"time"
)

// Permit is the right to make one call. Its methods may be called from several goroutines.
type Permit struct {
	pacer *Pacer
	call  Call
	limit *limit // nil when the method is not paced
	used  bool   // guarded by the pacer's lock
}

type permitKey struct{}

// Context carries the permit to the transport, through whatever makes the request.
func (p *Permit) Context(ctx context.Context) context.Context {
	return context.WithValue(ctx, permitKey{}, p)
}

// Release gives the call back if it was not made. It may be called more than once.
func (p *Permit) Release() {
	p.pacer.mu.Lock()
	defer p.pacer.mu.Unlock()
	if p.used {
		return
	}
	p.used = true
	if p.limit != nil {
		p.limit.giveBack()
		p.pacer.serve(p.limit)
	}
}

// use spends the permit on a request for a method; false means that it is another method's, or was spent already.
func (p *Permit) use(method string) bool {
	p.pacer.mu.Lock()
	defer p.pacer.mu.Unlock()
	if p.used || p.call.Method != method {
		return false
	}
	p.used = true
	return true
}

// answered ends the call: what is known of Slack's rates now is taken in.
func (p *Permit) answered() {
	if p.limit == nil {
		return
	}
	p.pacer.mu.Lock()
	defer p.pacer.mu.Unlock()
	p.limit.answered(time.Now())
	p.pacer.serve(p.limit)
}

// refused ends the call with Slack's 429.
func (p *Permit) refused(after time.Duration) {
	if p.limit == nil {
		return
	}
	p.pacer.mu.Lock()
	defer p.pacer.mu.Unlock()
	p.limit.refused(time.Now(), after)
	p.pacer.serve(p.limit)
}
