package templates

import (
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"
)

// pluralForms are the names of plural forms, as Unicode's CLDR and the templates write them.
func pluralForms() map[plural.Form]string {
	return map[plural.Form]string{
		plural.Zero: "zero", plural.One: "one", plural.Two: "two", plural.Few: "few", plural.Many: "many", plural.Other: "other",
	}
}

// plural answers the function of templates that counts: plural 3 "one" "a note" "other" "# notes" is "3 notes". Which form a number
// takes is the language's matter; "other" stands in for a form that is not given, and has to be there.
func (l *Language) plural() func(count int, cases ...string) (string, error) {
	tag, forms := language.Make(l.Name), pluralForms()
	return func(count int, cases ...string) (string, error) {
		words := map[string]string{}
		for i := 0; i+1 < len(cases); i += 2 {
			words[cases[i]] = cases[i+1]
		}
		if words["other"] == "" || len(cases)%2 != 0 {
			return "", fmt.Errorf(`plural wants a form and its words, several times, and "other" among them`)
		}
		chosen, given := words[forms[plural.Cardinal.MatchPlural(tag, max(count, -count), 0, 0, 0, 0)]]
		if !given {
			chosen = words["other"]
		}
		return strings.ReplaceAll(chosen, "#", strconv.Itoa(count)), nil
	}
}
