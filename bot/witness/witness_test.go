package witness

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"muster/cmd/muster/sourcetest"
	"muster/incident"
)

// A kind of event that nobody thought of is one that may show anything to anybody.
func TestEveryKindHasARow(t *testing.T) {
	written := map[incident.EventKind]bool{}
	for _, row := range rows() {
		if !row.complete() {
			t.Errorf("the row of %s does not say what is seen", row.kind())
		}
		if kind := row.event().EventKind(); kind != row.kind() {
			t.Errorf("the row of %s takes events of the kind %s", row.kind(), kind)
		}
		if written[row.kind()] {
			t.Errorf("there are two rows for events of the kind %s", row.kind())
		}
		written[row.kind()] = true
	}
	for _, kind := range incident.EventKinds() {
		if !written[kind] {
			t.Errorf("there is no row for events of the kind %q: say in docs/witness.md what people should see of them, then in bot/witness", kind)
		}
		delete(written, kind)
	}
	for kind := range written {
		t.Errorf("there is a row for %q, which is no kind of event", kind)
	}
}

// The rows of the document are those of the code, in its order.
func TestTheDocumentHasTheSameRows(t *testing.T) {
	data, err := os.ReadFile(filepath.Join(sourcetest.Root(t), "docs", "witness.md"))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	_, table, _ := strings.Cut(string(data), "| event |")
	table, _, _ = strings.Cut(table, "\n## ")
	for line := range strings.Lines(table) {
		if cells := strings.Split(line, "|"); len(cells) > 4 && strings.HasPrefix(cells[1], " `") {
			got = append(got, strings.Trim(cells[1], " `"))
			for _, cell := range cells[2:5] {
				if strings.TrimSpace(cell) == "" {
					t.Errorf("the row of %s has an empty cell", cells[1])
				}
			}
		}
	}
	var want []string
	for _, kind := range Kinds() {
		want = append(want, string(kind))
	}
	slices.Sort(got)
	slices.Sort(want)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("docs/witness.md (-rows of the code, +rows of the document):\n%s", diff)
	}
}

// A judge who asked the accused would find nothing.
func TestTheWitnessCallsNothingOfIncident(t *testing.T) {
	for _, use := range sourcetest.Packages(t, "./bot/witness")[0].Uses("muster/incident") {
		t.Errorf("%s: the witness calls %s; it may use types of incident, and none of their functions", use.At, use.What.Name())
	}
}

const room = incident.ChannelID("C_INC")

