// Package templates holds the words: everything that a person reads, by language.
//
// Each text is a named template in a file of its noun (en/role.tmpl, ko/role.tmpl) and is reached through one typed
// function of [Words]. What people typed is escaped while a template runs, in one function, by itself: a template cannot
// forget it. A text is either [Markup], which goes where Slack reads mrkdwn, or a plain string, which goes where Slack
// shows characters as they are; the two types keep a caller from mixing them up.
//
// The package decides wording only. It knows no blocks, no clock and no Slack client.
package templates

import (
	"strings"
	"text/template"
	"time"

	"muster/incident"
)

// Words is one language, ready to be used by many goroutines. Load makes it.
type Words struct {
	Language string
	asMarkup *template.Template
	asPlain  *template.Template
	builtIn  *Words // stands in where an override fails on data that its check did not foresee
}

func (w *Words) markup(name string, data any) Markup {
	text, err := w.execute(w.asMarkup, name, data)
	if err != nil {
		if w.builtIn != nil {
			return w.builtIn.markup(name, data)
		}
		return escape(name)
	}
	return Markup(text)
}

func (w *Words) plain(name string, data any) string {
	text, err := w.execute(w.asPlain, name, data)
	if err != nil {
		if w.builtIn != nil {
			return w.builtIn.plain(name, data)
		}
		return name
	}
	return text
}

func (w *Words) execute(set *template.Template, name string, data any) (string, error) {
	var out strings.Builder
	if err := set.ExecuteTemplate(&out, name, data); err != nil {
		return "", err
	}
	return strings.TrimSpace(out.String()), nil
}

// word is the plain word that a family of texts has for a name, or otherwise what the caller thinks of.
func (w *Words) word(family, name, otherwise string) string {
	if w.asPlain.Lookup(family+"/"+name) == nil {
		return otherwise
	}
	return w.plain(family+"/"+name, nil)
}

// Label is the words of a button, a field or a heading that never change.
func (w *Words) Label(label Label) string { return w.word("label", string(label), string(label)) }

// Status is the word for a status.
func (w *Words) Status(status incident.Status) string {
	return w.word("status", string(status), humanize(string(status)))
}

// Verb is what a button says that applies a verb.
func (w *Words) Verb(verb incident.Verb) string {
	return w.word("verb", string(verb), humanize(string(verb)))
}

// Severity is the word for a severity; one that only configuration knows is shown by its name.
func (w *Words) Severity(severity incident.Severity) string {
	return w.word("severity", string(severity), strings.ToUpper(string(severity)))
}

// SeverityMark is the emoji of a severity.
func (w *Words) SeverityMark(severity incident.Severity) string {
	return w.word("mark", string(severity), w.word("mark", "other", ""))
}

// Meaning says what a severity means.
func (w *Words) Meaning(level incident.SeverityPolicy) string {
	if level.Meaning != "" {
		return level.Meaning
	}
	return w.word("meaning", string(level.Name), "")
}

// Role is the word for a role.
func (w *Words) Role(role incident.RolePolicy) string {
	if role.Label != "" {
		return role.Label
	}
	return w.word("role", string(role.Name), humanize(string(role.Name)))
}

// Duty is what a role is for, in a line.
func (w *Words) Duty(role incident.RolePolicy) string {
	if role.Duty != "" {
		return role.Duty
	}
	return w.word("duty", string(role.Name), "")
}

// FirstSteps is what the holder of a role does first.
func (w *Words) FirstSteps(role incident.RolePolicy) []string {
	if len(role.FirstSteps) > 0 {
		return role.FirstSteps
	}
	var steps []string
	for _, line := range strings.Split(w.word("first", string(role.Name), ""), "\n") {
		if line = strings.TrimSpace(line); line != "" {
			steps = append(steps, line)
		}
	}
	return steps
}

// Rule is what a reminder rule watches for.
func (w *Words) Rule(rule incident.RuleName) string {
	return w.word("rule", string(rule), humanize(string(rule)))
}

// Action is what a permission allows, to stand after "may".
func (w *Words) Action(action incident.Action) string {
	return w.word("action", string(action), humanize(string(action)))
}

// Effect is what an effect does, to stand after "I could not".
func (w *Words) Effect(kind incident.EffectKind) string {
	return w.word("effect", string(kind), strings.ReplaceAll(string(kind), "_", " ")) // in the midst of a sentence
}

// Step is the word for a step of the process.
func (w *Words) Step(step incident.StepName) string {
	return w.word("step", string(step), humanize(string(step)))
}

// Todo is what a step takes, in a sentence.
func (w *Words) Todo(step incident.StepName) string { return w.word("todo", string(step), "") }

// DurationParts is a duration as people say it.
type DurationParts struct{ Days, Hours, Minutes int }

// Duration is a duration in words, to the minute, and from a day on to the hour.
func (w *Words) Duration(d time.Duration) string {
	minutes := int(max(d, 0) / time.Minute)
	parts := DurationParts{minutes / (24 * 60), minutes / 60 % 24, minutes % 60}
	if parts.Days > 0 {
		parts.Minutes = 0
	}
	return w.plain("Duration", parts)
}

// Clock is a time of the day as it is said on one day: at its own, on the day before, or on any other.
type Clock struct {
	At              time.Time
	Today, Tomorrow bool
}

// Clock is the time in words, with its day where that is another one.
func (w *Words) Clock(clock Clock) string { return w.plain("Clock", clock) }

// humanize makes a word of a name that only configuration knows: "database_expert" is "Database expert".
func humanize(name string) string {
	name = strings.ReplaceAll(name, "_", " ")
	if name == "" {
		return ""
	}
	return strings.ToUpper(name[:1]) + name[1:]
}
