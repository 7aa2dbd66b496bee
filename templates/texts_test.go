package templates

import (
	"go/ast"
	"io/fs"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"muster/cmd/muster/sourcetest"
	"muster/incident"
	"muster/incident/registry"
)

func TestLanguagesHaveTheSameTexts(t *testing.T) {
	var want []string
	for _, text := range load1(t, "en").texts {
		want = append(want, text.name)
	}
	slices.Sort(want)
	for _, language := range Languages() {
		var got []string
		for _, defined := range load1(t, language).sets[asMarkup].Templates() {
			if defined.Tree != nil {
				got = append(got, defined.Name())
			}
		}
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Errorf("%s has %d texts, want %d", language, len(got), len(want))
		}
	}
}

// TestEveryTextIsSaid finds texts that nothing uses: neither a line of the program nor another text.
func TestEveryTextIsSaid(t *testing.T) {
	said := map[string]bool{}
	for _, file := range sourcetest.Files(t, ".") {
		if strings.HasSuffix(file.Path, "_test.go") {
			continue
		}
		ast.Inspect(file.Syntax, func(node ast.Node) bool {
			if selector, ok := node.(*ast.SelectorExpr); ok {
				said[selector.Sel.Name] = true
			}
			return true
		})
	}
	inside := regexp.MustCompile(`{{template "([^"]*)"`)
	for _, language := range Languages() {
		err := fs.WalkDir(embedded, language, func(path string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() {
				return err
			}
			source, err := embedded.ReadFile(path)
			for _, match := range inside.FindAllStringSubmatch(string(source), -1) {
				said[match[1]] = true
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	whole := reflect.TypeFor[Language]()
	for i := range whole.NumField() {
		if _, isTexts := whole.Field(i).Tag.Lookup("texts"); !isTexts {
			continue
		}
		for j := range whole.Field(i).Type.NumField() {
			if name := whole.Field(i).Type.Field(j).Name; !said[name] {
				t.Errorf("nothing says %s", name)
			}
		}
	}
}

// unsampled is data without an example.
type unsampled struct{}

func TestWhatIsForgottenIsNamed(t *testing.T) {
	for _, test := range []struct {
		name  string
		field descriptor
		want  string
	}{
		{"a kind that lists no names", &Family[kindless, Here]{}, "kindless"},
		{"data without an example", &Text[unsampled]{}, "unsampled, which has no sample"},
		{"a member whose data has no example", &Family[incident.Verb, unsampled]{}, "unsampled, which has no sample"},
	} {
		_, err := test.field.bind(&Language{kinds: kinds()}, place{name: "forgotten"})
		if err == nil || !strings.Contains(err.Error(), test.want) || !strings.Contains(err.Error(), "forgotten") {
			t.Errorf("%s: got %v, want %q", test.name, err, test.want)
		}
	}
	l := load1(t, "ko")
	l.texts = append(l.texts, described{name: "timeline/probed"}) // as an event's kind without words would
	if err := l.check(); err == nil || !strings.Contains(err.Error(), `the text "timeline/probed" is missing`) {
		t.Errorf("a text that is missing: %v", err)
	}
}

// kindless is a kind that kinds does not list.
type kindless string

// TestATextThatFailsNeverShowsItsName: a request or an effect that panics is logged with the name, and the person reads that
// something went wrong.
func TestATextThatFailsNeverShowsItsName(t *testing.T) {
	defer func() {
		cause := recover()
		broken, is := cause.(*BrokenTextError)
		if !is || broken.Loggable() != "broken text en timeline/probed" || !strings.Contains(broken.Error(), `the text "timeline/probed"`) || broken.Unwrap() == nil {
			t.Errorf("got %v", cause)
		}
	}()
	said := load1(t, "en").TimelineLine(Line{Kind: "probed"})
	t.Errorf("it says %q", said)
}

func TestEveryNameHasWords(t *testing.T) {
	for _, language := range Languages() {
		w := load1(t, language)
		check := func(kind, name, word string) {
			t.Helper()
			if word == "" || word == humanize(name) && language == "ko" || strings.Contains(word, "_") {
				t.Errorf("%s: %s %q is called %q", language, kind, name, word)
			}
		}
		for _, code := range incident.Codes() {
			refusal := Refusal{}.sample(string(code)).(Refusal)
			for _, text := range []string{string(w.Refusal(refusal)), w.PlainRefusal(refusal)} {
				// One sentence on what stands in the way, and a way out.
				if len([]rune(text)) < 20 || strings.Contains(text, string(code)) && strings.Contains(string(code), "_") || strings.Contains(text, "<no value>") {
					t.Errorf("%s: the refusal %s says %q", language, code, text)
				}
			}
		}
		for _, status := range incident.Statuses() {
			check("status", string(status), w.Status(status))
		}
		for _, verb := range incident.Verbs() {
			check("verb", string(verb), w.Verb(verb))
		}
		for _, rule := range incident.RuleNames() {
			check("rule", string(rule), w.Rule(rule))
		}
		for _, action := range incident.Actions() {
			check("action", string(action), w.Action(action))
		}
		for _, step := range incident.StepNames() {
			check("step", string(step), w.Step(step))
		}
		for _, kind := range registry.EffectKinds() {
			check("effect", string(kind), w.Effect(kind))
		}
		for _, role := range incident.DefaultPolicy().Roles {
			check("role", string(role.Name), w.Role(role))
			check("duty", string(role.Name), w.Duty(role))
			if steps := w.FirstSteps(role); len(steps) != 3 {
				t.Errorf("%s: %s has %d first steps", language, role.Name, len(steps))
			}
		}
		for _, kind := range incident.EventKinds() {
			if w.sets[asMarkup].Lookup("timeline/"+string(kind)) == nil {
				t.Errorf("%s: the timeline has no words for %s", language, kind)
			}
		}
	}
}

// TestMarksClose: Slack shows the marks of bold and code as they are when a letter touches them from outside. Korean
// particles do that easily.
func TestMarksClose(t *testing.T) {
	letter := regexp.MustCompile(`[\p{L}\p{N}]`)
	for _, language := range Languages() {
		w := load1(t, language)
		for _, text := range w.texts {
			out, err := w.execute(asMarkup, text.name, text.sample)
			if err != nil {
				t.Fatal(err)
			}
			for _, line := range strings.Split(out, "\n") {
				for _, mark := range []string{"*", "`"} {
					parts := strings.Split(line, mark)
					if len(parts)%2 == 0 {
						t.Errorf("%s: %s: a %s stays open: %s", language, text.name, mark, line)
						continue
					}
					for i := 0; i < len(parts); i += 2 {
						before, after := []rune(parts[i]), []rune(parts[i])
						if i > 0 && len(after) > 0 && letter.MatchString(string(after[0])) {
							t.Errorf("%s: %s: a letter after %s: %s", language, text.name, mark, line)
						}
						if i < len(parts)-1 && len(before) > 0 && letter.MatchString(string(before[len(before)-1])) {
							t.Errorf("%s: %s: a letter before %s: %s", language, text.name, mark, line)
						}
					}
				}
			}
		}
	}
}

func TestDuration(t *testing.T) {
	for _, test := range []struct {
		d      time.Duration
		en, ko string
	}{
		{40 * time.Second, "less than a minute", "1분 미만"},
		{-time.Hour, "less than a minute", "1분 미만"},
		{5 * time.Minute, "5 min", "5분"},
		{time.Hour, "1 h", "1시간"},
		{85*time.Minute + 59*time.Second, "1 h 25 min", "1시간 25분"},
		{24 * time.Hour, "1 d", "1일"},
		{50*time.Hour + 30*time.Minute, "2 d 2 h", "2일 2시간"},
	} {
		if en, ko := load1(t, "en").Duration(test.d), load1(t, "ko").Duration(test.d); en != test.en || ko != test.ko {
			t.Errorf("%v: got %q and %q, want %q and %q", test.d, en, ko, test.en, test.ko)
		}
	}
}

func TestTimesOfAnotherDayNameIt(t *testing.T) {
	seoul := time.FixedZone("KST", 9*3600)
	now := time.Date(2026, 11, 22, 17, 25, 0, 0, seoul)
	for _, test := range []struct {
		name   string
		at     time.Time
		format string
		en, ko string
	}{
		{"today", now.Add(23 * time.Minute), "{time}", "17:48 KST", "17:48 KST"},
		{"tomorrow", now.Add(16*time.Hour + 35*time.Minute), "{date_short_pretty} {time}", "tomorrow 10:00 KST", "내일 10:00 KST"},
		{"later", now.Add(40*time.Hour + 35*time.Minute), "{date_short_pretty} {time}", "Tue Nov 24, 10:00 KST", "11월 24일 10:00 KST"},
		{"past", now.Add(-18 * time.Hour), "{date_short_pretty} {time}", "Sat Nov 21, 23:25 KST", "11월 21일 23:25 KST"},
	} {
		for language, want := range map[string]string{"en": test.en, "ko": test.ko} {
			w := load1(t, language)
			got := w.clock(test.at, now.UTC()) // the day is that of the zone which is shown
			if want := date(test.at, test.format, want); got != want {
				t.Errorf("%s, %s: got %s, want %s", test.name, language, got, want)
			}
			if got, want := w.clock(test.at), date(test.at, "{time}", test.at.Format("15:04 MST")); got != want {
				t.Errorf("%s, %s, without a present: got %s, want %s", test.name, language, got, want)
			}
			facts := Incident{Open: true, DeclaredAt: now.Add(-time.Hour), Duration: time.Hour, NextUpdate: test.at}
			if topic := string(w.Topic.Markup(facts)); test.name == "later" && !strings.HasSuffix(topic, want) {
				t.Errorf("%s, %s: the topic is %q", test.name, language, topic)
			}
		}
	}
}

func TestWordsKnowWhatIsSoAlready(t *testing.T) {
	w := load1(t, "en")
	manager := RoleChange{Change: Change{Incident: Incident{ID: "INC-1", Managers: []incident.UserID{"U2"}}, By: "U3"}, Role: "Incident manager",
		RoleName: incident.IncidentManager, User: "U3"}
	lead := manager
	lead.RoleName, lead.Role = incident.TechLead, "Tech lead"
	deputy := manager
	deputy.Deputy = true
	transition := func(verb incident.Verb, command string) string {
		refusal := Refusal{Code: incident.RefuseTransition, Command: command, Slash: "/incident", Status: "Fixing", Verb: w.Verb(verb), WantsReason: verb}
		sentence, _, _ := strings.Cut(w.PlainRefusal(refusal), ". ")
		return sentence
	}
	list := func(query string) string {
		return string(w.ListEmpty.Markup(Here{Command: "/incident", Query: query, OpenOnly: typedWords(t).OpenOnly(query)}))
	}
	for _, test := range []struct{ name, got, want string }{
		{"another manager stays", string(w.RoleReleased.Markup(manager)), "<@U3> is no longer *Incident manager*; the role stays with <@U2>. Thank you for holding it."},
		{"nobody is known to stay", string(w.RoleReleased.Markup(lead)), "<@U3> is no longer *Tech lead*. Thank you for holding it."},
		{"a deputy", string(w.RoleAssigned.Markup(deputy)), "<@U3> is now deputy *Incident manager*."},
		{"fixing again", transition(incident.VerbFix, "/incident INC-1"), "INC-1 is Fixing already; nothing has changed"},
		{"fixing, of no incident", transition(incident.VerbFix, "/incident"), "“Start fixing” is not possible while the incident is Fixing"},
		{"closing while fixing", transition(incident.VerbClose, "/incident INC-1"), "“Close” is not possible while the incident is Fixing"},
		{"no open one of mine", list("mine"), "No open incident fits “mine”. `/incident list all` shows those that are over too."},
		{"none that is closed", list("sev1 Closed"), "No incident fits “sev1 Closed”. `/incident list all` shows every one."},
		{"none at all", list(""), "No incident is open. Enjoy the quiet."},
	} {
		if test.got != test.want {
			t.Errorf("%s: got %q, want %q", test.name, test.got, test.want)
		}
	}
}
