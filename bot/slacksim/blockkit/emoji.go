package blockkit

import (
	_ "embed"
	"strings"
	"sync"
)

//go:embed emoji.txt
var emojiTable string

// Emoji is one emoji by Slack's name of it.
type Emoji struct{ Name, Char string }

// Emojis lists the emoji known here, the common ones, in an order that suits a picker.
func Emojis() []Emoji {
	lines := strings.Split(strings.TrimSpace(emojiTable), "\n")
	all := make([]Emoji, 0, len(lines))
	for _, line := range lines {
		name, char, _ := strings.Cut(line, " ")
		all = append(all, Emoji{name, char})
	}
	return all
}

var emojiByName = sync.OnceValue(func() map[string]string {
	byName := map[string]string{}
	for _, e := range Emojis() {
		byName[e.Name] = e.Char
	}
	return byName
})

// EmojiChar is the character of an emoji, by its name without colons; a skin tone after it is left out.
func EmojiChar(name string) (char string, ok bool) {
	name, _, _ = strings.Cut(name, "::")
	char, ok = emojiByName()[name]
	return char, ok
}

// emojiText is how an emoji reads as text: its character, or its name where there is none.
func emojiText(name string) string {
	if char, ok := EmojiChar(name); ok {
		return char
	}
	return ":" + name + ":"
}

// emojiAt finds a known emoji's name at the start of s, which follows a colon.
func emojiAt(s string) (name string, ok bool) {
	end := strings.IndexFunc(s, func(r rune) bool {
		return !(r == '_' || r == '-' || r == '+' || r == '\'' || '0' <= r && r <= '9' || 'a' <= r && r <= 'z')
	})
	if end <= 0 || s[end] != ':' {
		return "", false
	}
	_, ok = EmojiChar(s[:end])
	return s[:end], ok
}
