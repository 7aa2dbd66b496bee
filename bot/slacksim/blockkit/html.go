package blockkit

import (
	"fmt"
	"html/template"
	"net/url"
	"strings"
	"time"
)

// Names tells how people, channels and groups are called. An ID it does not know has the name "".
type Names interface {
	User(id string) string
	Channel(id string) string
	UserGroup(id string) string
}

// writer turns spans into HTML. Everything that comes from outside goes through esc or safeURL, here and nowhere else.
type writer struct {
	r *Renderer
	b strings.Builder
}

func (r *Renderer) html(spans []span) template.HTML {
	w := &writer{r: r}
	w.spans(spans)
	return template.HTML(w.b.String())
}

func esc(s string) string { return template.HTMLEscapeString(s) }

// safeURL is the address if a click on it can do no harm: http, https or mailto.
func safeURL(address string) (string, bool) {
	u, err := url.Parse(strings.TrimSpace(address))
	if err != nil {
		return "", false
	}
	switch u.Scheme {
	case "http", "https":
		return u.String(), u.Host != ""
	case "mailto":
		return u.String(), u.Opaque != ""
	}
	return "", false
}

func (w *writer) spans(spans []span) {
	for _, s := range spans {
		w.span(s)
	}
}

func (w *writer) inside(tag string, s span) {
	w.b.WriteString("<" + tag + ">" + esc(s.text))
	w.spans(s.kids)
	w.b.WriteString("</" + tag + ">")
}

func (w *writer) span(s span) {
	switch s.kind {
	case spanText:
		w.b.WriteString(esc(s.text))
	case spanBreak:
		w.b.WriteString("<br>")
	case spanBold:
		w.inside("b", s)
	case spanItalic:
		w.inside("i", s)
	case spanStrike:
		w.inside("s", s)
	case spanCode:
		w.inside("code", s)
	case spanQuote:
		w.inside("blockquote", s)
	case spanPre:
		w.inside("pre", s)
	case spanList:
		w.list(s)
	case spanLink:
		w.link(s)
	case spanEmoji:
		w.emoji(s.text)
	case spanDate:
		w.date(s)
	case spanUser, spanChannel, spanGroup, spanBroadcast:
		w.mention(s)
	case spanColor:
		w.b.WriteString(`<code class="bk-color">` + esc(s.text) + `</code>`)
	default:
		w.b.WriteString(`<span class="bk-unsupported">unsupported: ` + esc(s.text) + `</span>`)
	}
}

func (w *writer) list(s span) {
	var style string
	var indent, offset int
	if _, err := fmt.Sscan(s.ref, &style, &indent, &offset); err != nil {
		style = "bullet"
	}
	tag := "ul"
	start := ""
	if style == "ordered" {
		tag, start = "ol", fmt.Sprintf(` start="%d"`, offset+1)
	}
	fmt.Fprintf(&w.b, `<%s class="bk-list bk-indent-%d"%s>`, tag, min(max(indent, 0), 8), start)
	for _, item := range s.kids {
		w.inside("li", item)
	}
	w.b.WriteString("</" + tag + ">")
}

func (w *writer) link(s span) {
	address, ok := safeURL(s.ref)
	if !ok {
		w.b.WriteString(esc(s.text))
		return
	}
	w.b.WriteString(`<a href="` + esc(address) + `" target="_blank" rel="noopener noreferrer">` + esc(s.text) + `</a>`)
}

func (w *writer) emoji(name string) {
	char, ok := EmojiChar(name)
	if !ok {
		w.b.WriteString(esc(":" + name + ":"))
		return
	}
	w.b.WriteString(`<span class="emoji" role="img" title=":` + esc(name) + `:" aria-label="` +
		esc(strings.ReplaceAll(name, "_", " ")) + `">` + esc(char) + `</span>`)
}

func (w *writer) date(s span) {
	at, words, link, ok := slackDate(s.ref, w.r.now(), w.r.zone())
	if !ok {
		w.b.WriteString(esc(s.text))
		return
	}
	shown := `<time datetime="` + esc(at.UTC().Format(time.RFC3339)) + `" title="` + esc(s.text) + `">` + esc(words) + `</time>`
	if address, safe := safeURL(link); link != "" && safe {
		shown = `<a href="` + esc(address) + `" target="_blank" rel="noopener noreferrer">` + shown + `</a>`
	}
	w.b.WriteString(shown)
}

func (w *writer) mention(s span) {
	class, name := "mention", s.text
	known := func(from string) {
		if from != "" {
			name = from
		}
	}
	switch s.kind {
	case spanUser:
		known(w.r.userName(s.ref))
		if s.ref == w.r.Me {
			class += " me"
		}
		name = "@" + orElse(name, s.ref)
	case spanGroup:
		if w.r.Names != nil {
			known(w.r.Names.UserGroup(s.ref))
		}
		name = "@" + strings.TrimPrefix(orElse(name, s.ref), "@")
	case spanBroadcast:
		class, name = "mention me", "@"+s.ref
	case spanChannel:
		w.channel(s)
		return
	}
	w.b.WriteString(`<span class="` + class + `" data-id="` + esc(s.ref) + `">` + esc(name) + `</span>`)
}

func (w *writer) channel(s span) {
	name := w.r.channelName(s.ref)
	if name == "" {
		name = orElse(s.text, s.ref)
	}
	if w.r.ChannelURL == nil {
		w.b.WriteString(`<span class="mention" data-id="` + esc(s.ref) + `">#` + esc(name) + `</span>`)
		return
	}
	w.b.WriteString(`<a class="mention" data-id="` + esc(s.ref) + `" href="` + esc(w.r.ChannelURL(s.ref)) + `">#` +
		esc(name) + `</a>`)
}
