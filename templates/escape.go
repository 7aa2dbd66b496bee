package templates

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

// Markup is text in Slack's mrkdwn in which everything that people typed is escaped already. Only this package makes it.
type Markup string

// escape is the one place where typed text becomes Markup. Slack asks for these three characters and no others.
func escape(typed string) Markup {
	if !strings.ContainsAny(typed, "&<>") {
		return Markup(typed)
	}
	typed = strings.ReplaceAll(typed, "&", "&amp;") // first, since the others bring their own
	return Markup(strings.ReplaceAll(strings.ReplaceAll(typed, "<", "&lt;"), ">", "&gt;"))
}

var (
	markdownEntities = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")
	markdownMarks    = regexp.MustCompile("[\\\\`*_{}\\[\\]|~]")
	markdownBegins   = regexp.MustCompile(`(?m)^(\s*)([-+=#])|^(\s*\d+)([.)])`)                      // headings and lists
	bareAddresses    = strings.NewReplacer("://", "&#58;//", "www.", "www&#46;", "WWW.", "WWW&#46;") // readers make links of them
	bareMail         = regexp.MustCompile(`([\w.+-])@(\w)`)
)

// EscapeMarkdown is the one place where typed text becomes Markdown: no markup, no HTML, no link, no break out of a table.
func EscapeMarkdown(typed string) string {
	typed = markdownMarks.ReplaceAllString(markdownEntities.Replace(typed), `\$0`)
	typed = markdownBegins.ReplaceAllString(typed, `$1$3\$2$4`)
	return bareMail.ReplaceAllString(bareAddresses.Replace(typed), "$1&#64;$2")
}

const ellipsis = "…"

// Cut shortens plain text to at most limit characters, with an ellipsis in place of what is gone.
func Cut(text string, limit int) string {
	if utf8.RuneCountInString(text) <= limit {
		return text
	}
	if limit < 1 {
		return ""
	}
	runes := []rune(text)
	return string(runes[:limit-1]) + ellipsis
}

// Cut shortens markup to at most limit characters. It never cuts through an entity or a <...> sequence, whose halves
// would mean something else.
func (m Markup) Cut(limit int) Markup {
	if utf8.RuneCountInString(string(m)) <= limit {
		return m
	}
	if limit < 1 {
		return ""
	}
	kept := string([]rune(string(m))[:limit-1])
	if open := strings.LastIndexByte(kept, '<'); open > strings.LastIndexByte(kept, '>') {
		kept = kept[:open]
	}
	if open := strings.LastIndexByte(kept, '&'); open > strings.LastIndexByte(kept, ';') {
		kept = kept[:open]
	}
	return Markup(kept + ellipsis)
}

// Join is the parts that are not empty with a separator between them.
func Join(separator string, parts ...Markup) Markup {
	var kept []string
	for _, part := range parts {
		if part != "" {
			kept = append(kept, string(part))
		}
	}
	return Markup(strings.Join(kept, separator))
}
