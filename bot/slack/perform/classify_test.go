package perform

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/slack-go/slack"

	"muster/incident"
)

func TestClassify(t *testing.T) {
	code := func(code string) error { return slack.SlackErrorResponse{Err: code} }
	for _, test := range []struct {
		err  error
		want verdict
	}{
		{nil, verdict{class: fine}},
		{code("already_pinned"), verdict{class: fine, code: "already_pinned"}},
		{code("already_in_channel"), verdict{class: fine, code: "already_in_channel"}},
		{code("not_archived"), verdict{class: fine, code: "not_archived"}},
		{&slack.RateLimitedError{RetryAfter: 30 * time.Second}, verdict{class: later, code: "ratelimited", after: 30 * time.Second}},
		{&slack.RateLimitedError{}, verdict{class: later, code: "ratelimited", after: time.Second}},
		{slack.StatusCodeError{Code: 429}, verdict{class: later, code: "ratelimited", after: restAfterRefusal}},
		{code("ratelimited"), verdict{class: later, code: "ratelimited", after: restAfterRefusal}},
		{slack.StatusCodeError{Code: 503}, verdict{class: again, code: "http_503", unsure: true}},
		{slack.StatusCodeError{Code: 404}, verdict{class: again, code: "http_404", unsure: true}},
		{code("internal_error"), verdict{class: again, code: "internal_error", unsure: true}},
		{code("service_unavailable"), verdict{class: again, code: "service_unavailable"}},
		{code("invalid_cursor"), verdict{class: again, code: "invalid_cursor"}},
		{context.DeadlineExceeded, verdict{class: again, code: "timeout", unsure: true}},
		{io.ErrUnexpectedEOF, verdict{class: again, code: "connection", unsure: true}},
		{&json.SyntaxError{}, verdict{class: again, code: "connection", unsure: true}},
		{&net.OpError{Op: "dial", Err: errors.New("refused")}, verdict{class: again, code: "unreachable"}},
		{&net.OpError{Op: "read", Err: errors.New("reset")}, verdict{class: again, code: "connection", unsure: true}},
		{code("invalid_auth"), verdict{class: unauthorized, code: "invalid_auth"}},
		{code("account_inactive"), verdict{class: unauthorized, code: "account_inactive"}},
		{code("channel_not_found"), verdict{class: permanent, code: "channel_not_found"}},
		{code("is_archived"), verdict{class: permanent, code: "is_archived"}},
		{code("is_inactive"), verdict{class: permanent, code: "is_archived"}},
		{code("missing_scope"), verdict{class: permanent, code: "missing_scope"}},
		{code("a_code_of_tomorrow"), verdict{class: permanent, code: "a_code_of_tomorrow"}},
		{failure("panic"), verdict{class: permanent, code: "panic"}},
		{incident.ErrNotFound, verdict{class: permanent, code: "not_found"}},
		{errStopping, verdict{class: stopping, code: "stopping", unsure: true}},
	} {
		t.Run(fmt.Sprint(test.err), func(t *testing.T) {
			if got := classify(test.err); got != test.want {
				t.Errorf("got %+v, want %+v", got, test.want)
			}
			if test.err == nil {
				return
			}
			if got := classify(fmt.Errorf("chat.postMessage: %w", test.err)); got != test.want {
				t.Errorf("wrapped: got %+v, want %+v", got, test.want)
			}
		})
	}
}

// TestReasonIsACode shows that what is stored and shown as a reason never holds more than a code.
func TestReasonIsACode(t *testing.T) {
	for _, err := range []error{
		errors.New(`Post "https://slack.com/api/chat.postMessage": secret words`), &net.OpError{Op: "dial", Err: errors.New("xoxb-1")},
		slack.StatusCodeError{Code: 500, Status: "500 secret words"},
	} {
		if got := classify(err).code; strings.ContainsAny(got, " \"") || strings.Contains(got, "xoxb") {
			t.Errorf("the reason of %v is %q", err, got)
		}
	}
}

func TestDoubt(t *testing.T) {
	sure, unsure := verdict{class: later}, verdict{class: again, unsure: true}
	for _, test := range []struct {
		name         string
		first        int // the attempt that this process sees first
		outcomes     []verdict
		wantUnsure   bool
		wantBefore   bool
		wantTroubles int
	}{
		{"a first attempt", 1, nil, false, false, 0},
		{"after a refusal", 1, []verdict{sure}, false, false, 0},
		{"after refusals only", 1, []verdict{sure, sure, sure}, false, false, 0},
		{"after a lost answer", 1, []verdict{unsure}, true, false, 1},
		{"a lost answer is never forgotten", 1, []verdict{unsure, sure, sure}, true, false, 1},
		{"another process tried", 2, nil, true, true, 0},
		{"another process tried, then a refusal", 2, []verdict{sure}, true, false, 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			m := newMemory()
			job := incident.Job{ID: 7, Attempt: test.first}
			troubles := 0
			for _, outcome := range test.outcomes {
				troubles = m.failed(job, outcome)
				job.Attempt++
			}
			unsure, before := m.doubt(job)
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
