package perform

import (
	"context"
	"errors"
	"net"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/slack-go/slack"

	"muster/bot/worker"
)

// What Slack says when it has nothing left to do.
func alreadySo(code string) bool {
	return slices.Contains([]string{"already_pinned", "already_in_channel", "already_archived", "not_archived",
		"already_reacted", "cant_invite_self"}, code)
}

// What Slack says when the token does not work.
func tokenRefused(code string) bool {
	return slices.Contains([]string{"invalid_auth", "not_authed", "token_revoked", "token_expired", "account_inactive"}, code)
}

// What Slack says when it is unwell, and whether the call may have taken effect.
func slackUnwell(code string) (unwell, unsure bool) {
	switch code {
	case "internal_error", "fatal_error", "request_timeout", "timeout", "update_failed", "no_channel":
		return true, true
	case "service_unavailable", "team_added_to_org", "accesslimited", "external_channel_migrating", "fetch_members_failed",
		"message_limit_exceeded", "invalid_cursor": // a cursor that is no longer valid: a list is read from its beginning then
		return true, false
	}
	return false, false
}

// restAfterRefusal is how long to wait after a 429 that did not say.
const restAfterRefusal = 10 * time.Second

// classify judges the error of an effect. It is the only place that knows what Slack's errors mean for a retry.
func classify(err error) worker.Verdict {
	var limited *slack.RateLimitedError
	var status slack.StatusCodeError
	var refused slack.SlackErrorResponse
	var back maybeBackError
	var dial *net.OpError
	switch {
	case err == nil:
		return worker.Verdict{Class: worker.Done}
	case errors.As(err, &back):
		return worker.Verdict{Class: worker.Retry, Code: "is_archived"}
	case errors.As(err, &limited):
		return worker.Verdict{Class: worker.RetryAfter, Code: "ratelimited", After: max(limited.RetryAfter, time.Second)}
	case errors.As(err, &status):
		return classifyStatus(status.Code)
	case errors.As(err, &refused):
		return classifyCode(refused.Err)
	case errors.As(err, &dial) && dial.Op == "dial":
		return worker.Verdict{Class: worker.Retry, Code: "unreachable"}
	case errors.Is(err, context.DeadlineExceeded):
		return worker.Verdict{Class: worker.Retry, Code: "timeout", Unsure: true}
	}
	// A connection that was cut, an answer that is no JSON, a store that does not answer.
	return worker.Verdict{Class: worker.Retry, Code: "connection", Unsure: true}
}

func classifyStatus(status int) worker.Verdict {
	if status == http.StatusTooManyRequests {
		return worker.Verdict{Class: worker.RetryAfter, Code: "ratelimited", After: restAfterRefusal}
	}
	// Anything that is not Slack's own 200 comes of something in between, even a 404.
	return worker.Verdict{Class: worker.Retry, Code: "http_" + strconv.Itoa(status), Unsure: true}
}

// oneWord is Slack's code, or the one word that we have where Slack has two: of an archived channel chat.update says is_inactive, and
// every other method is_archived.
func oneWord(code string) string {
	if code == "is_inactive" {
		return "is_archived"
	}
	return code
}

func classifyCode(code string) worker.Verdict {
	code = oneWord(code)
	if alreadySo(code) {
		return worker.Verdict{Class: worker.Done, Code: code}
	}
	if tokenRefused(code) {
		return worker.Verdict{Class: worker.Retry, Code: code, Away: true}
	}
	if code == "ratelimited" || code == "rate_limited" {
		return worker.Verdict{Class: worker.RetryAfter, Code: "ratelimited", After: restAfterRefusal}
	}
	if unwell, unsure := slackUnwell(code); unwell {
		return worker.Verdict{Class: worker.Retry, Code: code, Unsure: unsure}
	}
	return worker.Verdict{Class: worker.Permanent, Code: code}
}

// settled is the error without what Slack says is so already.
func settled(err error) error {
	if classify(err).Class == worker.Done {
		return nil
	}
	return err
}

// hasCode reports whether Slack refused with one of these codes.
func hasCode(err error, codes ...string) bool {
	var refused slack.SlackErrorResponse
	return errors.As(err, &refused) && slices.Contains(codes, oneWord(refused.Err))
}
