package policy

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/robfig/cron/v3"
)

const dayStart = "2026-11-23T09:00:00Z" // a Monday

func at(t testing.TB, text string) time.Time {
	t.Helper()
	moment, err := time.Parse(time.RFC3339, text)
	if err != nil {
		t.Fatal(err)
	}
	return moment.UTC()
}

func parseCadence(spec string) (Schedule, error) { return cron.ParseStandard(spec) }

func compiled(t testing.TB, change func(*Policy)) *Policy {
	t.Helper()
	p := Default()
	if change != nil {
		change(p)
	}
	if err := p.Compile(parseCadence); err != nil {
		t.Fatal(err)
	}
	return p
}

func TestCompileNamesWhatIsWrong(t *testing.T) {
	for want, change := range map[string]func(*Policy){
		`unknown is treated as "sev9"`:           func(p *Policy) { p.UnknownAs = "sev9" },
		`unknown is treated as ""`:               func(p *Policy) { p.Severities, p.UnknownAs = nil, "" },
		`unknown is treated as "unknown"`:        func(p *Policy) { p.UnknownAs = Unknown },
		`severity sev1 is there twice`:           func(p *Policy) { p.Severities[1].Name = "sev1" },
		`severity "Sev1"`:                        func(p *Policy) { p.Severities[0].Name = "Sev1" },
		`severity ""`:                            func(p *Policy) { p.Severities[0].Name = "" },
		`severity "unknown"`:                     func(p *Policy) { p.Severities[0].Name = Unknown },
		`severity sev1: cadence "soon"`:          func(p *Policy) { p.Severities[0].Cadence = "soon" },
		`severity sev3: cadence "0 0 30 2 *" n`:  func(p *Policy) { p.Severities[2].Cadence = "0 0 30 2 *" },
		`severity sev2: required role "boss"`:    func(p *Policy) { p.Severities[1].RequiredRoles = []Role{"boss"} },
		`role "" has no name`:                    func(p *Policy) { p.Roles[0].Name = "" },
		`role tech_lead: "tech_lead" means role`: func(p *Policy) { p.Roles = append(p.Roles, RolePolicy{Name: TechLead}) },
		`"Tech-Lead" means role tech_lead`:       func(p *Policy) { p.Roles[7].Aliases = []string{"Tech-Lead"} },
		`role scribe: "서기" means role`:           func(p *Policy) { p.Roles[6].Label = "서기" },
		`reminder rule "coffee" is not one of`:   func(p *Policy) { p.Rules[0].Name = "coffee" },
		`reminder rule "archive" is not one of`:  func(p *Policy) { p.Rules[0].Name = "archive" },
		`reminder rule stale is there twice`:     func(p *Policy) { p.Rules[0].Name = RuleStale },
		`reminder rule no_manager: a time`:       func(p *Policy) { p.Rules[0].After = -1 },
		`reminder rule no_manager: every 1ms`:    func(p *Policy) { p.Rules[0].Every = time.Millisecond },
		`addressee "boss"`:                       func(p *Policy) { p.Rules[0].To = []Addressee{ToChannel, "boss"} },
		`nobody is allowed to close`:             func(p *Policy) { delete(p.Permissions, ActClose) },
		`permission to note: role "boss"`:        func(p *Policy) { p.Permissions[ActNote] = Grant{Roles: []Role{"boss"}} },
		`night from minute 1320 to minute 1440`:  func(p *Policy) { p.Night.To = 24 * 60 },
		`channels cannot be archived -1h0m0s`:    func(p *Policy) { p.ArchiveAfter = -time.Hour },
	} {
		p := Default()
		change(p)
		if err := p.Compile(parseCadence); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

func TestWhatCompiles(t *testing.T) {
	for name, change := range map[string]func(*Policy){
		"the defaults":              func(*Policy) {},
		"no cadence":                func(p *Policy) { p.Severities[0].Cadence = "" },
		"no rules":                  func(p *Policy) { p.Rules = nil },
		"a role of one's own":       func(p *Policy) { p.Roles = append(p.Roles, RolePolicy{Name: "translator", Label: "통역"}) },
		"an alias like its name":    func(p *Policy) { p.Roles[7].Aliases = []string{"Scribe", "scribe"} },
		"a severity of one's own":   func(p *Policy) { p.Severities[2].Name = "minor" },
		"nobody may close anything": func(p *Policy) { p.Permissions[ActClose] = Grant{} },
	} {
		p := Default()
		change(p)
		if err := p.Compile(parseCadence); err != nil || p.Location != time.UTC {
			t.Errorf("%s: %v, in %v", name, err, p.Location)
		}
	}
	broken := errors.New("broken")
	if err := Default().Compile(func(string) (Schedule, error) { return nil, broken }); !errors.Is(err, broken) {
		t.Errorf("got %v, want the parser's error", err)
	}
}

func TestCadences(t *testing.T) {
	p := compiled(t, nil)
	from := at(t, dayStart)
	for spec, want := range map[string]string{
		"@every 30m": "2026-11-23T09:30:00Z", "@every 20m0s": "2026-11-23T09:20:00Z", "0 10 * * MON-FRI": "2026-11-23T10:00:00Z",
		"": "", "@every ": "", "@every -5m": "", "@every soon": "", "0 11 * * *": "", // which nobody compiled
	} {
		got := ""
		if next := p.Next(spec, from); !next.IsZero() {
			got = next.Format(time.RFC3339)
		}
		if got != want {
			t.Errorf("%q comes at %q, want %q", spec, got, want)
		}
	}
}

func TestLevels(t *testing.T) {
	p := compiled(t, nil)
	for name, want := range map[Severity]Severity{"sev1": "sev1", "sev3": "sev3", Unknown: "sev2", "sev9": "sev2", "": "sev2"} {
		if got := p.Level(name); got.Name != want {
			t.Errorf("%q is treated as %q, want %q", name, got.Name, want)
		}
	}
	for _, test := range []struct {
		a, b Severity
		want bool
	}{{"sev1", "sev2", true}, {"sev2", "sev1", false}, {"sev2", Unknown, false}, {Unknown, "sev3", true}, {"sev1", "sev1", false}} {
		if got := p.Graver(test.a, test.b); got != test.want {
			t.Errorf("%s is graver than %s: %v, want %v", test.a, test.b, got, test.want)
		}
	}
	if names := p.SeverityNames(); len(names) != 3 || names[0] != "sev1" {
		t.Errorf("the severities are %v", names)
	}
	if level := (&Policy{}).Level("sev1"); level.Name != "sev1" || level.Priority != "P5" {
		t.Errorf("without a policy sev1 is %+v", level)
	}
}

func TestSeveritiesAreReadAsPeopleTypeThem(t *testing.T) {
	p := compiled(t, nil)
	for text, want := range map[string]Severity{
		"sev1": "sev1", " SEV2 ": "sev2", "3": "sev3", "?": Unknown, "Unknown": Unknown, "": "", "sev": "", "0": "", "sev11": "",
	} {
		if got, known := p.ParseSeverity(text); got != want || known != (want != "") {
			t.Errorf("%q is %q (%v), want %q", text, got, known, want)
		}
	}
}

func TestRolesAreReadAsPeopleTypeThem(t *testing.T) {
	p := compiled(t, func(p *Policy) { p.Roles[7].Label = "Note taker" })
	for text, want := range map[string]Role{
		"incident_manager": IncidentManager, "Incident Manager": IncidentManager, "IM": IncidentManager, "tech-lead": TechLead,
		"기술리더": TechLead, "고객 지원 리더": SupportLead, "note taker": Scribe, "서기": Scribe, "": "", " -_": "", "boss": "",
	} {
		if got, known := p.ParseRole(text); got != want || known != (want != "") {
			t.Errorf("%q is %q (%v), want %q", text, got, known, want)
		}
	}
}
