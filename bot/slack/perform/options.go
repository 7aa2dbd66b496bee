package perform

import (
	"context"
	"math/rand/v2"
	"time"

	"github.com/rs/zerolog"
	"github.com/slack-go/slack"

	"muster/bot/slack/pacer"
	"muster/bot/slack/view"
	"muster/incident"
)

// Options of a Worker. Store, Desk, Slack, Pacer, People, Views and Policy are required.
type Options struct {
	Store  Store
	Desk   Desk
	Slack  *slack.Client // its requests go through the pacer's transport
	Pacer  *pacer.Pacer
	People People
	Views  view.Views
	Policy *incident.Policy
	// BotUser is whom the messages come from: what it did not post is never taken for ours.
	BotUser  incident.UserID
	Log      zerolog.Logger
	Observer Observer // may be nil
	// Random spreads retries; nil seeds itself. The worker guards it with a lock.
	Random *rand.Rand

	AtOnce int           // jobs under way at once, those that wait for a rate included; 0: 2048, a few kilobytes each
	Answer time.Duration // how long a call may take; 0: 20 s
	Drain  time.Duration // how long calls under way may go on after the context ended; 0: 8 s
	Linger time.Duration // how long a call may still take effect after its caller has gone or given up; 0: 2 s

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
	if o.Answer <= 0 {
		o.Answer = 20 * time.Second
	}
	if o.Drain <= 0 {
		o.Drain = 8 * time.Second
	}
	if o.Linger <= 0 {
		o.Linger = 2 * time.Second
	}
	if o.At == nil {
		o.At = func(string) {}
	}
}

// People knows who somebody is, and with that what they may read.
type People interface {
	Actor(ctx context.Context, user incident.UserID) (incident.Actor, error)
}

// Observer is told how jobs end. Its methods must return soon.
type Observer interface {
	// Performed: the job is done, so long after its command was committed.
	Performed(kind incident.EffectKind, after time.Duration)
	// Retried: it did not work out and is tried again.
	Retried(kind incident.EffectKind, reason string)
	// Failed: it waits for a person now.
	Failed(kind incident.EffectKind, reason string)
	// Unauthorized: Slack does not take the token; nothing is performed until then.
	Unauthorized(code string, until time.Time)
}

type silent struct{}

func (silent) Performed(incident.EffectKind, time.Duration) {}
func (silent) Retried(incident.EffectKind, string)          {}
func (silent) Failed(incident.EffectKind, string)           {}
func (silent) Unauthorized(string, time.Time)               {}
