package command_test

import (
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"muster/bot/slack/command"
	"muster/cmd/muster/sourcetest"
	"muster/incident"
	"muster/templates"

	"github.com/google/go-cmp/cmp"
)

// grammar understands what may be typed.
func grammar(t testing.TB) command.Grammar {
	t.Helper()
	words, err := templates.Load("en", nil)
	if err != nil {
		t.Fatal(err)
	}
	return command.New(words.Typed)
}

// A name that code speaks of and nobody can type is found by name.
func TestEverySubcommandHasWords(t *testing.T) {
	names := grammar(t).Names()
	for _, name := range sourcetest.Packages(t, "muster/bot/slack/command")[0].Constants("Name") {
		if command.Name(name) != command.Unknown && !slices.Contains(names, command.Name(name)) {
			t.Errorf("nobody can type %s", name)
		}
	}
}

func TestParse(t *testing.T) {
	for _, test := range []struct {
		text string
		want command.Line
	}{
		{"", command.Line{Name: command.Menu}},
		{"  ", command.Line{Name: command.Menu}},
		{"declare sev1 Checkout is down", command.Line{Name: command.Declare, Typed: "declare", Rest: "sev1 Checkout is down"}},
		{"INC-42 resolve  all fine", command.Line{Incident: "INC-42", Name: command.Resolve, Typed: "resolve", Rest: "all fine"}},
		{"inc-42", command.Line{Incident: "INC-42", Name: command.Menu}},
		{"#7 note\nfirst line\nsecond", command.Line{Incident: "INC-7", Name: command.Note, Typed: "note", Rest: "first line\nsecond"}},
		{"해결 끝났어요", command.Line{Name: command.Resolve, Typed: "해결", Rest: "끝났어요"}},
		{"RESOLVE", command.Line{Name: command.Resolve, Typed: "RESOLVE"}},
		{"resovle", command.Line{Name: command.Unknown, Typed: "resovle", Nearest: command.Resolve}},
		{"dance", command.Line{Name: command.Unknown, Typed: "dance"}},
		{"INC-0 resolve", command.Line{Name: command.Unknown, Typed: "INC-0", Rest: "resolve"}},
	} {
		if diff := cmp.Diff(test.want, grammar(t).Parse(test.text)); diff != "" {
			t.Errorf("Parse(%q): -want +got\n%s", test.text, diff)
		}
	}
}

func TestPlainIsWhatThePersonMeant(t *testing.T) {
	for text, want := range map[string]string{
		"<!channel> a &lt;b&gt; &amp;amp;":                    "@channel a <b> &amp;",
		"<@U1|mina> and <@U2> in <#C1|general>":               "@mina and @U2 in #general",
		"<!subteam^S1|@oncall> <https://x.test/?a=1&amp;b|x>": "@oncall https://x.test/?a=1&b",
		"<mailto:a@x.test|a@x.test>":                          "a@x.test",
	} {
		if got := command.Plain(text); got != want {
			t.Errorf("Plain(%q) = %q, want %q", text, got, want)
		}
	}
}

func TestRoleAndPersonComeInEitherOrder(t *testing.T) {
	isRole := func(name string) bool { return name == "tech lead" || name == "im" }
	for _, text := range []string{"tech lead <@U1|mina>", "<@U1|mina> tech lead", "tech <@U1|mina> lead"} {
		role, person, found := grammar(t).RoleAndPerson(text, isRole)
		if role != "tech lead" || person.ID != "U1" || !found {
			t.Errorf("RoleAndPerson(%q) = %q, %+v, %v", text, role, person, found)
		}
	}
	if role, _, found := grammar(t).RoleAndPerson("tech lead", isRole); role != "tech lead" || found {
		t.Errorf("a role alone: %q, %v", role, found)
	}
	if _, person, _ := grammar(t).RoleAndPerson("im me", isRole); !person.Self {
		t.Error("me is nobody")
	}
	for text, want := range map[string]string{"tech lead Mina Kim": "Mina Kim", "mina tech lead": "mina", "im 민아": "민아"} {
		if role, person, found := grammar(t).RoleAndPerson(text, isRole); !isRole(role) || person.Name != want || !found {
			t.Errorf("RoleAndPerson(%q) = %q, %+v, %v", text, role, person, found)
		}
	}
	policy := incident.DefaultPolicy()
	for text, want := range map[string]incident.Role{"bob comms manager": "comms_manager", "bob problem manager": "problem_manager",
		"problem manager bob": "problem_manager", "민아 문제 관리자": "problem_manager", "bob manager": incident.IncidentManager} {
		role, person, found := grammar(t).RoleAndPerson(text, func(name string) bool { _, known := policy.ParseRole(name); return known })
		if got, _ := policy.ParseRole(role); got != want || !found || (person.Name != "bob" && person.Name != "민아") {
			t.Errorf("RoleAndPerson(%q) = %q, %+v, %v", text, role, person, found)
		}
	}
	if role, _, found := grammar(t).RoleAndPerson("chief of lunch", isRole); role != "chief of lunch" || found {
		t.Errorf("what is no role at all: %q, %v", role, found)
	}
}

