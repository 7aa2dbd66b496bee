package worker

import (
	"math/rand/v2"
	"time"

	"github.com/rs/zerolog"

	"muster/incident/ledger"
)

// Options of a Worker. Queue, Desk, Effects and Media are required.
type Options struct {
	Queue   Queue
	Desk    Desk
	Effects []ledger.EffectType // all that the program knows
	Media   []Medium            // each effect is of one of them
	Log     zerolog.Logger

	Observer Observer // may be nil
	// Random spreads retries; nil seeds itself. The worker guards it with a lock.
	Random *rand.Rand
	AtOnce int           // jobs under way at once, those that wait for a rate included; 0: 2048, a few kilobytes each
	Drain  time.Duration // how long calls under way may go on after the context ended; 0: 8 s

	// At is told where in a job's life the worker is: "claimed/KIND", "performed/KIND", "completed/KIND". It is for tests
	// that end the process there; nil in production.
	At func(point string)
}

func (o *Options) fill() {
	if o.Observer == nil {
		o.Observer = silent{}
	}
	if o.Random == nil {
		o.Random = rand.New(rand.NewPCG(rand.Uint64(), rand.Uint64()))
	}
	if o.AtOnce <= 0 {
		o.AtOnce = 2048
	}
	if o.Drain <= 0 {
		o.Drain = 8 * time.Second
	}
	if o.At == nil {
		o.At = func(string) {}
	}
}

// Observer is told how jobs end. Its methods must return soon.
type Observer interface {
	// Performed: the job is done, so long after its command was committed.
	Performed(kind ledger.EffectKind, after time.Duration)
	// Retried: it did not work out and is tried again.
	Retried(kind ledger.EffectKind, reason string)
	// Failed: it waits for a person now.
	Failed(kind ledger.EffectKind, reason string)
	// Away: a medium takes nothing from us; nothing of it is performed until then.
	Away(medium ledger.Medium, code string, until time.Time)
}

type silent struct{}

func (silent) Performed(ledger.EffectKind, time.Duration) {}
func (silent) Retried(ledger.EffectKind, string)          {}
func (silent) Failed(ledger.EffectKind, string)           {}
func (silent) Away(ledger.Medium, string, time.Time)      {}
