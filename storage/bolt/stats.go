package bolt

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"

	"go.etcd.io/bbolt"

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
	Bytes   int64              // the file's size
}

// Stats reads the figures. It costs little whatever the number of incidents. ErrBroken comes with the figures.
func (s *Store) Stats(ctx context.Context) (Stats, error) {
	stats := Stats{Backlog: s.queue.backlog()}
	err := s.view(ctx, "read the figures", func(tx *bbolt.Tx) error {
		stats.Bytes = tx.Size()
		return tx.Bucket([]byte(bucketCounts)).ForEach(func(key, value []byte) error {
			count, n := parseCount(key), uint64(0)
			if n, _ = readNumber(value); n > 0 {
				count.Count = int(n)
				stats.Counts = append(stats.Counts, count)
			}
			return nil
		})
	})
	return stats, cmp.Or(err, s.writer.broken())
}

func parseCount(key []byte) Count {
	status, rest, _ := strings.Cut(string(key), "\x00")
	severity, private, _ := strings.Cut(rest, "\x00")
	return Count{Status: incident.Status(status), Severity: incident.Severity(severity), Private: private == "private"}
}

func (q *queue) backlog() []incident.Backlog {
	q.mu.Lock()
	defer q.mu.Unlock()
	type group struct {
		kind  incident.EffectKind
		state incident.JobState
	}
	groups := map[group]incident.Backlog{}
	for _, e := range q.jobs {
		at := group{e.handling.Kind, e.state()}
		sum, known := groups[at]
		if !known || e.job.CreatedAt.Before(sum.Oldest) {
			sum.Oldest = e.job.CreatedAt
		}
		sum.Kind, sum.State = at.kind, at.state
		sum.Count++
		groups[at] = sum
	}
	return slices.SortedFunc(maps.Values(groups), func(a, b incident.Backlog) int {
		return strings.Compare(string(a.Kind)+" "+string(a.State), string(b.Kind)+" "+string(b.State))
	})
}
