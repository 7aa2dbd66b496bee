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

	"muster/incident"
)

// class is what is to be done about an error.
type class int

const (
	fine         class = iota // there is none, or Slack says that it is so already
	later                     // Slack says when
	again                     // with backoff, for ever
	unauthorized              // again, but nothing at all will work until a person sees to the token
	permanent                 // never: a person must know
	stopping                  // the worker ends; the job goes back as it was
)

// verdict is an error, judged.
type verdict struct {
	class class
	code  string        // Slack's code or a word of ours: it is stored and shown, so it never holds text that people wrote
	after time.Duration // for later
	// unsure says that the call may have taken effect all the same.
	unsure bool
}

var errStopping = errors.New("the worker is stopping")

// failure is an error of ours with a code, for what cannot be mended by trying again.
type failure string

func (f failure) Error() string { return string(f) }

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
func classify(err error) verdict {
	var limited *slack.RateLimitedError
	var status slack.StatusCodeError
	var refused slack.SlackErrorResponse
	var ours failure
	var dial *net.OpError
	switch {
	case err == nil:
		return verdict{class: fine}
	case errors.Is(err, errStopping):
		return verdict{class: stopping, code: "stopping", unsure: true}
	case errors.As(err, &ours):
		return verdict{class: permanent, code: string(ours)}
	case errors.As(err, &limited):
		return verdict{class: later, code: "ratelimited", after: max(limited.RetryAfter, time.Second)}
	case errors.As(err, &status):
		return classifyStatus(status.Code)
	case errors.As(err, &refused):
		return classifyCode(refused.Err)
	case errors.Is(err, incident.ErrNotFound):
		return verdict{class: permanent, code: "not_found"}
	case errors.As(err, &dial) && dial.Op == "dial":
		return verdict{class: again, code: "unreachable"}
	case errors.Is(err, context.DeadlineExceeded):
		return verdict{class: again, code: "timeout", unsure: true}
	}
	// A connection that was cut, an answer that is no JSON, a store that does not answer.
	return verdict{class: again, code: "connection", unsure: true}
}

func classifyStatus(status int) verdict {
	if status == http.StatusTooManyRequests {
		return verdict{class: later, code: "ratelimited", after: restAfterRefusal}
	}
	// Anything that is not Slack's own 200 comes of something in between, even a 404.
	return verdict{class: again, code: "http_" + strconv.Itoa(status), unsure: true}
}

// oneWord is Slack's code, or the one word that we have where Slack has two: of an archived channel chat.update says is_inactive, and
// every other method is_archived.
func oneWord(code string) string {
	if code == "is_inactive" {
		return "is_archived"
	}
	return code
}

func classifyCode(code string) verdict {
	code = oneWord(code)
	if alreadySo(code) {
		return verdict{class: fine, code: code}
	}
	if tokenRefused(code) {
		return verdict{class: unauthorized, code: code}
	}
	if code == "ratelimited" || code == "rate_limited" {
		return verdict{class: later, code: "ratelimited", after: restAfterRefusal}
	}
	if unwell, unsure := slackUnwell(code); unwell {
		return verdict{class: again, code: code, unsure: unsure}
	}
	return verdict{class: permanent, code: code}
}

// settled is the error without what Slack says is so already.
func settled(err error) error {
	if classify(err).class == fine {
		return nil
	}
	return err
}

// hasCode reports whether Slack refused with one of these codes.
func hasCode(err error, codes ...string) bool {
	var refused slack.SlackErrorResponse
	return errors.As(err, &refused) && slices.Contains(codes, oneWord(refused.Err))
}
