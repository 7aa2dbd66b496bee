package desk_test

import (
	"go/ast"
	"go/token"
	"slices"
	"testing"

	"muster/cmd/muster/sourcetest"
)

const here = "muster/bot/desk"

// Whatever changes an incident goes through the desk: nothing else of the program decides.
func TestOnlyTheDeskDecides(t *testing.T) {
	seen := false
	for _, p := range sourcetest.Packages(t, "./bot/...", "./cmd/...") {
		for _, use := range p.Uses("muster/incident") {
			if name := use.What.Name(); use.What.Pkg().Path() != "muster/incident" || name != "Step" && name != "Decide" {
				continue
			}
			if p.Path == here {
				seen = true
			} else {
				t.Errorf("%s: %s decides without the desk", use.At, use.What.Name())
			}
		}
	}
	if !seen {
		t.Error("the desk itself decides nothing, so this test sees nothing")
	}
}

// No other part of the program can be handed a store that changes anything: none has an interface for it of its own.
func TestOnlyTheDeskHasAStoreThatChangesAnything(t *testing.T) {
	seen := map[string]bool{}
	for _, p := range sourcetest.Packages(t, "./bot/...") {
		for _, file := range p.Files {
			ast.Inspect(file, func(node ast.Node) bool {
				declared, is := node.(*ast.InterfaceType)
				if !is {
					return true
				}
				for at, name := range methodsOf(declared) {
					if !slices.Contains([]string{"Apply", "Create", "Complete", "Fail"}, name) {
						continue
					}
					if p.Path == here {
						seen[name] = true
					} else {
						t.Errorf("%s: an interface with %s", p.Set.Position(at), name)
					}
				}
				return true
			})
		}
	}
	if len(seen) != 4 {
		t.Errorf("of the desk's own interfaces only %v were seen", seen)
	}
}

func methodsOf(declared *ast.InterfaceType) map[token.Pos]string {
	names := map[token.Pos]string{}
	for _, field := range declared.Methods.List {
		for _, name := range field.Names {
			names[name.Pos()] = name.Name
		}
	}
	return names
}
