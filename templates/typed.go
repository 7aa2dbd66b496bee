package templates

import (
	"fmt"
	"io/fs"
	"maps"
	"regexp"
	"slices"
	"strings"
	"text/template/parse"

	"muster/incident"
)

// Section is a place of a command line at which words of its own are understood.
type Section string

// The sections: of {{define "typed/unit/hour"}}h, hours{{end}} it is the unit, and hour is what is meant.
const (
	TypedCommand  Section = "command"
	TypedVerb     Section = "verb"     // or the status that it leads to; what the buttons say is understood too
	TypedReminder Section = "reminder" // after "remind"
	TypedCadence  Section = "cadence"  // after "remind every"
	TypedFilter   Section = "filter"   // after "list"
	TypedFlag     Section = "flag"     // before a title or a note, behind two dashes
	TypedPerson   Section = "person"
	TypedPast     Section = "past" // behind a length of time
	TypedUnit     Section = "unit" // behind a number
)

func sections() []Section {
	return []Section{TypedCommand, TypedVerb, TypedReminder, TypedCadence, TypedFilter, TypedFlag, TypedPerson, TypedPast, TypedUnit}
}

const typedPrefix = "typed/"

// readTyped takes in what may be typed for a meaning: words with commas between them. Who replaces a text replaces the words of one
// language for a meaning that there is.
func (l *Language) readTyped(meaning string, tree *parse.Tree) error {
	section, _, _ := strings.Cut(meaning, "/")
	if !slices.Contains(sections(), Section(section)) {
		return fmt.Errorf("%s%s: nothing is typed in a section %q", typedPrefix, meaning, section)
	}
	if l.builtIn != nil && l.builtIn.typed[meaning] == "" {
		return fmt.Errorf("there is no text %q", typedPrefix+meaning)
	}
	var words string
	for _, node := range tree.Root.Nodes {
		text, isText := node.(*parse.TextNode)
		if !isText {
			return fmt.Errorf("%s%s: want words with commas between them", typedPrefix, meaning)
		}
		words += string(text.Text)
	}
	for _, word := range strings.Split(words, ",") {
		if word = strings.TrimSpace(word); word == "" || strings.ContainsAny(word, " \t\n") || word != strings.ToLower(word) {
			return fmt.Errorf("%s%s: %q is no word in small letters", typedPrefix, meaning, word)
		}
	}
	if l.typed == nil {
		l.typed = map[string]string{}
	}
	l.typed[meaning] = words
	return nil
}

// typedCommands are the commands that the first language has words for; the others have words for the same ones.
func typedCommands() []string {
	var names []string
	err := fs.WalkDir(embedded, Languages()[0], func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		source, err := embedded.ReadFile(path)
		for _, found := range typedCommand.FindAllSubmatch(source, -1) {
			names = append(names, string(found[1]))
		}
		return err
	})
	if err != nil {
		panic(fmt.Errorf("read the embedded texts: %w", err)) // they are part of the program
	}
	return names
}

var typedCommand = regexp.MustCompile(`{{define "` + typedPrefix + string(TypedCommand) + `/([^"]*)"}}`)

// Typed is what people may type, in every language at once: people who type Korean in an English workspace are understood. It may be
// used by many goroutines.
type Typed struct {
	meanings map[Section]map[string]string   // by a word in small letters
	words    map[Section]map[string][]string // by a meaning
	verbs    map[string]incident.Verb        // by what buttons and cards say, folded
}

// newTyped puts together what may be typed in several languages. A language that is built in has words for each meaning; one from a
// folder of texts may have none, since people can type another one.
func newTyped(languages []*Language) (*Typed, error) {
	t := &Typed{meanings: map[Section]map[string]string{}, words: map[Section]map[string][]string{}, verbs: map[string]incident.Verb{}}
	for _, section := range sections() {
		t.meanings[section], t.words[section] = map[string]string{}, map[string][]string{}
	}
	meant := map[string]bool{}
	for _, l := range languages {
		for meaning := range l.typed {
			meant[meaning] = true
		}
	}
	for _, l := range languages {
		t.learn(l)
		for _, meaning := range slices.Sorted(maps.Keys(meant)) {
			if l.typed[meaning] == "" && slices.Contains(Languages(), l.Name) {
				return nil, fmt.Errorf("templates %s: nobody can type %q: the text %q is missing", l.Name, meaning, typedPrefix+meaning)
			}
			if err := t.add(meaning, l.typed[meaning]); err != nil {
				return nil, fmt.Errorf("templates %s: %w", l.Name, err)
			}
		}
	}
	return t, nil
}

func (t *Typed) add(meant, words string) error {
	name, meaning, _ := strings.Cut(meant, "/")
	section := Section(name)
	for word := range strings.SplitSeq(words, ",") {
		word = strings.TrimSpace(word)
		if word == "" {
			continue
		}
		if other, taken := t.meanings[section][word]; taken && other != meaning {
			return fmt.Errorf("as a %s, %q means %q and %q", section, word, other, meaning)
		}
		t.meanings[section][word] = meaning
		t.words[section][meaning] = append(t.words[section][meaning], word)
	}
	return nil
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

// fold makes alike whatever people type for the words of a button.
func fold(text string) string {
	return strings.NewReplacer(" ", "", "-", "", ":", "").Replace(strings.ToLower(strings.TrimSpace(text)))
}
