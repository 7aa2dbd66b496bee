package view_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"muster/bot/slack/view"
	"muster/bot/slacksim/blockkit"
	"muster/incident"
	"muster/templates"

	"github.com/google/go-cmp/cmp"
	"github.com/slack-go/slack"
)

var update = flag.Bool("update", false, "write the golden files anew")

func encode(t testing.TB, value any) []byte {
	t.Helper()
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", " ")
	if err := encoder.Encode(value); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(string(got), "\n")); diff != "" {
		t.Errorf("%s differs from what is drawn now; look at it, then run go test ./bot/slack/view -update: -want +got\n%s", path, diff)
	}
}

// takes fails where Slack would refuse a message.
func takes(t testing.TB, name string, message view.Message) {
	t.Helper()
	data, err := json.Marshal(message.Blocks)
	if err != nil {
		t.Fatal(err)
	}
	for _, problem := range blockkit.ValidateMessage(data) {
		t.Errorf("%s: %s", name, problem)
	}
	if n := blockkit.TextLength(data); n > 12_000 {
		t.Errorf("%s: %d characters in its blocks", name, n)
	}
	if len(message.Blocks) == 0 || message.Text == "" {
		t.Errorf("%s: blocks or the text are missing", name)
	}
	if n := utf8.RuneCountInString(message.Text); n > 4000 {
		t.Errorf("%s: a notification of %d characters", name, n)
	}
}

// fits fails where an acknowledgement would be too long for Slack.
func fits(t testing.TB, name string, message view.Message) {
	t.Helper()
	data, err := json.Marshal(map[string]any{"text": message.Text, "blocks": message.Blocks, "response_type": "ephemeral"})
	if err != nil {
		t.Fatal(err)
	}
	if len(data) > 20_000 {
		t.Errorf("%s: an acknowledgement of %d bytes", name, len(data))
	}
}

func takesView(t testing.TB, name string, request any) {
	t.Helper()
	data, err := json.Marshal(request)
	if err != nil {
		t.Fatal(err)
	}
	for _, problem := range blockkit.ValidateView(data) {
		t.Errorf("%s: %s", name, problem)
	}
}

// drawn is one thing that a view draws.
type drawn struct {
	name    string
	message view.Message
	answer  bool // it may stand in an acknowledgement
}

// messages is every message of an incident.
func messages(v view.View, s *story) []drawn {
	in, now := s.in, s.now
	all := []drawn{
		{"card", v.Card(in, now), false},
		{"late", v.Late(12 * time.Minute), false},
		{"menu", v.Menu(nil), true},
		{"menu_incident", v.Menu(&in), true},
		{"help", v.Help("", nil), true},
		{"help_roles", v.Help("assign", &in), true},
		{"list", v.List(incident.Page{Incidents: many(in, 20), Next: "next"}, "all", "U1", now), true},
		{"list_empty", v.List(incident.Page{}, "", "U1", now), true},
		{"timeline", v.Timeline(in, s.entries, true), true},
		{"roles", v.Roles(in, now), true},
		{"why", v.Why(in, "", now), true},
		{"why_this", v.Why(in, incident.RuleNoManager, now), true},
		{"pick", v.PickIncident(many(in, 100), "resolve all is well"), true},
		{"pick_none", v.PickIncident(nil, "resolve"), true},
		{"pick_blank", v.PickIncident(many(in, 2), ""), true},
		{"unknown", v.UnknownCommand("resovle", "resolve", &in), true},
		{"unknown_far", v.UnknownCommand("dance", "", nil), true},
		{"no_channel", v.NotAnIncidentChannel(), true},
		{"error", v.InternalError("7f3a"), true},
		{"usage", v.Usage("assign", &in), true},
		{"brief", v.Brief(in, incident.IncidentManager, "U1"), false},
		{"acknowledge", v.Acknowledge(incident.Outcome{State: in, Entries: s.entries[:1]}), true},
		{"acknowledge_all", v.Acknowledge(incident.Outcome{State: in, Entries: s.entries}), true},
	}
	if !in.Private {
		all = append(all, drawn{"announcement", v.Announcement(in, now), false}, drawn{"origin", v.Origin(in), false})
	}
	for _, entry := range s.entries {
		if message, told := v.Entry(in, entry, now); told {
			all = append(all, drawn{"entry_" + string(entry.Event.EventKind()), message, false})
		}
	}
	for _, rule := range incident.RuleNames() {
		e := incident.EventReminded{Rule: rule, Anchor: start, Due: start.Add(time.Hour), To: incident.ToChannel, Users: []incident.UserID{"U1"},
			Missing: []incident.Role{incident.CommsManager}, Subject: "tech_lead/U2"}
		all = append(all, drawn{"remind_channel_" + string(rule), v.Reminder(in, e, "", time.Hour), false},
			drawn{"remind_person_" + string(rule), v.Reminder(in, e, "U1", 0), false})
	}
	for _, refusal := range refusals() {
		all = append(all, drawn{"refusal_" + string(refusal.Code), v.Refusal(refusal, &in), true})
	}
	return all
}

