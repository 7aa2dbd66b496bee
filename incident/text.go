package incident

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// The longest texts in characters. They leave Slack's limits room for the words around them.
const (
	MaxTitle   = 120
	MaxReason  = 500
	MaxText    = 2500
	MaxSummary = 1500
)

// line makes one line of what somebody typed: white space folded, control characters and the marks that turn the
// direction of foreign text gone. Everything else stays, in any script.
func line(text string) string {
	return strings.Join(strings.Fields(clean(text)), " ")
}

// paragraph does the same, but keeps the line breaks and the spaces within a line.
func paragraph(text string) string { return strings.TrimSpace(clean(text)) }

// clean is empty when nothing of the text would be seen.
func clean(text string) string {
	text = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\v", "\n", "\f", "\n", "\u0085", "\n").Replace(strings.ToValidUTF8(text, ""))
	seen := false
	text = strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return r
		case r >= '\u202a' && r <= '\u202e', r >= '\u2066' && r <= '\u2069', r == utf8.RuneError, unicode.IsControl(r):
			return -1
		}
		seen = seen || !(unicode.IsSpace(r) || invisible(r))
		return r
	}, text)
	if !seen {
		return ""
	}
	return text
}

// invisible reports whether a character shows nothing by itself, such as a joiner or a filler.
func invisible(r rune) bool {
	return unicode.In(r, unicode.Cf, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector)
}

// shorten cuts what nobody at hand can shorten.
func shorten(text string, limit int) string {
	if utf8.RuneCountInString(text) <= limit {
		return text
	}
	return strings.TrimSpace(string([]rune(text)[:limit-1])) + "…"
}

// within answers the refusal for a text that is too long.
func within(field, text string, limit int) error {
	if length := utf8.RuneCountInString(text); length > limit {
		return &Refusal{Code: RefuseTooLong, Text: field, Limit: limit, Length: length}
	}
	return nil
}
