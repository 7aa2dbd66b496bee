package templates

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"text/template"
	"text/template/parse"

	"muster/incident"
)

//go:embed en ko
var embedded embed.FS

// Languages lists the languages that are built in.
func Languages() []string { return []string{"en", "ko"} }

// Load reads every language that is built in, and the workspace's own. The files of overrides (role.tmpl, ...; may be nil)
// replace single texts of the workspace's language; one that is not built in needs all of them there. Every text is tried on
// its example. The error names the file and the text that is unknown, missing or does not work.
func Load(workspace string, overrides fs.FS) (*Words, error) {
	if overrides == nil && !slices.Contains(Languages(), workspace) {
		return nil, fmt.Errorf("language %q: want one of %s, or a folder with all of its texts", workspace, strings.Join(Languages(), ", "))
	}
	var all []*Language
	var own *Language // the workspace's, as it is built in; nil where it is not
	for _, name := range Languages() {
		files, err := fs.Sub(embedded, name)
		if err != nil {
			return nil, fmt.Errorf("templates %s: %w", name, err)
		}
		builtIn, err := load(name, nil, files)
		if err != nil {
			return nil, err
		}
		if name == workspace {
			own = builtIn
			continue
		}
		all = append(all, builtIn)
	}
	if overrides != nil {
		replaced, err := load(workspace, own, overrides)
		if err != nil {
			return nil, err
		}
		own = replaced
	}
	return newWords(own, all)
}

func load(language string, builtIn *Language, files fs.FS) (*Language, error) {
	l := &Language{Name: language, builtIn: builtIn}
	if err := l.load(files); err != nil {
		return nil, fmt.Errorf("templates %s: %w", language, err)
	}
	return l, nil
}

func (l *Language) load(files fs.FS) error {
	texts, err := l.describe()
	if err != nil {
		return err
	}
	l.texts, l.events = texts, allEvents()
	if err := l.events.check(incident.EventKinds()); err != nil {
		return err
	}
	l.sets = [forms]*template.Template{
		asMarkup: template.New("").Funcs(markupFuncs(l)), asPlain: template.New("").Funcs(plainFuncs(l)), asSpans: template.New("").Funcs(spanFuncs(l)),
	}
	if l.builtIn != nil {
		if err := l.inherit(); err != nil {
			return err
		}
	}
	known := map[string]bool{}
	for _, text := range texts {
		if known[text.name] {
			return fmt.Errorf("the text %q is described twice", text.name)
		}
		known[text.name] = true
	}
	if err := l.read(files, known); err != nil {
		return err
	}
	l.fix()
	return l.check()
}

// inherit begins with the texts that are built in, which the files of a folder then replace.
func (l *Language) inherit() error {
	l.typed = maps.Clone(l.builtIn.typed)
	for as, set := range l.builtIn.sets {
		for _, known := range set.Templates() {
			if _, err := l.sets[as].AddParseTree(known.Name(), known.Tree); err != nil {
				return err
			}
		}
	}
	return nil
}

// fix keeps the words that never change. One that is missing or does not work is named by check.
func (l *Language) fix() {
	for _, fixed := range l.fixed {
		if word, err := l.execute(asPlain, fixed.name, nil); err == nil {
			fixed.keep(word)
		}
	}
	l.fixed = nil
}

// read takes every file of a folder in. A text may stand in any of them, once; built-in ones stand in that of their noun.
func (l *Language) read(files fs.FS, known map[string]bool) error {
	places, err := textFiles()
	if err != nil {
		return err
	}
	stands := map[string]string{}
	return fs.WalkDir(files, ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || strings.HasPrefix(entry.Name(), ".") {
			return err
		}
		if !slices.Contains(places, path) {
			return fmt.Errorf("%s: no such file of texts; there are %s", path, strings.Join(places, ", "))
		}
		source, err := fs.ReadFile(files, path)
		if err != nil {
			return err
		}
		return l.parse(path, string(source), known, stands)
	})
}

// textFiles are the names that a file of texts may have: those of the nouns, and those of files that had texts of several nouns
// once, which people's own folders may still have.
func textFiles() ([]string, error) {
	entries, err := embedded.ReadDir(Languages()[0])
	if err != nil {
		return nil, err
	}
	names := []string{"ack.tmpl", "usage.tmpl"}
	for _, entry := range entries {
		names = append(names, entry.Name())
	}
	slices.Sort(names)
	return names, nil
}

func (l *Language) parse(path, source string, known map[string]bool, stands map[string]string) error {
	trees, err := parse.Parse(path, source, "", "", template.FuncMap{
		"eq": 0, "ne": 0, "lt": 0, "le": 0, "gt": 0, "ge": 0, "and": 0, "or": 0, "not": 0, "len": 0, "index": 0, "print": 0, "printf": 0, "slice": 0,
	}, markupFuncs(l))
	if err != nil {
		return err
	}
	for name, tree := range trees {
		if name == path {
			if !parse.IsEmptyTree(tree.Root) {
				return fmt.Errorf("%s: text outside of {{define}}", path)
			}
			continue
		}
		if other, twice := stands[name]; twice {
			return fmt.Errorf("%s: the text %q stands in %s too", path, name, other)
		}
		stands[name] = path
		if meaning, isTyped := strings.CutPrefix(name, typedPrefix); isTyped {
			if err := l.readTyped(meaning, tree); err != nil {
				return fmt.Errorf("%s: %w", path, err)
			}
			continue
		}
		if !known[name] {
			return fmt.Errorf("%s: there is no text %q", path, name)
		}
		guard(tree.Root)
		for _, set := range l.sets {
			if _, err := set.AddParseTree(name, tree); err != nil {
				return fmt.Errorf("%s: %w", path, err)
			}
		}
	}
	return nil
}

// check runs every text on its example, in each form.
func (l *Language) check() error {
	var problems []error
	for _, text := range l.texts {
		for as, set := range l.sets {
			if set.Lookup(text.name) == nil {
				problems = append(problems, fmt.Errorf("the text %q is missing", text.name))
				break
			}
			out, err := l.execute(form(as), text.name, text.sample)
			if err == nil && strings.Contains(out, "<no value>") {
				err = fmt.Errorf("the text %q has a value that is not there", text.name)
			}
			if err != nil {
				problems = append(problems, err)
				break
			}
		}
	}
	return errors.Join(problems...)
}