func TestParseDuration(t *testing.T) {
	for text, want := range map[string]time.Duration{
		"30m": 30 * time.Minute, "1h30m": 90 * time.Minute, "90": 90 * time.Minute, "2 hours": 2 * time.Hour,
		"30분": 30 * time.Minute, "1시간 30분": 90 * time.Minute, "1d": 24 * time.Hour, "0": 0,
	} {
		if got, ok := grammar(t).ParseDuration(text); !ok || got != want {
			t.Errorf("ParseDuration(%q) = %v, %v; want %v", text, got, ok, want)
		}
	}
	for _, text := range []string{"", "soon", "-5m", "5x", "m", "1h-30m", "213504d", "99999d 99999d"} {
		if got, ok := grammar(t).ParseDuration(text); ok {
			t.Errorf("ParseDuration(%q) = %v, want nothing", text, got)
		}
	}
}

func TestParseWhen(t *testing.T) {
	seoul := time.FixedZone("KST", 9*3600)
	now := time.Date(2026, 11, 22, 1, 30, 0, 0, seoul)
	for text, want := range map[string]time.Time{
		"01:10":   time.Date(2026, 11, 22, 1, 10, 0, 0, seoul),
		"23:50":   time.Date(2026, 11, 21, 23, 50, 0, 0, seoul),
		"20m ago": now.Add(-20 * time.Minute),
		"20분 전":   now.Add(-20 * time.Minute),
		"20분 전에":  now.Add(-20 * time.Minute),
	} {
		if got, ok := grammar(t).ParseWhen(text, now, seoul); !ok || !got.Equal(want) {
			t.Errorf("ParseWhen(%q) = %v, %v; want %v", text, got, ok, want)
		}
	}
	if _, ok := grammar(t).ParseWhen("25:00", now, seoul); ok {
		t.Error("25:00 is a time")
	}
}

func TestFlags(t *testing.T) {
	rest, given := grammar(t).Flags("sev1 --private Checkout --verbose is down —drill", "private", "drill")
	if rest != "sev1 Checkout --verbose is down" || !given["private"] || !given["drill"] {
		t.Errorf("got %q, %v", rest, given)
	}
	rest, given = grammar(t).Flags("--훈련 결제가 안 됩니다 --at", "private", "drill")
	if rest != "결제가 안 됩니다 --at" || given["private"] || !given["drill"] {
		t.Errorf("in Korean: %q, %v", rest, given)
	}
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{"declare sev1 Checkout is down", "INC-42 assign tl <@U1|mina>", "<!channel>", "remind every 20m", "\u3000 해결"} {
		f.Add(seed)
	}
	g := grammar(f)
	f.Fuzz(func(t *testing.T, text string) {
		line := g.Parse(text)
		if line.Incident != "" {
			if _, err := incident.ParseID(string(line.Incident)); err != nil {
				t.Fatalf("Parse(%q) names %q", text, line.Incident)
			}
		}
		if !strings.Contains(text, line.Rest) {
			t.Fatalf("Parse(%q) invented %q", text, line.Rest)
		}
		g.RoleAndPerson(line.Rest, func(name string) bool { return name == "im" })
		g.Flags(line.Rest, "private")
		g.At(line.Rest)
		if utf8.ValidString(text) && !utf8.ValidString(command.Plain(text)) {
			t.Fatalf("Plain(%q) is broken", text)
		}
		if d, ok := g.ParseDuration(text); ok && d < 0 {
			t.Fatalf("ParseDuration(%q) = %v", text, d)
		}
	})
}
