package slack

import (
	"strings"
	"testing"

	"muster/bot/slack/command"
	"muster/templates"
)

// What can be typed and what can be run are compared at the start, by name.
func TestEverySubcommandCanBeTypedAndRun(t *testing.T) {
	words, err := templates.Load("ko", nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := checkSubcommands(subcommands(), words.Typed); err != nil {
		t.Error(err)
	}
	untyped, unrun := subcommands(), subcommands()
	untyped["dance"] = subcommand{run: (*Bot).runMenu}
	delete(unrun, command.Retry)
	for want, table := range map[string]map[command.Name]subcommand{
		`nobody can type the subcommand "dance"`:                   untyped,
		`people can type "retry", and there is no such subcommand`: unrun,
	} {
		if err := checkSubcommands(table, words.Typed); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}
