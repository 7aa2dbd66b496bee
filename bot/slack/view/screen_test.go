package view_test

import (
	"encoding/json"
	"fmt"
	"html"
	"regexp"
	"strings"
	"testing"

	"muster/bot/slack/view"
)

// object is a text, a block or an element, as far as a person sees it.
type object struct {
	Type, Style        string
	Text               json.RawMessage // a string in a text, an object elsewhere
	Label              *object
	Placeholder        *object
	Description        *object
	Accessory, Element *object
	Elements           []object
	Options            []object
	Optional           bool
	InitialValue       string   `json:"initial_value"`
	InitialOption      *object  `json:"initial_option"`
	InitialOptions     []object `json:"initial_options"`
	Value              string
}

// says is the words of an object, as Slack shows them to somebody whose names and time zone it does not know.
func (o *object) says() string {
	if o == nil || len(o.Text) == 0 {
		return ""
	}
	var text string
	if err := json.Unmarshal(o.Text, &text); err == nil {
		if o.Type == "plain_text" {
			return text
		}
		return shown(text)
	}
	var inner object
	if err := json.Unmarshal(o.Text, &inner); err != nil {
		return err.Error()
	}
	return inner.says()
}

var (
	dates    = regexp.MustCompile(`<!date\^\d+\^[^|>]*\|([^>]*)>`)
	links    = regexp.MustCompile(`<(https?:[^|>]*)\|([^>]*)>`)
	mentions = regexp.MustCompile(`<!subteam\^([A-Z0-9]+)>|<([@#][A-Z0-9]+)>`)
)

// shown is mrkdwn without what only a machine reads.
func shown(text string) string {
	text = dates.ReplaceAllString(text, "$1")
	text = links.ReplaceAllString(text, "$2 ($1)")
	text = mentions.ReplaceAllStringFunc(text, func(match string) string {
		return strings.NewReplacer("<!subteam^", "@", "<", "", ">", "").Replace(match)
	})
	return html.UnescapeString(text)
}

// line is an element as it stands in a row or beside a text.
func (o *object) line() string {
	switch o.Type {
	case "button":
		if o.Style == "primary" {
			return "[[" + o.says() + "]]"
		}
		return "[" + o.says() + "]"
	case "users_select":
		return "[" + o.Placeholder.says() + " ▾]"
	}
	return "(" + o.Type + ")"
}

// lines is an element as it stands below a field's label.
func (o *object) lines() []string {
	var lines []string
	switch o.Type {
	case "plain_text_input":
		text := o.InitialValue
		if text == "" {
			text = "____ " + o.Placeholder.says()
		}
		return []string{strings.TrimSpace(text)}
	case "users_select":
		return []string{"[@ ▾]"}
	case "static_select", "checkboxes":
		marks := [2]string{"( ) ", "(•) "}
		if o.Type == "checkboxes" {
			marks = [2]string{"[ ] ", "[x] "}
		}
		for _, option := range o.Options {
			mark := marks[0]
			if o.InitialOption != nil && o.InitialOption.Value == option.Value {
				mark = marks[1]
			}
			for _, chosen := range o.InitialOptions {
				if chosen.Value == option.Value {
					mark = marks[1]
				}
			}
			words := mark + option.says()
			if about := option.Description.says(); about != "" {
				words += " — " + about
			}
			lines = append(lines, words)
		}
		return lines
	}
	return []string{"(" + o.Type + ")"}
}

// screen is blocks as a person reads them.
func screen(t testing.TB, blocks any) string {
	t.Helper()
	var all []object
	if err := json.Unmarshal(encode(t, blocks), &all); err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	for _, block := range all {
		switch block.Type {
		case "header":
			fmt.Fprintf(&out, "# %s\n", block.says())
		case "section":
			fmt.Fprintln(&out, block.says())
			if block.Accessory != nil {
				fmt.Fprintf(&out, "    %s\n", block.Accessory.line())
			}
		case "context":
			for _, element := range block.Elements {
				fmt.Fprintf(&out, "~ %s\n", strings.ReplaceAll(element.says(), "\n", "\n~ "))
			}
		case "divider":
			fmt.Fprintln(&out, "---")
		case "actions":
			var row []string
			for _, element := range block.Elements {
				row = append(row, element.line())
			}
			fmt.Fprintln(&out, strings.Join(row, " "))
		case "input":
			optional := ""
			if block.Optional {
				optional = " (optional)"
			}
			fmt.Fprintf(&out, "%s%s\n", block.Label.says(), optional)
			for _, line := range block.Element.lines() {
				fmt.Fprintf(&out, "    %s\n", line)
			}
		default:
			t.Fatalf("a screen cannot show a block of type %q", block.Type)
		}
	}
	return out.String()
}

// messageScreen is a message, with its notification where that says anything else than its first words.
func messageScreen(t testing.TB, message view.Message) string {
	t.Helper()
	said := screen(t, message.Blocks)
	if notification := shown(message.Text); !strings.HasPrefix(said, notification) && !strings.HasPrefix(said, "~ "+notification) {
		return "notification: " + notification + "\n" + said
	}
	return said
}