func many(in incident.Incident, n int) []incident.Incident {
	all := make([]incident.Incident, n)
	for i := range all {
		all[i] = in
		all[i].ID = incident.NewID(uint64(i + 1))
	}
	return all
}

func refusals() []*incident.Refusal {
	var all []*incident.Refusal
	for _, code := range incident.Codes() {
		all = append(all, &incident.Refusal{Code: code, Text: "title", Limit: 120, Length: 5000, Status: incident.Fixing, Verb: incident.VerbClose,
			Verbs: incident.Fixing.Possible(), Role: incident.TechLead, User: "U2", Severity: "sev1", Action: incident.ActClose,
			Grant: incident.Grant{Roles: []incident.Role{incident.IncidentManager}, Users: []incident.UserID{"U1"}, Groups: []incident.GroupID{"S1"}}})
	}
	return all
}

func modals(v view.View, s *story) map[string]slack.ModalViewRequest {
	all := map[string]slack.ModalViewRequest{
		"declare": v.DeclareModal(incident.Declare{Title: s.in.Title, Summary: s.in.Summary, Private: true, Origin: s.in.Origin}),
		"update":  v.UpdateModal(s.in, s.now), "severity": v.SeverityModal(s.in, ""), "note": v.NoteModal(s.in), "assign": v.AssignModal(s.in),
	}
	for _, verb := range incident.Verbs() {
		all["status_"+string(verb)] = v.StatusModal(s.in, verb)
	}
	return all
}

// TestGolden holds what goes over the wire, to the letter: a message, a form, the App Home. What people read of all the others
// stands in TestScreens.
func TestGolden(t *testing.T) {
	v := views(t, "en")
	s := night(t, v)
	golden(t, "card.json", encode(t, v.Card(s.in, s.now)))
	golden(t, "modal_declare.json", encode(t, modals(v, s)["declare"]))
	golden(t, "home.json", encode(t, v.Home("U2", many(s.in, 2), many(s.in, 1), s.now)))
}

func TestSlackTakesWhateverIsDrawn(t *testing.T) {
	for _, language := range templates.Languages() {
		v := views(t, language)
		for _, s := range []*story{night(t, v), extreme(t, v, false), extreme(t, v, true)} {
			for _, status := range incident.Statuses() {
				s.in.Status = status
				for _, d := range messages(v, s) {
					name := language + " " + string(status) + " " + d.name
					takes(t, name, d.message)
					if d.answer {
						fits(t, name, d.message)
					}
				}
				for name, modal := range modals(v, s) {
					takesView(t, language+" modal "+name, modal)
				}
				takesView(t, language+" home", v.Home("U1", many(s.in, 100), many(s.in, 40), s.now))
				if n := utf8.RuneCountInString(v.Topic(s.in, s.now)); n > 250 {
					t.Errorf("a topic of %d characters", n)
				}
			}
		}
	}
}
