package blockkit

import (
	"fmt"
	"html/template"
	"regexp"
	"strings"
	"unicode"
)

// The marks a line of Markdown may begin with.
var (
	mdHeading = regexp.MustCompile(`^(#{1,6})\s+(.*?)\s*#*$`)
	mdBullet  = regexp.MustCompile(`^(\s*)[-*+]\s+(.*)$`)
	mdOrdered = regexp.MustCompile(`^(\s*)(\d{1,6})[.)]\s+(.*)$`)
	mdTask    = regexp.MustCompile(`^\[([ xX])\]\s+(.*)$`)
	mdRule    = regexp.MustCompile(`^\s*(-{3,}|\*{3,}|_{3,})\s*$`)
	mdDivide  = regexp.MustCompile(`^\s*\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?\s*$`)
)

// Markdown is the text of a markdown block as HTML: CommonMark as far as Slack shows it, and tables, task lists and
// strike-through. Raw HTML in it is text.
func (r *Renderer) Markdown(text string) template.HTML {
	w := &writer{r: r}
	lines := strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n")
	for i := 0; i < len(lines); {
		i = w.mdBlock(lines, i)
	}
	return template.HTML(w.b.String())
}

// mdBlock writes the block that begins at line i and returns the line after it.
func (w *writer) mdBlock(lines []string, i int) int {
	line := lines[i]
	switch {
	case strings.TrimSpace(line) == "":
		return i + 1
	case strings.HasPrefix(strings.TrimSpace(line), "```"):
		return w.mdFence(lines, i)
	case mdHeading.MatchString(line):
		m := mdHeading.FindStringSubmatch(line)
		level := len(m[1])
		fmt.Fprintf(&w.b, `<div class="md-h md-h%d" role="heading" aria-level="%d">`, level, min(level+2, 6))
		w.spans(mdInline(m[2]))
		w.b.WriteString("</div>")
		return i + 1
	case mdRule.MatchString(line):
		w.b.WriteString("<hr>")
		return i + 1
	case strings.HasPrefix(line, ">"):
		end := i
		var inner []string
		for ; end < len(lines) && strings.HasPrefix(lines[end], ">"); end++ {
			inner = append(inner, strings.TrimPrefix(strings.TrimLeft(lines[end], ">"), " "))
		}
		w.b.WriteString("<blockquote>")
		w.mdLines(inner)
		w.b.WriteString("</blockquote>")
		return end
	case mdBullet.MatchString(line) || mdOrdered.MatchString(line):
		return w.mdList(lines, i)
	case strings.Contains(line, "|") && i+1 < len(lines) && strings.Contains(lines[i+1], "-") && mdDivide.MatchString(lines[i+1]):
		return w.mdTable(lines, i)
	}
	end := i + 1
	for end < len(lines) && !mdBegins(lines[end]) {
		end++
	}
	w.b.WriteString("<p>")
	w.mdLines(lines[i:end])
	w.b.WriteString("</p>")
	return end
}

// mdBegins says whether a line ends the paragraph before it.
func mdBegins(line string) bool {
	return strings.TrimSpace(line) == "" || strings.HasPrefix(line, ">") || strings.HasPrefix(strings.TrimSpace(line), "```") ||
		mdHeading.MatchString(line) || mdRule.MatchString(line) || mdBullet.MatchString(line) || mdOrdered.MatchString(line)
}

func (w *writer) mdLines(lines []string) {
	for i, line := range lines {
		if i > 0 {
			w.b.WriteString("<br>")
		}
		w.spans(mdInline(strings.TrimSpace(line)))
	}
}

func (w *writer) mdFence(lines []string, i int) int {
	end := i + 1
	for end < len(lines) && !strings.HasPrefix(strings.TrimSpace(lines[end]), "```") {
		end++
	}
	w.b.WriteString("<pre>" + esc(strings.Join(lines[i+1:end], "\n")) + "</pre>")
	return min(end+1, len(lines))
}

// mdList writes the items of one list. Nesting is shown by indent, as Slack does.
func (w *writer) mdList(lines []string, i int) int {
	for ; i < len(lines); i++ {
		tag, start, indent, words := "ul", "", "", ""
		if m := mdBullet.FindStringSubmatch(lines[i]); m != nil {
			indent, words = m[1], m[2]
		} else if m := mdOrdered.FindStringSubmatch(lines[i]); m != nil {
			tag, start, indent, words = "ol", ` start="`+m[2]+`"`, m[1], m[3]
		} else {
			return i
		}
		depth := min(len(strings.ReplaceAll(indent, "\t", "    "))/2, 8)
		fmt.Fprintf(&w.b, `<%s class="bk-list bk-indent-%d"%s><li>`, tag, depth, start)
		if m := mdTask.FindStringSubmatch(words); m != nil {
			words = m[2]
			box := "☐ "
			if m[1] != " " {
				box = "☑ "
			}
			w.b.WriteString(box)
		}
		w.spans(mdInline(words))
		w.b.WriteString("</li></" + tag + ">")
	}
	return i
}

