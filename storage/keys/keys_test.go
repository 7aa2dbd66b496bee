package keys_test

import (
	"bytes"
	"cmp"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"muster/storage/keys"
)

// Keys sort as what they are made of does, and come back as it was.
func TestKeysSort(t *testing.T) {
	texts := rapid.Map(rapid.SliceOfN(rapid.SampledFrom([]byte{0, 1, 2, 'a', 0xff}), 0, 5), func(b []byte) string { return string(b) })
	type parts struct {
		text   string
		at     time.Time
		number uint64
	}
	draw := rapid.Custom(func(t *rapid.T) parts {
		return parts{texts.Draw(t, "text"), time.Unix(rapid.Int64Range(-1<<40, 1<<40).Draw(t, "second"), rapid.Int64Range(0, 1e9-1).Draw(t, "nanosecond")).UTC(),
			rapid.Uint64().Draw(t, "number")}
	})
	key := func(p parts) []byte {
		return keys.AppendNumber(keys.AppendTime(keys.AppendText(nil, p.text), p.at), p.number)
	}
	rapid.Check(t, func(t *rapid.T) {
		a, b := draw.Draw(t, "a"), draw.Draw(t, "b")
		if rapid.Bool().Draw(t, "same text") {
			b.text = a.text
		}
		want := cmp.Or(strings.Compare(a.text, b.text), a.at.Compare(b.at), cmp.Compare(a.number, b.number))
		if got := bytes.Compare(key(a), key(b)); got != want {
			t.Fatalf("%+v and %+v compare as %d, want %d", a, b, got, want)
		}
		text, rest, ok := keys.ReadText(key(a))
		at, timed := keys.ReadTime(rest)
		number, numbered := keys.LastNumber(rest)
		if !ok || !timed || !numbered || (parts{text, at, number}) != a {
			t.Fatalf("%+v comes back as %q, %v, %d", a, text, at, number)
		}
	})
}

func FuzzReadText(f *testing.F) {
	f.Add([]byte("a\x00\x01b"))
	f.Add([]byte{0})
	f.Add([]byte{0, 2})
	f.Fuzz(func(t *testing.T, key []byte) {
		text, rest, ok := keys.ReadText(key)
		if ok && !bytes.Equal(append(keys.AppendText(nil, text), rest...), key) {
			t.Errorf("%x is read as %q and %x", key, text, rest)
		}
	})
}
