package templates

import (
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"

	"muster/incident"
)

// Section is a place of a command line at which words of its own are understood.
type Section string

// The sections of a language's typed.txt.
const (
	TypedCommand  Section = "command"
	TypedVerb     Section = "verb"
	TypedReminder Section = "reminder"
	TypedCadence  Section = "cadence"
	TypedFilter   Section = "filter"
	TypedFlag     Section = "flag"
	TypedPerson   Section = "person"
	TypedPast     Section = "past"
	TypedUnit     Section = "unit"
)

func sections() []Section {
	return []Section{TypedCommand, TypedVerb, TypedReminder, TypedCadence, TypedFilter, TypedFlag, TypedPerson, TypedPast, TypedUnit}
}

// typedFile is where a language keeps what people may type in it.
const typedFile = "typed.txt"

// Typed is what people may type, in every language that is built in at once: people who type Korean in an English workspace are
// understood. It may be used by many goroutines.
type Typed struct {
	meanings map[Section]map[string]string   // by a word in small letters
	words    map[Section]map[string][]string // by a meaning
	spoken   map[Section]map[string]int      // in how many languages a meaning has words
	verbs    map[string]incident.Verb        // by what buttons and cards say, folded
}

// Meaning is what a word means in a section, in any case.
func (t *Typed) Meaning(section Section, word string) (string, bool) {
	meaning, known := t.meanings[section][strings.ToLower(word)]
	return meaning, known
}

// Meanings lists all that can be meant in a section, sorted.
func (t *Typed) Meanings(section Section) []string {
	return slices.Sorted(maps.Keys(t.words[section]))
}

// Words are the words for a meaning, in every language.
func (t *Typed) Words(section Section, meaning string) []string { return t.words[section][meaning] }

// Verb reads a verb, or the status that it leads to: its own words, or those that people see on buttons and cards, which may be
// several.
func (t *Typed) Verb(text string) (incident.Verb, bool) {
	if meaning, known := t.Meaning(TypedVerb, strings.TrimSpace(text)); known {
		return incident.Verb(meaning), true
	}
	verb, known := t.verbs[fold(text)]
	return verb, known
}

// OpenOnly reports whether words behind "list" ask for open incidents alone: none of them is one for finished ones.
func (t *Typed) OpenOnly(query string) bool {
	for _, word := range strings.Fields(strings.ToLower(query)) {
		meaning, _ := t.Meaning(TypedFilter, word)
		if meaning == "all" || meaning == "finished" || slices.Contains(incident.Statuses(), incident.Status(word)) {
			return false
		}
	}
	return query != ""
}

// learn takes in what a language shows for verbs and statuses, so that people who type what a button says are understood. Of several
// verbs that lead to one status, the first in the lifecycle table is meant; reopening leads where fixing does.
func (t *Typed) learn(l *Language) {
	add := func(words string, verb incident.Verb) {
		if key := fold(words); key != "" && t.verbs[key] == "" {
			t.verbs[key] = verb
		}
	}
	for _, verb := range incident.Verbs() {
		row, _ := verb.Transition()
		add(l.Verb(verb), verb)
		if verb != incident.VerbReopen {
			add(l.Status(row.To), verb)
		}
	}
}

// fold makes alike whatever people type for the words of a button.
func fold(text string) string {
	return strings.NewReplacer(" ", "", "-", "", ":", "").Replace(strings.ToLower(strings.TrimSpace(text)))
}

// loadTyped reads what may be typed in the languages that are built in. The error names the file and the line, or the meaning that a
// language lacks.
func loadTyped(files fs.FS, languages []string) (*Typed, error) {
	t := &Typed{meanings: map[Section]map[string]string{}, words: map[Section]map[string][]string{}, spoken: map[Section]map[string]int{}, verbs: map[string]incident.Verb{}}
	for _, section := range sections() {
		t.meanings[section], t.words[section], t.spoken[section] = map[string]string{}, map[string][]string{}, map[string]int{}
	}
	for i, language := range languages {
		path := language + "/" + typedFile
		source, err := fs.ReadFile(files, path)
		if err != nil {
			return nil, err
		}
		if err := t.read(path, string(source)); err != nil {
			return nil, err
		}
		if err := t.complete(path, i+1); err != nil {
			return nil, err
		}
	}
	return t, nil
}

func (t *Typed) read(path, source string) error {
	var section Section
	said := map[Section]map[string]bool{}
	number := 0
	for line := range strings.Lines(source) {
		number++
		line = strings.TrimSpace(line)
		switch name, words, isWords := strings.Cut(line, ":"); {
		case line == "" || strings.HasPrefix(line, "#"):
		case strings.HasPrefix(line, "[") && strings.HasSuffix(line, "]"):
			section = Section(strings.Trim(line, "[]"))
			if t.words[section] == nil {
				return fmt.Errorf("%s:%d: there is no section %q", path, number, section)
			}
			said[section] = map[string]bool{}
		case !isWords || section == "":
			return fmt.Errorf("%s:%d: want a section in brackets, or what is meant, a colon, and the words for it", path, number)
		case said[section][name]:
			return fmt.Errorf("%s:%d: %q is there already", path, number, name)
		default:
			said[section][name] = true
			t.spoken[section][name]++
			if err := t.add(section, name, words); err != nil {
				return fmt.Errorf("%s:%d: %w", path, number, err)
			}
		}
	}
	return nil
}

func (t *Typed) add(section Section, meaning, words string) error {
	for _, word := range strings.Split(words, ",") {
		word = strings.TrimSpace(word)
		if word == "" || strings.ContainsAny(word, " \t") || word != strings.ToLower(word) {
			return fmt.Errorf("%q is no word in small letters", word)
		}
		if other, taken := t.meanings[section][word]; taken && other != meaning {
			return fmt.Errorf("%q means %q and %q", word, other, meaning)
		}
		t.meanings[section][word] = meaning
		t.words[section][meaning] = append(t.words[section][meaning], word)
	}
	return nil
}

// complete reports a meaning for which the language that was read last has no words, or an earlier one has none.
func (t *Typed) complete(path string, languages int) error {
	for _, section := range sections() {
		for _, meaning := range t.Meanings(section) {
			if got := t.spoken[section][meaning]; got != languages {
				return fmt.Errorf("%s: [%s] %q has words in %d of %d languages", path, section, meaning, got, languages)
			}
		}
	}
	return nil
}
