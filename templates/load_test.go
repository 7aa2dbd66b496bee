package templates

import (
	"strings"
	"testing"
	"testing/fstest"

	"muster/incident"
)

func load1(t testing.TB, language string) *Language {
	t.Helper()
	w, err := Load(language, nil)
	if err != nil {
		t.Fatal(err)
	}
	return w.In(language)
}

func TestAnOverrideReplacesOneText(t *testing.T) {
	w, err := Load("en", fstest.MapFS{"role.tmpl": {Data: []byte(`{{define "role/tech_lead"}}Chief fixer{{end}}`)}})
	if err != nil {
		t.Fatal(err)
	}
	if got := w.In("").Role(incident.RolePolicy{Name: "tech_lead"}); got != "Chief fixer" {
		t.Errorf("the overridden role is %q", got)
	}
	if got := w.In("").Role(incident.RolePolicy{Name: "scribe"}); got != "Scribe" {
		t.Errorf("the other role is %q", got)
	}
	if got := load1(t, "en").Role(incident.RolePolicy{Name: "tech_lead"}); got != "Tech lead" {
		t.Errorf("the language itself changed: %q", got)
	}
}

// Folders of before have the answers of all nouns in one file.
func TestAnOverrideMayStandInAnyFile(t *testing.T) {
	files := fstest.MapFS{"ack.tmpl": {Data: []byte(`{{define "AckNoteAdded"}}Noted.{{end}}`)}}
	w, err := Load("en", files)
	if err != nil {
		t.Fatal(err)
	}
	if got := w.In("en").AckNoteAdded.Markup(Change{}); got != "Noted." {
		t.Errorf("got %q", got)
	}
	files["note.tmpl"] = &fstest.MapFile{Data: []byte(`{{define "AckNoteAdded"}}Twice.{{end}}`)}
	if _, err := Load("en", files); err == nil || !strings.Contains(err.Error(), `the text "AckNoteAdded" stands in ack.tmpl too`) {
		t.Errorf("got %v", err)
	}
}

func TestAnOverrideEscapesToo(t *testing.T) {
	w, err := Load("en", fstest.MapFS{"title.tmpl": {Data: []byte(`{{define "Retitled"}}{{with .Text}}{{if .}}now {{printf "%s!" .}}{{end}}{{end}}{{end}}`)}})
	if err != nil {
		t.Fatal(err)
	}
	if got := w.In("").Retitled.Markup(Change{Text: "<!channel>"}); got != "now &lt;!channel&gt;!" {
		t.Errorf("got %q", got)
	}
}

func TestAnOverrideThatFailsLaterFallsBack(t *testing.T) {
	w, err := Load("en", fstest.MapFS{"title.tmpl": {Data: []byte(`{{define "Retitled"}}{{index .Incident.Managers 1 | mention}}{{end}}`)}})
	if err != nil {
		t.Fatal(err)
	}
	if got := w.In("").Retitled.Markup(Change{Text: "new"}); !strings.Contains(string(got), "changed the title") {
		t.Errorf("got %q", got)
	}
}

func TestBadOverridesAreRefused(t *testing.T) {
	for _, test := range []struct{ file, source, want string }{
		{"rolle.tmpl", ``, "rolle.tmpl: no such file of texts"},
		{"role.txt", ``, "role.txt: no such file of texts"},
		{"role.tmpl", `{{define "role/techlead"}}x{{end}}`, `role.tmpl: there is no text "role/techlead"`},
		{"role.tmpl", `{{define "typed/command/dance"}}dance{{end}}`, `role.tmpl: there is no text "typed/command/dance"`},
		{"role.tmpl", `{{define "typed/dance/waltz"}}waltz{{end}}`, `typed/dance/waltz: nothing is typed in a section "dance"`},
		{"role.tmpl", `{{define "typed/command/claim"}}{{.Role}}{{end}}`, "typed/command/claim: want words with commas between them"},
		{"role.tmpl", `{{define "typed/command/claim"}}take over{{end}}`, `typed/command/claim: "take over" is no word in small letters`},
		{"role.tmpl", `{{define "typed/command/claim"}}Grab{{end}}`, `typed/command/claim: "Grab" is no word in small letters`},
		{"role.tmpl", `{{define "typed/command/claim"}}grab,{{end}}`, `typed/command/claim: "" is no word in small letters`},
		{"role.tmpl", `{{define "typed/command/claim"}}claim, give{{end}}`, `as a command, "give" means "assign" and "claim"`},
		{"role.tmpl", `hello {{define "role/scribe"}}x{{end}}`, "role.tmpl: text outside of {{define}}"},
		{"role.tmpl", `{{define "RoleAssigned"}}{{.Rolle}}{{end}}`, "Rolle"},
		{"role.tmpl", `{{define "RoleAssigned"}}{{.Role}`, "role.tmpl:1"},
		{"role.tmpl", `{{define "RoleAssigned"}}{{shout .Role}}{{end}}`, `function "shout" not defined`},
		{"role.tmpl", `{{define "RoleAssigned"}}{{index .Incident.Mine 7}}{{end}}`, "out of range"},
	} {
		_, err := Load("en", fstest.MapFS{test.file: {Data: []byte(test.source)}})
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s with %s: got %v, want %q", test.file, test.source, err, test.want)
		}
	}
}

func TestAnotherLanguageNeedsEveryText(t *testing.T) {
	if _, err := Load("fr", nil); err == nil || !strings.Contains(err.Error(), "en, ko") {
		t.Errorf("got %v", err)
	}
	_, err := Load("fr", fstest.MapFS{"role.tmpl": {Data: []byte(`{{define "role/scribe"}}Greffier{{end}}`)}})
	if err == nil || !strings.Contains(err.Error(), `the text "role/tech_lead" is missing`) {
		t.Errorf("got %v", err)
	}
	file := &fstest.MapFile{}
	for _, text := range load1(t, "en").texts {
		file.Data = append(file.Data, `{{define "`+text.name+`"}}mot{{end}}`...)
	}
	w, err := Load("fr", fstest.MapFS{"label.tmpl": file})
	if err != nil {
		t.Fatal(err)
	}
	if got := w.In("fr").Labels.Help; got != "mot" {
		t.Errorf("got %q", got)
	}
}

func TestAReaderIsSpokenToInTheirLanguage(t *testing.T) {
	w, err := Load("ko", nil)
	if err != nil {
		t.Fatal(err)
	}
	for asked, want := range map[string]string{"": "ko", "en": "en", "ko": "ko", "en-US": "en", "en-GB": "en", "ko-KR": "ko", "fr-FR": "ko", "no such": "ko"} {
		if got := w.In(asked).Name; got != want {
			t.Errorf("%q is answered in %s, want %s", asked, got, want)
		}
	}
}

// Only the workspace's own texts are replaced: whoever reads another language reads it as it is built in.
func TestAnOverrideIsOfOneLanguage(t *testing.T) {
	w, err := Load("en", fstest.MapFS{"label.tmpl": {Data: []byte(`{{define "label/help"}}Assistance{{end}}`)}})
	if err != nil {
		t.Fatal(err)
	}
	if own, other := w.In("en").Labels.Help, w.In("ko").Labels.Help; own != "Assistance" || other != load1(t, "ko").Labels.Help {
		t.Errorf("got %q and %q", own, other)
	}
}
