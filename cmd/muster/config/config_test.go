package config_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"muster/cmd/muster/config"
	"muster/incident"
)

func parse(t *testing.T, text string) config.Config {
	t.Helper()
	c, err := config.Parse("config.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// same compares configurations by what can be set.
func same(want, got config.Config) string {
	return cmp.Diff(want, got, cmpopts.EquateEmpty(), cmpopts.IgnoreUnexported(incident.Policy{}),
		cmp.Comparer(func(a, b *time.Location) bool { return a.String() == b.String() }))
}

func TestNothingMeansTheDefaults(t *testing.T) {
	for _, text := range []string{"", "# only a comment\n", "severities:\nroles:\nnight:\n", "---\n"} {
		if diff := same(config.Default(), parse(t, text)); diff != "" {
			t.Errorf("%q: -default +got\n%s", text, diff)
		}
	}
}

func TestTheExampleEqualsTheDefaults(t *testing.T) {
	c, err := config.Load(filepath.Join("..", "..", "..", "config.example.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	if diff := same(config.Default(), c); diff != "" {
		t.Errorf("-default +example\n%s", diff)
	}
}

// Each file of testdata holds one mistake; its last line says what is to be answered.
func TestEachMistakeHasItsSentence(t *testing.T) {
	files, err := filepath.Glob("testdata/*.yaml")
	if err != nil || len(files) < 30 {
		t.Fatalf("%d files: %v", len(files), err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		text, want, ok := strings.Cut(string(data), "#=> ")
		if !ok {
			t.Fatalf("%s says not what is wanted", file)
		}
		want = strings.TrimSpace(strings.ReplaceAll(want, "\n#=> ", "\n"))
		_, err = config.Parse("config.yaml", []byte(text))
		if err == nil {
			t.Errorf("%s: no error, want %s", file, want)
			continue
		}
		if got := err.Error(); got != want {
			t.Errorf("%s:\n got %s\nwant %s", file, got, want)
		}
		if strings.Contains(err.Error(), "sesame") {
			t.Errorf("%s: the error repeats a secret", file)
		}
	}
}

func TestAMissingFileIsNamed(t *testing.T) {
	path := filepath.Join(t.TempDir(), "nowhere.yaml")
	_, err := config.Load(path)
	if err == nil || !strings.Contains(err.Error(), path) || !errors.Is(err, os.ErrNotExist) {
		t.Errorf("got %v", err)
	}
}

func TestASeverityChangesOnlyTheKeysItGives(t *testing.T) {
	want := config.Default()
	want.Policy.Severities[1].Cadence = "@every 45m"
	want.Policy.Severities[1].InviteUsers = []incident.UserID{"U0123456"}
	got := parse(t, "severities:\n- name: sev2\n  cadence: 45m\n  invite: {users: [U0123456]}\n")
	if diff := same(want, got); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}

func TestANewSeverityStandsWhereTheListPutsIt(t *testing.T) {
	got := parse(t, "severities:\n- {name: sev0, meaning: All of it, priority: P1, cadence: 15m}\n- name: sev1\n- name: sev3\n  remove: true\n- name: sev2\n")
	if diff := cmp.Diff([]incident.Severity{"sev0", "sev1", "sev2"}, got.Policy.SeverityNames()); diff != "" {
		t.Error(diff)
	}
	if level := got.Policy.Level("sev2"); level.Cadence != "@every 60m" {
		t.Errorf("sev2 lost its cadence: %+v", level)
	}
}

func TestARemovedRoleIsNoLongerRequired(t *testing.T) {
	got := parse(t, "roles:\n- {name: comms_manager, remove: true}\n- {name: liaison, label: Liaison, duty: Speaks with the regulator}\n")
	if _, there := got.Policy.Role(incident.CommsManager); there {
		t.Error("the role is still there")
	}
	if roles := got.Policy.Level("sev1").RequiredRoles; len(roles) != 2 {
		t.Errorf("required: %v", roles)
	}
	if role, there := got.Policy.ParseRole("LIAISON"); !there || role != "liaison" {
		t.Errorf("the new role is %q, %v", role, there)
	}
}

func TestRemindersAndPermissionsReplaceOnlyWhatIsNamed(t *testing.T) {
	got := parse(t, `
reminders:
  stale: {off: true}
  no_manager: {after: 2m, to: [declarer]}
permissions:
  close: {roles: [incident_manager], groups: [S0123456]}
  update: role_holders
`)
	want := config.Default()
	want.Policy.Rules = want.Policy.Rules[:len(want.Policy.Rules)-1]
	want.Policy.Rules[0].After, want.Policy.Rules[0].To = 2*time.Minute, []incident.Addressee{incident.ToDeclarer}
	want.Policy.Permissions[incident.ActClose] = incident.Grant{Roles: []incident.Role{incident.IncidentManager}, Groups: []incident.GroupID{"S0123456"}}
	want.Policy.Permissions[incident.ActUpdate] = incident.Grant{RoleHolders: true}
	if diff := same(want, got); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}

func TestCadencesFollowTheTimeZone(t *testing.T) {
	c := parse(t, "time_zone: Asia/Seoul\nseverities:\n- {name: sev3, cadence: 0  9 * * *}\n")
	from := time.Date(2026, 11, 22, 23, 0, 0, 0, time.UTC) // 08:00 in Seoul
	in := incident.Incident{Status: incident.Fixing, Severity: "sev3", CadenceFrom: from}
	if got := incident.NextUpdate(in, c.Policy); !got.Equal(from.Add(time.Hour)) {
		t.Errorf("next update %s, want 09:00 in Seoul, which is %s", got, from.Add(time.Hour))
	}
}

func TestPaceShortensWhatPolicyWaitsFor(t *testing.T) {
	p, err := config.Pace(config.Default().Policy, 60)
	if err != nil {
		t.Fatal(err)
	}
	from := time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC) // a Sunday
	in := incident.Incident{Status: incident.Fixing, Severity: "sev1", CadenceFrom: from}
	if got := incident.NextUpdate(in, p).Sub(from); got != 30*time.Second {
		t.Errorf("sev1: the next update comes after %s", got)
	}
	in.Severity = "sev3"
	if got := incident.NextUpdate(in, p).Sub(from); got != 24*time.Minute {
		t.Errorf("sev3: the next update comes after %s, want a sixtieth of a day", got)
	}
	if p.Rules[0].After != 5*time.Second || p.ArchiveAfter != 72*time.Minute {
		t.Errorf("rule after %s, archive after %s", p.Rules[0].After, p.ArchiveAfter)
	}
	if was := config.Default().Policy.Rules[0].After; was != 5*time.Minute {
		t.Errorf("the policy that was given changed: %s", was)
	}
}

func FuzzParse(f *testing.F) {
	files, _ := filepath.Glob("testdata/*.yaml")
	for _, file := range append(files, filepath.Join("..", "..", "..", "config.example.yaml")) {
		data, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		c, err := config.Parse("config.yaml", data)
		var problems config.Problems
		switch {
		case err == nil && c.Policy == nil:
			t.Fatal("neither an error nor a policy")
		case errors.As(err, &problems):
			for _, p := range problems {
				if p.Line < 1 || p.Column < 1 || p.Text == "" {
					t.Fatalf("a problem without a place or words: %+v", p)
				}
			}
		case err != nil:
			t.Fatalf("a mistake without its place: %v", err)
		}
	})
}
