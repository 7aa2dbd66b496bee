package paper_test

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"muster/bot/paper"
	"muster/cmd/muster/config"
	"muster/incident"
	"muster/templates"
)

var update = flag.Bool("update", false, "write the golden files anew")

// hostile is typed text that must stay text in every format.
const hostile = "<script>alert(1)</script> | **bold** [x](javascript:alert(1)) & <!channel> `code` https://evil.example\n# heading\n| cell |"

// shelf keeps one incident in memory.
type shelf struct {
	in      incident.Incident
	entries []incident.Entry
}

func (s *shelf) Get(_ context.Context, id incident.ID) (incident.Incident, error) {
	if id != s.in.ID {
		return incident.Incident{}, incident.ErrNotFound
	}
	return s.in, nil
}

func (s *shelf) Timeline(_ context.Context, _ incident.ID, after uint64, limit int) ([]incident.Entry, error) {
	rest := s.entries[after:]
	return rest[:min(limit, len(rest))], nil
}

func (s *shelf) do(t *testing.T, p *incident.Policy, actor incident.UserID, at time.Time, commands ...incident.Command) {
	t.Helper()
	who := incident.Muster
	if actor != "" {
		who = incident.Actor{ID: actor, Kind: incident.Person}
	}
	for _, command := range commands {
		out, err := incident.Step(s.in, incident.NewID(42), command, who, at, p)
		if err != nil {
			t.Fatalf("%T: %v", command, err)
		}
		s.in, s.entries = out.State, append(s.entries, out.Entries...)
	}
}

// story is an incident with something of everything.
func story(t *testing.T, p *incident.Policy) *shelf {
	t.Helper()
	s, at := &shelf{}, time.Date(2026, 11, 22, 2, 0, 0, 0, time.UTC)
	s.do(t, p, "U1", at, incident.Declare{Title: "Checkout is down <b>", Severity: "sev1", Summary: hostile, Drill: true})
	s.do(t, p, "", at.Add(time.Second), incident.RecordChannel{Channel: "C0123456", Name: "inc-42-checkout"})
	s.do(t, p, "U2", at.Add(time.Minute), incident.AssignRole{Role: incident.TechLead, Assignee: incident.Actor{ID: "U2", Kind: incident.Person}})
	s.do(t, p, "U2", at.Add(2*time.Minute), incident.AddNote{Text: hostile}, incident.ChangeStatus{Verb: incident.VerbFix})
	s.do(t, p, "U1", at.Add(9*time.Minute), incident.PostUpdate{Text: incident.UpdateText{State: hostile, Current: "one\ntwo", Next: "three"}})
	s.do(t, p, "U1", at.Add(10*time.Minute), incident.ChangeSeverity{Severity: "sev2", Reason: hostile}, incident.SetCadence{Every: 20 * time.Minute})
	s.do(t, p, "U1", at.Add(70*time.Minute), incident.ChangeStatus{Verb: incident.VerbResolve, Text: hostile})
	return s
}

func written(t *testing.T, language string, format paper.Format) string {
	t.Helper()
	p := config.Default().Policy
	doc, err := paper.Collect(t.Context(), story(t, p), incident.NewID(42))
	if err != nil {
		t.Fatal(err)
	}
	words, err := templates.Load(language, nil)
	if err != nil {
		t.Fatal(err)
	}
	data, err := paper.Writer{Words: words.In(templates.Workspace), Policy: p, Now: doc.Incident.ChangedAt}.Write(doc, format)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func TestExports(t *testing.T) {
	for name, got := range map[string]string{
		"en.md": written(t, "en", paper.Markdown), "en.html": written(t, "en", paper.HTML),
	} {
		path := filepath.Join("testdata", name)
		if *update {
			if err := os.WriteFile(path, []byte(got), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), got); diff != "" {
			t.Errorf("%s (go test -update writes it anew): -want +got\n%s", name, diff)
		}
	}
}

func TestTypedTextStaysText(t *testing.T) {
	page := written(t, "en", paper.HTML)
	for _, live := range []string{"<script", "<b>", "<!channel"} {
		if strings.Contains(page, live) {
			t.Errorf("HTML holds %s", live)
		}
	}
	sheet := written(t, "en", paper.Markdown)
	for _, live := range []string{"<script", "<b>", "<!channel", " [x](", "\n# heading", "\n| cell", "https://", " **bold**"} {
		if strings.Contains(sheet, live) {
			t.Errorf("Markdown holds %q", live)
		}
	}
	if !strings.Contains(page, "alert(1)") || !strings.Contains(sheet, "alert") {
		t.Error("the words themselves are gone")
	}
}

func TestHeadingsAreOfTheLanguage(t *testing.T) {
	if sheet := written(t, "ko", paper.Markdown); !strings.Contains(sheet, "\n## 타임라인\n") {
		t.Errorf("the timeline has no Korean heading:\n%s", sheet)
	}
}

func TestJSONFoldsBackToTheIncident(t *testing.T) {
	var doc paper.Document
	if err := json.Unmarshal([]byte(written(t, "en", paper.JSON)), &doc); err != nil {
		t.Fatal(err)
	}
	var got incident.Incident
	for _, entry := range doc.Timeline {
		got = incident.Fold(got, entry)
	}
	if diff := cmp.Diff(doc.Incident, got); diff != "" {
		t.Errorf("-state +folded timeline\n%s", diff)
	}
}

func TestAnUnknownIncidentIsNotFound(t *testing.T) {
	_, err := paper.Collect(t.Context(), &shelf{}, incident.NewID(7))
	if !errors.Is(err, incident.ErrNotFound) {
		t.Errorf("got %v", err)
	}
}
