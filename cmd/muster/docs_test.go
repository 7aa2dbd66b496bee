package main

import (
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"

	grammar "muster/bot/slack/command"
	"muster/templates"
)

func document(t *testing.T, name string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(root(), name))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func TestTheReadmeShowsTheLifecycle(t *testing.T) {
	readme, rows := document(t, "README.md"), 0
	for _, line := range strings.Split(document(t, "incident/lifecycle.md"), "\n") {
		if strings.HasPrefix(line, "|") {
			if rows++; !strings.Contains(readme, line+"\n") {
				t.Errorf("the README lacks this row of incident/lifecycle.md:\n%s", line)
			}
		}
	}
	if rows < 3 {
		t.Errorf("incident/lifecycle.md has only %d rows", rows)
	}
}

func TestTheReadmeNamesEveryCommand(t *testing.T) {
	readme := document(t, "README.md")
	words, err := templates.Load("en", nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range grammar.New(words.Typed).Names() {
		if !strings.Contains(readme, "`"+string(name)) && name != grammar.Menu {
			t.Errorf("the README does not name /incident %s", name)
		}
	}
	all := reflect.TypeFor[commands]()
	for i := range all.NumField() {
		if name := strings.ToLower(all.Field(i).Name); !strings.Contains(readme, "`muster "+name) {
			t.Errorf("the README does not name muster %s", name)
		}
	}
	for _, picture := range regexp.MustCompile(`\]\((docs/[^)]+|incident/[^)]+|[A-Za-z.]+)\)`).FindAllStringSubmatch(readme, -1) {
		if _, err := os.Stat(filepath.Join(root(), picture[1])); err != nil {
			t.Errorf("the README points to %s, which is not there", picture[1])
		}
	}
}

func TestEveryDependencyHasItsReason(t *testing.T) {
	contributing := document(t, "CONTRIBUTING.md")
	for _, line := range strings.Split(document(t, "go.mod"), "\n") {
		fields := strings.Fields(line)
		if len(fields) == 2 && strings.HasPrefix(fields[1], "v") && strings.Contains(fields[0], ".") && !strings.Contains(contributing, fields[0]) {
			t.Errorf("CONTRIBUTING.md does not say what %s is for", fields[0])
		}
	}
}

func TestMakeHasTheTargetsThatAreNamed(t *testing.T) {
	makefile := document(t, "Makefile")
	for _, name := range []string{"README.md", "CONTRIBUTING.md"} {
		for _, target := range regexp.MustCompile("`make ([a-z]+)").FindAllStringSubmatch(document(t, name), -1) {
			if !strings.Contains(makefile, "\n"+target[1]+":") {
				t.Errorf("%s names make %s, which there is not", name, target[1])
			}
		}
	}
}
