package command

import (
	"slices"
	"strings"

	"muster/templates"
)

// Flags takes the known flags out of a line: "--private" and what macOS makes of it ("—private"). A word that only looks
// like a flag stays where it is.
func (g Grammar) Flags(text string, known ...string) (rest string, given map[string]bool) {
	given = map[string]bool{}
	var kept []string
	for _, word := range strings.FieldsFunc(text, isSpace) {
		if flag := g.flag(word); flag != "" && slices.Contains(known, flag) {
			given[flag] = true
			continue
		}
		kept = append(kept, word)
	}
	if len(given) == 0 {
		return strings.TrimSpace(text), given
	}
	return strings.Join(kept, " "), given
}

// At takes "--at WHEN" from the front of a line: one word, and "ago" behind it.
func (g Grammar) At(text string) (when, rest string, given bool) {
	word, after := Word(text)
	if g.flag(word) != "at" {
		return "", text, false
	}
	when, rest = Word(after)
	if ago, after := Word(rest); g.meaning(templates.TypedPast, ago) != "" {
		when, rest = when+" "+ago, after
	}
	return when, rest, true
}

// flag is what a word behind dashes means; empty where it is no flag.
func (g Grammar) flag(word string) string {
	name, isFlag := cutDashes(word)
	if !isFlag {
		return ""
	}
	return g.meaning(templates.TypedFlag, name)
}

func cutDashes(word string) (string, bool) {
	for _, dashes := range []string{"--", "—", "–"} {
		if name, ok := strings.CutPrefix(word, dashes); ok {
			return name, true
		}
	}
	return "", false
}
