package slacksim

import (
	"cmp"
	"slices"
	"time"

	"golang.org/x/time/rate"
)

// The tiers, in calls a minute for each method, and the special ones.
const (
	tier1, tier2, tier3, tier4 = 1, 20, 50, 100
	tierAuth                   = 600 // auth.test and chat.getPermalink: hundreds a minute
	postsPerMinute             = 60  // chat.postMessage: one a second for each channel ...
	postBurst                  = 5   // ... and a few at once
)

// Rate is how often a method may be called: Burst at once, then PerMinute steadily. ByChannel says that each channel counts
// for itself.
type Rate struct {
	Method    string `json:"method"`
	PerMinute int    `json:"per_minute"`
	Burst     int    `json:"burst"`
	ByChannel bool   `json:"by_channel,omitempty"`
}

// Rates is the table that the workspace goes by, Pace not yet applied.
func (ws *Workspace) Rates() []Rate {
	var out []Rate
	for _, m := range ws.methods {
		out = append(out, rateOf(m))
	}
	slices.SortFunc(out, func(a, b Rate) int { return cmp.Compare(a.Method, b.Method) })
	return out
}

func rateOf(m *method) Rate {
	if m.name == "chat.postMessage" {
		return Rate{Method: m.name, PerMinute: postsPerMinute, Burst: postBurst, ByChannel: true}
	}
	return Rate{Method: m.name, PerMinute: m.tier, Burst: max(m.tier, 3)}
}

type bucket struct{ *rate.Limiter }

// spend takes one call from the method's allowance; if there is none left it says how long to wait for the next.
func (ws *Workspace) spend(c *call) time.Duration {
	if !ws.opts.Rates {
		return 0
	}
	r := rateOf(c.method)
	key := r.Method
	if r.ByChannel {
		key += " " + c.args["channel"]
	}
	return ws.take(key, float64(r.PerMinute)/60, r.Burst)
}

func (ws *Workspace) take(key string, perSecond float64, burst int) time.Duration {
	b := ws.limits[key]
	if b == nil {
		b = &bucket{rate.NewLimiter(rate.Limit(perSecond*ws.opts.Pace), burst)}
		ws.limits[key] = b
	}
	now := time.Now()
	res := b.ReserveN(now, 1)
	wait := res.DelayFrom(now)
	if wait > 0 {
		res.CancelAt(now)
	}
	return wait
}
