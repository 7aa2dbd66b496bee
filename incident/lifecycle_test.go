package incident

import (
	"errors"
	"flag"
	"os"
	"slices"
	"testing"
)

var update = flag.Bool("update", false, "write the golden files anew")

func TestLifecycleMarkdownIsTheTable(t *testing.T) {
	got := LifecycleMarkdown()
	if *update {
		if err := os.WriteFile("lifecycle.md", []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile("lifecycle.md")
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("lifecycle.md is not the table; run go test ./incident -run Lifecycle -update\n%s", got)
	}
}

// accepted is the table once more, written by hand: a change of the lifecycle has to be meant twice.
var accepted = map[Status]map[Verb]Status{
	Triage:     {VerbAccept: Declared, VerbCancel: Canceled},
	Declared:   {VerbFix: Fixing, VerbMonitor: Monitoring, VerbResolve: Resolved, VerbCancel: Canceled},
	Fixing:     {VerbMonitor: Monitoring, VerbResolve: Resolved, VerbCancel: Canceled},
	Monitoring: {VerbFix: Fixing, VerbResolve: Resolved, VerbCancel: Canceled},
	Resolved:   {VerbReopen: Fixing, VerbClose: Closed},
	Closed:     {VerbReopen: Fixing},
	Canceled:   {},
}

func TestEveryPairOfStatusAndVerbIsAcceptedOrRefusedByTheTable(t *testing.T) {
	verbs := append(Verbs(), "", "explode", "Fix")
	for _, status := range append(Statuses(), "") {
		for _, verb := range verbs {
			desk := declared(t)
			desk.in.Status = status
			out, err := desk.try(alice, ChangeStatus{Verb: verb, Text: "why"})
			want, possible := accepted[status][verb]
			switch {
			case possible && (err != nil || out.State.Status != want):
				t.Errorf("%s from %q gave %q, %v; want %s", verb, status, out.State.Status, err, want)
			case !possible:
				refusal := refusalOf(t, err)
				if code := RefuseTransition; slices.Contains(Verbs(), verb) && refusal.Code != code {
					t.Errorf("%s from %q was refused with %s, want %s", verb, status, refusal.Code, code)
				}
				if !slices.Contains(Verbs(), verb) && refusal.Code != RefuseUnknownVerb {
					t.Errorf("%q was refused with %s", verb, refusal.Code)
				}
				if !slices.Equal(refusal.Verbs, status.Possible()) || refusal.Status != status {
					t.Errorf("%s from %q: the refusal offers %v of %q, want %v", verb, status, refusal.Verbs, refusal.Status, status.Possible())
				}
			}
		}
	}
}

func TestEveryStatusIsReachable(t *testing.T) {
	reached := map[Status]bool{Triage: true, Declared: true}
	for range Statuses() {
		for _, row := range Lifecycle() {
			if slices.ContainsFunc(row.From, func(from Status) bool { return reached[from] }) {
				reached[row.To] = true
			}
		}
	}
	for _, status := range Statuses() {
		if !reached[status] {
			t.Errorf("nothing leads to %s", status)
		}
	}
}

func TestTheTableIsWhole(t *testing.T) {
	for i, row := range Lifecycle() {
		if row.Verb != Verbs()[i] {
			t.Errorf("row %d is of %s, and the buttons show %s there", i, row.Verb, Verbs()[i])
		}
		if !slices.Contains(Actions(), row.Action) || !slices.Contains(Statuses(), row.To) || len(row.From) == 0 {
			t.Errorf("row of %s: permission %q, from %v to %q", row.Verb, row.Action, row.From, row.To)
		}
		for _, from := range row.From {
			if !slices.Contains(Statuses(), from) || from == row.To || !slices.Contains(from.Possible(), row.Verb) {
				t.Errorf("%s from %q to %q", row.Verb, from, row.To)
			}
		}
	}
}

func TestOnlyARunningOutageIsOpen(t *testing.T) {
	for status, want := range map[Status]bool{
		Triage: true, Declared: true, Fixing: true, Monitoring: true, Resolved: false, Closed: false, Canceled: false, "": false,
	} {
		if got := status.Open(); got != want {
			t.Errorf("%q open = %v, want %v", status, got, want)
		}
	}
}

func refusalOf(t testing.TB, err error) *Refusal {
	t.Helper()
	var refusal *Refusal
	if !errors.As(err, &refusal) {
		t.Fatalf("got %v, want a refusal", err)
	}
	return refusal
}
