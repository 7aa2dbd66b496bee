package bolt

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.etcd.io/bbolt"

	"muster/incident"
	"muster/incident/ledger"
	"muster/storage/keys"
)

var update = flag.Bool("update", false, "write testdata anew: what is read from each schema, and the file of the newest schema if it has none")

// older is a database that an older version wrote. It is never made anew.
type older struct {
	name string
	end  time.Time // when it was left
}

// olderDatabases are those of testdata: one a schema version, in which everything that can happen has happened to a few incidents,
// and the house, in which a program was stopped while jobs of every kind waited, had been tried, or had failed.
func olderDatabases() []older {
	list := []older{{"house", time.Date(2000, 1, 10, 12, 0, 0, 0, time.UTC)}}
	for version := range migrations() {
		list = append(list, older{fmt.Sprintf("schema%d", version+1), storyEnd()})
	}
	return list
}

func (o older) open(t *testing.T) *Store {
	t.Helper()
	path := writeTemp(t, unpack(t, read(t, filepath.Join("testdata", o.name+".db.gz"))))
	return mustOpen(t, path, Options{Now: func() time.Time { return o.end }, OnProblem: func(err error) { t.Error(err) }})
}

// TestOlderVersions opens a file as each older version wrote it: whatever comes after must open it, find nothing wrong with
// it, read it as before, and be able to go on with it.
func TestOlderVersions(t *testing.T) {
	newest := filepath.Join("testdata", fmt.Sprintf("schema%d.db.gz", len(migrations())))
	if _, err := os.Stat(newest); os.IsNotExist(err) && *update {
		write(t, newest, pack(t, read(t, storyOfAllEvents(t))))
	}
	for _, older := range olderDatabases() {
		t.Run(older.name, func(t *testing.T) {
			s := older.open(t)
			checksOut(t, s)
			got := whatIsIn(t, s)
			if golden := filepath.Join("testdata", older.name+".golden"); *update {
				write(t, golden, []byte(got))
			} else if diff := cmp.Diff(strings.Split(string(read(t, golden)), "\n"), strings.Split(got, "\n")); diff != "" {
				t.Errorf("%s is read as (-want +got):\n%s", older.name, diff)
			}
			if _, err := s.Apply(t.Context(), "INC-1", "onwards", note(testPolicy(t), "onwards")); err != nil {
				t.Error(err)
			}
			if _, err := s.Create(t.Context(), "another", declare(testPolicy(t), "Another")); err != nil {
				t.Error(err)
			}
			checksOut(t, s)
		})
	}
}

