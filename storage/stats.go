package storage

import (
	"context"
	"maps"
	"slices"
	"strings"

	"muster/incident"
)

// Count is how many incidents there are of one kind.
type Count struct {
	Status   incident.Status
	Severity incident.Severity
	Private  bool
	Count    int
}

// Stats are a store's figures.
type Stats struct {
	Counts  []Count            // kept with every commit, never counted by reading incidents
	Backlog []incident.Backlog // the outbox by kind and state
	Bytes   int64
}

// Stats reads the figures. It costs little whatever the number of incidents. ErrBroken comes with the figures.
func (s *Incidents) Stats(ctx context.Context) (Stats, error) {
	figures, err := s.engine.Figures(ctx)
	stats := Stats{Backlog: figures.Backlog, Bytes: figures.Bytes}
	counts := figures.Counts[incident.Aggregate]
	for _, key := range slices.Sorted(maps.Keys(counts)) {
		count := parseCount(key)
		count.Count = counts[key]
		stats.Counts = append(stats.Counts, count)
	}
	return stats, err
}

func parseCount(key string) Count {
	status, rest, _ := strings.Cut(key, "\x00")
	severity, private, _ := strings.Cut(rest, "\x00")
	return Count{Status: incident.Status(status), Severity: incident.Severity(severity), Private: private == "private"}
}
