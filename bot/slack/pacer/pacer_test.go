package pacer_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"golang.org/x/time/rate"

	"muster/bot/slack/pacer"
	"muster/incident"
)

// fakeSlack refuses with 429 what is above the rates, as Slack's own token buckets would. The first calls take longer on their
// way than those after them, so that these catch up.
type fakeSlack struct {
	mu       sync.Mutex
	way      time.Duration
	buckets  map[string]*rate.Limiter
	calls    int
	refused  int
	answers  func(request *http.Request) *http.Response
	lastCall time.Time
}

func (s *fakeSlack) RoundTrip(request *http.Request) (*http.Response, error) {
	s.mu.Lock()
	s.calls++
	way := s.way
	if s.calls > 20 {
		way /= 8
	}
	s.mu.Unlock()
	<-time.After(way)
	s.mu.Lock()
	defer s.mu.Unlock()
	defer func() { s.lastCall = time.Now() }()
	if s.answers != nil {
		if response := s.answers(request); response != nil {
			return response, nil
		}
	}
	method := strings.TrimPrefix(request.URL.Path, "/api/")
	name := method + request.Header.Get("Channel")
	limit, _ := pacer.RateOf(method)
	if s.buckets == nil {
		s.buckets = map[string]*rate.Limiter{}
	}
	if s.buckets[name] == nil {
		s.buckets[name] = rate.NewLimiter(rate.Every(limit.Every), limit.Burst)
	}
	if !s.buckets[name].Allow() {
		s.refused++
		return answer(http.StatusTooManyRequests, "1"), nil
	}
	return answer(http.StatusOK, ""), nil
}

func answer(status int, retryAfter string) *http.Response {
	response := &http.Response{StatusCode: status, Header: http.Header{}, Body: io.NopCloser(strings.NewReader("{}"))}
	if retryAfter != "" {
		response.Header.Set("Retry-After", retryAfter)
	}
	return response
}

func send(ctx context.Context, through http.RoundTripper, method, channel string) (*http.Response, error) {
	form := url.Values{"channel": {channel}}.Encode()
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, "https://slack.test/api/"+method, strings.NewReader(form))
	if err != nil {
		return nil, err
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	request.Header.Set("Channel", channel)
	return through.RoundTrip(request)
}

// TestShortestSchedule sends more than the rates allow at once and asks that nothing is refused, and that all of it takes no
// more than a twentieth longer than the rates demand.
func TestShortestSchedule(t *testing.T) {
	for _, test := range []struct {
		method   string
		channels int
		each     int
	}{
		{"conversations.create", 1, 50},
		{"conversations.create", 1, 21},
		{"chat.update", 1, 200},
		{"chat.postMessage", 1, 10},
		{"chat.postMessage", 7, 60},
		{"views.publish", 1, 130},
	} {
		t.Run(fmt.Sprintf("%s %dx%d", test.method, test.channels, test.each), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				slack := &fakeSlack{way: 80 * time.Millisecond}
				through := pacer.New(pacer.Options{}).Transport(slack)
				began := time.Now()
				var calls sync.WaitGroup
				for i := range test.channels * test.each {
					calls.Go(func() {
						response, err := send(t.Context(), through, test.method, fmt.Sprintf("C%d", i%test.channels))
						if err != nil || response.StatusCode != http.StatusOK {
							t.Errorf("call %d: %v %v", i, response, err)
						}
					})
				}
				calls.Wait()
				limit, _ := pacer.RateOf(test.method)
				shortest := time.Duration(test.each-limit.Burst)*limit.Every + slack.way
				if took := slack.lastCall.Sub(began); took > shortest*105/100 {
					t.Errorf("took %v, the shortest schedule is %v", took, shortest)
				}
				if slack.refused > 0 {
					t.Errorf("%d calls were refused", slack.refused)
				}
			})
		})
	}
}

