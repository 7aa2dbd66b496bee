package slack_test

import (
	"slices"

	"muster/incident"
)

// checkFailed wants a failure to be on the timeline.
func (s *story) checkFailed(try *trial) {
	if s.failure(try.job.ID) < 0 {
		s.missed("%s failed for good and the timeline does not tell", try.job.Once())
	}
}

// failure is the index of the last entry that tells of a failed job, or -1.
func (s *story) failure(job incident.JobID) int {
	for i, entry := range slices.Backward(s.entries) {
		if e, is := entry.Event.(incident.EventEffectFailed); is && e.Trouble.Job == job {
			return i
		}
	}
	return -1
}

// checkTroubles wants the incident to know of every failure that waits for a person. What they were told of it is looked for like
// anything else.
func (s *story) checkTroubles() {
	failed, err := s.store.Jobs(s.Context(), incident.JobsFailed, 0)
	if err != nil {
		s.Fatal(err)
	}
	for _, job := range failed {
		if incident.IDOf(job.Effect.Handling().Of) == s.of.ID &&
			!slices.ContainsFunc(s.now.Troubles, func(trouble incident.Trouble) bool { return trouble.Job == job.ID }) {
			s.missed("%s is set aside and the incident does not know", job.Once())
		}
	}
}

// confessed reports whether the declarer was told directly of an entry that could not be posted.
func (s *story) confessed(job incident.JobID) bool {
	s.trials.mu.Lock()
	defer s.trials.mu.Unlock()
	for _, try := range s.trials.all[job] {
		for _, suffix := range []string{"/failed", ""} {
			if found := s.ws.byKey[try.job.Once()+suffix]; len(found) == 1 && s.ws.told(found[0], s.now.DeclaredBy) {
				return true
			}
		}
	}
	return false
}

// checkQueue wants nothing to wait or to be under way: what was asked for came to an end.
func (w *world) checkQueue() {
	for _, state := range []incident.JobState{incident.JobsWaiting, incident.JobsRunning} {
		jobs, err := w.store.Jobs(w.Context(), state, 0)
		if err != nil {
			w.Fatal(err)
		}
		for _, job := range jobs {
			w.total.lost.Add(1)
			w.Errorf("%s is %s and stays so", job.Once(), state)
		}
	}
}
