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

// What a company types can be replaced as any text is; the other languages stay as they are.
func TestTypedWordsAreReplacedToo(t *testing.T) {
	w, err := Load("en", fstest.MapFS{"role.tmpl": {Data: []byte(`{{define "typed/command/claim"}}claim, grab{{end}}`)}})
	if err != nil {
		t.Fatal(err)
	}
	for word, want := range map[string]string{"claim": "claim", "GRAB": "claim", "take": "", "맡기": "claim", "give": "assign"} {
		if got, _ := w.Typed.Meaning(TypedCommand, word); got != want {
			t.Errorf("%q means %q, want %q", word, got, want)
		}
	}
}

func TestEachLanguageHasWordsForEachMeaning(t *testing.T) {
	en, ko := load1(t, "en"), load1(t, "ko")
	delete(ko.typed, "unit/hour")
	if _, err := newTyped([]*Language{en, ko}); err == nil || !strings.Contains(err.Error(), `templates ko: nobody can type "unit/hour": the text "typed/unit/hour" is missing`) {
		t.Errorf("got %v", err)
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
