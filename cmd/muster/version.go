package main

import (
	"fmt"
	"runtime/debug"
)

type versionCommand struct{}

// Run prints what was built, from what.
func (versionCommand) Run(p *program) error {
	_, err := fmt.Fprintln(p.out, version())
	return err
}

// version is the module's version, the commit and the compiler, as far as the build knows them.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "muster (unknown build)"
	}
	number, commit, changed := info.Main.Version, "", ""
	if number == "" || number == "(devel)" {
		number = "devel"
	}
	for _, setting := range info.Settings {
		switch {
		case setting.Key == "vcs.revision" && len(setting.Value) >= 12:
			commit = " " + setting.Value[:12]
		case setting.Key == "vcs.modified" && setting.Value == "true":
			changed = " (changed)"
		}
	}
	return fmt.Sprintf("muster %s%s%s %s", number, commit, changed, info.GoVersion)
}
