package pacer

import "time"

// drift makes every interval a little longer than Slack's, so that two clocks that do not quite agree earn no 429.
const drift = 1.002

// limit is one rate as it is being spent, and what waits for it. It is a token bucket kept as one moment: full is when the
// bucket would be full again. The pacer's lock guards it.
type limit struct {
	method string
	burst  int
	every  time.Duration
	full   time.Time
	flying int       // calls that were let through and are not answered yet
	halted time.Time // Slack said not before then
	queue  queue
	timer  *time.Timer // lets the next one through; nil when nobody waits
}

func newLimit(method string, rate Rate, scale float64) *limit {
	return &limit{method: method, burst: rate.Burst, every: time.Duration(float64(rate.Every) * drift / scale)}
}

// span is how far ahead of now full may lie with a call still left.
func (l *limit) span() time.Duration { return time.Duration(l.burst-1) * l.every }

// opens is when the next call may go out; a moment that is past means now.
func (l *limit) opens() time.Time {
	at := l.full.Add(-l.span())
	if l.halted.After(at) {
		return l.halted
	}
	return at
}

// take spends one call.
func (l *limit) take(now time.Time) {
	if l.full.Before(now) {
		l.full = now
	}
	l.full = l.full.Add(l.every)
	l.flying++
}

// giveBack returns a call that was taken but not made.
func (l *limit) giveBack() {
	l.full = l.full.Add(-l.every)
	l.flying--
}

// answered corrects the bucket once a call's answer is here. Slack counted it some time between sending and answer, and what
// is under way still may be counted after it. Assuming the latest possible moment keeps calls that overtake each other on
// the way from arriving closer together than they may.
func (l *limit) answered(now time.Time) {
	if full := now.Add(time.Duration(l.flying) * l.every); full.After(l.full) {
		l.full = full
	}
	l.flying--
}

// refused takes a 429 in: nothing before Slack's time, and from then on one at a time, since Slack's bucket is empty.
func (l *limit) refused(now time.Time, after time.Duration) {
	until := now.Add(after)
	if until.After(l.halted) {
		l.halted = until
	}
	if full := until.Add(l.span()); full.After(l.full) {
		l.full = full
	}
}

// idle reports whether forgetting the limit would change nothing.
func (l *limit) idle(now time.Time) bool {
	return l.queue.empty() && l.flying == 0 && !l.full.After(now) && !l.halted.After(now)
}
