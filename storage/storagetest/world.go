package storagetest

import (
	"context"
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/robfig/cron/v3"

	"muster/incident"
	"muster/storage"
)

// Policy is the default policy, compiled.
func Policy(t testing.TB) *incident.Policy {
	t.Helper()
	policy := incident.DefaultPolicy()
	err := policy.Compile(func(spec string) (incident.Schedule, error) { return cron.ParseStandard(spec) })
	if err != nil {
		t.Fatalf("compile the default policy: %v", err)
	}
	return policy
}

// tb is what the stories need of a test, which may be one of testing or of rapid.
type tb interface {
	Helper()
	Errorf(format string, args ...any)
	Fatalf(format string, args ...any)
}

// began is when every story begins.
func began() time.Time { return time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC) }

// Alice is a full member who may do everything.
func Alice() incident.Actor { return incident.Actor{ID: "U0ALICE", Kind: incident.Person} }

// Decide is a decision on the newest state of an incident. It is pure and may be called more than once.
type Decide = func(current incident.Incident) (incident.Outcome, error)

// world is an engine with a clock and a policy, and words for what the stories do. Beside incidents it keeps tallies.
type world struct {
	Engine
	*storage.Incidents
	tallies *tallies
	policy  *incident.Policy
	now     time.Time
}

func newWorld(t testing.TB, open Open) *world {
	w := &world{policy: Policy(t), now: began()}
	w.uses(t, open(t, w.kinds(tallyKind()), effects(t)))
	return w
}

// kinds are those that the stories keep.
func (w *world) kinds(tally storage.Kind[tallyID, tally, mark]) []storage.Aggregate {
	return []storage.Aggregate{storage.IncidentKind(w.policy).Aggregate(), tally.Aggregate()}
}

func (w *world) uses(t testing.TB, engine Engine) {
	w.Engine = engine
	w.Incidents = storage.NewIncidents(engine, storage.IncidentKind(w.policy), func(err error) { t.Log(err) })
	w.tallies = storage.NewStore(engine, tallyKind())
}

func (w *world) reopen(t testing.TB) { w.uses(t, w.Reopen(t, w.kinds(tallyKind()))) }

// declare is the decision to raise an incident.
func (w *world) declare(command incident.Declare, actor incident.Actor) func(incident.ID) (incident.Outcome, error) {
	now := w.now
	return func(id incident.ID) (incident.Outcome, error) {
		return incident.Step(incident.Incident{}, id, command, actor, now, w.policy)
	}
}

// step is the decision on any other command.
func (w *world) step(command incident.Command, actor incident.Actor) Decide {
	now := w.now
	return func(current incident.Incident) (incident.Outcome, error) {
		return incident.Step(current, current.ID, command, actor, now, w.policy)
	}
}

func (w *world) declared(t tb, title string) incident.Incident {
	t.Helper()
	out, err := w.Create(context.Background(), "", w.declare(incident.Declare{Title: title, Severity: "sev1"}, Alice()))
	if err != nil {
		t.Fatalf("declare %q: %v", title, err)
	}
	return out.State
}

func (w *world) does(t tb, id incident.ID, command incident.Command) incident.Incident {
	t.Helper()
	actor := Alice()
	if incident.Needs(command).ProgramOnly() {
		actor = incident.Muster
	}
	out, err := w.Apply(context.Background(), id, "", w.step(command, actor))
	if err != nil {
		t.Fatalf("%T on %s: %v", command, id, err)
	}
	return out.State
}

func (w *world) get(t tb, id incident.ID) incident.Incident {
	t.Helper()
	in, err := w.Get(context.Background(), id)
	if err != nil {
		t.Fatalf("get %s: %v", id, err)
	}
	return in
}

func (w *world) claims(t tb, limit int) []incident.Job {
	t.Helper()
	jobs, err := w.Claim(context.Background(), w.now, limit)
	if err != nil {
		t.Fatalf("claim: %v", err)
	}
	return jobs
}

// drain completes whatever can be claimed, without follow-ups.
func (w *world) drain(t tb) {
	t.Helper()
	for {
		jobs := w.claims(t, 100)
		if len(jobs) == 0 {
			return
		}
		for _, job := range jobs {
			w.completes(t, job)
		}
	}
}

func (w *world) completes(t tb, job incident.Job) {
	t.Helper()
	if _, err := w.Complete(context.Background(), job, nil); err != nil {
		t.Fatalf("complete job %d: %v", job.ID, err)
	}
}

func (w *world) enqueues(t tb, effects ...incident.Effect) {
	t.Helper()
	if err := w.Enqueue(context.Background(), effects...); err != nil {
		t.Fatalf("enqueue: %v", err)
	}
}

func (w *world) jobs(t tb, state incident.JobState) []incident.Job {
	t.Helper()
	jobs, err := w.Jobs(context.Background(), state, 0)
	if err != nil {
		t.Fatalf("list %s jobs: %v", state, err)
	}
	return jobs
}

// text is a value as JSON, for comparing and showing.
func text(t tb, value any) string {
	t.Helper()
	data, err := json.Marshal(value)
	if err != nil {
		t.Fatalf("encode %T: %v", value, err)
	}
	return string(data)
}

func wantError(t tb, what string, got, want error) {
	t.Helper()
	if !errors.Is(got, want) {
		t.Fatalf("%s: got error %v, want %v", what, got, want)
	}
}

func signalled(channel <-chan struct{}) bool {
	select {
	case <-channel:
		return true
	default:
		return false
	}
}
