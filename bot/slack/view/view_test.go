package view_test

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"muster/bot/slack/action"
	"muster/bot/slack/view"
	"muster/incident"
)

// actions lists what the buttons and selects of blocks do.
func actions(t testing.TB, blocks any) []action.Action {
	t.Helper()
	var found []action.Action
	for _, match := range regexp.MustCompile(`"action_id": "([^"]*)"`).FindAllStringSubmatch(string(encode(t, blocks)), -1) {
		decoded, err := action.Parse(match[1])
		if err != nil {
			t.Fatal(err)
		}
		found = append(found, decoded)
	}
	return found
}

func named(all []action.Action, name action.Name) []string {
	var args []string
	for _, one := range all {
		if one.Name == name {
			args = append(args, one.Arg)
		}
	}
	return args
}

func TestTheCardOffersWhatTheTableAllows(t *testing.T) {
	v := views(t, "en")
	s := night(t, v)
	for _, status := range incident.Statuses() {
		s.in.Status = status
		var want []string
		for _, verb := range status.Possible() {
			want = append(want, string(verb))
		}
		got := named(actions(t, v.Card(s.in, s.now).Blocks), action.Status)
		// The rail repeats the verb that comes next.
		slices.Sort(got)
		got = slices.Compact(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Errorf("%s: the card offers %v, want %v", status, got, want)
		}
		offered := actions(t, v.Card(s.in, s.now).Blocks)
		if updates := len(named(offered, action.OpenUpdate)) > 0; updates != status.Open() {
			t.Errorf("%s: offers an update: %v", status, updates)
		}
		if status == incident.Canceled && len(offered) > 0 {
			t.Errorf("a canceled incident offers %v", offered)
		}
	}
}

// TestNoButtonIsRefused presses every button of the card that is a command by itself.
func TestNoButtonIsRefused(t *testing.T) {
	v := views(t, "en")
	for _, status := range incident.Statuses() {
		s := night(t, v)
		s.in.Status = status
		for _, offered := range actions(t, v.Card(s.in, s.now).Blocks) {
			var command incident.Command
			switch offered.Name {
			case action.TakeRole:
				command = incident.AssignRole{Role: incident.Role(offered.Arg), Assignee: person("U9")}
			case action.Status:
				command = incident.ChangeStatus{Verb: incident.Verb(offered.Arg), Text: "because"}
			case action.OpenUpdate:
				command = incident.PostUpdate{Text: incident.UpdateText{State: "so"}}
			case action.OpenSeverity:
				command = incident.ChangeSeverity{Severity: "sev3", Reason: "because"}
			case action.OpenNote:
				command = incident.AddNote{Text: "so"}
			default:
				continue
			}
			if _, err := incident.Decide(s.in, s.in.ID, command, person("U9"), s.now, v.Policy); err != nil {
				t.Errorf("%s: %+v: %v", status, offered, err)
			}
		}
	}
}

// The next step is the one button that stands out. A role can be taken at one place. Cancel asks for a reason in a form, so
// the button itself asks nothing and does not call for attention.
func TestTheNextStepStandsOut(t *testing.T) {
	v := views(t, "en")
	s := night(t, v)
	for _, status := range incident.Statuses() {
		s.in.Status = status
		blocks := v.Card(s.in, s.now).Blocks
		card := string(encode(t, blocks))
		want := 0
		if status.Open() || status == incident.Resolved {
			want = 1
		}
		if got := strings.Count(card, `"style": "primary"`); got != want {
			t.Errorf("%s: %d buttons stand out, want %d", status, got, want)
		}
		if strings.Contains(card, `"style": "danger"`) || strings.Contains(card, `"confirm"`) {
			t.Errorf("%s: cancel calls for attention, or asks twice", status)
		}
		seen := map[action.Action]bool{}
		for _, offered := range actions(t, blocks) {
			if seen[offered] && offered.Name == action.TakeRole {
				t.Errorf("%s: %v is there twice", status, offered)
			}
			seen[offered] = true
		}
	}
}

func TestEmptyRolesCanBeTaken(t *testing.T) {
	v := views(t, "en")
	s := begin(t, v, incident.Declare{Title: "Checkout is down", Severity: "sev1"})
	first := named(actions(t, v.Card(s.in, s.now).Blocks), action.TakeRole)
	if want := []string{"incident_manager", "tech_lead", "comms_manager"}; !slices.Equal(first, want) {
		t.Errorf("at first: %v, want %v", first, want)
	}
	card := string(encode(t, v.Card(s.in, s.now)))
	if !strings.Contains(card, `"text": "Take: Tech lead"`) || !strings.Contains(card, "nobody yet") {
		t.Error("the card does not say that a role can be taken")
	}
}

