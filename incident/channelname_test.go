package incident

import (
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"
)

func TestChannelNames(t *testing.T) {
	for title, want := range map[string]string{
		"Checkout is down":           "inc-42-20261123-checkout-is-down",
		"결제 장애 (일부 고객)":              "inc-42-20261123-결제-장애-일부-고객",
		"Überfällige Zahlungen!":     "inc-42-20261123-überfällige-zahlungen",
		"ระบบล่ม":                    "inc-42-20261123-ระบบล่ม",
		"<!channel> & <@U1>":         "inc-42-20261123-channel-u1",
		"🔥🔥 down 🔥️":                 "inc-42-20261123-down",
		"1️⃣ failed":                 "inc-42-20261123-1-failed",
		"--- __ ---":                 "inc-42-20261123",
		"snake_case stays":           "inc-42-20261123-snake_case-stays",
		"a\u200bb\u202ec\u3164":      "inc-42-20261123-abc",
		"Z\u0301\u0301\u0301a\u0301": "inc-42-20261123-z\u0301\u0301a\u0301",
		"\xff\xfe\x00":               "inc-42-20261123",
		"𝐂𝐇ECK":                      "inc-42-20261123-eck",
		"{id} {title}":               "inc-42-20261123-id-title",
		strings.Repeat("가나다 ", 40):   "inc-42-20261123-" + strings.TrimSuffix(strings.Repeat("가나다-", 16), "-"),
	} {
		p := compiled(t, nil)
		in := Incident{ID: NewID(42), Title: title, DeclaredAt: at(t, dayStart)}
		if got := ChannelName(in, p, 0); got != want {
			t.Errorf("%q gives %q, want %q", title, got, want)
		}
	}
}

func TestChannelNameTemplates(t *testing.T) {
	in := Incident{ID: NewID(42), Title: "Down", Severity: "sev1", DeclaredAt: time.Date(2026, 11, 23, 20, 0, 0, 0, time.UTC)}
	for _, test := range []struct {
		template string
		attempt  int
		want     string
	}{
		{"{severity}_{number}", 0, "sev1_42"}, {"__", 0, "inc-42"}, {"-_{title}_", 0, "down"}, {"{title}", 1, "down-2"}, {"{title}", 9, "down-10"}, {"", 0, "inc-42"}, {"!!!", 2, "inc-42-3"},
		{"Major {date}", 0, "major-20261124"}, // the date in Seoul
	} {
		p := &Policy{ChannelTemplate: test.template, Location: time.FixedZone("KST", 9*3600)}
		if got := ChannelName(in, p, test.attempt); got != test.want {
			t.Errorf("%q, attempt %d: got %q, want %q", test.template, test.attempt, got, test.want)
		}
	}
	in.Title = strings.Repeat("x", 200)
	p := &Policy{ChannelTemplate: "{title}"}
	if plain, again := ChannelName(in, p, 0), ChannelName(in, p, 1); len(plain) != MaxChannelName || len(again) != MaxChannelName || !strings.HasSuffix(again, "x-2") {
		t.Errorf("got %q and %q", plain, again)
	}
}

// checkName wants a name that Slack takes.
func checkName(t *testing.T, name string) {
	t.Helper()
	if name == "" || utf8.RuneCountInString(name) > MaxChannelName || !utf8.ValidString(name) || name != strings.ToLower(name) {
		t.Fatalf("the name %q is empty, too long or not in small letters", name)
	}
	if first, _ := utf8.DecodeRuneInString(name); !unicode.IsLetter(first) && !unicode.IsDigit(first) {
		t.Fatalf("the name %q begins with %q", name, first)
	}
	if strings.HasSuffix(name, "-") || strings.Contains(name, "--") {
		t.Fatalf("the name %q has a loose hyphen", name)
	}
	letter := false
	for _, r := range name {
		switch {
		case unicode.IsLetter(r):
			letter = true
		case unicode.IsMark(r) && letter: // a vowel of the letter before
		case unicode.IsDigit(r) || r == '-' || r == '_':
			letter = false
		default:
			t.Fatalf("the name %q holds %q", name, r)
		}
	}
}
