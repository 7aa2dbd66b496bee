package templates

import (
	"strings"
	"testing"
	"testing/fstest"

	"muster/incident"
)

func typedWords(t testing.TB) *Typed {
	t.Helper()
	w, err := Load("en", nil)
	if err != nil {
		t.Fatal(err)
	}
	return w.Typed
}

// Whoever types is understood in each language, by the names of verbs, by the statuses that they lead to, and by what buttons say.
func TestVerbsAreReadAsPeopleTypeThem(t *testing.T) {
	for text, want := range map[string]incident.Verb{
		"fix": incident.VerbFix, " Fixing ": incident.VerbFix, "MONITOR": incident.VerbMonitor, "monitoring": incident.VerbMonitor,
		"resolved": incident.VerbResolve, "declared": incident.VerbAccept, "closed": incident.VerbClose, "canceled": incident.VerbCancel,
		"reopen": incident.VerbReopen, "start fixing": incident.VerbFix, "Fix is in: monitor": incident.VerbMonitor,
		"조치 중": incident.VerbFix, "조치시작": incident.VerbFix, "조치": incident.VerbFix, "해결됨": incident.VerbResolve, "다시 열기": incident.VerbReopen,
		"triage": "", "": "", "fix it": "",
	} {
		got, known := typedWords(t).Verb(text)
		if got != want || known != (want != "") {
			t.Errorf("%q is %q (%v), want %q", text, got, known, want)
		}
	}
}

func TestAListIsOfOpenIncidents(t *testing.T) {
	for query, want := range map[string]bool{"": false, "mine": true, "내": true, "sev1": true, "all": false, "전체": false, "mine 끝난": false, "sev1 Closed": false} {
		if got := typedWords(t).OpenOnly(query); got != want {
			t.Errorf("%q asks for open ones alone: %v, want %v", query, got, want)
		}
	}
}

func TestBadTypedWordsAreRefused(t *testing.T) {
	const good = "[unit]\nday: d\n"
	for _, test := range []struct{ en, ko, want string }{
		{good, good, ""},
		{good, "[unit]\n", `ko/typed.txt: [unit] "day" has words in 1 of 2 languages`},
		{good, good + "hour: 시간\n", `ko/typed.txt: [unit] "hour" has words in 1 of 2 languages`},
		{good, good + "hour: d\n", `ko/typed.txt:3: "d" means "day" and "hour"`},
		{good + "day: days\n", good, `en/typed.txt:3: "day" is there already`},
		{"[units]\n", good, `en/typed.txt:1: there is no section "units"`},
		{"day: d\n", good, "en/typed.txt:1: want a section in brackets"},
		{good + "hour\n", good, "en/typed.txt:3: want a section in brackets"},
		{good + "hour: an hour\n", good, `en/typed.txt:3: "an hour" is no word in small letters`},
		{good + "hour: H\n", good, `en/typed.txt:3: "H" is no word in small letters`},
		{good + "hour: h,\n", good, `en/typed.txt:3: "" is no word in small letters`},
	} {
		_, err := loadTyped(fstest.MapFS{"en/typed.txt": {Data: []byte(test.en)}, "ko/typed.txt": {Data: []byte(test.ko)}}, []string{"en", "ko"})
		if (test.want == "") != (err == nil) || err != nil && !strings.Contains(err.Error(), test.want) {
			t.Errorf("%q and %q: got %v, want %q", test.en, test.ko, err, test.want)
		}
	}
}

func FuzzVerb(f *testing.F) {
	for _, seed := range []string{"resolve", "Monitoring", "다시 열기", "조치 완료, 모니터링", "sev\u0130"} {
		f.Add(seed)
	}
	typed := typedWords(f)
	f.Fuzz(func(t *testing.T, text string) {
		if verb, known := typed.Verb(text); known {
			if _, inTable := verb.Transition(); !inTable {
				t.Fatalf("%q means the verb %q", text, verb)
			}
		}
		typed.OpenOnly(text)
	})
}
