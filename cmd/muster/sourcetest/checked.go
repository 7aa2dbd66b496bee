package sourcetest

import (
	"bytes"
	"encoding/json"
	"errors"
	"go/ast"
	"go/constant"
	"go/importer"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// Package is one package of the module as the compiler sees it: every identifier with what it means. Its tests are not in it.
type Package struct {
	Path  string
	Files []*ast.File
	Set   *token.FileSet
	Types *types.Package
	Info  *types.Info
}

// listed is what the go command tells of a package.
type listed struct {
	ImportPath, Dir, Export string
	GoFiles                 []string
	DepOnly                 bool
}

// Packages checks the types of the packages that the patterns name, as go list understands them from the module's root. What they
// import comes from the compiler's cache, so that it takes a fraction of a second.
func Packages(t testing.TB, patterns ...string) []*Package {
	t.Helper()
	all := list(t, patterns)
	exports := map[string]string{}
	for _, one := range all {
		exports[one.ImportPath] = one.Export
	}
	set := token.NewFileSet()
	from := importer.ForCompiler(set, "gc", func(path string) (io.ReadCloser, error) { return os.Open(exports[path]) })
	over := overlayOf(t)
	var checked []*Package
	for _, one := range all {
		if one.DepOnly {
			continue
		}
		p := &Package{Path: one.ImportPath, Set: set, Info: &types.Info{
			Defs: map[*ast.Ident]types.Object{}, Uses: map[*ast.Ident]types.Object{}, Types: map[ast.Expr]types.TypeAndValue{},
			Selections: map[*ast.SelectorExpr]*types.Selection{},
		}}
		for _, name := range one.GoFiles {
			syntax, there := parse(t, over, set, filepath.Join(one.Dir, name))
			if there {
				p.Files = append(p.Files, syntax)
			}
		}
		var err error
		if p.Types, err = (&types.Config{Importer: from}).Check(one.ImportPath, set, p.Files, p.Info); err != nil {
			t.Fatalf("check %s: %v", one.ImportPath, err)
		}
		checked = append(checked, p)
	}
	if len(checked) == 0 {
		t.Fatalf("there is no package in %q", patterns)
	}
	return checked
}

// list asks the go command for packages and whatever they import.
func list(t testing.TB, patterns []string) []listed {
	t.Helper()
	command := exec.Command("go", append([]string{"list", "-export", "-deps", "-json=ImportPath,Dir,Export,GoFiles,DepOnly"}, patterns...)...)
	command.Dir = Root(t)
	var told bytes.Buffer
	command.Stderr = &told
	out, err := command.Output()
	if err != nil {
		t.Fatalf("go list: %v\n%s", err, told.String())
	}
	var all []listed
	decoder := json.NewDecoder(bytes.NewReader(out))
	for {
		var one listed
		if err := decoder.Decode(&one); errors.Is(err, io.EOF) {
			return all
		} else if err != nil {
			t.Fatalf("go list: %v", err)
		}
		all = append(all, one)
	}
}

// Use is one place where a package names something of another one.
type Use struct {
	At   token.Position
	What types.Object
}

// Uses are the places where a package names functions and methods, those of interfaces too, of packages whose path starts with
// one of some prefixes, in the order of the source.
func (p *Package) Uses(prefixes ...string) (uses []Use) {
	for ident, object := range p.Info.Uses {
		function, is := object.(*types.Func)
		if !is || function.Pkg() == nil || function.Pkg() == p.Types {
			continue
		}
		if slices.ContainsFunc(prefixes, func(prefix string) bool { return within(function.Pkg().Path(), prefix) }) {
			uses = append(uses, Use{At: p.Set.Position(ident.Pos()), What: object})
		}
	}
	slices.SortFunc(uses, func(a, b Use) int { return strings.Compare(a.At.String(), b.At.String()) })
	return uses
}

// within reports whether a path is a folder or lies below it.
func within(path, folder string) bool { return path == folder || strings.HasPrefix(path, folder+"/") }

// Constants are the values of the package's own constants of one of its string types, by name.
func (p *Package) Constants(ofType string) map[string]string {
	found := map[string]string{}
	for _, name := range p.Types.Scope().Names() {
		one, is := p.Types.Scope().Lookup(name).(*types.Const)
		if !is {
			continue
		}
		if named, is := one.Type().(*types.Named); is && named.Obj().Name() == ofType {
			found[name] = constant.StringVal(one.Val())
		}
	}
	return found
}

// TypesWith are the names of the package's own types that have a method of some name, in alphabetical order; interfaces are not
// among them.
func (p *Package) TypesWith(method string) (names []string) {
	for _, name := range p.Types.Scope().Names() {
		of, is := p.Types.Scope().Lookup(name).(*types.TypeName)
		if !is || of.IsAlias() || types.IsInterface(of.Type()) {
			continue
		}
		if found, _, _ := types.LookupFieldOrMethod(of.Type(), true, p.Types, method); found != nil {
			if _, is := found.(*types.Func); is {
				names = append(names, name)
			}
		}
	}
	return names
}
