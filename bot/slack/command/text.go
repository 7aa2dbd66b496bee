package command

import (
	"regexp"
	"strings"

	"muster/incident"
	"muster/templates"
)

// Slack writes mentions and links as <...>: <@U1|mina>, <#C1|general>, <!subteam^S1|@oncall>, <!here>, <https://x|x>.
var encoded = regexp.MustCompile(`<([^<>]*)>`)

var entities = strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&")

// Plain is what the person meant to read: mentions become @name, links their address, and Slack's three entities the
// characters that they stand for. Nothing in it has a meaning to Slack any more once it is escaped again.
func Plain(text string) string {
	text = encoded.ReplaceAllStringFunc(text, func(match string) string {
		target, label, labelled := strings.Cut(match[1:len(match)-1], "|")
		switch {
		case strings.HasPrefix(target, "@"), strings.HasPrefix(target, "#"):
			if labelled && label != "" {
				return target[:1] + strings.TrimPrefix(label, target[:1])
			}
			return target
		case strings.HasPrefix(target, "!subteam^") && labelled:
			return label
		case strings.HasPrefix(target, "!"):
			return "@" + target[1:]
		}
		return strings.TrimPrefix(target, "mailto:")
	})
	return strings.TrimSpace(entities.Replace(text))
}

// Person is how somebody was named: by ID in a mention, or by a name that must be looked up.
type Person struct {
	ID   incident.UserID
	Name string // without "@"
	Self bool   // "me"
}

// ParsePerson reads one word as a person.
func (g Grammar) ParsePerson(word string) (Person, bool) {
	if match := encoded.FindStringSubmatch(word); match != nil && match[0] == word {
		target, label, _ := strings.Cut(match[1], "|")
		if id, ok := strings.CutPrefix(target, "@"); ok && id != "" {
			return Person{ID: incident.UserID(id), Name: label}, true
		}
		return Person{}, false
	}
	if g.meaning(templates.TypedPerson, word) == "self" {
		return Person{Self: true}, true
	}
	if name, ok := strings.CutPrefix(word, "@"); ok && name != "" {
		return Person{Name: Plain(name)}, true
	}
	return Person{}, false
}

// RoleAndPerson reads "tech lead @mina" in either order: whatever is no person is the role. Without an @, whatever is no role is
// the person. found is false when nobody is named.
func (g Grammar) RoleAndPerson(text string, isRole func(string) bool) (role string, person Person, found bool) {
	var rest []string
	for _, word := range strings.FieldsFunc(text, isSpace) {
		if named, ok := g.ParsePerson(word); ok && !found {
			person, found = named, true
			continue
		}
		rest = append(rest, word)
	}
	role = Plain(strings.Join(rest, " "))
	if found || isRole(role) {
		return role, person, found
	}
	// The longest role, for "manager" alone is another one than "problem manager".
	for length := len(rest) - 1; length > 0; length-- {
		cut := len(rest) - length
		if front := Plain(strings.Join(rest[:length], " ")); isRole(front) {
			return front, Person{Name: Plain(strings.Join(rest[length:], " "))}, true
		}
		if back := Plain(strings.Join(rest[cut:], " ")); isRole(back) {
			return back, Person{Name: Plain(strings.Join(rest[:cut], " "))}, true
		}
	}
	return role, Person{}, false
}
