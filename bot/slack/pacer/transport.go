package pacer

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"path"
	"strconv"
	"strings"
	"time"

	"muster/incident"
)

// defaultRetryAfter is how long a method rests after a 429 that does not say how long.
const defaultRetryAfter = 10 * time.Second

// Transport paces every Web API request that goes through it to next. A request whose context carries a permit for its
// method goes out at once; any other first acquires one, with the urgency of somebody who waits for the answer. What is no
// method of the Web API, such as a response_url, passes as it is.
//
// A 429 without Retry-After gets one, since those behind this transport go by it.
func (p *Pacer) Transport(next http.RoundTripper) http.RoundTripper {
	if next == nil {
		next = http.DefaultTransport
	}
	return &transport{pacer: p, next: next}
}

type transport struct {
	pacer *Pacer
	next  http.RoundTripper
}

// RoundTrip implements http.RoundTripper.
func (t *transport) RoundTrip(request *http.Request) (*http.Response, error) {
	method := path.Base(request.URL.Path)
	if _, paced := RateOf(method); !paced {
		return t.next.RoundTrip(request)
	}
	permit, err := t.permit(request, method)
	if err != nil {
		if request.Body != nil {
			_ = request.Body.Close()
		}
		return nil, err
	}
	response, err := t.next.RoundTrip(request)
	permit.answered()
	if err == nil && response.StatusCode == http.StatusTooManyRequests {
		after := retryAfter(response)
		permit.refused(after)
		t.pacer.options.Observer.Limited(method, after)
	}
	return response, err
}

func (t *transport) permit(request *http.Request, method string) (*Permit, error) {
	if carried, ok := request.Context().Value(permitKey{}).(*Permit); ok && carried.pacer == t.pacer && carried.use(method) {
		return carried, nil
	}
	call := Call{Method: method, Urgency: incident.UrgencyPage}
	if method == postMessage {
		call.Channel = channelOf(request)
	}
	permit, err := t.pacer.Acquire(request.Context(), call)
	if err != nil {
		return nil, err
	}
	permit.use(method)
	return permit, nil
}

// channelOf reads the channel out of a form; a request that has none, or is no form, counts for no channel.
func channelOf(request *http.Request) incident.ChannelID {
	if request.GetBody == nil || !strings.HasPrefix(request.Header.Get("Content-Type"), "application/x-www-form-urlencoded") {
		return ""
	}
	body, err := request.GetBody()
	if err != nil {
		return ""
	}
	defer func() { _ = body.Close() }()
	text, err := io.ReadAll(io.LimitReader(body, 1<<20))
	if err != nil {
		return ""
	}
	form, err := url.ParseQuery(string(text))
	if err != nil {
		return ""
	}
	return incident.ChannelID(form.Get("channel"))
}

// retryAfter reads Slack's whole seconds, and writes them where Slack did not.
func retryAfter(response *http.Response) time.Duration {
	seconds, err := strconv.Atoi(strings.TrimSpace(response.Header.Get("Retry-After")))
	after := time.Duration(seconds) * time.Second
	if err != nil || seconds < 0 {
		after = defaultRetryAfter
		response.Header.Set("Retry-After", strconv.Itoa(int(after/time.Second)))
	}
	return max(after, time.Second)
}

// With is Acquire for a call that is made right away: it runs do with a context that carries the permit, and gives the call
// back if do did not make it.
func (p *Pacer) With(ctx context.Context, call Call, do func(ctx context.Context) error) error {
	permit, err := p.Acquire(ctx, call)
	if err != nil {
		return err
	}
	defer permit.Release()
	return do(permit.Context(ctx))
}
