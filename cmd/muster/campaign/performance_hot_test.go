package campaign

import (
	"context"
	"encoding/json"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"muster/bot/slack/command"
	"muster/bot/slack/view"
	"muster/cmd/muster/config"
	"muster/incident"
	"muster/storage"
	"muster/storage/local"
	"muster/templates"
)

// The hot path: what every command goes through, from the line that was typed to the commit and the card.

// measureHotPath runs the benchmarks of the hot path; go test -bench runs them one by one.
func measureHotPath(t *testing.T) []figure {
	var figures []figure
	for _, one := range []struct {
		what      string
		benchmark func(b *testing.B)
	}{
		{"parse a command's line", BenchmarkParse},
		{"decide on a command, fold its events, derive its effects and its next reminder", BenchmarkStep},
		{"fold one entry", BenchmarkFold},
		{"a snapshot to JSON", BenchmarkSnapshot},
		{"apply a command, to the commit", BenchmarkApply},
		{"apply a command, fifty people at once", BenchmarkApplyTogether},
		{"draw a card and make JSON of it", BenchmarkCard},
	} {
		result := testing.Benchmark(one.benchmark)
		figures = append(figures, figure{
			what:   "hot path: " + one.what,
			figure: fmt.Sprintf("%s, %d allocations, %d bytes", ms(time.Duration(result.NsPerOp())), result.AllocsPerOp(), result.AllocedBytesPerOp()),
		})
	}
	return figures
}

// typical is an incident in the middle of its life.
func typical(tb testing.TB, policy *incident.Policy) incident.Outcome {
	tb.Helper()
	out, err := filling{count: 1, open: 1, declared: func(int) time.Time { return time.Now().Add(-time.Hour) }}.one("INC-1", 0, policy)
	if err != nil {
		tb.Fatal(err)
	}
	return out
}

func bob() incident.Actor { return incident.Actor{ID: "U0BOB00002", Kind: incident.Person} }

func update(current incident.Incident, policy *incident.Policy) (incident.Outcome, error) {
	command := incident.PostUpdate{Text: incident.UpdateText{State: "Half of the payments fail; the database is being moved."}}
	return incident.Step(current, current.ID, command, bob(), time.Now(), policy)
}

func BenchmarkParse(b *testing.B) {
	words, err := templates.Load("en", nil)
	if err != nil {
		b.Fatal(err)
	}
	grammar := command.New(words.Typed)
	b.ReportAllocs()
	for b.Loop() {
		if line := grammar.Parse("INC-42 update Half of the payments fail; the database is being moved."); line.Name != command.Update {
			b.Fatal(line)
		}
	}
}

func BenchmarkStep(b *testing.B) {
	policy := config.Default().Policy
	current := typical(b, policy).State
	b.ReportAllocs()
	for b.Loop() {
		if _, err := update(current, policy); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkFold(b *testing.B) {
	policy := config.Default().Policy
	current := typical(b, policy).State
	next, err := update(current, policy)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		incident.Fold(current, next.Entries[0])
	}
}

func BenchmarkSnapshot(b *testing.B) {
	current := typical(b, config.Default().Policy).State
	b.ReportAllocs()
	for b.Loop() {
		if _, err := json.Marshal(current); err != nil {
			b.Fatal(err)
		}
	}
}

// applied is a store with a hundred incidents to apply commands to.
func applied(b *testing.B) (*storage.Stores, *incident.Policy) {
	b.Helper()
	policy := config.Default().Policy
	store, err := local.Open(filepath.Join(b.TempDir(), "muster.db"), local.Options{})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = store.Close() })
	for i := range 100 {
		one := filling{count: 100, open: 100, declared: func(int) time.Time { return time.Now().Add(-time.Hour) }}
		_, err := store.Create(context.Background(), "", func(id incident.ID) (incident.Outcome, error) { return one.one(id, i, policy) })
		if err != nil {
			b.Fatal(err)
		}
	}
	return store, policy
}

func apply(store *storage.Stores, policy *incident.Policy, i int) error {
	_, err := store.Apply(context.Background(), incident.NewID(uint64(1+i%100)), fmt.Sprintf("envelope/%d", i), func(current incident.Incident) (incident.Outcome, error) {
		return update(current, policy)
	})
	return err
}

func BenchmarkApply(b *testing.B) {
	store, policy := applied(b)
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		if err := apply(store, policy, i); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkApplyTogether(b *testing.B) {
	store, policy := applied(b)
	b.ReportAllocs()
	b.ResetTimer()
	together(b.N, 50, func(i int) {
		if err := apply(store, policy, i); err != nil {
			b.Error(err)
		}
	})
}

func BenchmarkCard(b *testing.B) {
	policy := config.Default().Policy
	words, err := templates.Load("en", nil)
	if err != nil {
		b.Fatal(err)
	}
	current, views := typical(b, policy).State, view.Views{Words: words, Policy: policy, Command: "/incident"}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := json.Marshal(views.In(templates.Workspace).Card(current, time.Now()).Blocks); err != nil {
			b.Fatal(err)
		}
	}
}
