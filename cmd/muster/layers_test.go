package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"muster/cmd/muster/sourcetest"
)

const module = "muster"

// room is a folder at the top, or a part of one with rules of its own; the longest that fits a package decides.
type room struct {
	own      []string // which rooms of ours it may import, beside itself
	stdOnly  bool     // nothing foreign
	banned   []string // what it may not import directly
	anything bool
}

func rooms() map[string]room {
	return map[string]room{
		"incident":          {own: []string{"incident/ledger", "incident/policy"}, stdOnly: true, banned: impure()},
		"incident/ledger":   {stdOnly: true, banned: impure()},
		"incident/policy":   {own: []string{"incident/ledger"}, stdOnly: true, banned: impure()},
		"incident/registry": {own: []string{"incident", "incident/ledger", "incident/policy"}, stdOnly: true, banned: impure()},
		"templates":         {own: pure()},
		"storage":           {own: pure()},
		"bot":               {own: append(pure(), "templates", "bot/desk", "bot/clock", "bot/worker", "bot/slack", "bot/slack/perform"), banned: slackLibraries()},
		"bot/desk":          {own: pure(), banned: slackLibraries()},
		"bot/clock":         {own: append(pure(), "bot/desk"), banned: slackLibraries()},
		"bot/worker":        {own: pure(), banned: slackLibraries()},
		"bot/slack":         {own: append(pure(), "templates", "bot/desk", "bot/worker", "bot/paper", "bot/slack/perform")},
		"bot/slack/perform": {own: append(pure(), "templates", "bot/worker", "bot/paper", "bot/slack")}, // a medium goes past no desk
		"bot/paper":         {own: append(pure(), "templates")},
		"bot/witness":       {own: []string{"incident", "incident/ledger", "incident/policy"}, stdOnly: true, banned: impure()},
		"bot/slacksim":      {banned: slackLibraries()},
		"cmd/muster":        {anything: true},
	}
}

// pure are the packages that decide.
func pure() []string {
	return []string{"incident", "incident/ledger", "incident/policy", "incident/registry"}
}

// slackLibraries are what only Slack's own rooms may know.
func slackLibraries() []string {
	const library = "github.com/slack-go/slack"
	return []string{library, library + "/socketmode", library + "/slackevents", library + "/slackutilsx"}
}

// impure is what a package that decides may not touch.
func impure() []string {
	return []string{"net/http", "net", "os", "os/exec", "context", "math/rand", "math/rand/v2"}
}

func roomOf(pkg string) string {
	path := strings.TrimPrefix(pkg, module+"/")
	best := ""
	for name := range rooms() {
		if (path == name || strings.HasPrefix(path, name+"/")) && len(name) > len(best) {
			best = name
		}
	}
	return best
}

type listed struct {
	ImportPath string
	Standard   bool
	Imports    []string
}

// packages lists every package that the module's own ones are built from; those of tests are not among them.
func packages(t *testing.T) map[string]listed {
	t.Helper()
	command := exec.Command("go", "list", "-deps", "-json=ImportPath,Standard,Imports", "./...")
	command.Dir = root()
	out, err := command.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	all := map[string]listed{}
	decoder := json.NewDecoder(bytes.NewReader(out))
	for {
		var one listed
		if err := decoder.Decode(&one); errors.Is(err, io.EOF) {
			return all
		} else if err != nil {
			t.Fatalf("go list: %v", err)
		}
		all[one.ImportPath] = one
	}
}

func root() string { return filepath.Join("..", "..") }

func TestLayersOfImports(t *testing.T) {
	all := packages(t)
	seen := map[string]bool{}
	for _, path := range slices.Sorted(maps.Keys(all)) {
		if path != module && !strings.HasPrefix(path, module+"/") {
			continue
		}
		name := roomOf(path)
		if name == "" {
			t.Errorf("%s lies in no room", path)
			continue
		}
		seen[name] = true
		for _, problem := range breaches(name, all[path], all) {
			t.Errorf("%s %s", path, problem)
		}
	}
	if !seen["incident"] || !seen["cmd/muster"] {
		t.Fatalf("only these rooms were seen: %v", seen)
	}
}

// What only tests may use is in nothing that is built.
func TestLayersOfTestSupport(t *testing.T) {
	support := []string{"muster/bot/witness", "muster/cmd/muster/sourcetest", "muster/storage/storagetest", "muster/bot/slacksim/page/pagetest"}
	for path, of := range packages(t) {
		for _, imported := range of.Imports {
			if slices.Contains(support, imported) && !slices.Contains(support, path) {
				t.Errorf("%s must not import %s, which is there for tests", path, imported)
			}
		}
	}
}

