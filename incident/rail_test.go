package incident

import (
	"slices"
	"testing"
	"time"
)

func TestRailShowsWhatTheTimelineProves(t *testing.T) {
	start := time.Date(2026, 11, 22, 2, 0, 0, 0, time.UTC)
	policy := DefaultPolicy()
	if err := policy.Compile(func(string) (Schedule, error) { return hourly{}, nil }); err != nil {
		t.Fatal(err)
	}
	in := Incident{ID: NewID(42), Severity: "sev3", Status: Triage, Origin: Origin{Source: FromCommand}, DeclaredAt: start, CadenceFrom: start}
	now := start
	story := []struct {
		act  string
		do   func()
		done []StepName // newly done
		gone []StepName // no longer done
		next StepName
	}{
		{"raised, not accepted", func() {}, []StepName{StepDetect}, nil, StepRaise},
		{"accepted", func() { in.Status = Declared }, []StepName{StepRaise}, nil, StepOpenComms},
		{"channel", func() { in.Channel = Channel{ID: "C1", State: ChannelLive} }, nil, nil, StepOpenComms},
		{"manager", func() { in.Roles = []Assignment{{Role: IncidentManager, User: "U1"}} }, []StepName{StepDelegate}, nil, StepOpenComms},
		{"fixing", func() { in.Status = Fixing }, []StepName{StepOpenComms}, nil, StepAssess},
		{"assessed", func() { in.Confirmed = true }, []StepName{StepAssess}, nil, StepInitialComms},
		{"update", func() { in.Updates, in.CadenceFrom = 1, now }, []StepName{StepInitialComms, StepFollowUp}, nil, StepEscalate},
		{"somebody else came", func() { in.BroughtIn = true }, []StepName{StepEscalate}, nil, StepReview},
		{"two hours of silence", func() { now = now.Add(2 * time.Hour) }, nil, []StepName{StepFollowUp}, StepFollowUp},
		{"graver, so roles are missing", func() { in.Severity = "sev1" }, nil, []StepName{StepDelegate}, StepDelegate},
		{"resolved without a note", func() { in.Status = Resolved }, []StepName{StepResolve, StepFollowUp}, nil, StepPostReview},
		{"closed", func() { in.Status = Closed }, []StepName{StepPostReview}, nil, ""},
	}
	var done []StepName
	for _, chapter := range story {
		chapter.do()
		done = append(done, chapter.done...)
		done = slices.DeleteFunc(done, func(name StepName) bool { return slices.Contains(chapter.gone, name) })
		rail := Rail(in, policy, now)
		for i, step := range rail {
			if step.Name != StepNames()[i] {
				t.Fatalf("step %d is %s, want %s", i, step.Name, StepNames()[i])
			}
			if want := slices.Contains(done, step.Name); step.Done != want {
				t.Errorf("%s: step %s done = %v, want %v", chapter.act, step.Name, step.Done, want)
			}
		}
		if got := NextStep(rail); got != chapter.next {
			t.Errorf("%s: next step %q, want %q", chapter.act, got, chapter.next)
		}
	}
}

type hourly struct{}

func (hourly) Next(after time.Time) time.Time { return after.Add(time.Hour) }
