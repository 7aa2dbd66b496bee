package incident

import (
	"fmt"
	"strings"
)

// LifecycleMarkdown writes the lifecycle table and its picture for people: the contents of lifecycle.md, which the README
// shows. It says nothing that the table does not say.
func LifecycleMarkdown() string {
	var b strings.Builder
	b.WriteString("# The life of an incident\n\n" +
		"Written from the table in `incident/lifecycle.go` by `go test ./incident -run Lifecycle -update`. What is not in it is refused.\n\n" +
		"| What people do | While it is | It becomes | Reason needed | Permission |\n|---|---|---|---|---|\n")
	for _, row := range Lifecycle() {
		reason := "no"
		if row.Reason {
			reason = "yes"
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s |\n", row.Verb, joined(row.From), row.To, reason, row.Action)
	}
	b.WriteString("\nA new incident is declared, or in triage if its severity is unknown or a machine raised it. " +
		"Judging the severity in triage accepts it.\n\n```mermaid\nstateDiagram-v2\n    direction LR\n")
	fmt.Fprintf(&b, "    [*] --> %s: severity unknown, or raised by a machine\n    [*] --> %s\n", Triage, Declared)
	for _, row := range Lifecycle() {
		for _, from := range row.From {
			fmt.Fprintf(&b, "    %s --> %s: %s\n", from, row.To, row.Verb)
		}
	}
	for _, status := range Statuses() {
		if len(status.Possible()) == 0 {
			fmt.Fprintf(&b, "    %s --> [*]\n", status)
		}
	}
	b.WriteString("```\n")
	return b.String()
}

// joined lists statuses as a sentence does.
func joined(statuses []Status) string {
	names := make([]string, len(statuses))
	for i, status := range statuses {
		names[i] = string(status)
	}
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	last := len(names) - 1
	return strings.Join(names[:last], ", ") + " or " + names[last]
}