// order lets calls queue up behind a spent rate and answers the order in which they are let through.
func order(t *testing.T, calls []pacer.Call) []string {
	t.Helper()
	var got []string
	synctest.Test(t, func(t *testing.T) {
		p := pacer.New(pacer.Options{})
		limit, _ := pacer.RateOf("chat.update")
		for range limit.Burst {
			if _, err := p.Acquire(t.Context(), pacer.Call{Method: "chat.update"}); err != nil {
				t.Fatal(err)
			}
		}
		var mu sync.Mutex
		var waiting sync.WaitGroup
		for i, call := range calls {
			call.Method = "chat.update"
			waiting.Go(func() {
				if _, err := p.Acquire(t.Context(), call); err != nil {
					t.Error(err)
				}
				mu.Lock()
				defer mu.Unlock()
				got = append(got, fmt.Sprintf("%s %d", call.Incident, i))
			})
			synctest.Wait()
		}
		waiting.Wait()
	})
	return got
}

func TestOrder(t *testing.T) {
	page, update, cosmetic := incident.UrgencyPage, incident.UrgencyUpdate, incident.UrgencyCosmetic
	for _, test := range []struct {
		name  string
		calls []pacer.Call
		want  []string
	}{
		{"pages go before updates, updates before what is cosmetic", []pacer.Call{
			{Urgency: cosmetic, Incident: "A"}, {Urgency: update, Incident: "A"}, {Urgency: page, Incident: "B"}, {Urgency: page, Incident: "A"},
		}, []string{"B 2", "A 3", "A 1", "A 0"}},
		{"incidents take turns", []pacer.Call{
			{Urgency: update, Incident: "A"}, {Urgency: update, Incident: "A"}, {Urgency: update, Incident: "A"},
			{Urgency: update, Incident: "B"}, {Urgency: update, Incident: "C"}, {Urgency: update, Incident: "B"},
		}, []string{"A 0", "B 3", "C 4", "A 1", "B 5", "A 2"}},
		{"one incident's calls stay in order", []pacer.Call{
			{Urgency: update, Incident: "A"}, {Urgency: update, Incident: "A"}, {Urgency: update, Incident: "A"},
		}, []string{"A 0", "A 1", "A 2"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := order(t, test.calls); !slices.Equal(got, test.want) {
				t.Errorf("got  %v\nwant %v", got, test.want)
			}
		})
	}
}

// TestRetryAfter halts what Slack halted, for as long, and nothing else.
func TestRetryAfter(t *testing.T) {
	for _, test := range []struct {
		header string
		want   time.Duration
	}{{"30", 30 * time.Second}, {"0", time.Second}, {"", 10 * time.Second}, {"soon", 10 * time.Second}} {
		t.Run("header "+test.header, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				slack := &fakeSlack{}
				refusals := 1
				slack.answers = func(*http.Request) *http.Response {
					if refusals--; refusals >= 0 {
						return answer(http.StatusTooManyRequests, test.header)
					}
					return nil
				}
				through := pacer.New(pacer.Options{}).Transport(slack)
				began := time.Now()
				wait := func(method, channel string) time.Duration {
					response, err := send(t.Context(), through, method, channel)
					if err != nil {
						t.Fatal(err)
					}
					if response.StatusCode == http.StatusTooManyRequests && response.Header.Get("Retry-After") == "" {
						t.Error("a 429 went on without a time to come back")
					}
					return time.Since(began)
				}
				wait("chat.postMessage", "C1")
				if got := wait("chat.postMessage", "C2"); got != 0 {
					t.Errorf("another channel waited %v", got)
				}
				if got := wait("chat.update", "C1"); got != 0 {
					t.Errorf("another method waited %v", got)
				}
				if got := wait("chat.postMessage", "C1"); got != test.want {
					t.Errorf("the channel waited %v, want %v", got, test.want)
				}
				// Slack's bucket was empty: from here on one at a time.
				if got := wait("chat.postMessage", "C1"); got < test.want+time.Second {
					t.Errorf("the next one came after %v", got)
				}
			})
		})
	}
}

func TestGivingUpSpendsNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := pacer.New(pacer.Options{})
		call := pacer.Call{Method: "conversations.create", Incident: "INC-1"}
		for range 20 {
			if _, err := p.Acquire(t.Context(), call); err != nil {
				t.Fatal(err)
			}
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err := p.Acquire(ctx, call); !errors.Is(err, context.DeadlineExceeded) {
			t.Fatalf("got %v, want the context's error", err)
		}
		began := time.Now()
		permit, err := p.Acquire(t.Context(), call)
		if err != nil {
			t.Fatal(err)
		}
		permit.Release()
		permit.Release()
		if _, err := p.Acquire(t.Context(), call); err != nil {
			t.Fatal(err)
		}
		if waited := time.Since(began); waited > 2100*time.Millisecond {
			t.Errorf("waited %v for two calls of which one was given back, and one that gave up", waited)
		}
	})
}

// TestPermit shows that a permit is good for one call of its method, and that other calls find their own.
func TestPermit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		slack := &fakeSlack{}
		p := pacer.New(pacer.Options{})
		through := p.Transport(slack)
		for range 19 {
			if _, err := send(t.Context(), through, "conversations.create", ""); err != nil {
				t.Fatal(err)
			}
		}
		permit, err := p.Acquire(t.Context(), pacer.Call{Method: "conversations.create"})
		if err != nil {
			t.Fatal(err)
		}
		ctx := permit.Context(t.Context())
		began := time.Now()
		for i, want := range []time.Duration{0, 3 * time.Second} {
			if _, err := send(ctx, through, "conversations.create", ""); err != nil {
				t.Fatal(err)
			}
			if got := time.Since(began).Truncate(time.Second); got != want {
				t.Errorf("call %d went out after %v, want %v", i, got, want)
			}
		}
		permit.Release() // it was used: nothing comes back
		if _, err := send(t.Context(), through, "conversations.create", ""); err != nil {
			t.Fatal(err)
		}
		if got := time.Since(began).Truncate(time.Second); got != 6*time.Second {
			t.Errorf("after a used permit was released, the next call went out after %v, want 6s", got)
		}
	})
}

// TestHangingCall shows that one call that never ends holds up nothing but itself.
func TestHangingCall(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		slack := &fakeSlack{}
		hang := true
		through := pacer.New(pacer.Options{}).Transport(roundTripper(func(request *http.Request) (*http.Response, error) {
			if hang {
				hang = false
				<-request.Context().Done()
				return nil, request.Context().Err()
			}
			return slack.RoundTrip(request)
		}))
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
		defer cancel()
		var hanging sync.WaitGroup
		hanging.Go(func() { _, _ = send(ctx, through, "chat.postMessage", "C1") })
		synctest.Wait()
		began := time.Now()
		for range 40 {
			if _, err := send(t.Context(), through, "chat.postMessage", "C1"); err != nil {
				t.Fatal(err)
			}
		}
		if took := time.Since(began); took > 39*time.Second {
			t.Errorf("40 messages beside a hanging one took %v", took)
		}
		hanging.Wait()
	})
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(request *http.Request) (*http.Response, error) { return f(request) }

func TestUnpaced(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		slack := &fakeSlack{answers: func(*http.Request) *http.Response { return answer(http.StatusOK, "") }}
		through := pacer.New(pacer.Options{}).Transport(slack)
		unlimited := pacer.New(pacer.Options{Unlimited: true}).Transport(slack)
		began := time.Now()
		for range 500 {
			if _, err := send(t.Context(), through, "response/R1", ""); err != nil {
				t.Fatal(err)
			}
			if _, err := send(t.Context(), unlimited, "conversations.create", ""); err != nil {
				t.Fatal(err)
			}
		}
		if took := time.Since(began); took != 0 {
			t.Errorf("what is not paced waited %v", took)
		}
	})
}
