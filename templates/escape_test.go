package templates

import (
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"muster/incident"
)

// allowed is every <...> sequence that a text with sample data may hold; whatever else opens one was typed.
var allowed = regexp.MustCompile(`<(@[A-Z0-9]+|#[A-Z0-9]+|!subteam\^[A-Z0-9]+|!date\^\d+\^[^<>|]*\|[^<>]*|https://example\.com/1(\|[^<>|]*)?)>`)

// quoted is the mark of a quote, which templates set.
var quoted = regexp.MustCompile(`(?m)^> `)

// fill sets every string in a value that a person can have typed.
func fill(value reflect.Value, typed string) {
	switch value.Kind() {
	case reflect.Struct:
		if value.Type() == reflect.TypeFor[time.Time]() {
			return
		}
		for i := range value.NumField() {
			fill(value.Field(i), typed)
		}
	case reflect.String:
		if value.Type() == reflect.TypeFor[string]() && value.String() != "https://example.com/1" {
			value.SetString(typed)
		}
	case reflect.Slice:
		copied := reflect.MakeSlice(value.Type(), value.Len(), value.Len())
		reflect.Copy(copied, value)
		for i := range copied.Len() {
			fill(copied.Index(i), typed)
		}
		value.Set(copied)
	case reflect.Pointer:
		if !value.IsNil() {
			copied := reflect.New(value.Type().Elem())
			copied.Elem().Set(value.Elem())
			fill(copied.Elem(), typed)
			value.Set(copied)
		}
	}
}

func FuzzNobodyIsMentionedByWhatWasTyped(f *testing.F) {
	for _, typed := range []string{"<!channel>", "<!here|x>", "<@U1>", "<#C1>", "<!subteam^S1>", "<http://evil.example|bank>", "a & b", "a\n<@U2>", "> quote", "- <!everyone>", "&lt;!channel&gt;", "결제 <!channel> 🔥", "مرحبا <@U1>"} {
		f.Add(typed)
	}
	languages := []*Language{load1(f, "en"), load1(f, "ko")}
	f.Fuzz(func(t *testing.T, typed string) {
		for _, w := range languages {
			for _, text := range w.texts {
				if text.sample == nil {
					continue
				}
				sample := reflect.New(reflect.TypeOf(text.sample)).Elem()
				sample.Set(reflect.ValueOf(text.sample))
				fill(sample, typed)
				out, err := w.execute(asMarkup, text.name, sample.Interface())
				if err != nil {
					t.Fatalf("%s: %v", text.name, err)
				}
				rest := quoted.ReplaceAllString(allowed.ReplaceAllString(out, ""), "")
				if strings.ContainsAny(rest, "<>") {
					t.Fatalf("%s with %q: %q", text.name, typed, out)
				}
			}
		}
	})
}

func FuzzCutNeverOpensASequence(f *testing.F) {
	f.Add("a <@U1> b &amp; c", 6)
	f.Add("<!date^1^{time}|x> &lt;", 19)
	f.Fuzz(func(t *testing.T, typed string, limit int) {
		if limit < 0 || limit > 100 || !utf8.ValidString(typed) {
			return
		}
		markup := Join(" ", escape(typed), sigil("<@", "U1"), escape(typed))
		got := string(markup.Cut(limit))
		if utf8.RuneCountInString(got) > limit || !utf8.ValidString(got) {
			t.Fatalf("%q cut to %d is %q", markup, limit, got)
		}
		if strings.LastIndexByte(got, '<') > strings.LastIndexByte(got, '>') {
			t.Fatalf("%q cut to %d is %q", markup, limit, got)
		}
		for _, piece := range strings.Split(got, "&")[1:] {
			if !strings.HasPrefix(piece, "amp;") && !strings.HasPrefix(piece, "lt;") && !strings.HasPrefix(piece, "gt;") {
				t.Fatalf("%q cut to %d breaks an entity: %q", markup, limit, got)
			}
		}
	})
}

func TestFunctionsOfTemplates(t *testing.T) {
	at := time.Date(2026, 11, 22, 14, 5, 0, 0, time.FixedZone("KST", 9*3600))
	for _, test := range []struct {
		name      string
		got, want any
	}{
		{"mention", sigil("<@", "U1"), Markup("<@U1>")},
		{"nobody", sigil("<@", ""), Markup("Muster")},
		{"an ID that is none", sigil("<@", "U1> <!channel"), Markup("U1&gt; &lt;!channel")},
		{"channel", channel("C1"), Markup("<#C1>")},
		{"no channel", channel(""), Markup("")},
		{"many", several([]incident.UserID{"U1", "U2", "U3", "U4", "U5", "U6", "U7", "U8", "U9", "U10", "U11", "U12"}, "<@"),
			Markup("<@U1>, <@U2>, <@U3>, <@U4>, <@U5>, <@U6>, <@U7>, <@U8>, <@U9>, <@U10>, +2")},
		{"date", date(at, "{time}", "14:05 KST"), Markup("<!date^1795323900^{time}|14:05 KST>")},
		{"link", link("https://x.example/?a=1&b=2", "a|b"), Markup("<https://x.example/?a=1&amp;b=2|a¦b>")},
		{"script", link("javascript:alert(1)", "click"), Markup("click")},
		{"breaking out", link("https://x.example/>|<!channel", "x"), Markup("x")},
		{"bullets", lines(escape(bare("- one\n\n• two <b>\n* three")), "• "), Markup("• one\n• two &lt;b&gt;\n• three")},
		{"josa closed", josa("조사 위원", "이", "가"), "이"},
		{"josa open", josa("기술 리더", "이", "가"), "가"},
		{"josa ㄹ", josa("해결", "으로", "로"), "로"},
		{"josa digit", josa("심각도 3", "으로", "로"), "으로"},
		{"josa latin", josa("SEV", "을", "를"), "를"},
		{"josa nothing", josa("", "을", "를"), "를"},
		{"cut", Cut("결제가 안 됨", 4), "결제가…"},
		{"plain text is not escaped", load1(t, "en").Title.Plain(Incident{ID: "INC-1", Title: "a & <b>"}), "INC-1 · a & <b>"},
		{"nobody is mentioned in plain text", strings.Contains(load1(t, "en").PlainRefusal(Refusal{}.sample(string(incident.RefuseRoleTaken)).(Refusal)), "<@"), false},
	} {
		if test.got != test.want {
			t.Errorf("%s: got %q, want %q", test.name, test.got, test.want)
		}
	}
}
