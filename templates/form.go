package templates

import (
	"fmt"
	"html"
	htmltemplate "html/template"
	"net/url"
	"regexp"
	"strings"
	"text/template"
	"time"

	"muster/incident"
)

// form is what a text is written for.
type form int

const (
	asMarkup form = iota // Slack's mrkdwn
	asPlain              // Slack's plain_text
	asSpans              // the text taken apart, of which every other form is made
	forms
)

// Markdown is a text in Markdown in which everything that people typed is escaped already.
type Markdown string

// Bare is the words alone, for documents that escape by themselves: no marks, no emoji, people and channels by their IDs.
func (t Text[D]) Bare(data D) string { return bareOf(t.of.say(asSpans, t.name, data)) }

// HTML is the text as HTML in which everything that people typed is escaped already.
func (t Text[D]) HTML(data D) htmltemplate.HTML { return htmlOf(t.of.say(asSpans, t.name, data)) }

// Markdown is the text in Markdown.
func (t Text[D]) Markdown(data D) Markdown { return markdownOf(t.of.say(asSpans, t.name, data)) }

// Bare is the text for a name as the words alone.
func (f Family[K, D]) Bare(name K, data D) string {
	return bareOf(f.of.say(asSpans, f.prefix+string(name), data))
}

// HTML is the text for a name as HTML.
func (f Family[K, D]) HTML(name K, data D) htmltemplate.HTML {
	return htmlOf(f.of.say(asSpans, f.prefix+string(name), data))
}

// Markdown is the text for a name in Markdown.
func (f Family[K, D]) Markdown(name K, data D) Markdown {
	return markdownOf(f.of.say(asSpans, f.prefix+string(name), data))
}

// What a text is taken apart with. These characters are taken out of what people typed, so that nothing typed is a mark.
const (
	typedBegins = "\x01"
	typedEnds   = "\x02"
	linkBegins  = "\x03" // followed by an address
	linkSays    = "\x04" // followed by what is shown
	linkEnds    = "\x05"
)

var marks = strings.NewReplacer(typedBegins, "", typedEnds, "", linkBegins, "", linkSays, "", linkEnds, "")

// spans is a text that is taken apart: its own words with their mrkdwn marks, and what was typed between marks of its own.
type spans string

// emoji is one of Slack's, which only Slack can show, with the blanks behind it.
var emoji = regexp.MustCompile(`^:[a-z0-9_+-]+:\s*`)

func typed(text string) spans {
	if found := emoji.FindString(text); found != "" && found == text {
		return spans(text) // the mark of a severity, which configuration chose
	}
	return spans(typedBegins + marks.Replace(text) + typedEnds)
}

// spanFuncs are the functions of templates that are taken apart.
func spanFuncs(l *Language) template.FuncMap {
	funcs := markupFuncs(l)
	funcs[outFunc] = func(value any) string {
		if ready, ok := value.(spans); ok {
			return string(ready)
		}
		return string(typed(fmt.Sprint(value)))
	}
	funcs["mention"] = func(user incident.UserID) spans { return named("@", user) }
	funcs["mentions"] = func(users []incident.UserID) spans { return allNamed("@", users) }
	funcs["groups"] = func(groups []incident.GroupID) spans { return allNamed("@", groups) }
	funcs["channel"] = func(id incident.ChannelID) spans {
		if id == "" {
			return ""
		}
		return named("#", id)
	}
	funcs["clock"] = func(at time.Time, now ...time.Time) string { return l.Clock(newClock(at, now)) }
	funcs["moment"] = func(at time.Time) string { return at.Format(momentFormat) }
	funcs["link"] = func(address, text string) spans {
		if !isWeb(address) {
			return typed(text)
		}
		return spans(linkBegins + marks.Replace(address) + linkSays + marks.Replace(text) + linkEnds)
	}
	funcs["quote"] = func(text string) spans { return typedLines(text, "> ") }
	funcs["bullets"] = func(text string) spans { return typedLines(bare(text), "• ") }
	return funcs
}

func named[T ~string](sign string, id T) spans {
	if id == "" {
		return "Muster"
	}
	return typed(sign + string(id))
}