func TestAPrivateIncidentIsShownToItsMembersOnly(t *testing.T) {
	for _, language := range []string{"en", "ko"} {
		v := views(t, language)
		s := begin(t, v, incident.Declare{Title: "Breach of the vault", Severity: "sev1", Private: true,
			Origin: incident.Origin{Source: incident.FromMessage, Quote: "vault", Message: incident.MessageRef{Channel: "C1", TS: "1.1"}}})
		page := incident.Page{Incidents: []incident.Incident{s.in}, Next: "more"}
		for viewer, seen := range map[incident.UserID]bool{"U1": true, "U9": false, "": false} {
			for name, drawn := range map[string]any{
				"list": v.List(page, "all", viewer, s.now),
				"home": v.Home(viewer, []incident.Incident{s.in}, []incident.Incident{s.in}, s.now),
			} {
				if got := strings.Contains(string(encode(t, drawn)), "vault"); got != seen {
					t.Errorf("%s: the %s of %q shows it: %v, want %v", language, name, viewer, got, seen)
				}
			}
		}
		if v.Announcement(s.in, s.now).Blocks != nil || v.Origin(s.in).Blocks != nil {
			t.Error("a private incident is announced, or answers in a public thread")
		}
	}
}

// TestNothingTypedMentionsAnybody draws the hostile story everywhere; only what the program itself mentions may remain.
func TestNothingTypedMentionsAnybody(t *testing.T) {
	sequence := regexp.MustCompile(`<[^<>]*>`)
	ours := regexp.MustCompile(`^<(@U\d+XXXXXXX\d+|@U[1-9]|#C42|!subteam\^S1|!date\^\d+\^[^|]*\|[0-9A-Z: -]*|https://x\.slack\.com/archives/C1/p1(\|[^|]*)?)>$`)
	var check func(t *testing.T, where string, value any)
	check = func(t *testing.T, where string, value any) {
		switch value := value.(type) {
		case map[string]any:
			if value["type"] == "plain_text" {
				return
			}
			for key, child := range value {
				if key != "initial_value" && key != "private_metadata" && key != "action_id" {
					check(t, where, child)
				}
			}
		case []any:
			for _, child := range value {
				check(t, where, child)
			}
		case string:
			for _, found := range sequence.FindAllString(value, -1) {
				if !ours.MatchString(found) {
					t.Errorf("%s: %s in %.200q", where, found, value)
				}
			}
		}
	}
	for _, language := range []string{"en", "ko"} {
		v := views(t, language)
		s := extreme(t, v, false)
		for _, d := range messages(v, s) {
			var decoded any
			if err := json.Unmarshal(encode(t, d.message), &decoded); err != nil {
				t.Fatal(err)
			}
			check(t, language+" "+d.name, decoded)
		}
		var decoded any
		if err := json.Unmarshal(encode(t, v.Home("U1", many(s.in, 3), nil, s.now)), &decoded); err != nil {
			t.Fatal(err)
		}
		check(t, language+" home", decoded)
		check(t, language+" topic", v.Topic(s.in, s.now))
	}
}

func TestAListDropsNobody(t *testing.T) {
	v := views(t, "ko")
	s := extreme(t, v, true)
	drawn := string(encode(t, v.List(incident.Page{Incidents: many(s.in, 10), Next: "more"}, "all", "U1", s.now)))
	for i := range 10 {
		if id := incident.NewID(uint64(i + 1)); !strings.Contains(drawn, "*"+string(id)+"*") {
			t.Errorf("a page of ten does not show %s", id)
		}
	}
	if !strings.Contains(drawn, "list::all+more") {
		t.Error("there is no way to the next page")
	}
}