func (w *writer) mdTable(lines []string, i int) int {
	cells := func(line string) []string {
		return strings.Split(strings.Trim(strings.TrimSpace(line), "|"), "|")
	}
	row := func(tag, line string) {
		w.b.WriteString("<tr>")
		for _, cell := range cells(line) {
			w.b.WriteString("<" + tag + ">")
			w.spans(mdInline(strings.TrimSpace(cell)))
			w.b.WriteString("</" + tag + ">")
		}
		w.b.WriteString("</tr>")
	}
	w.b.WriteString(`<div class="bk-scroll"><table class="bk-table"><thead>`)
	row("th", lines[i])
	w.b.WriteString("</thead><tbody>")
	for i += 2; i < len(lines) && strings.Contains(lines[i], "|"); i++ {
		row("td", lines[i])
	}
	w.b.WriteString("</tbody></table></div>")
	return i
}

// mdStyles are the inline marks of Markdown, the longer first.
var mdStyles = []struct {
	mark string
	kind spanKind
}{{"**", spanBold}, {"__", spanBold}, {"~~", spanStrike}, {"*", spanItalic}, {"_", spanItalic}}

// mdInline reads the marks inside a line of Markdown. A style stands at most four deep.
func mdInline(s string) []span { return mdStyled(s, 0) }

func mdStyled(s string, depth int) []span {
	in := &inline{}
	for i := 0; i < len(s); {
		if one, end, ok := mdMark(s, i, depth); ok {
			in.flushRaw()
			in.spans = append(in.spans, one)
			i = end
			continue
		}
		if s[i] == '\\' && i+1 < len(s) && strings.IndexByte("\\`*_{}[]()#+-.!|~>", s[i+1]) >= 0 {
			i++
		}
		in.plain.WriteByte(s[i])
		i++
	}
	in.flushRaw()
	return in.spans
}

// flushRaw is flush without Slack's escapes: Markdown has none.
func (in *inline) flushRaw() {
	if in.plain.Len() > 0 {
		in.spans = append(in.spans, span{kind: spanText, text: in.plain.String()})
		in.plain.Reset()
	}
}

func mdMark(s string, i, depth int) (one span, end int, ok bool) {
	switch s[i] {
	case '`':
		if n := strings.IndexByte(s[i+1:], '`'); n > 0 {
			return span{kind: spanCode, text: s[i+1 : i+1+n]}, i + n + 2, true
		}
	case ':':
		if name, ok := emojiAt(s[i+1:]); ok {
			return span{kind: spanEmoji, text: name}, i + len(name) + 2, true
		}
	case '<':
		if n := strings.IndexAny(s[i+1:], "<>"); n > 0 && s[i+1+n] == '>' && strings.ContainsAny(s[i+1:i+2], "@#!h") {
			if one := parseAngle(s[i+1 : i+1+n]); one.kind != spanText {
				return one, i + n + 2, true
			}
		}
	case '[':
		return mdLink(s, i)
	case 'h':
		if end, ok := bareURL(s, i); ok {
			return span{kind: spanLink, ref: s[i:end], text: s[i:end]}, end, true
		}
	}
	if depth >= 4 {
		return span{}, 0, false
	}
	for _, style := range mdStyles {
		if !strings.HasPrefix(s[i:], style.mark) || !mdOpens(s, i, len(style.mark)) {
			continue
		}
		from := i + len(style.mark)
		n := strings.Index(s[from:], style.mark)
		if n < 0 {
			continue
		}
		if n > 0 && !unicode.IsSpace(rune(s[from+n-1])) {
			return span{kind: style.kind, kids: mdStyled(s[from:from+n], depth+1)}, from + n + len(style.mark), true
		}
	}
	return span{}, 0, false
}

// mdOpens: a mark opens before a word; an underscore not inside one.
func mdOpens(s string, i, size int) bool {
	if i+size >= len(s) || unicode.IsSpace(rune(s[i+size])) {
		return false
	}
	return s[i] != '_' || i == 0 || !isWord(rune(s[i-1]))
}

// mdLink reads [label](address).
func mdLink(s string, i int) (one span, end int, ok bool) {
	label := strings.IndexByte(s[i:], ']')
	if label < 2 || i+label+1 >= len(s) || s[i+label+1] != '(' {
		return span{}, 0, false
	}
	from := i + label + 2
	n := strings.IndexByte(s[from:], ')')
	if n < 1 {
		return span{}, 0, false
	}
	address, _, _ := strings.Cut(s[from:from+n], " ")
	return span{kind: spanLink, ref: address, text: s[i+1 : i+label]}, from + n + 1, true
}
