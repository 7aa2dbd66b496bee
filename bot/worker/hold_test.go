package worker

import (
	"context"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/rs/zerolog"

	"muster/incident/ledger"
)

// still is a queue whose one job says when it is claimed.
type still struct {
	Queue
	mu      sync.Mutex
	claimed time.Time
}

func (s *still) NextJob(context.Context, ...ledger.Medium) (time.Time, bool) {
	return time.Time{}, true
}
func (s *still) Wake() <-chan struct{} { return nil }
func (s *still) Claim(context.Context, time.Time, int, ...ledger.Medium) ([]ledger.Job, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.claimed.IsZero() {
		s.claimed = time.Now()
	}
	return nil, nil
}

// While it is held a worker claims nothing: until it is let go, by the last who holds it or by time.
func TestHold(t *testing.T) {
	for name, test := range map[string]struct {
		releases []time.Duration // when each of the holders lets go
		want     time.Duration
	}{
		"nobody holds it":        {nil, 0},
		"released":               {[]time.Duration{time.Second}, time.Second},
		"two hold it":            {[]time.Duration{time.Second, time.Second / 2}, time.Second},
		"a holder never lets go": {[]time.Duration{time.Hour}, mostHold},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				store := &still{}
				w, err := New(Options{Queue: store, Media: []Medium{{Name: "post"}}, Log: zerolog.Nop()})
				if err != nil {
					t.Fatal(err)
				}
				for _, after := range test.releases {
					release := w.Hold()
					timer := time.AfterFunc(after, func() {
						release()
						release()
					})
					defer timer.Stop()
				}
				began := time.Now()
				ctx, cancel := context.WithCancel(t.Context())
				ended := make(chan error, 1)
				go func() { ended <- w.Run(ctx) }()
				<-time.After(time.Minute)
				cancel()
				if err := <-ended; err != nil {
					t.Fatal(err)
				}
				if got := store.claimed.Sub(began); got != test.want {
					t.Errorf("it claimed after %v, want %v", got, test.want)
				}
			})
		})
	}
}