func allNamed[T ~string](sign string, ids []T) spans {
	var all []string
	for _, id := range ids[:min(len(ids), most)] {
		all = append(all, string(named(sign, id)))
	}
	if len(ids) > most {
		all = append(all, fmt.Sprintf("+%d", len(ids)-most))
	}
	return spans(strings.Join(all, ", "))
}

func typedLines(text, prefix string) spans {
	var out []string
	for _, line := range Points(text) {
		out = append(out, prefix+string(typed(line)))
	}
	return spans(strings.Join(out, "\n"))
}

// isWeb reports whether an address leads to the web.
func isWeb(address string) bool {
	parsed, err := url.Parse(address)
	return err == nil && (parsed.Scheme == "http" || parsed.Scheme == "https") && !strings.ContainsAny(address, "<>|\n ")
}

// writing is how a form writes the pieces of a text.
type writing struct {
	words      func(string) string      // what the text says
	typed      func(string) string      // what somebody typed
	link       func(_, _ string) string // an address and what is shown
	bold, code [2]string                // before and after
	quote      [2]string                // around a line that is quoted
	newline    string
}

func bareOf(text string) string {
	same := func(text string) string { return text }
	return strings.TrimSpace(write(text, writing{words: same, typed: same, link: func(_, says string) string { return says }, newline: "\n"}))
}

func htmlOf(text string) htmltemplate.HTML {
	return htmltemplate.HTML(write(text, writing{ // what people typed went through html.EscapeString
		words: html.EscapeString,
		typed: func(text string) string { return strings.ReplaceAll(html.EscapeString(text), "\n", "<br>") },
		link: func(address, says string) string {
			return `<a href="` + html.EscapeString(address) + `">` + html.EscapeString(says) + `</a>`
		},
		bold: [2]string{"<b>", "</b>"}, code: [2]string{"<code>", "</code>"}, quote: [2]string{"<blockquote>", "</blockquote>"}, newline: "<br>",
	}))
}

// markdownOf writes code as HTML, as Markdown allows: between backticks nothing could be escaped.
func markdownOf(text string) Markdown {
	return Markdown(write(text, writing{
		words: EscapeMarkdown,
		typed: func(text string) string { return strings.ReplaceAll(EscapeMarkdown(text), "\n", "<br>") },
		link: func(address, says string) string {
			return "[" + EscapeMarkdown(says) + "](<" + strings.ReplaceAll(address, "<", "%3C") + ">)"
		},
		bold: [2]string{"**", "**"}, code: [2]string{"<code>", "</code>"}, quote: [2]string{"> ", ""}, newline: "  \n",
	}))
}

// write reads a text that was taken apart, piece by piece.
func write(text string, w writing) string {
	var out strings.Builder
	var bold, code, quoted, within bool // within a line
	end := func() {
		if quoted {
			out.WriteString(w.quote[1])
		}
		quoted, within = false, false
	}
	toggle := func(on *bool, marks [2]string) {
		if *on = !*on; *on {
			out.WriteString(marks[0])
		} else {
			out.WriteString(marks[1])
		}
	}
	for text != "" {
		if !within {
			if rest, isQuote := strings.CutPrefix(text, "> "); isQuote {
				out.WriteString(w.quote[0])
				text, quoted = rest, true
			}
			within = true
			continue
		}
		piece := text[:1]
		switch piece {
		case typedBegins:
			piece, text, _ = strings.Cut(text[1:], typedEnds)
			out.WriteString(w.typed(piece))
			continue
		case linkBegins:
			piece, text, _ = strings.Cut(text[1:], linkEnds)
			address, says, _ := strings.Cut(piece, linkSays)
			out.WriteString(w.link(address, says))
			continue
		case "*":
			toggle(&bold, w.bold)
		case "`":
			toggle(&code, w.code)
		case "\n":
			end()
			out.WriteString(w.newline)
		case ":":
			if piece = emoji.FindString(text); piece == "" {
				piece = ":"
				out.WriteString(w.words(piece))
			}
		default:
			if next := strings.IndexAny(text, typedBegins+linkBegins+"*`\n:"); next > 0 {
				piece = text[:next]
			} else {
				piece = text
			}
			out.WriteString(w.words(piece))
		}
		text = text[len(piece):]
	}
	end()
	if bold {
		out.WriteString(w.bold[1])
	}
	if code {
		out.WriteString(w.code[1])
	}
	return out.String()
}
