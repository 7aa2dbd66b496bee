package command

import "strings"

// Flags takes the known flags out of a line: "--private" and what macOS makes of it ("—private"). A word that only looks
// like a flag stays where it is.
func Flags(text string, known ...string) (rest string, given map[string]bool) {
	given = map[string]bool{}
	var kept []string
	for _, word := range strings.FieldsFunc(text, isSpace) {
		name, isFlag := cutDashes(word)
		if isFlag && contains(known, strings.ToLower(name)) {
			given[strings.ToLower(name)] = true
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
func At(text string) (when, rest string, given bool) {
	word, after := Word(text)
	if name, isFlag := cutDashes(word); isFlag && strings.EqualFold(name, "at") {
		when, rest = Word(after)
		if ago, after := Word(rest); strings.EqualFold(ago, "ago") || ago == "전" || ago == "전에" {
			when, rest = when+" ago", after
		}
		return when, rest, true
	}
	return "", text, false
}

func cutDashes(word string) (string, bool) {
	for _, dashes := range []string{"--", "—", "–"} {
		if name, ok := strings.CutPrefix(word, dashes); ok {
			return name, true
		}
	}
	return "", false
}

func contains(list []string, item string) bool {
	for _, one := range list {
		if one == item {
			return true
		}
	}
	return false
}
