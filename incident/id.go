package incident

import (
	"fmt"
	"strconv"
	"strings"
)

// ID names an incident for people: "INC-42". Numbers start at 1 and are never used twice.
type ID string

const idPrefix = "INC-"

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

// Identities that Slack hands out. This package compares them and never reads meaning into them.
type (
	UserID    string // a person: "U024BE7LH"
	GroupID   string // a user group: "S0614TZR7"
	ChannelID string // a channel or direct message: "C024BE91L"
	MessageTS string // a message within its channel: "1355517523.000005"
)

// MessageRef points at one message.
type MessageRef struct {
	Channel ChannelID `json:"channel,omitempty"`
	TS      MessageTS `json:"ts,omitempty"`
}

// Posted reports whether the reference points at a message at all.
func (m MessageRef) Posted() bool { return m.TS != "" }
