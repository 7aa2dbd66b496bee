package metrics_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"muster/bot"
	"muster/cmd/muster/metrics"
	"muster/incident"
	"muster/incident/ledger"
	"muster/storage"
)

var _ bot.Observer = (*metrics.Figures)(nil)

type store struct {
	stats storage.Stats
	err   error
}

func (s *store) Stats(context.Context) (storage.Stats, error) { return s.stats, s.err }

func get(t *testing.T, handler http.Handler, path string) (int, string) {
	t.Helper()
	recorder := httptest.NewRecorder()
	handler.ServeHTTP(recorder, httptest.NewRequest(http.MethodGet, path, nil))
	body, err := io.ReadAll(recorder.Body)
	if err != nil {
		t.Fatal(err)
	}
	return recorder.Code, string(body)
}

func TestFiguresAreServed(t *testing.T) {
	f := metrics.New()
	s := &store{stats: storage.Stats{
		Counts: []storage.Count{
			{Status: incident.Fixing, Severity: "sev1", Count: 2}, {Status: incident.Fixing, Severity: "sev2", Private: true, Count: 3},
			{Status: incident.Closed, Severity: "sev1", Private: true, Count: 4},
		},
		Backlog: []incident.Backlog{{Kind: incident.KindPostEntry, State: incident.JobsWaiting, Count: 5, Oldest: time.Now()}},
		Bytes:   4096,
	}}
	f.Watch(s)
	f.Acked("command", 12*time.Millisecond)
	f.Sockets(2)
	f.ReminderFired(-time.Second)
	f.Performed(incident.KindDrawCard, time.Second)
	f.Retried(incident.KindDrawCard, "ratelimited")
	f.Failed(incident.KindDrawCard, "dial tcp: a message with secret <words>")
	f.Limited("chat.update", time.Second)
	f.Away(ledger.Slack, "invalid_auth", time.Now())
	f.Waited("chat.update", incident.UrgencyPage, 0)
	f.Committed(time.Millisecond, 3)
	code, got := get(t, f.Handler(s), "/metrics")
	if code != http.StatusOK {
		t.Fatalf("%d: %s", code, got)
	}
	for _, want := range []string{
		`muster_incidents{severity="sev1",status="fixing"} 2`,
		`muster_private_incidents 7`,
		`muster_outbox_jobs{kind="post_entry",state="waiting"} 5`,
		`muster_outbox_oldest_seconds{kind="post_entry",state="waiting"}`,
		`muster_database_bytes 4096`,
		`muster_sockets 2`,
		`muster_ack_seconds_count{kind="command"} 1`,
		`muster_reminder_late_seconds_sum 0`,
		`muster_effect_seconds_count{kind="draw_card"} 1`,
		`muster_effect_retries_total{kind="draw_card",reason="ratelimited"} 1`,
		`muster_effect_failures_total{kind="draw_card",reason="other"} 1`,
		`muster_slack_rate_limited_total{method="chat.update"} 1`,
		`muster_slack_unauthorized_total{code="invalid_auth"} 1`,
		`muster_pacer_wait_seconds_count{urgency="page"} 1`,
		`muster_commit_seconds_count 1`,
		`muster_commit_calls_total 3`,
	} {
		if !strings.Contains(got, want) {
			t.Errorf("%s is missing", want)
		}
	}
	for _, leak := range []string{"sev2", "closed", "secret"} {
		if strings.Contains(got, leak) {
			t.Errorf("the figures tell %q", leak)
		}
	}
}

func TestReadyMeansConnectedAndAnswering(t *testing.T) {
	f, s := metrics.New(), &store{}
	f.Watch(s)
	steps := []struct {
		do   func()
		want int
	}{
		{func() {}, http.StatusServiceUnavailable},
		{func() { f.Sockets(1) }, http.StatusOK},
		{func() { s.err = errors.New("gone") }, http.StatusServiceUnavailable},
		{func() { s.err = nil; f.Sockets(0) }, http.StatusServiceUnavailable},
	}
	for i, step := range steps {
		step.do()
		if code, body := get(t, f.Handler(s), "/readyz"); code != step.want {
			t.Errorf("step %d: %d %s, want %d", i, code, body, step.want)
		}
		if code, _ := get(t, f.Handler(s), "/healthz"); code != http.StatusOK {
			t.Errorf("step %d: not alive: %d", i, code)
		}
	}
}
