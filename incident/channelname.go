package incident

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// MaxChannelName is the longest channel name that Slack takes, in characters.
const MaxChannelName = 80

// ChannelName fills the policy's template for an incident's channel. The name is never empty and never one that Slack
// refuses: lower-case letters and digits of any script, "-" and "_". attempt 0 is the plain name; further ones get a
// suffix, for when the name is taken.
func ChannelName(in Incident, p *Policy, attempt int) string {
	plain := strings.NewReplacer(
		"{id}", string(in.ID),
		"{number}", strconv.FormatUint(in.ID.Number(), 10),
		"{date}", in.DeclaredAt.In(p.Zone()).Format("20060102"),
		"{severity}", string(in.Severity),
		"{title}", in.Title,
	).Replace(p.ChannelTemplate)
	name := slug(plain)
	if name == "" {
		name = slug(string(in.ID))
	}
	suffix := ""
	if attempt > 0 {
		suffix = "-" + strconv.Itoa(attempt+1)
	}
	return cut(name, MaxChannelName-len(suffix)) + suffix
}

// marksPerLetter is enough for the scripts that write vowels as marks on a letter; more of them is decoration.
const marksPerLetter = 2

// slug keeps what may stand in a channel name and makes one hyphen of everything between.
func slug(text string) string {
	var b strings.Builder
	gap := false
	room := 0 // how many marks the last letter may still carry
	for _, r := range text {
		r = unicode.ToLower(r)
		switch {
		case invisible(r):
		case unicode.IsMark(r):
			if room > 0 {
				b.WriteRune(r)
				room--
			}
		case nameable(r):
			if gap && b.Len() > 0 {
				b.WriteByte('-')
			}
			b.WriteRune(r)
			gap, room = false, 0
			if unicode.IsLetter(r) {
				room = marksPerLetter
			}
		default:
			gap, room = true, 0
		}
	}
	return strings.Trim(b.String(), "-_")
}

// nameable reports whether Slack takes a character in a channel name. A capital that has no small letter is refused.
func nameable(r rune) bool {
	return r == '_' || unicode.IsDigit(r) || (unicode.IsLetter(r) && !unicode.IsUpper(r) && !unicode.IsTitle(r))
}

// cut shortens a name to so many characters.
func cut(text string, limit int) string {
	if utf8.RuneCountInString(text) > limit {
		text = string([]rune(text)[:limit])
	}
	return strings.TrimRight(text, "-_")
}
