package blockkit

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// spanKind is what a run of text is.
type spanKind int

const (
	spanText spanKind = iota
	spanBold
	spanItalic
	spanStrike
	spanCode
	spanPre
	spanQuote
	spanLink
	spanUser
	spanChannel
	spanGroup
	spanBroadcast
	spanDate
	spanEmoji
	spanBreak
)

// span is one run of a text: its own words, or the spans inside it.
type span struct {
	kind spanKind
	// text is the literal text, unescaped; for a mention its label; for an emoji its name; for a date its fallback.
	text string
	// ref is the URL of a link, the ID of a mention, or timestamp^format[^link] of a date.
	ref  string
	kids []span
}

// parseMrkdwn reads Slack's mrkdwn: code blocks first, then quotes by line, then the inline marks.
func parseMrkdwn(s string) []span {
	var spans []span
	for {
		before, rest, found := strings.Cut(s, "```")
		code, after, closed := strings.Cut(rest, "```")
		if !found || !closed {
			return append(spans, parseLines(s)...)
		}
		if before = strings.TrimSuffix(before, "\n"); before != "" {
			spans = append(spans, parseLines(before)...)
		}
		spans = append(spans, span{kind: spanPre, text: unlink(strings.Trim(code, "\n"))})
		s = strings.TrimPrefix(after, "\n")
		if s == "" {
			return spans
		}
	}
}

// parseLines gathers the lines that begin with > into quotes. ">>>" quotes all that follows.
func parseLines(s string) []span {
	var spans []span
	var quote []string
	flush := func() {
		if quote != nil {
			spans = append(spans, span{kind: spanQuote, kids: parseInline(strings.Join(quote, "\n"))})
			quote = nil
		}
	}
	lines := strings.Split(s, "\n")
	var plain []string
	flushPlain := func() {
		if plain != nil {
			spans = append(spans, parseInline(strings.Join(plain, "\n"))...)
			plain = nil
		}
	}
	for i, line := range lines {
		if rest, all := cutQuote(line, "&gt;&gt;&gt;", ">>>"); all {
			flush()
			flushPlain()
			quote = append([]string{rest}, lines[i+1:]...)
			break
		}
		if rest, quoted := cutQuote(line, "&gt;", ">"); quoted {
			flushPlain()
			quote = append(quote, rest)
			continue
		}
		flush()
		plain = append(plain, line)
	}
	flush()
	flushPlain()
	return spans
}

func cutQuote(line string, marks ...string) (string, bool) {
	for _, mark := range marks {
		if rest, ok := strings.CutPrefix(line, mark); ok {
			return strings.TrimPrefix(rest, " "), true
		}
	}
	return line, false
}

// inline reads the marks inside lines. A style does not nest in itself, so the depth is bounded.
type inline struct {
	spans []span
	plain strings.Builder
	// until[mark] is how far it is known that no closing mark follows; keeps hostile input from costing its square.
	until map[byte]int
}

func parseInline(s string) []span { return parseStyled(s, "*_~") }

// parseStyled reads s, in which only the marks in open may still open a style.
func parseStyled(s, open string) []span {
	in := &inline{until: map[byte]int{}}
	for i := 0; i < len(s); {
		next, ok := in.mark(s, i, open)
		if !ok {
			_, size := utf8.DecodeRuneInString(s[i:])
			in.plain.WriteString(s[i : i+size])
			next = i + size
		}
		i = next
	}
	in.flush()
	return in.spans
}

func (in *inline) flush() {
	if in.plain.Len() > 0 {
		in.spans = append(in.spans, span{kind: spanText, text: unescape(in.plain.String())})
		in.plain.Reset()
	}
}

func (in *inline) add(one span) {
	in.flush()
	in.spans = append(in.spans, one)
}

// mark reads the mark that begins at i, if one does, and says where it ends.
func (in *inline) mark(s string, i int, open string) (next int, ok bool) {
	switch c := s[i]; c {
	case '\n':
		in.add(span{kind: spanBreak})
		return i + 1, true
	case '<':
		if end := strings.IndexAny(s[i+1:], "<>\n"); end > 0 && s[i+1+end] == '>' {
			in.add(parseAngle(s[i+1 : i+1+end]))
			return i + end + 2, true
		}
	case ':':
		if name, ok := emojiAt(s[i+1:]); ok {
			in.add(span{kind: spanEmoji, text: name})
			return i + len(name) + 2, true
		}
	case '`':
		if end := strings.IndexAny(s[i+1:], "`\n"); end > 0 && s[i+1+end] == '`' {
			in.add(span{kind: spanCode, text: unlink(s[i+1 : i+1+end])})
			return i + end + 2, true
		}
	case 'h':
		if end, ok := bareURL(s, i); ok {
			address := unescape(s[i:end])
			in.add(span{kind: spanLink, ref: address, text: address})
			return end, true
		}
	default:
		if strings.IndexByte(open, c) < 0 || !opens(s, i) {
			return 0, false
		}
		end, ok := in.closing(s, i)
		if !ok {
			return 0, false
		}
		kids := parseStyled(s[i+1:end], strings.ReplaceAll(open, string(c), ""))
		in.add(span{kind: styleOf(c), kids: kids})
		return end + 1, true
	}
	return 0, false
}

func styleOf(mark byte) spanKind {
	switch mark {
	case '*':
		return spanBold
	case '_':
		return spanItalic
	}
	return spanStrike
}

// opens: a style begins at the edge of a word.
func opens(s string, i int) bool {
	before, _ := utf8.DecodeLastRuneInString(s[:i])
	after, size := utf8.DecodeRuneInString(s[i+1:])
	return (i == 0 || !isWord(before)) && size > 0 && !unicode.IsSpace(after) && after != rune(s[i])
}

// closing finds the mark that ends a style: on the same line, after a word, before the end of one; not inside <...>
// or code.
func (in *inline) closing(s string, i int) (int, bool) {
	c := s[i]
	if i < in.until[c] {
		return 0, false
	}
	for j := i + 1; j < len(s); j++ {
		switch s[j] {
		case '\n':
			in.until[c] = j
			return 0, false
		case '<', '`':
			shut, stops := byte('>'), "<>\n"
			if s[j] == '`' {
				shut, stops = '`', "`\n"
			}
			if end := strings.IndexAny(s[j+1:], stops); end >= 0 && s[j+1+end] == shut {
				j += end + 1
			}
		case c:
			before, _ := utf8.DecodeLastRuneInString(s[:j])
			after, size := utf8.DecodeRuneInString(s[j+1:])
			if j > i+1 && !unicode.IsSpace(before) && (size == 0 || !isWord(after)) {
				return j, true
			}
		}
	}
	in.until[c] = len(s)
	return 0, false
}

func isWord(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }
