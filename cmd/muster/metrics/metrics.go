// Package metrics counts what the bot and the store tell it of, and serves the figures for Prometheus together with two
// answers for whoever watches the process: is it alive, and is it at work. It decides nothing, and nothing waits for it.
//
// No label holds anything that a person typed, nor the ID of an incident; private incidents are one number.
package metrics

import (
	"regexp"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"

	"muster/incident"
	"muster/incident/ledger"
)

// Figures are the counters and histograms. Its methods may be called by many goroutines and never block.
type Figures struct {
	registry *prometheus.Registry
	open     atomic.Int64 // sockets

	ack         *prometheus.HistogramVec
	effects     *prometheus.HistogramVec
	retries     *prometheus.CounterVec
	failures    *prometheus.CounterVec
	limited     *prometheus.CounterVec
	refused     *prometheus.CounterVec
	waits       *prometheus.HistogramVec
	late        prometheus.Histogram
	commits     prometheus.Histogram
	commitCalls prometheus.Counter
	unreadable  prometheus.Counter
}

// New makes figures that are all zero.
func New() *Figures {
	f := &Figures{registry: prometheus.NewRegistry()}
	f.registry.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	f.ack = f.histogram("muster_ack_seconds", "From an envelope's arrival to its acknowledgement, which is after the commit.", fast(), "kind")
	f.effects = f.histogram("muster_effect_seconds", "From an effect's commit to its performance.", slow(), "kind")
	f.retries = f.counter("muster_effect_retries_total", "Effects that did not work out and were put back.", "kind", "reason")
	f.failures = f.counter("muster_effect_failures_total", "Effects that were set aside for a person.", "kind", "reason")
	f.limited = f.counter("muster_slack_rate_limited_total", "Answers of Slack with status 429.", "method")
	f.refused = f.counter("muster_slack_unauthorized_total", "Answers of Slack that did not take a token.", "code")
	f.waits = f.histogram("muster_pacer_wait_seconds", "How long calls waited for Slack's rates.", slow(), "urgency")
	f.late = prometheus.NewHistogram(prometheus.HistogramOpts{Name: "muster_reminder_late_seconds",
		Help: "From the time at which a reminder was due to the time at which it fired.", Buckets: slow()})
	f.commits = prometheus.NewHistogram(prometheus.HistogramOpts{Name: "muster_commit_seconds",
		Help: "How long the store took for a commit.", Buckets: fast()})
	f.commitCalls = prometheus.NewCounter(prometheus.CounterOpts{Name: "muster_commit_calls_total",
		Help: "Calls that commits were made for; more than there are commits, since calls share them."})
	f.unreadable = prometheus.NewCounter(prometheus.CounterOpts{Name: "muster_store_unreadable_total",
		Help: "Records that could not be read and were left out of an answer."})
	f.registry.MustRegister(f.late, f.commits, f.commitCalls, f.unreadable,
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "muster_sockets", Help: "Socket Mode connections that are open."},
			func() float64 { return float64(f.open.Load()) }))
	return f
}

// fast are buckets for what should take milliseconds, slow for what may take minutes.
func fast() []float64 { return []float64{.0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 3} }
func slow() []float64 { return []float64{.01, .05, .1, .25, .5, 1, 2.5, 5, 15, 60, 300, 1800, 7200} }

func (f *Figures) histogram(name, help string, buckets []float64, labels ...string) *prometheus.HistogramVec {
	h := prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: name, Help: help, Buckets: buckets}, labels)
	f.registry.MustRegister(h)
	return h
}

func (f *Figures) counter(name, help string, labels ...string) *prometheus.CounterVec {
	c := prometheus.NewCounterVec(prometheus.CounterOpts{Name: name, Help: help}, labels)
	f.registry.MustRegister(c)
	return c
}

// code keeps reasons to Slack's error codes, so that no other text becomes a label.
func code(reason string) string {
	if regexp.MustCompile(`^[a-z][a-z0-9_]{0,50}$`).MatchString(reason) {
		return reason
	}
	return "other"
}

// Acked: a command, click or event was acknowledged.
func (f *Figures) Acked(kind string, took time.Duration) {
	f.ack.WithLabelValues(code(kind)).Observe(took.Seconds())
}

// Sockets: so many are open now.
func (f *Figures) Sockets(open int) { f.open.Store(int64(open)) }

// Connected is how many are open now.
func (f *Figures) Connected() int { return int(f.open.Load()) }

// ReminderFired so long after it was due.
func (f *Figures) ReminderFired(late time.Duration) { f.late.Observe(max(0, late.Seconds())) }

// Performed: an effect is done, so long after its commit.
func (f *Figures) Performed(kind incident.EffectKind, after time.Duration) {
	f.effects.WithLabelValues(string(kind)).Observe(after.Seconds())
}

// Retried: an effect was put back.
func (f *Figures) Retried(kind incident.EffectKind, reason string) {
	f.retries.WithLabelValues(string(kind), code(reason)).Inc()
}

// Failed: an effect was set aside.
func (f *Figures) Failed(kind incident.EffectKind, reason string) {
	f.failures.WithLabelValues(string(kind), code(reason)).Inc()
}

// Away: a medium takes nothing from us, as Slack does when it refuses the token.
func (f *Figures) Away(_ ledger.Medium, reason string, _ time.Time) {
	f.refused.WithLabelValues(code(reason)).Inc()
}

// Limited: Slack answered 429.
func (f *Figures) Limited(method string, _ time.Duration) { f.limited.WithLabelValues(method).Inc() }

// Waited: a call waited so long for Slack's rates.
func (f *Figures) Waited(_ string, urgency incident.Urgency, wait time.Duration) {
	name := map[incident.Urgency]string{incident.UrgencyPage: "page", incident.UrgencyUpdate: "update", incident.UrgencyCosmetic: "cosmetic"}[urgency]
	f.waits.WithLabelValues(name).Observe(wait.Seconds())
}

// Committed fits storage.Options.OnCommit.
func (f *Figures) Committed(took time.Duration, calls int) {
	f.commits.Observe(took.Seconds())
	f.commitCalls.Add(float64(calls))
}

// Unreadable counts a record that could not be read.
func (f *Figures) Unreadable() { f.unreadable.Inc() }
