package metrics

import (
	"context"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"muster/storage"
)

// Store is asked for its figures whenever somebody asks for ours.
type Store interface {
	Stats(ctx context.Context) (storage.Stats, error)
}

// patience is how long a store may take for its figures.
const patience = 5 * time.Second

// collector turns a store's figures into ours.
type collector struct {
	store                               Store
	incidents, private, jobs, age, size *prometheus.Desc
}

// Watch adds the figures of a store.
func (f *Figures) Watch(store Store) {
	f.registry.MustRegister(&collector{
		store:     store,
		incidents: prometheus.NewDesc("muster_incidents", "Incidents that are not private.", []string{"severity", "status"}, nil),
		private:   prometheus.NewDesc("muster_private_incidents", "Private incidents, whatever their severity and status.", nil, nil),
		jobs:      prometheus.NewDesc("muster_outbox_jobs", "Effects in the outbox.", []string{"kind", "state"}, nil),
		age:       prometheus.NewDesc("muster_outbox_oldest_seconds", "Since when the oldest effect is in the outbox.", []string{"kind", "state"}, nil),
		size:      prometheus.NewDesc("muster_database_bytes", "Size of the database file.", nil, nil),
	})
}

func (c *collector) Describe(to chan<- *prometheus.Desc) {
	for _, desc := range []*prometheus.Desc{c.incidents, c.private, c.jobs, c.age, c.size} {
		to <- desc
	}
}

func (c *collector) Collect(to chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	stats, err := c.store.Stats(ctx)
	if err != nil {
		to <- prometheus.NewInvalidMetric(c.size, err)
		return
	}
	gauge := func(desc *prometheus.Desc, value float64, labels ...string) {
		to <- prometheus.MustNewConstMetric(desc, prometheus.GaugeValue, value, labels...)
	}
	private := 0
	for _, count := range stats.Counts {
		if count.Private {
			private += count.Count
			continue
		}
		gauge(c.incidents, float64(count.Count), string(count.Severity), string(count.Status))
	}
	gauge(c.private, float64(private))
	for _, backlog := range stats.Backlog {
		gauge(c.jobs, float64(backlog.Count), string(backlog.Kind), string(backlog.State))
		gauge(c.age, max(0, time.Since(backlog.Oldest).Seconds()), string(backlog.Kind), string(backlog.State))
	}
	gauge(c.size, float64(stats.Bytes))
}