// told reads a story out of events of Alice's, a minute each.
func story(t *testing.T, events ...incident.Event) *Story {
	t.Helper()
	var entries []incident.Entry
	for i, event := range events {
		entries = append(entries, incident.Entry{
			Seq: uint64(i + 1), At: time.Date(2026, 11, 23, 9, i, 0, 0, time.UTC), Actor: incident.Actor{ID: "U_ALICE", Kind: incident.Person}, Event: event,
		})
	}
	p := incident.DefaultPolicy()
	p.Announcements = "C_INCIDENTS"
	p.Severities[0].InviteUsers = []incident.UserID{"U_CHIEF"}
	s, err := Read("INC-1", entries, p)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// seen lists what should be seen of one entry.
func (s *Story) seen(entry uint64) (all []string) {
	for _, sight := range s.Sights {
		if sight.Entry == entry {
			all = append(all, strings.TrimRight(strings.Join([]string{string(sight.What), sight.Mark, string(sight.Reader)}, " "), " "))
		}
	}
	return all
}

func TestWhatIsSeen(t *testing.T) {
	declared := incident.EventDeclared{Title: "Checkout is down", Severity: "sev1", Status: incident.Declared, Origin: incident.Origin{Message: incident.MessageRef{Channel: "C_TALK", TS: "1.1"}}}
	secret := declared
	secret.Private = true
	opened := incident.EventChannelOpened{Channel: room}
	elsewhere := incident.EventNoteAdded{Text: "x", Message: incident.MessageRef{Channel: "C_TALK", TS: "2.2"}}
	trouble := incident.EventEffectFailed{Trouble: incident.Trouble{Job: 7, Kind: incident.KindPinCard, Reason: "not_pinnable"}}
	untold := incident.EventEffectFailed{Trouble: incident.Trouble{Job: 8, Kind: incident.KindPostEntry, Reason: "is_archived"}}
	over := incident.EventStatusChanged{Verb: incident.VerbResolve, To: incident.Resolved}
	for name, test := range map[string]struct {
		events []incident.Event
		want   []string // of the last
	}{
		"a declaration":             {[]incident.Event{declared}, nil},
		"its room":                  {[]incident.Event{declared, opened}, []string{"inside  U_ALICE", "inside  U_CHIEF", "answered INC-1/origin"}},
		"a private room":            {[]incident.Event{secret, opened}, []string{"inside  U_ALICE"}},
		"a role":                    {[]incident.Event{declared, opened, incident.EventRoleAssigned{Role: incident.TechLead, User: "U_BOB"}}, []string{"told INC-1/entry/3", "brief INC-1/brief/3 U_BOB", "inside  U_BOB"}},
		"a role before the room":    {[]incident.Event{declared, incident.EventRoleAssigned{Role: incident.TechLead, User: "U_BOB"}}, []string{"told INC-1/entry/2", "brief INC-1/brief/2 U_BOB"}},
		"a room with a role":        {[]incident.Event{secret, incident.EventRoleAssigned{Role: incident.TechLead, User: "U_BOB"}, opened}, []string{"inside  U_ALICE", "inside  U_BOB"}},
		"a note":                    {[]incident.Event{declared, opened, incident.EventNoteAdded{Text: "x"}}, []string{"told INC-1/entry/3"}},
		"a message noted":           {[]incident.Event{declared, opened, elsewhere}, []string{"marked"}},
		"a message noted privately": {[]incident.Event{secret, opened, elsewhere}, nil},
		"over and archived":         {[]incident.Event{declared, opened, over, incident.EventChannelArchived{}, incident.EventNoteAdded{Text: "x"}}, nil},
		"open and archived":         {[]incident.Event{declared, opened, incident.EventChannelArchived{}, incident.EventNoteAdded{Text: "x"}}, []string{"told INC-1/entry/4"}},
		"a graver severity":         {[]incident.Event{declared, opened, incident.EventSeverityChanged{From: "sev2", To: "sev1"}}, []string{"told INC-1/entry/3", "inside  U_CHIEF"}},
		"a lesser severity":         {[]incident.Event{declared, opened, incident.EventSeverityChanged{From: "sev1", To: "sev2"}}, []string{"told INC-1/entry/3"}},
		"a failure":                 {[]incident.Event{declared, opened, trouble}, []string{"told INC-1/entry/3"}},
		"the same failure":          {[]incident.Event{declared, opened, trouble, trouble}, nil},
		"a failure to tell":         {[]incident.Event{declared, opened, untold}, []string{"confessed  U_ALICE"}},
		"reminders to people":       {[]incident.Event{declared, opened, incident.EventReminded{Rule: incident.RuleStale, To: incident.ToManager, Users: []incident.UserID{"U_BOB", "U_CAROL"}}}, []string{"reminder INC-1/remind/stale/U_BOB U_BOB", "reminder INC-1/remind/stale/U_CAROL U_CAROL"}},
		"a reminder to the room":    {[]incident.Event{declared, opened, incident.EventReminded{Rule: incident.RuleStale, To: incident.ToChannel, Users: []incident.UserID{"U_BOB"}}}, []string{"reminder INC-1/remind/stale/"}},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, story(t, test.events...).seen(uint64(len(test.events)))); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// A reminder is owed until what it asks for was done.
func TestWhenAReminderIsOwed(t *testing.T) {
	declared := incident.EventDeclared{Title: "x", Severity: "sev2", Status: incident.Declared}
	opened := incident.EventChannelOpened{Channel: room}
	took := incident.EventRoleAssigned{Role: incident.IncidentManager, User: "U_BOB"}
	gave := incident.EventRoleReleased{Role: incident.IncidentManager, User: "U_BOB"}
	lead := incident.EventRoleAssigned{Role: incident.TechLead, User: "U_BOB"}
	for name, test := range map[string]struct {
		rule  incident.RuleName
		since []incident.Event
		want  bool
	}{
		"nothing happened":              {incident.RuleNoManager, nil, true},
		"somebody else came":            {incident.RuleNoManager, []incident.Event{lead}, true},
		"a manager came":                {incident.RuleNoManager, []incident.Event{took}, false},
		"a manager came and went":       {incident.RuleNoManager, []incident.Event{took, gave}, false},
		"it is over":                    {incident.RuleNoManager, []incident.Event{incident.EventStatusChanged{Verb: incident.VerbResolve, To: incident.Resolved}}, false},
		"paused":                        {incident.RuleNoManager, []incident.Event{incident.EventPaused{}}, false},
		"archived":                      {incident.RuleNoManager, []incident.Event{incident.EventChannelArchived{}}, false},
		"the role is filled":            {incident.RuleRoleEmpty, []incident.Event{lead}, false},
		"the role is not needed":        {incident.RuleRoleEmpty, []incident.Event{incident.EventSeverityChanged{From: "sev2", To: "sev3"}}, false},
		"another role is filled":        {incident.RuleRoleEmpty, []incident.Event{took}, true},
		"an update":                     {incident.RuleUpdateDue, []incident.Event{incident.EventUpdatePosted{}}, false},
		"a note":                        {incident.RuleUpdateDue, []incident.Event{incident.EventNoteAdded{Text: "x"}}, true},
		"overdue by now":                {incident.RuleUpdateDue, []incident.Event{incident.EventReminded{Rule: incident.RuleUpdateOverdue}}, false},
		"still overdue":                 {incident.RuleUpdateOverdue, []incident.Event{incident.EventReminded{Rule: incident.RuleUpdateOverdue}}, true},
		"the severity is confirmed":     {incident.RuleUpdateDue, []incident.Event{incident.EventSeverityChanged{From: "sev2", To: "sev2"}}, true},
		"stale, and somebody wrote":     {incident.RuleStale, []incident.Event{incident.EventNoteAdded{Text: "x"}}, false},
		"stale, and reminded once more": {incident.RuleStale, []incident.Event{incident.EventReminded{Rule: incident.RuleStale}}, true},
	} {
		t.Run(name, func(t *testing.T) {
			reminded := incident.EventReminded{Rule: test.rule, To: incident.ToChannel, Missing: []incident.Role{incident.TechLead}}
			s := story(t, append([]incident.Event{declared, opened, reminded}, test.since...)...)
			for _, sight := range s.Sights {
				if sight.What != Reminder || sight.Entry != 3 {
					continue
				}
				if got := sight.Owed(3, uint64(len(s.entries))); got != test.want {
					t.Errorf("it is owed: %v, want %v", got, test.want)
				}
				return
			}
			t.Error("there is no reminder")
		})
	}
}

func TestSurfaces(t *testing.T) {
	declared := incident.EventDeclared{Title: "Checkout is down", Severity: "sev1", Status: incident.Declared, Drill: true}
	lead := incident.EventRoleAssigned{Role: incident.TechLead, User: "U_BOB"}
	s := story(t, declared, incident.EventChannelOpened{Channel: room}, lead, incident.EventStatusChanged{Verb: incident.VerbFix, To: incident.Fixing})
	want := Shown{
		Card: []string{"Checkout is down", "", ""}, CardExactly: []string{"*Fixing*", "DRILL"}, Topic: []string{"Fixing", "DRILL"},
		Announcement: []string{"Checkout is down"}, AnnouncementExactly: []string{"Fixing", "DRILL"}, Named: []incident.UserID{"U_BOB"},
	}
	if diff := cmp.Diff(want, s.Shown()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if !s.Announced() {
		t.Error("it has to be announced")
	}
	declared.Private = true
	if story(t, declared, incident.EventChannelOpened{Channel: room}).Announced() {
		t.Error("a private one is announced")
	}
}

func TestRemindedTwice(t *testing.T) {
	declared := incident.EventDeclared{Title: "x", Severity: "sev1", Status: incident.Declared}
	first := incident.EventReminded{Rule: incident.RuleUpdateDue, To: incident.ToChannel}
	second := incident.EventReminded{Rule: incident.RuleUpdateDue, To: incident.ToChannel, Step: 1}
	if twice := story(t, declared, first, second).RemindedTwice(); len(twice) != 0 {
		t.Errorf("got %v", twice)
	}
	if twice := story(t, declared, first, first).RemindedTwice(); len(twice) != 1 {
		t.Errorf("got %v", twice)
	}
	if twice := story(t, declared, first, incident.EventCadenceSet{Cadence: "@every 20m"}, first).RemindedTwice(); len(twice) != 0 {
		t.Errorf("another cadence: got %v", twice)
	}
}
