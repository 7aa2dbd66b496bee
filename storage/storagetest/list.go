package storagetest

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"muster/incident"
)

// people who declare, hold roles and look on.
func people() []incident.UserID { return []incident.UserID{"U0ALICE", "U0BOB", "U0CHO", "U0DAN"} }

// populate makes incidents of all sorts, and answers their newest states.
func (w *world) populate(t testing.TB, count int) []incident.Incident {
	t.Helper()
	severities := []incident.Severity{"sev1", "sev2", "sev3", incident.Unknown}
	roles := []incident.Role{incident.IncidentManager, incident.TechLead, incident.Scribe}
	var all []incident.Incident
	for i := range count {
		w.now = w.now.Add(time.Duration(i%3) * time.Minute) // several at the same time
		actor := incident.Actor{ID: people()[i%len(people())], Kind: incident.Person}
		command := incident.Declare{Title: fmt.Sprintf("Outage %d", i), Severity: severities[i/2%len(severities)], Private: i%5 == 0}
		out, err := w.Create(context.Background(), "", w.declare(command, actor))
		if err != nil {
			t.Fatalf("declare: %v", err)
		}
		in := out.State
		holder := incident.Actor{ID: people()[(i/3)%len(people())], Kind: incident.Person}
		by := func(command incident.Command, actor incident.Actor) {
			out, err := w.Apply(context.Background(), in.ID, "", w.step(command, actor))
			if err != nil {
				t.Fatalf("%T: %v", command, err)
			}
			in = out.State
		}
		if i%2 == 0 {
			by(incident.AssignRole{Role: roles[i%len(roles)], Assignee: holder}, actor)
		}
		if i%7 == 0 && in.Severity != "sev2" {
			by(incident.ChangeSeverity{Severity: "sev2", Reason: "looked again"}, incident.Muster)
		}
		if in.Status == incident.Triage && i%6 > 0 && i%6 != 4 {
			by(incident.ChangeStatus{Verb: incident.VerbAccept}, actor)
		}
		switch i % 6 {
		case 1:
			by(incident.ChangeStatus{Verb: incident.VerbFix}, actor)
		case 2:
			by(incident.ChangeStatus{Verb: incident.VerbResolve, Text: "done"}, actor)
		case 3:
			by(incident.ChangeStatus{Verb: incident.VerbResolve, Text: "done"}, actor)
			by(incident.ChangeStatus{Verb: incident.VerbClose}, actor)
		case 4:
			by(incident.ChangeStatus{Verb: incident.VerbCancel, Text: "false alarm"}, actor)
		case 5:
			by(incident.ChangeStatus{Verb: incident.VerbResolve, Text: "done"}, actor)
			by(incident.ChangeStatus{Verb: incident.VerbReopen, Text: "it is back"}, actor)
		}
		all = append(all, in)
	}
	return all
}

// naive answers a query from a list of all incidents.
func naive(all []incident.Incident, query incident.Query) []incident.Incident {
	var fit []incident.Incident
	for _, in := range all {
		open := in.Status.Open()
		if query.Status == "" && ((query.Scope == incident.ScopeOpen && !open) || (query.Scope == incident.ScopeFinished && open)) {
			continue
		}
		if (query.Status != "" && in.Status != query.Status) || (query.Severity != "" && in.Severity != query.Severity) ||
			(query.Person != "" && !slices.Contains(in.Involved(), query.Person)) || (!query.AllSeen && !in.VisibleTo(query.Viewer)) {
			continue
		}
		fit = append(fit, in)
	}
	slices.SortFunc(fit, func(a, b incident.Incident) int {
		switch before := a.ID.Number() < b.ID.Number(); {
		case a.Status.Open() != b.Status.Open():
			return order(a.Status.Open())
		case a.Status.Open() && a.Priority != b.Priority:
			return order(a.Priority < b.Priority)
		case !a.DeclaredAt.Equal(b.DeclaredAt):
			return order(a.DeclaredAt.Before(b.DeclaredAt) == a.Status.Open())
		default:
			return order(before == a.Status.Open())
		}
	})
	return fit
}

