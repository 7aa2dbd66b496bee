package main

import (
	"encoding/json"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"muster/cmd/muster/sourcetest"
)

// The scripts in testdata/forgotten forget something on purpose, in a copy of the program that exists only as an overlay, and expect
// to be told what. Each builds what it tries, offline.
func TestWhatIsForgottenIsFound(t *testing.T) {
	root := sourcetest.Root(t)
	remembersSource(t, root)
	testscript.Run(t, testscript.Params{
		Dir:                 filepath.Join("testdata", "forgotten"),
		RequireExplicitExec: true,
		Setup: func(env *testscript.Env) error {
			out, err := exec.Command("go", "env", "-json", "GOCACHE", "GOMODCACHE", "GOROOT", "GOPATH").Output()
			if err != nil {
				return err
			}
			var known map[string]string
			if err := json.Unmarshal(out, &known); err != nil {
				return err
			}
			for name, value := range known {
				env.Setenv(name, value)
			}
			env.Setenv("GOPROXY", "off")
			env.Setenv("GOFLAGS", "-overlay="+env.Getenv("WORK")+"/overlay.json")
			env.Setenv("MODULE", root)
			return os.WriteFile(filepath.Join(env.WorkDir, "overlay.json"), []byte("{}"), 0o600)
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"add": addFile, "edit": editFile},
	})
}

// addFile is "add PATH FILE": at this path of the module stands this file of the script.
func addFile(ts *testscript.TestScript, _ bool, args []string) {
	overlays(ts, args[0], ts.MkAbs(args[1]))
}

// editFile is "edit PATH OLD NEW": at this path of the module stands what stands there, but for one text, which has to be there.
func editFile(ts *testscript.TestScript, _ bool, args []string) {
	text, err := os.ReadFile(filepath.Join(ts.Getenv("MODULE"), args[0]))
	ts.Check(err)
	before, after, found := strings.Cut(string(text), args[1])
	if !found {
		ts.Fatalf("%s does not say %q any more", args[0], args[1])
	}
	edited := ts.MkAbs(strings.ReplaceAll(args[0], "/", "_"))
	ts.Check(os.WriteFile(edited, []byte(before+args[2]+after), 0o600))
	overlays(ts, args[0], edited)
}

// overlays puts one more file into the script's overlay.
func overlays(ts *testscript.TestScript, path, file string) {
	at := ts.MkAbs("overlay.json")
	data, err := os.ReadFile(at)
	ts.Check(err)
	content := struct{ Replace map[string]string }{map[string]string{}}
	ts.Check(json.Unmarshal(data, &content))
	content.Replace[filepath.Join(ts.Getenv("MODULE"), path)] = file
	data, err = json.Marshal(content)
	ts.Check(err)
	ts.Check(os.WriteFile(at, data, 0o600))
}

// remembersSource looks at every file of the module's source, so that the go command does not take an earlier run of this test for
// one of the source as it is now: what a script builds is nothing that the test is built from.
func remembersSource(t *testing.T, root string) {
	t.Helper()
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.Name() == ".git" {
			return fs.SkipDir
		}
		if strings.HasSuffix(path, ".go") || strings.HasSuffix(path, ".tmpl") {
			_, err = os.Stat(path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
