package incident

import (
	"fmt"
	"strconv"
	"strings"

	"muster/incident/ledger"
)

// ID names an incident for people: "INC-42". Numbers start at 1 and are never used twice.
type ID string

const idPrefix = "INC-"

// Aggregate is the kind of aggregate that an incident is.
const Aggregate ledger.Aggregate = "incident"

// Ref names the incident among all aggregates; the empty ID gives the zero Ref.
func (id ID) Ref() Ref {
	if id == "" {
		return Ref{}
	}
	return Ref{Aggregate: Aggregate, ID: string(id)}
}

// IDOf is the incident that a reference names; empty when it names none.
func IDOf(ref Ref) ID {
	if ref.Aggregate != Aggregate {
		return ""
	}
	return ID(ref.ID)
}

// NewID is the ID with the given number.
func NewID(number uint64) ID { return ID(idPrefix + strconv.FormatUint(number, 10)) }

// ParseID reads what a person may type for an incident: "INC-42", "inc-42" or "#42".
func ParseID(text string) (ID, error) {
	digits := ""
	switch {
	case strings.HasPrefix(text, "#"):
		digits = text[1:]
	case len(text) > len(idPrefix) && strings.EqualFold(text[:len(idPrefix)], idPrefix):
		digits = text[len(idPrefix):]
	}
	number, err := strconv.ParseUint(digits, 10, 64)
	if err != nil || number == 0 {
		return "", fmt.Errorf("parse incident ID %q: want INC-<number>", text)
	}
	return NewID(number), nil
}

// Number is the number in the ID, or 0 when the ID was not made by NewID.
func (id ID) Number() uint64 {
	digits, ours := strings.CutPrefix(string(id), idPrefix)
	number, err := strconv.ParseUint(digits, 10, 64)
	if !ours || err != nil {
		return 0
	}
	return number
}
