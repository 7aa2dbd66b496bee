package templates

import (
	"strings"
	"testing"
	"testing/fstest"
)

func load1(t testing.TB, language string) *Words {
	t.Helper()
	w, err := Load(language, nil)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func TestAnOverrideReplacesOneText(t *testing.T) {
	w, err := Load("en", fstest.MapFS{"role.tmpl": {Data: []byte(`{{define "role/tech_lead"}}Chief fixer{{end}}`)}})
	if err != nil {
		t.Fatal(err)
	}
	if got := w.word("role", "tech_lead", ""); got != "Chief fixer" {
		t.Errorf("the overridden role is %q", got)
	}
	if got := w.word("role", "scribe", ""); got != "Scribe" {
		t.Errorf("the other role is %q", got)
	}
	if got := load1(t, "en").word("role", "tech_lead", ""); got != "Tech lead" {
		t.Errorf("the language itself changed: %q", got)
	}
}

func TestAnOverrideEscapesToo(t *testing.T) {
	w, err := Load("en", fstest.MapFS{"title.tmpl": {Data: []byte(`{{define "Retitled"}}{{with .Text}}{{if .}}now {{printf "%s!" .}}{{end}}{{end}}{{end}}`)}})
	if err != nil {
		t.Fatal(err)
	}
	if got := w.Retitled(Change{Text: "<!channel>"}); got != "now &lt;!channel&gt;!" {
		t.Errorf("got %q", got)
	}
}

func TestAnOverrideThatFailsLaterFallsBack(t *testing.T) {
	w, err := Load("en", fstest.MapFS{"title.tmpl": {Data: []byte(`{{define "Retitled"}}{{index .Incident.Managers 1 | mention}}{{end}}`)}})
	if err != nil {
		t.Fatal(err)
	}
	if got := w.Retitled(Change{Text: "new"}); !strings.Contains(string(got), "changed the title") {
		t.Errorf("got %q", got)
	}
}

func TestBadOverridesAreRefused(t *testing.T) {
	for _, test := range []struct{ file, source, want string }{
		{"rolle.tmpl", ``, "rolle.tmpl: no such file of texts"},
		{"role.txt", ``, "role.txt: no such file of texts"},
		{"role.tmpl", `{{define "role/techlead"}}x{{end}}`, `role.tmpl: no text "role/techlead" belongs here`},
		{"role.tmpl", `{{define "verb/fix"}}x{{end}}`, `role.tmpl: no text "verb/fix" belongs here`},
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
	files := fstest.MapFS{}
	for _, text := range texts() {
		file := files[text.file+".tmpl"]
		if file == nil {
			file = &fstest.MapFile{}
			files[text.file+".tmpl"] = file
		}
		file.Data = append(file.Data, `{{define "`+text.name+`"}}mot{{end}}`...)
	}
	w, err := Load("fr", files)
	if err != nil {
		t.Fatal(err)
	}
	if got := w.Label(LabelHelp); got != "mot" {
		t.Errorf("got %q", got)
	}
}