// TestTheHouseHoldsEverything looks for every kind of event and of effect that there was when the house was left: a kind that is
// missing could be lost without anybody noticing. Its timelines add up to its snapshots (Check compares them).
func TestTheHouseHoldsEverything(t *testing.T) {
	s := olderDatabases()[0].open(t)
	checksOut(t, s)
	page, err := s.List(t.Context(), incident.Query{Scope: incident.ScopeAll, AllSeen: true, Limit: 100})
	if err != nil {
		t.Fatal(err)
	}
	events := map[string]bool{}
	for _, in := range page.Incidents {
		entries, err := s.Timeline(t.Context(), in.ID, 0, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, entry := range entries {
			events[string(entry.Event.EventKind())] = true
		}
	}
	if got := slices.Sorted(maps.Keys(events)); !slices.Equal(got, strings.Fields(houseEvents)) {
		t.Errorf("the events are %q, want %q", got, strings.Fields(houseEvents))
	}
	jobs, err := s.Jobs(t.Context(), incident.JobsAll, 0)
	if err != nil {
		t.Fatal(err)
	}
	states := map[string]map[string]bool{}
	for _, job := range jobs {
		kind, state := string(job.Effect.Handling().Kind), "waiting"
		switch {
		case job.Failed:
			state = "failed"
		case job.Attempt > 1: // opening has counted one for each
			state = "tried"
		}
		if states[state] == nil {
			states[state] = map[string]bool{}
		}
		states[state][kind] = true
	}
	for _, state := range []string{"waiting", "tried", "failed"} {
		if got := slices.Sorted(maps.Keys(states[state])); !slices.Equal(got, strings.Fields(houseEffects)) {
			t.Errorf("%s are %q, want %q", state, got, strings.Fields(houseEffects))
		}
	}
}

// The kinds of events and effects when the house was left.
const (
	houseEvents = `announced archive_due cadence_set card_posted channel_archived channel_opened channel_restored declared effect_failed
		effect_retried member_joined member_left note_added paused reminded resumed retitled role_assigned role_released severity_changed
		snoozed status_changed summarized update_posted`
	houseEffects = `archive_channel create_channel draw_announcement draw_card draw_home draw_topic invite_group invite_users link_origin
		look_at_channel mark_noted pin_card post_entry restore_channel send_brief send_reminder`
)

// TestAJobOfAnOlderFileSaysWhoseItIs: also one that this version cannot read. When it was written, only its effect said so.
func TestAJobOfAnOlderFileSaysWhoseItIs(t *testing.T) {
	path := writeTemp(t, unpack(t, read(t, filepath.Join("testdata", "schema1.db.gz"))))
	db, err := bbolt.Open(path, 0o600, nil)
	if err != nil {
		t.Fatal(err)
	}
	err = db.Update(func(tx *bbolt.Tx) error {
		jobs := tx.Bucket([]byte(bucketJobs))
		return errors.Join(jobs.Put(keys.Number(1), []byte(`{"effect":{"kind":"fax_someone","effect":{"of":"INC-2","number":"1<2"}},"created_at":"2026-11-02T09:00:00Z"}`)),
			jobs.Put(keys.Number(2), []byte(`{"effect":{"kind":"draw_home","effect":{"user":"U1"}},"created_at":"2026-11-02T09:00:00Z"}`)),
			jobs.Put(keys.Number(3), []byte(`{`)))
	})
	if err := errors.Join(err, db.Close()); err != nil {
		t.Fatal(err)
	}
	s := mustOpen(t, path, Options{Now: storyEnd})
	jobs, err := s.Jobs(t.Context(), ledger.JobsAll, 3)
	if err != nil || len(jobs) != 3 {
		t.Fatalf("%+v, %v", jobs, err)
	}
	for i, want := range []ledger.Ref{incident.ID("INC-2").Ref(), {}, {}} {
		if got := jobs[i].Effect.Handling().Of; got != want || jobs[i].Unreadable != (i != 1) {
			t.Errorf("job %d is of %q, unreadable %v; want %q", jobs[i].ID, got, jobs[i].Unreadable, want)
		}
	}
}

// checksOut wants a whole store, once the reminders are derived anew as at every start.
func checksOut(t *testing.T, s *Store) {
	t.Helper()
	if err := s.Reindex(t.Context()); err != nil {
		t.Fatal(err)
	}
	if report, err := s.Check(t.Context()); err != nil || len(report.Problems) > 0 {
		t.Errorf("check: %q, %v", report.Problems, err)
	}
}

// whatIsIn is all that can be read from a store, a record a line.
func whatIsIn(t *testing.T, s *Store) string {
	t.Helper()
	var out strings.Builder
	tell := func(what string, record any) {
		data, err := json.Marshal(record)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&out, "%s %s\n", what, data)
	}
	page, err := s.List(t.Context(), incident.Query{Scope: incident.ScopeAll, AllSeen: true, Limit: 100})
	if err != nil {
		t.Fatal(err)
	}
	for _, in := range page.Incidents {
		tell("incident", in)
		entries, err := s.Timeline(t.Context(), in.ID, 0, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, entry := range entries {
			tell("\tentry", entry)
		}
		if in.Channel.ID != "" {
			found, err := s.ByChannel(t.Context(), in.Channel.ID)
			fmt.Fprintf(&out, "\tby its channel: %s %v\n", found.ID, err)
		}
	}
	for _, state := range []incident.JobState{incident.JobsWaiting, incident.JobsFailed, ledger.JobsSetAside} {
		jobs, err := s.Jobs(t.Context(), state, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, job := range jobs {
			tell(string(state), map[string]any{"id": job.ID, "kind": job.Effect.Handling().Kind, "key": job.Effect.Handling().Key, "effect": job.Effect, "attempt": job.Attempt,
				"created": job.CreatedAt, "not_before": job.NotBefore, "error": job.LastError, "failed": job.Failed})
		}
	}
	people, err := s.RecallAll(t.Context(), "people")
	if err != nil {
		t.Fatal(err)
	}
	for key, value := range people {
		fmt.Fprintf(&out, "shelf of people, %s: %s\n", key, value)
	}
	for _, once := range []string{"remembered", "never seen"} {
		_, err := s.Apply(t.Context(), "INC-1", once, func(incident.Incident) (incident.Outcome, error) {
			return incident.Outcome{}, fmt.Errorf("it is new")
		})
		fmt.Fprintf(&out, "once-key %s: %v\n", once, err)
	}
	return out.String()
}

func pack(t *testing.T, data []byte) []byte {
	t.Helper()
	var packed bytes.Buffer
	w, err := gzip.NewWriterLevel(&packed, gzip.BestCompression)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(data); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return packed.Bytes()
}

func unpack(t *testing.T, packed []byte) []byte {
	t.Helper()
	r, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		t.Fatal(err)
	}
	data, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return data
}
