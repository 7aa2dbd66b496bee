package templates

import (
	"reflect"
	"regexp"
	"strings"
	"testing"

	"muster/incident"
)

func TestATextInEachForm(t *testing.T) {
	l := load1(t, "en")
	line := Line{Kind: incident.KindNoteAdded, By: "U1", Text: "a *b* <c> & `d`\ne", Link: "https://x.example/?a=1&b=2"}
	role := Line{Kind: incident.KindRoleAssigned, By: "U1", User: "U2", Role: "Tech_lead"}
	failed := Line{Kind: incident.KindEffectFailed, Effect: "pin", Reason: "not_pinnable"}
	closing := Incident{Status: "Closed", Closing: "Rolled <back>.\n\nThanks"}
	html := func(line Line) string { return string(l.TimelineLines.HTML(line.Kind, line)) }
	markdown := func(line Line) string { return string(l.TimelineLines.Markdown(line.Kind, line)) }
	for _, test := range []struct{ name, got, want string }{
		{"bare note", l.TimelineLines.Bare(line.Kind, line), "@U1: a *b* <c> & `d`\ne (message)"},
		{"note as HTML", html(line), `@U1: a *b* &lt;c&gt; &amp; ` + "`d`" + `<br>e (<a href="https://x.example/?a=1&amp;b=2">message</a>)`},
		{"note in Markdown", markdown(line), `@U1: a \*b\* &lt;c&gt; &amp; ` + "\\`d\\`" + `<br>e (` + `[message](<https://x.example/?a=1&b=2>))`},
		{"bare role", l.TimelineLines.Bare(role.Kind, role), "@U1 made @U2 Tech_lead"},
		{"role as HTML", html(role), "@U1 made @U2 <b>Tech_lead</b>"},
		{"role in Markdown", markdown(role), `@U1 made @U2 **Tech\_lead**`},
		{"bare failure", l.TimelineLines.Bare(failed.Kind, failed), "could not pin: not_pinnable"},
		{"failure as HTML", html(failed), "could not pin: <code>not_pinnable</code>"},
		{"quote as HTML", string(l.CardClosing.HTML(closing)), "<b>Closed</b><br><blockquote>Rolled &lt;back&gt;.</blockquote><br><blockquote>Thanks</blockquote>"},
		{"quote in Markdown", string(l.CardClosing.Markdown(closing)), "**Closed**  \n> Rolled &lt;back&gt;.  \n> Thanks"},
		{"bare quote", l.CardClosing.Bare(closing), "Closed\nRolled <back>.\nThanks"},
		{"a link that is none", html(Line{Kind: line.Kind, Text: "x", Link: "javascript:alert(1)"}), "Muster: x (message)"},
	} {
		if test.got != test.want {
			t.Errorf("%s: got %q, want %q", test.name, test.got, test.want)
		}
	}
}

// own is all that a text may write itself in HTML.
var own = regexp.MustCompile(`</?(b|code|blockquote)>|<br>|<a href="https://example\.com/1">|</a>`)

func FuzzTypedTextStaysTextInEveryForm(f *testing.F) {
	for _, text := range []string{"<script>", "a\x01b\x02<b>", "\x03javascript:x\x04y\x05", "**x** [y](z)", "> q", ":smile:", "https://evil.example", "결제 <b>"} {
		f.Add(text)
	}
	languages := []*Language{load1(f, "en"), load1(f, "ko")}
	f.Fuzz(func(t *testing.T, typed string) {
		for _, l := range languages {
			for _, text := range l.texts {
				if text.sample == nil {
					continue
				}
				sample := reflect.New(reflect.TypeOf(text.sample)).Elem()
				sample.Set(reflect.ValueOf(text.sample))
				fill(sample, typed)
				apart, err := l.execute(asSpans, text.name, sample.Interface())
				if err != nil {
					t.Fatalf("%s: %v", text.name, err)
				}
				if rest := own.ReplaceAllString(string(htmlOf(apart)), ""); strings.ContainsAny(rest, "<>") {
					t.Fatalf("%s with %q as HTML: %q", text.name, typed, rest)
				}
				paper := strings.ReplaceAll(string(markdownOf(apart)), "https://example.com/1", "")
				for _, live := range []string{"<script", "<b>", "://", "[y](z)"} {
					if strings.Contains(paper, live) {
						t.Fatalf("%s with %q in Markdown: %q", text.name, typed, paper)
					}
				}
				bareOf(apart)
			}
		}
	})
}

func TestEveryEventHasItsWords(t *testing.T) {
	kinds := incident.EventKinds()
	for _, test := range []struct {
		name string
		all  func(events) []incident.EventKind
		want string
	}{
		{"all", func(events) []incident.EventKind { return kinds }, ""},
		{"an event without words", func(events) []incident.EventKind { return append([]incident.EventKind{"probed"}, kinds...) }, `the event "probed" has no words`},
		{"half a row", func(all events) []incident.EventKind {
			row := all[incident.KindPaused]
			row.answer = nil
			all[incident.KindPaused] = row
			return kinds
		}, `the event "paused" has no words`},
		{"words without an event", func(events) []incident.EventKind { return kinds[1:] }, "which does not exist"},
	} {
		all := allEvents()
		err := all.check(test.all(all))
		if (test.want == "") != (err == nil) || err != nil && !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: got %v, want %q", test.name, err, test.want)
		}
	}
}