func order(first bool) int {
	if first {
		return -1
	}
	return 1
}

func ids(list []incident.Incident) []incident.ID {
	var ids []incident.ID
	for _, in := range list {
		ids = append(ids, in.ID)
	}
	return ids
}

func testList(t *testing.T, w *world) {
	all := w.populate(t, 60)
	rapid.Check(t, func(t *rapid.T) {
		query := incident.Query{
			Scope:    rapid.SampledFrom([]incident.Scope{incident.ScopeOpen, incident.ScopeFinished, incident.ScopeAll}).Draw(t, "scope"),
			Severity: rapid.SampledFrom([]incident.Severity{"", "", "sev1", "sev2", "sev3", incident.Unknown, "sev9"}).Draw(t, "severity"),
			Status:   rapid.SampledFrom(append(incident.Statuses(), "", "", "", "nonsense")).Draw(t, "status"),
			Person:   rapid.SampledFrom(append(people(), "", "", "U0NOBODY", "U0", "U0ALICE\x00")).Draw(t, "person"),
			Viewer:   rapid.SampledFrom(append(people(), "")).Draw(t, "viewer"),
			AllSeen:  rapid.Bool().Draw(t, "all seen"),
			Limit:    rapid.IntRange(1, 30).Draw(t, "limit"),
		}
		want := naive(all, query)
		var got []incident.Incident
		for pages := 0; ; pages++ {
			page, err := w.List(context.Background(), query)
			if err != nil {
				t.Fatalf("list: %v", err)
			}
			if len(page.Incidents) > query.Limit || (page.Next != "" && len(page.Incidents) < query.Limit) || pages > len(all) {
				t.Fatalf("page %d has %d incidents for a limit of %d, next %q", pages, len(page.Incidents), query.Limit, page.Next)
			}
			got = append(got, page.Incidents...)
			if page.Next == "" {
				break
			}
			query.After = page.Next
		}
		if text(t, got) != text(t, want) {
			t.Fatalf("got %v\nwant %v", ids(got), ids(want))
		}
	})
}

func testPrivate(t *testing.T, w *world) {
	ctx := context.Background()
	out, err := w.Create(ctx, "", w.declare(incident.Declare{Title: "A breach", Severity: "sev1", Private: true}, Alice()))
	if err != nil {
		t.Fatal(err)
	}
	see := func(query incident.Query) int {
		query.Scope = incident.ScopeAll
		page, err := w.List(ctx, query)
		if err != nil || page.Next != "" {
			t.Fatalf("list: %v, next %q", err, page.Next)
		}
		return len(page.Incidents)
	}
	for _, tt := range []struct {
		who   string
		query incident.Query
		want  int
	}{
		{"the declarer", incident.Query{Viewer: "U0ALICE"}, 1},
		{"a stranger", incident.Query{Viewer: "U0BOB"}, 0},
		{"nobody", incident.Query{}, 0},
		{"a stranger who asks for the declarer's", incident.Query{Viewer: "U0BOB", Person: "U0ALICE"}, 0},
		{"the program", incident.Query{AllSeen: true}, 1},
	} {
		if got := see(tt.query); got != tt.want {
			t.Errorf("%s sees %d, want %d", tt.who, got, tt.want)
		}
	}
	w.does(t, out.State.ID, incident.AssignRole{Role: incident.TechLead, Assignee: incident.Actor{ID: "U0BOB", Kind: incident.Person}})
	if got := see(incident.Query{Viewer: "U0BOB", Person: "U0BOB"}); got != 1 {
		t.Errorf("the new tech lead sees %d, want 1", got)
	}
}

func testCursor(t *testing.T, w *world) {
	w.populate(t, 5)
	for _, cursor := range []string{"%%%", "=", "not a cursor!"} {
		if _, err := w.List(context.Background(), incident.Query{After: cursor, AllSeen: true}); err == nil {
			t.Errorf("the cursor %q was taken", cursor)
		}
	}
}
