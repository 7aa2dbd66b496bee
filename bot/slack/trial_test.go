package slack_test

import (
	"context"
	"sync"
	"time"

	"muster/bot"
	"muster/bot/desk"
	"muster/incident"
	"muster/incident/ledger"
)

// trial is one time that an effect was performed, and what the incident was meanwhile.
type trial struct {
	job      incident.Job
	from, to uint64 // the entries up to which the incident was folded when it began and when it ended
	at       time.Time
	failed   bool
	ended    bool
}

// trials are all attempts of a story, by whichever process.
type trials struct {
	mu  sync.Mutex
	all map[incident.JobID][]*trial
}

// watchedStore notes when effects are performed.
type watchedStore struct {
	bot.Store
	seen *trials
}

func (s watchedStore) seq(ctx context.Context, job incident.Job) uint64 {
	in, err := s.Get(ctx, incident.IDOf(job.Effect.Handling().Of))
	if err != nil {
		return 0
	}
	return in.Seq
}

func (s watchedStore) Claim(ctx context.Context, now time.Time, limit int, media ...ledger.Medium) ([]incident.Job, error) {
	jobs, err := s.Store.Claim(ctx, now, limit, media...)
	for _, job := range jobs {
		from := s.seq(ctx, job)
		s.seen.mu.Lock()
		s.seen.all[job.ID] = append(s.seen.all[job.ID], &trial{job: job, from: from, at: time.Now()})
		s.seen.mu.Unlock()
	}
	return jobs, err
}

func (s watchedStore) end(job incident.Job, to uint64, failed bool) {
	s.seen.mu.Lock()
	defer s.seen.mu.Unlock()
	last := s.seen.all[job.ID][len(s.seen.all[job.ID])-1]
	last.to, last.failed, last.ended = to, failed, true
}

func (s watchedStore) Complete(ctx context.Context, job incident.Job, followUp desk.Decide) (incident.Outcome, error) {
	to := s.seq(ctx, job)
	out, err := s.Store.Complete(ctx, job, followUp)
	if err == nil {
		s.end(job, max(to, out.State.Seq), false)
	}
	return out, err
}

func (s watchedStore) Fail(ctx context.Context, job incident.Job, reason string, followUp desk.Decide) (incident.Outcome, error) {
	to := s.seq(ctx, job)
	out, err := s.Store.Fail(ctx, job, reason, followUp)
	if err == nil {
		s.end(job, max(to, out.State.Seq), true)
	}
	return out, err
}

// last is the attempt that ended one effect: the last of those that a match accepts.
func (a *trials) last(match func(incident.Effect) bool) *trial {
	a.mu.Lock()
	defer a.mu.Unlock()
	var found *trial
	for _, tries := range a.all {
		for _, try := range tries {
			if try.ended && match(try.job.Effect) && (found == nil || try.at.After(found.at)) {
				found = try
			}
		}
	}
	return found
}
