package incident

import (
	"slices"
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
	return strings.Join(strings.Fields(clean(text, false)), " ")
}

// paragraph keeps line breaks.
func paragraph(text string) string { return strings.TrimSpace(clean(text, true)) }

func clean(text string, breaks bool) string {
	text = strings.ReplaceAll(strings.ToValidUTF8(text, ""), "\r\n", "\n")
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			if breaks {
				return r
			}
			return ' '
		case r >= '\u202a' && r <= '\u202e', r >= '\u2066' && r <= '\u2069', r == utf8.RuneError, unicode.Is(unicode.Cc, r):
			return -1
		}
		return r
	}, text)
}

// within answers the refusal for a text that is too long.
func within(field, text string, limit int) error {
	if length := utf8.RuneCountInString(text); length > limit {
		return &Refusal{Code: RefuseTooLong, Text: field, Limit: limit, Length: length}
	}
	return nil
}

func contains[T comparable](list []T, item T) bool { return slices.Contains(list, item) }
