package incident

import (
	"bytes"
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

func FuzzParseID(f *testing.F) {
	for _, seed := range []string{"INC-42", "#7", "inc-007", "INC-18446744073709551616", "İNC-1", "INC-١"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		id, err := ParseID(text)
		if err != nil {
			if id != "" {
				t.Fatalf("%q is refused and is %q", text, id)
			}
			return
		}
		again, err := ParseID(string(id))
		if err != nil || again != id || id.Number() == 0 || NewID(id.Number()) != id {
			t.Fatalf("%q is %q, which is %q, %v", text, id, again, err)
		}
	})
}

func FuzzParseNames(f *testing.F) {
	for _, seed := range []string{"im", "기술 리더", "SEV1", "?", "resolve", "Monitoring", " tech-lead ", "__", "sev\u0130"} {
		f.Add(seed)
	}
	p := DefaultPolicy()
	f.Fuzz(func(t *testing.T, text string) {
		if role, known := p.ParseRole(text); known {
			if _, defined := p.Role(role); !defined {
				t.Fatalf("%q means the role %q", text, role)
			}
		}
		if severity, known := p.ParseSeverity(text); known {
			if again, _ := p.ParseSeverity(string(severity)); again != severity {
				t.Fatalf("%q means the severity %q", text, severity)
			}
		}
	})
}

func FuzzChannelName(f *testing.F) {
	for _, seed := range []string{"Checkout is down", "결제 장애", "🔥️", "1️⃣", "\u3164", "a\u0301\u0301\u0301", "<!channel>", "ǅ İ ẞ 𝐀", strings.Repeat("가_", 90), "\xff"} {
		f.Add(seed, 0)
		f.Add(seed, 12)
	}
	f.Fuzz(func(t *testing.T, title string, attempt int) {
		p := DefaultPolicy()
		in := Incident{ID: NewID(42), Title: title}
		checkName(t, ChannelName(in, p, attempt))
		p.ChannelTemplate = "{title}"
		checkName(t, ChannelName(in, p, attempt))
		p.ChannelTemplate = title
		checkName(t, ChannelName(in, p, attempt))
		if korean := []rune(title); len(korean) > 0 && len(korean) < 40 && !strings.ContainsFunc(title, func(r rune) bool { return r < '가' || r > '힣' }) {
			if name := ChannelName(in, p, 0); name != title {
				t.Fatalf("the Korean title %q became %q", title, name)
			}
		}
	})
}

func FuzzText(f *testing.F) {
	for _, seed := range []string{" a\r\nb ", "\u202eabc\u2069", "\u200b", "👩‍👧", "a\xffb", "\v\f\u0085\u2028", "결제 장애"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		one, many := line(text), paragraph(text)
		if line(one) != one || paragraph(many) != many {
			t.Fatalf("%q is cleaned to %q and %q, and once more to %q and %q", text, one, many, line(one), paragraph(many))
		}
		if (one == "") != (many == "") {
			t.Fatalf("%q is empty as one of %q and %q", text, one, many)
		}
		for _, clean := range []string{one, many} {
			if !utf8.ValidString(clean) || strings.TrimSpace(clean) != clean {
				t.Fatalf("%q is cleaned to %q", text, clean)
			}
			for _, r := range clean {
				if (unicode.IsControl(r) && (clean == one || (r != '\n' && r != '\t'))) || (r >= '\u202a' && r <= '\u202e') || (r >= '\u2066' && r <= '\u2069') {
					t.Fatalf("%q is cleaned to %q, which still holds %U", text, clean, r)
				}
			}
		}
		if utf8.RuneCountInString(shorten(many, 10)) > 10 {
			t.Fatalf("%q is not shortened: %q", many, shorten(many, 10))
		}
	})
}

func FuzzDecode(f *testing.F) {
	for i, event := range sampleEvents() {
		data, err := json.Marshal(Entry{Seq: uint64(i + 1), At: sampleAt, Actor: alice, Event: event})
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	for _, effect := range sampleEffects() {
		data, err := codec(f).Encode(effect)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var entry Entry
		if json.Unmarshal(data, &entry) == nil {
			written, err := json.Marshal(entry)
			if err != nil {
				t.Fatalf("%q is read as %+v, which cannot be written: %v", data, entry, err)
			}
			var again Entry
			if err := json.Unmarshal(written, &again); err != nil {
				t.Fatalf("%s cannot be read back: %v", written, err)
			}
			if rewritten, err := json.Marshal(again); err != nil || !bytes.Equal(written, rewritten) {
				t.Fatalf("%s is written as %s, %v", written, rewritten, err)
			}
			Fold(Incident{}, entry) // does not panic, whatever the record says
			Effects(Incident{}, Fold(Incident{}, entry), entry, DefaultPolicy())
		}
		if effect, err := codec(t).Decode(data); err == nil {
			written, err := codec(t).Encode(effect)
			if err != nil {
				t.Fatal(err)
			}
			again, err := codec(t).Decode(written)
			if err != nil || !reflect.DeepEqual(again.Handling(), effect.Handling()) {
				t.Fatalf("%s comes back as %+v, %v", written, again, err)
			}
		}
	})
}
