package blockkit

import (
	"strings"
	"unicode/utf8"
)

// bareURL finds the end of an address that is written out in the text.
func bareURL(s string, i int) (end int, ok bool) {
	if !strings.HasPrefix(s[i:], "https://") && !strings.HasPrefix(s[i:], "http://") {
		return 0, false
	}
	if before, _ := utf8.DecodeLastRuneInString(s[:i]); i > 0 && isWord(before) {
		return 0, false
	}
	end = i
	for end < len(s) && !strings.ContainsRune(" \t\n<>|\"`", rune(s[end])) && !strings.HasPrefix(s[end:], "&gt;") && !strings.HasPrefix(s[end:], "&lt;") {
		end++
	}
	end = i + len(strings.TrimRight(s[i:end], ".,;:!?)]}'*_~"))
	return end, end > i+len("https://")
}

// parseAngle reads what stands between < and >: a mention, a date, or a link.
func parseAngle(inside string) span {
	ref, label, _ := strings.Cut(inside, "|")
	label = unescape(label)
	switch {
	case strings.HasPrefix(ref, "@"):
		return span{kind: spanUser, ref: ref[1:], text: label}
	case strings.HasPrefix(ref, "#"):
		return span{kind: spanChannel, ref: ref[1:], text: label}
	case strings.HasPrefix(ref, "!subteam^"):
		return span{kind: spanGroup, ref: ref[len("!subteam^"):], text: label}
	case strings.HasPrefix(ref, "!date^"):
		return span{kind: spanDate, ref: ref[len("!date^"):], text: label}
	case ref == "!here" || ref == "!channel" || ref == "!everyone":
		return span{kind: spanBroadcast, ref: ref[1:]}
	case strings.HasPrefix(ref, "!"):
		return span{kind: spanText, text: "<" + ref + ">"}
	}
	if !strings.Contains(ref, ":") {
		return span{kind: spanText, text: unescape("<" + inside + ">")} // no address: it stands as it is
	}
	ref = unescape(ref)
	if label == "" {
		label = strings.TrimPrefix(ref, "mailto:")
	}
	return span{kind: spanLink, ref: ref, text: label}
}

// unlink turns <https://a|b> inside code back into what was written, as Slack shows it.
func unlink(s string) string {
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(s, "<")
		inside, after, closed := strings.Cut(rest, ">")
		if !found || !closed {
			b.WriteString(s)
			return unescape(b.String())
		}
		b.WriteString(before)
		ref, label, labelled := strings.Cut(inside, "|")
		if labelled {
			ref = label
		}
		b.WriteString(ref)
		s = after
	}
}

// unescape undoes the three escapes of Slack, each once.
func unescape(s string) string {
	return strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&").Replace(s)
}
