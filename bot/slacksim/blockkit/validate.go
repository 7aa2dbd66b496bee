package blockkit

import (
	"encoding/json"
	"strconv"
	"unicode/utf8"
)

// Limits of whole payloads.
const (
	// MaxMessageBlocks is how many blocks a message may have.
	MaxMessageBlocks = 50
	// MaxViewBlocks is how many blocks a modal or a home tab may have.
	MaxViewBlocks = 100
	// MaxViewBytes is how long the JSON of a view may be.
	MaxViewBytes = 250_000
	// MaxMessageText is how many characters all texts of a message's blocks may have together. Slack does not
	// document the figure; it answers msg_blocks_too_long (see TextLength).
	MaxMessageText = 13_000
)

// ValidateMessage returns what Slack would say against the blocks of a message, in Slack's words
// ("must be less than 76 characters [json-pointer:/blocks/0/text/text]"); nothing when it would take them. Slack
// answers such blocks with the error invalid_blocks, the problems in `errors`, and each with "[ERROR] " before it in
// `response_metadata.messages`.
func ValidateMessage(blocks json.RawMessage) []string {
	c := &checker{surface: inMessage, blockIDs: map[string]bool{}}
	var v any
	if err := json.Unmarshal(blocks, &v); err != nil {
		c.fail("/blocks", "invalid json")
		return c.problems
	}
	c.blocks("/blocks", v, 0, MaxMessageBlocks)
	return c.problems
}

// ValidateView returns what Slack would say against a modal or a home tab (views.open, views.push, views.update,
// views.publish, and the view in an ack); nothing when it would take it. Slack's error for it is invalid_arguments.
func ValidateView(view json.RawMessage) []string {
	c := &checker{blockIDs: map[string]bool{}}
	if len(view) > MaxViewBytes {
		c.fail("/view", "must be less than %d bytes", MaxViewBytes+1)
		return c.problems
	}
	var v any
	if err := json.Unmarshal(view, &v); err != nil {
		c.fail("/view", "invalid json")
		return c.problems
	}
	o, ok := v.(map[string]any)
	if !ok {
		c.fail("/view", "must provide an object")
		return c.problems
	}
	fields := map[string]rule{"type": nil, "private_metadata": text(0, 3000), "callback_id": text(0, 255),
		"external_id": text(0, 255), "blocks": viewBlocks}
	required := []string{"type", "blocks"}
	switch c.surface = surface(fieldString(o, "type")); c.surface {
	case inHome:
	case inModal:
		required = append(required, "title")
		for _, name := range []string{"title", "submit", "close"} {
			fields[name] = plainText(24)
		}
		for _, name := range []string{"clear_on_close", "notify_on_close", "submit_disabled"} {
			fields[name] = boolean
		}
	default:
		c.badType("/view", o, string(c.surface))
		return c.problems
	}
	c.object("/view", o, shape{required, fields})
	c.needsSubmit(o)
	return c.problems
}

func viewBlocks(c *checker, at string, v any) { c.blocks(at, v, 1, MaxViewBlocks) }

// needsSubmit refuses a modal that asks for input and has no button to send it.
func (c *checker) needsSubmit(view map[string]any) {
	if _, has := view["submit"]; has || c.surface != inModal {
		return
	}
	blocks, _ := view["blocks"].([]any)
	for i, block := range blocks {
		if fieldString(block, "type") == "input" {
			c.fail("/view/blocks/"+strconv.Itoa(i)+"/input", "must define `submit` to use an `input` block in modals")
			return
		}
	}
}

// TextLength is how many characters all texts of some blocks have together. Above MaxMessageText Slack refuses a
// message with msg_blocks_too_long.
func TextLength(blocks json.RawMessage) int {
	var v any
	if json.Unmarshal(blocks, &v) != nil {
		return 0
	}
	return textLength(v)
}

func textLength(v any) int {
	n := 0
	switch v := v.(type) {
	case []any:
		for _, item := range v {
			n += textLength(item)
		}
	case map[string]any:
		for name, item := range v {
			if s, ok := item.(string); ok && name == "text" {
				n += utf8.RuneCountInString(s)
				continue
			}
			n += textLength(item)
		}
	}
	return n
}
