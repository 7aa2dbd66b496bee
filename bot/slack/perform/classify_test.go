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

	"muster/bot/worker"
)

func TestClassify(t *testing.T) {
	code := func(code string) error { return slack.SlackErrorResponse{Err: code} }
	for _, test := range []struct {
		err  error
		want worker.Verdict
	}{
		{nil, worker.Verdict{Class: worker.Done}},
		{code("already_pinned"), worker.Verdict{Class: worker.Done, Code: "already_pinned"}},
		{code("already_in_channel"), worker.Verdict{Class: worker.Done, Code: "already_in_channel"}},
		{code("not_archived"), worker.Verdict{Class: worker.Done, Code: "not_archived"}},
		{&slack.RateLimitedError{RetryAfter: 30 * time.Second}, worker.Verdict{Class: worker.RetryAfter, Code: "ratelimited", After: 30 * time.Second}},
		{&slack.RateLimitedError{}, worker.Verdict{Class: worker.RetryAfter, Code: "ratelimited", After: time.Second}},
		{slack.StatusCodeError{Code: 429}, worker.Verdict{Class: worker.RetryAfter, Code: "ratelimited", After: restAfterRefusal}},
		{code("ratelimited"), worker.Verdict{Class: worker.RetryAfter, Code: "ratelimited", After: restAfterRefusal}},
		{slack.StatusCodeError{Code: 503}, worker.Verdict{Class: worker.Retry, Code: "http_503", Unsure: true}},
		{slack.StatusCodeError{Code: 404}, worker.Verdict{Class: worker.Retry, Code: "http_404", Unsure: true}},
		{code("internal_error"), worker.Verdict{Class: worker.Retry, Code: "internal_error", Unsure: true}},
		{code("service_unavailable"), worker.Verdict{Class: worker.Retry, Code: "service_unavailable"}},
		{code("invalid_cursor"), worker.Verdict{Class: worker.Retry, Code: "invalid_cursor"}},
		{context.DeadlineExceeded, worker.Verdict{Class: worker.Retry, Code: "timeout", Unsure: true}},
		{maybeBackError{code("is_archived")}, worker.Verdict{Class: worker.Retry, Code: "is_archived"}},
		{io.ErrUnexpectedEOF, worker.Verdict{Class: worker.Retry, Code: "connection", Unsure: true}},
		{&json.SyntaxError{}, worker.Verdict{Class: worker.Retry, Code: "connection", Unsure: true}},
		{&net.OpError{Op: "dial", Err: errors.New("refused")}, worker.Verdict{Class: worker.Retry, Code: "unreachable"}},
		{&net.OpError{Op: "read", Err: errors.New("reset")}, worker.Verdict{Class: worker.Retry, Code: "connection", Unsure: true}},
		{code("invalid_auth"), worker.Verdict{Class: worker.Retry, Code: "invalid_auth", Away: true}},
		{code("account_inactive"), worker.Verdict{Class: worker.Retry, Code: "account_inactive", Away: true}},
		{code("channel_not_found"), worker.Verdict{Class: worker.Permanent, Code: "channel_not_found"}},
		{code("missing_scope"), worker.Verdict{Class: worker.Permanent, Code: "missing_scope"}},
		{code("is_archived"), worker.Verdict{Class: worker.Permanent, Code: "is_archived"}},
		{code("is_inactive"), worker.Verdict{Class: worker.Permanent, Code: "is_archived"}},
		{code("a_code_of_tomorrow"), worker.Verdict{Class: worker.Permanent, Code: "a_code_of_tomorrow"}},
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
		if got := classify(err).Code; strings.ContainsAny(got, " \"") || strings.Contains(got, "xoxb") {
			t.Errorf("the reason of %v is %q", err, got)
		}
	}
}
