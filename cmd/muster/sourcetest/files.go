package sourcetest

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// File is one file of Go, parsed with its comments. Path is relative to the module's root, with slashes.
type File struct {
	Path   string
	Syntax *ast.File
	Set    *token.FileSet
}

// Files parses every Go file of the module below a folder ("." is all of it), tests too.
func Files(t testing.TB, below string) []File {
	t.Helper()
	root := Root(t)
	over := overlayOf(t)
	paths := over.below(filepath.Join(root, below))
	err := filepath.WalkDir(filepath.Join(root, below), func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && (entry.Name() == ".git" || entry.Name() == "testdata"):
			return fs.SkipDir
		case !entry.IsDir() && strings.HasSuffix(path, ".go"):
			paths = append(paths, path)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(paths)
	var files []File
	set := token.NewFileSet()
	for _, path := range slices.Compact(paths) {
		syntax, there := parse(t, over, set, path)
		if !there {
			continue
		}
		relative, err := filepath.Rel(root, path)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, File{Path: filepath.ToSlash(relative), Syntax: syntax, Set: set})
	}
	if len(files) == 0 {
		t.Fatalf("there is no Go below %s", below)
	}
	return files
}

// parse reads one file through the overlay; false when there is none any more.
func parse(t testing.TB, over overlay, set *token.FileSet, path string) (*ast.File, bool) {
	t.Helper()
	from, there := over.source(path)
	if !there {
		return nil, false
	}
	text, err := os.ReadFile(from)
	if err != nil {
		t.Fatal(err)
	}
	syntax, err := parser.ParseFile(set, path, text, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	return syntax, true
}

// Root is the folder of the module that the test belongs to.
func Root(t testing.TB) string {
	t.Helper()
	dir, err := filepath.Abs(".")
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		above := filepath.Dir(dir)
		if above == dir {
			t.Fatal("there is no go.mod above")
		}
		dir = above
	}
}
