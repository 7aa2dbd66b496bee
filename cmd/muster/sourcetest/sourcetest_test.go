package sourcetest_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"muster/cmd/muster/sourcetest"
)

// shown has the test read a program in which one more file stands.
func shown(t *testing.T, path, text string) {
	t.Helper()
	dir := t.TempDir()
	file := filepath.Join(dir, "more.go")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	data, err := json.Marshal(map[string]any{"Replace": map[string]string{filepath.Join(sourcetest.Root(t), path): file}})
	if err != nil {
		t.Fatal(err)
	}
	overlay := filepath.Join(dir, "overlay.json")
	if err := os.WriteFile(overlay, data, 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("GOFLAGS", "-overlay="+overlay)
}

func TestCheckedTypes(t *testing.T) {
	shown(t, "incident/ledger/more.go", `package ledger

import "strings"

const ReachMoon Reach = "moon"

func whisper(of Ref) string { return strings.ToLower(of.String()) }
`)
	packages := sourcetest.Packages(t, "./incident/ledger")
	if len(packages) != 1 || packages[0].Path != "muster/incident/ledger" {
		t.Fatalf("got %v", packages)
	}
	if _, found := packages[0].Constants("Reach")["ReachMoon"]; !found {
		t.Error("a constant of the overlay is not among the package's")
	}
	if _, found := packages[0].Constants("Reach")["Slack"]; found {
		t.Error("a constant of another type is among them")
	}
	var got []string
	for _, use := range packages[0].Uses("strings", "muster") {
		got = append(got, use.What.Name())
	}
	if !slices.Equal(got, []string{"ToLower"}) {
		t.Errorf("it uses %v; its own are nobody else's", got)
	}
}

func TestFilesOfAnOverlay(t *testing.T) {
	shown(t, "incident/ledger/more.go", "package ledger // and more\n")
	var paths []string
	for _, file := range sourcetest.Files(t, "incident") {
		paths = append(paths, file.Path)
	}
	for _, want := range []string{"incident/ledger/more.go", "incident/ledger/ref.go", "incident/event.go"} {
		if !slices.Contains(paths, want) {
			t.Errorf("%s is not among %s", want, strings.Join(paths, " "))
		}
	}
	if !slices.IsSorted(paths) {
		t.Error("the files come in no order")
	}
}