// breaches tells which imports of a package its room does not allow. What an import imports is checked where that lies.
func breaches(name string, of listed, all map[string]listed) []string {
	rules := rooms()[name]
	if rules.anything {
		return nil
	}
	var problems []string
	for _, path := range of.Imports {
		switch own := strings.HasPrefix(path, module+"/"); {
		case slices.Contains(rules.banned, path):
			problems = append(problems, "must not import "+path)
		case own && roomOf(path) != name && !slices.Contains(rules.own, roomOf(path)):
			problems = append(problems, "must not import "+path+" of another room")
		case !own && rules.stdOnly && !all[path].Standard:
			problems = append(problems, "must not import "+path+": only the standard library")
		}
	}
	return problems
}

func TestLayersCheckCanFail(t *testing.T) {
	all := map[string]listed{"github.com/x/y": {ImportPath: "github.com/x/y"}, "fmt": {Standard: true}}
	for _, c := range []struct{ room, imports string }{
		{"incident", "os"}, {"incident", "github.com/x/y"}, {"incident", "muster/storage"},
		{"storage", "muster/bot/slack"}, {"templates", "muster/storage"}, {"bot", "muster/storage"}, {"bot", "muster/bot/slacksim"},
		{"bot/paper", "muster/bot/slack"}, {"bot/desk", "muster/bot/slack"}, {"bot/worker", "muster/bot/slack/perform"}, {"bot/desk", "muster/bot/worker"},
		{"bot/worker", "muster/bot/desk"}, {"bot/worker", "github.com/slack-go/slack"}, {"bot/slack/perform", "muster/bot/desk"}, {"bot/clock", "muster/bot/worker"},
		{"bot/slacksim", "muster/incident"}, {"bot/slacksim", "muster/bot/slack/action"}, {"bot/slacksim", "github.com/slack-go/slack"},
	} {
		if got := breaches(c.room, listed{Imports: []string{"fmt", c.imports}}, all); len(got) != 1 {
			t.Errorf("%s importing %s: %v, want one breach", c.room, c.imports, got)
		}
	}
}

func TestLayersAtTheTop(t *testing.T) {
	allowed := []string{"cmd", "incident", "storage", "bot", "templates", ".ci", ".github", "docs", ".git", "muster-data"}
	entries, err := os.ReadDir(root())
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		if entry.IsDir() && !slices.Contains(allowed, entry.Name()) {
			t.Errorf("the folder %s does not belong at the top", entry.Name())
		}
	}
}

func TestLayersOfSource(t *testing.T) {
	for _, file := range sourcetest.Files(t, ".") {
		pure := strings.HasPrefix(file.Path, "incident/") && !strings.HasSuffix(file.Path, "_test.go")
		for pos, problem := range offences(file.Syntax, pure) {
			t.Errorf("%s: %s", file.Set.Position(pos), problem)
		}
	}
}

// offences are things that no file may say; inside incident, neither the clock.
func offences(file *ast.File, pure bool) map[token.Pos]string {
	found := map[token.Pos]string{}
	for _, spec := range file.Imports {
		if path := strings.Trim(spec.Path.Value, `"`); path == "github.com/rs/zerolog/log" {
			found[spec.Pos()] = "imports a global logger; take a zerolog.Logger as an argument"
		}
	}
	ast.Inspect(file, func(node ast.Node) bool {
		switch n := node.(type) {
		case *ast.FuncDecl:
			if n.Recv == nil && n.Name.Name == "init" {
				found[n.Pos()] = "has an init function"
			}
		case *ast.SelectorExpr:
			pkg, ok := n.X.(*ast.Ident)
			if !ok {
				return true
			}
			switch said := pkg.Name + "." + n.Sel.Name; {
			case said == "time.Sleep":
				found[n.Pos()] = "sleeps; wait for what is to happen"
			case said == "time.Now" && pure:
				found[n.Pos()] = "reads the clock; take the time as an argument"
			case slices.Contains(globalLogs(), said):
				found[n.Pos()] = "logs by a global logger; take a zerolog.Logger as an argument"
			}
		}
		return true
	})
	return found
}

func globalLogs() []string {
	var all []string
	for _, verb := range []string{"Print", "Fatal", "Panic"} {
		all = append(all, "log."+verb, "log."+verb+"f", "log."+verb+"ln")
	}
	return append(all, "log.Default", "log.SetOutput")
}

func TestLayersOfSourceCanFail(t *testing.T) {
	for _, c := range []struct {
		source string
		pure   bool
		want   int
	}{
		{`package p; import "log"; var _ = log.Print`, false, 1},
		{`package p; import "time"; func init() { time.Sleep(1) }`, false, 2},
		{`package p; import "time"; var _ = time.Now`, true, 1},
		{`package p; import "time"; var _ = time.Now`, false, 0},
	} {
		file, err := parser.ParseFile(token.NewFileSet(), "p.go", c.source, 0)
		if err != nil {
			t.Fatal(err)
		}
		if got := offences(file, c.pure); len(got) != c.want {
			t.Errorf("%s: %v, want %d offences", c.source, got, c.want)
		}
	}
}
