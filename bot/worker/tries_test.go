package worker

import (
	"testing"
	"time"

	"muster/incident/ledger"
)

func TestDoubt(t *testing.T) {
	sure, unsure := Verdict{Class: RetryAfter}, Verdict{Class: Retry, Unsure: true}
	for _, test := range []struct {
		name         string
		first        int // the attempt that this process sees first
		outcomes     []Verdict
		wantUnsure   bool
		wantBefore   bool
		wantTroubles int
	}{
		{"a first attempt", 1, nil, false, false, 0},
		{"after a refusal", 1, []Verdict{sure}, false, false, 0},
		{"after refusals only", 1, []Verdict{sure, sure, sure}, false, false, 0},
		{"after a lost answer", 1, []Verdict{unsure}, true, false, 1},
		{"a lost answer is never forgotten", 1, []Verdict{unsure, sure, sure}, true, false, 1},
		{"another process tried", 2, nil, true, true, 0},
		{"another process tried, then a refusal", 2, []Verdict{sure}, true, false, 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			m := &tries{jobs: map[ledger.JobID]try{}}
			job := ledger.Job{ID: 7, Attempt: test.first}
			troubles := 0
			for _, outcome := range test.outcomes {
				troubles = m.failed(job, outcome)
				job.Attempt++
			}
			unsure, before, troubled := m.doubt(job)
			if troubled != (troubles > 0) {
				t.Errorf("troubled is %v after %d troubles", troubled, troubles)
			}
			if unsure != test.wantUnsure || (unsure && before != test.wantBefore) || troubles != test.wantTroubles {
				t.Errorf("got unsure=%v before=%v troubles=%d, want %v %v %d", unsure, before, troubles, test.wantUnsure, test.wantBefore, test.wantTroubles)
			}
		})
	}
}

func TestBackoff(t *testing.T) {
	options := Options{}
	options.fill()
	w := &Worker{Options: options}
	for troubles, most := range map[int]time.Duration{0: time.Second, 1: time.Second, 2: 2 * time.Second, 5: 16 * time.Second, 9: time.Minute, 10: time.Minute, 1000: time.Minute} {
		for range 100 {
			if got := w.backoff(troubles); got < most/2 || got > most {
				t.Fatalf("after %d troubles: %v, want between %v and %v", troubles, got, most/2, most)
			}
		}
	}
}

func TestGate(t *testing.T) {
	var g gate
	now := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	until, anew := g.shut(now)
	if !anew || !until.Equal(now.Add(gateFirst)) {
		t.Errorf("shut until %v, %v", until, anew)
	}
	if _, anew = g.shut(now.Add(time.Second)); anew {
		t.Error("a job that was under way shut it again")
	}
	for range 20 {
		until, _ = g.shut(until)
	}
	if _, probing := g.state(); !probing {
		t.Error("it is not shut")
	}
	if next, _ := g.shut(until); next.Sub(until) != gateMost {
		t.Errorf("it stays shut for %v, want %v", next.Sub(until), gateMost)
	}
	g.open()
	if until, probing := g.state(); probing || !until.IsZero() {
		t.Error("it is not open")
	}
}
