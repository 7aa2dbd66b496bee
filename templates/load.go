package templates

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"text/template"
	"text/template/parse"
)

//go:embed en ko
var embedded embed.FS

// Languages lists the languages that are built in.
func Languages() []string { return []string{"en", "ko"} }

// Load reads a language. The files of overrides (role.tmpl, ...; may be nil) replace single texts; a language that is
// not built in needs all of them there. Every text is tried on sample data. The error names the file and the text that is
// unknown, missing or does not work.
func Load(language string, overrides fs.FS) (*Words, error) {
	own, err := fs.Sub(embedded, language)
	if err != nil || !slices.Contains(Languages(), language) {
		if overrides == nil {
			return nil, fmt.Errorf("language %q: want one of %s, or a folder with all of its texts", language, strings.Join(Languages(), ", "))
		}
		return load(language, nil, overrides)
	}
	builtIn, err := load(language, nil, own)
	if err != nil || overrides == nil {
		return builtIn, err
	}
	return load(language, builtIn, overrides)
}

func load(language string, builtIn *Words, files fs.FS) (*Words, error) {
	w := &Words{Language: language, builtIn: builtIn}
	w.asMarkup = template.New("").Funcs(markupFuncs(w))
	w.asPlain = template.New("").Funcs(plainFuncs(w))
	home := map[string]string{}
	for _, text := range texts() {
		home[text.name] = text.file
	}
	if builtIn != nil {
		for _, set := range []struct{ from, to *template.Template }{{builtIn.asMarkup, w.asMarkup}, {builtIn.asPlain, w.asPlain}} {
			for _, known := range set.from.Templates() {
				if _, err := set.to.AddParseTree(known.Name(), known.Tree.Copy()); err != nil {
					return nil, fmt.Errorf("templates %s: %w", language, err)
				}
			}
		}
	}
	if err := w.read(files, home); err != nil {
		return nil, fmt.Errorf("templates %s: %w", language, err)
	}
	if err := w.check(); err != nil {
		return nil, fmt.Errorf("templates %s: %w", language, err)
	}
	return w, nil
}

// read takes every file of a folder in. home says which file each text belongs to.
func (w *Words) read(files fs.FS, home map[string]string) error {
	return fs.WalkDir(files, ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || strings.HasPrefix(entry.Name(), ".") {
			return err
		}
		noun, isTemplate := strings.CutSuffix(path, ".tmpl")
		if !isTemplate || !knownFile(home, noun) {
			return fmt.Errorf("%s: no such file of texts; there are %s", path, strings.Join(knownFiles(home), ", "))
		}
		source, err := fs.ReadFile(files, path)
		if err != nil {
			return err
		}
		return w.parse(path, noun, string(source), home)
	})
}

func (w *Words) parse(path, noun, source string, home map[string]string) error {
	trees, err := parse.Parse(path, source, "", "", template.FuncMap{
		"eq": 0, "ne": 0, "lt": 0, "le": 0, "gt": 0, "ge": 0, "and": 0, "or": 0, "not": 0, "len": 0, "index": 0, "print": 0, "printf": 0, "slice": 0,
	}, markupFuncs(w))
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
		if home[name] != noun {
			return fmt.Errorf("%s: no text %q belongs here", path, name)
		}
		guard(tree.Root)
		if _, err := w.asMarkup.AddParseTree(name, tree); err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		if _, err := w.asPlain.AddParseTree(name, tree.Copy()); err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
	}
	return nil
}

// check runs every text on its sample.
func (w *Words) check() error {
	var problems []error
	for _, text := range texts() {
		for _, set := range []*template.Template{w.asMarkup, w.asPlain} {
			if set.Lookup(text.name) == nil {
				problems = append(problems, fmt.Errorf("%s.tmpl: the text %q is missing", text.file, text.name))
				break
			}
			out, err := w.execute(set, text.name, text.sample)
			if err == nil && strings.Contains(out, "<no value>") {
				err = fmt.Errorf("the text %q has a value that is not there", text.name)
			}
			if err != nil {
				problems = append(problems, fmt.Errorf("%s.tmpl: %w", text.file, err))
				break
			}
		}
	}
	return errors.Join(problems...)
}

func knownFile(home map[string]string, noun string) bool {
	for _, file := range home {
		if file == noun {
			return true
		}
	}
	return false
}

func knownFiles(home map[string]string) []string {
	var files []string
	for _, file := range home {
		if !slices.Contains(files, file+".tmpl") {
			files = append(files, file+".tmpl")
		}
	}
	slices.Sort(files)
	return files
}
