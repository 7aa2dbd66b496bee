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
func (p *Policy) ChannelName(in Incident, attempt int) string {
	plain := strings.NewReplacer(
		"{id}", string(in.ID),
		"{number}", strconv.FormatUint(in.ID.Number(), 10),
		"{date}", in.DeclaredAt.In(p.location()).Format("20060102"),
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

// slug keeps what may stand in a channel name and makes one hyphen of everything between.
func slug(text string) string {
	var b strings.Builder
	gap := false
	for _, r := range text {
		r = unicode.ToLower(r)
		// A letter that has no lower case but is upper or title case would be refused.
		keep := (unicode.IsLetter(r) && !unicode.IsUpper(r) && !unicode.IsTitle(r)) || unicode.IsDigit(r) || unicode.Is(unicode.M, r) || r == '_'
		switch {
		case !keep || r == utf8.RuneError:
			gap = true
		default:
			if gap && b.Len() > 0 {
				b.WriteByte('-')
			}
			gap = false
			b.WriteRune(r)
		}
	}
	return strings.Trim(b.String(), "-_")
}

func cut(text string, limit int) string {
	if utf8.RuneCountInString(text) > limit {
		text = string([]rune(text)[:limit])
	}
	return strings.TrimRight(text, "-_")
}
