package bolt

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"

	"go.etcd.io/bbolt"

	"muster/incident/ledger"
	"muster/storage"
	"muster/storage/keys"
)

// Figures reads counts that are kept with every commit; nothing is counted by reading aggregates.
func (e *Engine) Figures(ctx context.Context) (storage.Figures, error) {
	figures := storage.Figures{Backlog: e.queue.backlog(), Counts: map[ledger.Aggregate]map[string]int{}}
	err := e.view(ctx, "read the figures", func(tx *bbolt.Tx) error {
		figures.Bytes = tx.Size()
		for _, a := range e.aggregates {
			counts := map[string]int{}
			figures.Counts[a.Name] = counts
			_ = a.in(tx).counts().ForEach(func(word, value []byte) error { // visits answer no error
				if n, _ := keys.ReadNumber(value); n > 0 {
					counts[string(word)] = int(n)
				}
				return nil
			})
		}
		return nil
	})
	return figures, cmp.Or(err, e.writer.broken())
}

func (q *queue) backlog() []ledger.Backlog {
	q.mu.Lock()
	defer q.mu.Unlock()
	type group struct {
		kind  ledger.EffectKind
		state ledger.JobState
	}
	groups := map[group]ledger.Backlog{}
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
	return slices.SortedFunc(maps.Values(groups), func(a, b ledger.Backlog) int {
		return strings.Compare(string(a.Kind)+" "+string(a.State), string(b.Kind)+" "+string(b.State))
	})
}
