package templates

import (
	"fmt"
	"reflect"
	"strings"
	"time"
	"unicode"
)

// Text describes one text of the language files. The field that holds it names it, and D is what it speaks of; the example of D is
// what it is tried on when a language is loaded. So a field is all it takes: the list of texts is read from the fields, and a
// language that lacks one is refused by its name.
type Text[D any] struct {
	of   *Language
	name string
}

// Markup is the text in Slack's mrkdwn.
func (t Text[D]) Markup(data D) Markup { return Markup(t.of.say(asMarkup, t.name, data)) }

// Plain is the text where Slack shows characters as they are. It names no person and no channel.
func (t Text[D]) Plain(data D) string { return t.of.say(asPlain, t.name, data) }

// Family describes a text for each name of a kind: for each verb, for each code of a refusal. The kind K lists its names
// itself, so a new one without words is refused when a language is loaded.
type Family[K ~string, D any] struct {
	of     *Language
	prefix string
	known  map[string]bool
}

// Has reports whether there is a text for a name.
func (f Family[K, D]) Has(name K) bool { return f.known[string(name)] }

// Markup is the text for a name in Slack's mrkdwn.
func (f Family[K, D]) Markup(name K, data D) Markup {
	return Markup(f.of.say(asMarkup, f.prefix+string(name), data))
}

// Plain is the text for a name where Slack shows characters as they are.
func (f Family[K, D]) Plain(name K, data D) string {
	return f.of.say(asPlain, f.prefix+string(name), data)
}

// Vocabulary is the plain word for each name of a kind, and says nothing else.
type Vocabulary[K ~string] struct{ words map[string]string }

// word is the word for a name, or otherwise what the caller thinks of.
func (v Vocabulary[K]) word(name K, otherwise string) string {
	if word, known := v.words[string(name)]; known {
		return word
	}
	return otherwise
}

// sampled is data that can make an example of itself; name is the member of a family that it is for, or empty.
type sampled interface{ sample(name string) any }

// exampleOf is the example that a text is tried on.
func exampleOf[D any](text, name string) (any, error) {
	var data D
	switch data := any(data).(type) {
	case nil:
		return nil, nil
	case time.Duration:
		return 12 * time.Minute, nil
	case sampled:
		return data.sample(name), nil
	}
	return nil, fmt.Errorf("the text %q speaks of a %T, which has no sample", text, data)
}

// described is one text as the loader knows it.
type described struct {
	name   string
	sample any
}

// place is what a field says of its texts: their name or how it begins, and names beside those of the kind.
type place struct {
	name string
	also []string
}

// descriptor is a field that describes texts. It learns which language it belongs to, and lists its texts.
type descriptor interface {
	bind(of *Language, at place) ([]described, error)
}

func (t *Text[D]) bind(of *Language, at place) ([]described, error) {
	*t = Text[D]{of: of, name: at.name}
	sample, err := exampleOf[D](at.name, "")
	return []described{{name: at.name, sample: sample}}, err
}

func (f *Family[K, D]) bind(of *Language, at place) ([]described, error) {
	*f = Family[K, D]{of: of, prefix: at.name + "/", known: map[string]bool{}}
	names, err := namesOf[K](of.kinds, at)
	var texts []described
	for _, name := range names {
		f.known[name] = true
		sample, missing := exampleOf[D](f.prefix+name, name)
		if missing != nil {
			err = missing
		}
		texts = append(texts, described{name: f.prefix + name, sample: sample})
	}
	return texts, err
}

func (v *Vocabulary[K]) bind(of *Language, at place) ([]described, error) {
	v.words = map[string]string{}
	names, err := namesOf[K](of.kinds, at)
	var texts []described
	for _, name := range names {
		text := at.name + "/" + name
		texts = append(texts, described{name: text})
		of.fixed = append(of.fixed, fixed{name: text, keep: func(word string) { v.words[name] = word }})
	}
	return texts, err
}

// fixed is a text that never changes; it is kept when a language is loaded.
type fixed struct {
	name string
	keep func(word string)
}

// describe walks the fields of a language, and answers every text that there is.
func (l *Language) describe() ([]described, error) {
	var all []described
	l.kinds = kinds()
	value := reflect.ValueOf(l).Elem()
	for i := range value.NumField() {
		noun, isTexts := value.Type().Field(i).Tag.Lookup("texts")
		if !isTexts {
			continue
		}
		for j := range value.Field(i).NumField() {
			texts, err := l.bind(value.Field(i).Field(j).Addr().Interface(), value.Field(i).Type().Field(j), noun)
			if err != nil {
				return nil, err
			}
			all = append(all, texts...)
		}
	}
	return all, nil
}

// bind binds one field. A string is a word that never changes, named after its noun and its field: Labels.PostUpdate is
// label/post_update.
func (l *Language) bind(pointer any, field reflect.StructField, noun string) ([]described, error) {
	at := place{name: field.Name}
	if name, given := field.Tag.Lookup("name"); given {
		at.name = name
	}
	if also, given := field.Tag.Lookup("also"); given {
		at.also = strings.Split(also, ",")
	}
	switch field := pointer.(type) {
	case descriptor:
		return field.bind(l, at)
	case *string:
		text := noun + "/" + snake(at.name)
		l.fixed = append(l.fixed, fixed{name: text, keep: func(word string) { *field = word }})
		return []described{{name: text}}, nil
	}
	return nil, fmt.Errorf("the field %s describes no text", field.Name)
}

// snake is a field's name as the language files write it: PostUpdate is post_update.
func snake(name string) string {
	var out strings.Builder
	for i, r := range name {
		if unicode.IsUpper(r) && i > 0 {
			out.WriteByte('_')
		}
		out.WriteRune(unicode.ToLower(r))
	}
	return out.String()
}
