package incident

import (
	"slices"
	"time"
)

// StepName names a step of the process (PROCESS: Steps).
type StepName string

const (
	StepDetect       StepName = "detect"
	StepRaise        StepName = "raise"
	StepOpenComms    StepName = "open_comms"
	StepAssess       StepName = "assess"
	StepInitialComms StepName = "initial_comms"
	StepEscalate     StepName = "escalate"
	StepDelegate     StepName = "delegate"
	StepFollowUp     StepName = "follow_up"
	StepReview       StepName = "review"
	StepResolve      StepName = "resolve"
	StepPostReview   StepName = "post_review"
)

// RailStep is one step of the process and whether the incident's timeline proves that it was done.
type RailStep struct {
	Name StepName
	Done bool
}

// Rail lists the steps of the process in order. A step is done when facts prove it, never because somebody ticked it, so
// a step can become undone again: a role falls empty, an update gets overdue.
func Rail(in Incident, p *Policy, now time.Time) []RailStep {
	next := NextUpdate(in, p)
	working := slices.Contains([]Status{Fixing, Monitoring, Resolved, Closed}, in.Status)
	return []RailStep{
		{Name: StepDetect, Done: in.Origin.Source != ""},
		{Name: StepRaise, Done: !in.DeclaredAt.IsZero() && in.Status != Triage},
		{Name: StepOpenComms, Done: in.Channel.State != ChannelNone && len(in.Holders(IncidentManager)) > 0 && working},
		{Name: StepAssess, Done: in.Confirmed},
		{Name: StepInitialComms, Done: in.Updates > 0},
		{Name: StepEscalate, Done: in.BroughtIn},
		{Name: StepDelegate, Done: len(in.Missing(p)) == 0},
		{Name: StepFollowUp, Done: in.Updates > 0 && (next.IsZero() || !next.Before(now))},
		{Name: StepReview, Done: in.Notes > 0},
		{Name: StepResolve, Done: in.Status == Resolved || in.Status == Closed},
		{Name: StepPostReview, Done: in.Status == Closed},
	}
}

// NextStep is the step to do now: the first one that is not done. Once the incident is resolved, what was left out on
// the way there does not come back. It is empty when nothing is left.
func NextStep(rail []RailStep) StepName {
	from := slices.Index(rail, RailStep{Name: StepResolve, Done: true})
	for _, step := range rail[max(from, 0):] {
		if !step.Done {
			return step.Name
		}
	}
	return ""
}

// StepNames lists the steps in the order of the process.
func StepNames() []StepName {
	return []StepName{StepDetect, StepRaise, StepOpenComms, StepAssess, StepInitialComms, StepEscalate, StepDelegate,
		StepFollowUp, StepReview, StepResolve, StepPostReview}
}
