// Package templates holds the words: everything that a person reads, by language, and what people type.
//
// Each text is a named template in a file of its noun (en/role.tmpl, ko/role.tmpl), described by one typed field beside what
// it speaks of (role.go). What people typed is escaped while a template runs, in one function a form, by itself: a template
// cannot forget it. A text is either [Markup], which goes where Slack reads mrkdwn, or a plain string, which goes where Slack
// shows characters as they are; the two types keep a caller from mixing them up.
//
// The package decides wording only. It knows no blocks, no clock and no Slack client.
package templates

import (
	"fmt"
	"reflect"
	"strings"
	"text/template"

	"muster/incident"
)

// Language is one language, ready to be used by many goroutines. Load makes it. Its texts are the fields of the structs that
// stand here, one a noun.
type Language struct {
	Name string

	actionTexts       `texts:"action"`
	announcementTexts `texts:"announcement"`
	cardTexts         `texts:"card"`
	effectTexts       `texts:"effect"`
	errorTexts        `texts:"error"`
	helpTexts         `texts:"help"`
	incidentTexts     `texts:"incident"`
	listTexts         `texts:"list"`
	menuTexts         `texts:"menu"`
	noteTexts         `texts:"note"`
	refusalTexts      `texts:"refusal"`
	reminderTexts     `texts:"reminder"`
	roleTexts         `texts:"role"`
	severityTexts     `texts:"severity"`
	statusTexts       `texts:"status"`
	stepTexts         `texts:"step"`
	timeTexts         `texts:"time"`
	timelineTexts     `texts:"timeline"`
	titleTexts        `texts:"title"`
	updateTexts       `texts:"update"`

	Labels   Labels       `texts:"label"`
	Headings Headings     `texts:"export"`
	Program  ProgramWords `texts:"program"`

	texts   []described
	kinds   map[reflect.Type][]string // the names of every kind that texts are for
	fixed   []fixed
	events  events
	typed   map[string]string // by section and meaning: the words that people may type
	sets    [forms]*template.Template
	builtIn *Language // stands in where a replaced text fails on data that its check did not foresee
}

// say writes a text. Every text was tried when its language was loaded, so one that fails here is a defect of the program:
// it panics with the name of the text, which the handler of the request or of the effect logs, for the text's name in its
// place would help no reader.
func (l *Language) say(as form, name string, data any) string {
	text, err := l.execute(as, name, data)
	if err == nil {
		return text
	}
	if l.builtIn != nil {
		return l.builtIn.say(as, name, data)
	}
	panic(&BrokenTextError{Language: l.Name, Text: name, Err: err})
}

// BrokenTextError is what a text panics with that fails on its data. Language and Text hold nothing that people typed, and may be
// logged; Err may hold such words.
type BrokenTextError struct {
	Language, Text string
	Err            error
}

func (e *BrokenTextError) Error() string {
	return fmt.Sprintf("templates %s: the text %q: %v", e.Language, e.Text, e.Err)
}

func (e *BrokenTextError) Unwrap() error { return e.Err }

// Loggable names the text without a word that people typed.
func (e *BrokenTextError) Loggable() string { return "broken text " + e.Language + " " + e.Text }

func (l *Language) execute(as form, name string, data any) (string, error) {
	var out strings.Builder
	if err := l.sets[as].ExecuteTemplate(&out, name, data); err != nil {
		return "", err
	}
	return strings.TrimSpace(out.String()), nil
}

// humanize makes a word of a name that only configuration knows: "database_expert" is "Database expert".
func humanize(name string) string {
	name = strings.ReplaceAll(name, "_", " ")
	if name == "" {
		return ""
	}
	return strings.ToUpper(name[:1]) + name[1:]
}

type actionTexts struct {
	Actions Vocabulary[incident.Action] `name:"action"`
}

// Action is what a permission allows, to stand after "may".
func (l *Language) Action(action incident.Action) string {
	return l.Actions.word(action, humanize(string(action)))
}