func TestTheModalCarriesWhereItComesFrom(t *testing.T) {
	v := views(t, "en")
	want := incident.Origin{Source: incident.FromMessage, Message: incident.MessageRef{Channel: "C1", TS: "1.1"}, Author: "U3",
		Quote: "checkout & <more>", Link: "https://x.slack.com/archives/C1/p1"}
	if got := view.OriginOf(v.DeclareModal(incident.Declare{Origin: want}).PrivateMetadata); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	want.Quote = strings.Repeat("결제 <!channel>\n\"", 3000)
	modal := v.DeclareModal(incident.Declare{Origin: want})
	if got := view.OriginOf(modal.PrivateMetadata); got.Message != want.Message || len(got.Quote) < 100 {
		t.Errorf("a long quote became %+v", got)
	}
	if got := view.OriginOf("nonsense"); got.Source != incident.FromModal {
		t.Errorf("nonsense is %+v", got)
	}
}

func TestATimelineGoesOnWhereItStopped(t *testing.T) {
	v := views(t, "en")
	s := extreme(t, v, false)
	shown, from := 0, 0
	for range len(s.entries) {
		message := v.Timeline(s.in, s.entries[from:], false)
		shown++
		next := named(actions(t, message.Blocks), action.Timeline)
		if len(next) == 0 {
			break
		}
		at := slices.IndexFunc(s.entries, func(entry incident.Entry) bool { return incident.JobID(entry.Seq).String() == next[0] })
		if at < from {
			t.Fatalf("after entry %d it goes on at %d", from, at)
		}
		from = at + 1
	}
	if shown < 2 || from >= len(s.entries) {
		t.Errorf("%d pages, the last from %d of %d", shown, from, len(s.entries))
	}
}

func TestAReminderSpeaksOfWhatIsStillOpen(t *testing.T) {
	v := views(t, "en")
	s := begin(t, v, incident.Declare{Title: "Checkout is down", Severity: "sev1"})
	e := incident.EventReminded{Rule: incident.RuleRoleEmpty, Anchor: start, Due: start.Add(15 * time.Minute), To: incident.ToChannel,
		Users: []incident.UserID{"U1"}, Missing: []incident.Role{incident.TechLead, incident.CommsManager}}
	s.does(time.Minute, person("U2"), incident.AssignRole{Role: incident.TechLead, Assignee: person("U2")})
	message := v.Reminder(s.in, e, "", 0)
	if got := named(actions(t, message.Blocks), action.TakeRole); !slices.Equal(got, []string{"comms_manager"}) {
		t.Errorf("it offers %v", got)
	}
	if !strings.Contains(message.Text, "<@U1>") || strings.Contains(message.Text, "Tech lead") {
		t.Errorf("it says %s", message.Text)
	}
	if private := v.Reminder(s.in, e, "U1", 0); strings.Contains(private.Text, "<@U1>") {
		t.Errorf("in private it says %s", private.Text)
	}
	late := string(encode(t, v.Reminder(s.in, e, "", 12*time.Minute)))
	if !strings.Contains(late, "12 min late") {
		t.Error("a late reminder does not say so")
	}
}

func TestConfiguredWordsComeFirst(t *testing.T) {
	v := views(t, "en")
	v.Policy.Roles = append(v.Policy.Roles, incident.RolePolicy{Name: "dba", Label: "Database *hero*", Duty: "Keeps <data>", OnCard: true})
	s := begin(t, v, incident.Declare{Title: "Slow", Severity: "sev3"})
	card := string(encode(t, v.Card(s.in, s.now)))
	if !strings.Contains(card, "Take: Database *hero*") {
		t.Error("the card does not offer the configured role")
	}
	if roles := string(encode(t, v.Roles(s.in, s.now))); !strings.Contains(roles, "Keeps &lt;data&gt;") {
		t.Errorf("the roles do not show its duty: %s", roles)
	}
}

// Why names whom a reminder will speak to, also where that is not whom its rule names: in an archived channel nobody reads.
func TestWhyNamesWhomAReminderWillSpeakTo(t *testing.T) {
	v := views(t, "en")
	s := begin(t, v, incident.Declare{Title: "Checkout is down", Severity: "sev1"})
	for _, test := range []struct{ when, want, not string }{
		{"the channel is there", "→ the channel", "@U1"},
		{"the channel was archived", "→ @U1", "→ the channel"},
	} {
		drawn := v.Why(s.in, "", s.now)
		_, lines, _ := strings.Cut(messageScreen(t, drawn), "no incident manager")
		line, _, _ := strings.Cut(lines, "\n")
		if !strings.Contains(line, test.want) || strings.Contains(line, test.not) {
			t.Errorf("%s: %q, want %q", test.when, line, test.want)
		}
		s.does(time.Minute, incident.Muster, incident.RecordArchived{Archived: true})
	}
}
