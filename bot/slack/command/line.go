package command

import (
	"regexp"
	"strings"

	"muster/incident"
	"muster/templates"
)

// Name is a subcommand.
type Name string

const (
	Menu     Name = "menu" // nothing was typed
	Help     Name = "help"
	Declare  Name = "declare"
	List     Name = "list"
	Assign   Name = "assign"
	Claim    Name = "claim"
	Release  Name = "release"
	Roles    Name = "roles"
	Status   Name = "status"
	Severity Name = "severity"
	Title    Name = "title"
	Summary  Name = "summary"
	Update   Name = "update"
	Note     Name = "note"
	Timeline Name = "timeline"
	Remind   Name = "remind"
	Resolve  Name = "resolve"
	Reopen   Name = "reopen"
	Close    Name = "close"
	Cancel   Name = "cancel"
	Retry    Name = "retry"
	Unknown  Name = "unknown" // a word that is no subcommand
)

// Grammar reads what people type, in the words of every language. It may be used by many goroutines.
type Grammar struct {
	typed *templates.Typed
	part  *regexp.Regexp // one part of a length of time: "30m"
	past  []string       // what says that it is over: "ago"
}

// New makes a grammar of what people may type.
func New(typed *templates.Typed) Grammar {
	return Grammar{typed: typed, part: durationPart(typed), past: typed.Words(templates.TypedPast, "ago")}
}

// Names lists every subcommand that can be typed, sorted.
func (g Grammar) Names() []Name {
	var names []Name
	for _, meaning := range g.typed.Meanings(templates.TypedCommand) {
		names = append(names, Name(meaning))
	}
	return names
}

// Reminder, Cadence and Filter read the word behind "remind", "remind every" and "list". They answer what it means; empty when
// nothing.
func (g Grammar) Reminder(word string) string { return g.meaning(templates.TypedReminder, word) }

func (g Grammar) Cadence(word string) string { return g.meaning(templates.TypedCadence, word) }

func (g Grammar) Filter(word string) string { return g.meaning(templates.TypedFilter, word) }

func (g Grammar) meaning(section templates.Section, word string) string {
	meaning, _ := g.typed.Meaning(section, word)
	return meaning
}

// Line is a command line taken apart as far as its first word.
type Line struct {
	Incident incident.ID // the key it began with; empty: none
	Name     Name
	Typed    string // the word that named the subcommand, as typed
	Nearest  Name   // for Unknown: what it was perhaps meant to be
	Rest     string // what follows, as Slack sent it: mentions and entities are still encoded
}

// Parse reads what follows /incident.
func (g Grammar) Parse(text string) Line {
	word, rest := Word(text)
	var line Line
	if id, err := incident.ParseID(word); err == nil {
		line.Incident = id
		word, rest = Word(rest)
	}
	line.Typed, line.Rest = word, rest
	if word == "" {
		line.Name = Menu
		return line
	}
	if meaning, known := g.typed.Meaning(templates.TypedCommand, word); known {
		line.Name = Name(meaning)
		return line
	}
	line.Name, line.Nearest = Unknown, g.nearest(strings.ToLower(word))
	return line
}

// nearest is the subcommand that a word was perhaps meant to be; empty when it is like none.
func (g Grammar) nearest(typed string) Name {
	var found Name
	best := 3 // a word this far off is no slip of the finger
	for _, name := range g.Names() {
		for _, known := range g.typed.Words(templates.TypedCommand, string(name)) {
			if d := distance(typed, known); d < best && d <= min(len([]rune(known)), len([]rune(typed)))/3 {
				best, found = d, name
			}
		}
	}
	return found
}

// String is the line without its incident: what has to be run once the incident is known.
func (l Line) String() string {
	return strings.TrimSpace(strings.Join([]string{string(l.Name), l.Rest}, " "))
}

// Word splits the first word from the rest.
func Word(text string) (word, rest string) {
	text = strings.TrimSpace(text)
	if i := strings.IndexFunc(text, isSpace); i >= 0 {
		return text[:i], strings.TrimSpace(text[i:])
	}
	return text, ""
}

func isSpace(r rune) bool {
	return r == ' ' || r == '\t' || r == '\n' || r == '\r' || r == '\u00a0' || r == '\u3000'
}

// distance is how many letters must be changed, added, dropped or swapped with their neighbour to get from a to b.
func distance(a, b string) int {
	x, y := []rune(a), []rune(b)
	if len(x) > 20 || len(y) > 20 {
		return 20
	}
	rows := make([][]int, len(x)+1)
	for i := range rows {
		rows[i] = make([]int, len(y)+1)
		rows[i][0] = i
	}
	for j := range rows[0] {
		rows[0][j] = j
	}
	for i := 1; i <= len(x); i++ {
		for j := 1; j <= len(y); j++ {
			cost := 1
			if x[i-1] == y[j-1] {
				cost = 0
			}
			rows[i][j] = min(rows[i-1][j]+1, rows[i][j-1]+1, rows[i-1][j-1]+cost)
			if i > 1 && j > 1 && x[i-1] == y[j-2] && x[i-2] == y[j-1] {
				rows[i][j] = min(rows[i][j], rows[i-2][j-2]+1)
			}
		}
	}
	return rows[len(x)][len(y)]
}
