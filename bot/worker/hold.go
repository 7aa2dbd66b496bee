package worker

import (
	"sync"
	"time"
)

// mostHold is for how long a hold lasts at most, whatever its holder does: people wait for effects too.
const mostHold = 2 * time.Second

// Hold keeps the worker from starting anything until release is called: for the clock, which has reminders to commit that are due now
// and must not share the machine with thousands of effects. What is under way goes on. A hold ends by itself after two seconds.
// release may be called more than once.
func (w *Worker) Hold() (release func()) {
	w.held.Add(1)
	let := sync.OnceFunc(func() {
		w.held.Add(-1)
		w.signal()
	})
	limit := time.AfterFunc(mostHold, let)
	return func() {
		limit.Stop()
		let()
	}
}
