package templates

import (
	"strings"
	"testing"
	"testing/fstest"
)

func TestPluralsFollowTheLanguage(t *testing.T) {
	for _, test := range []struct {
		language string
		count    int
		want     string
	}{
		{"en", 1, "a note"}, {"en", 0, "0 notes"}, {"en", 2, "2 notes"}, {"ko", 1, "1 notes"}, {"pl", 2, "2 few"}, {"pl", 5, "5 notes"},
	} {
		got, err := (&Language{Name: test.language}).plural()(test.count, "one", "a note", "few", "# few", "other", "# notes")
		if err != nil || got != test.want {
			t.Errorf("%d in %s: got %q, %v; want %q", test.count, test.language, got, err, test.want)
		}
	}
	l := load1(t, "en")
	if got := l.PlainRefusal(Refusal{Code: "too_long", Field: "title", Length: 130, Limit: 120}); !strings.HasPrefix(got, "The title has 130 characters; there is room for 120.") {
		t.Errorf("got %q", got)
	}
	_, err := Load("en", fstest.MapFS{"note.tmpl": {Data: []byte(`{{define "NoteAdded"}}{{plural 3 "one" "a note"}}{{end}}`)}})
	if err == nil || !strings.Contains(err.Error(), `"other" among them`) {
		t.Errorf("a plural without its last form: %v", err)
	}
}
