package slacksim

import (
	"bytes"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
)

// Text is a text object of Block Kit.
type Text struct {
	Type  string `json:"type"`
	Text  string `json:"text"`
	Emoji bool   `json:"emoji,omitempty"`
}

// Option is a choice of a select, an overflow menu, checkboxes or radio buttons.
type Option struct {
	Text        Text   `json:"text"`
	Value       string `json:"value"`
	Description *Text  `json:"description,omitempty"`
	URL         string `json:"url,omitempty"`
}

// Confirm is the dialog that asks before an element acts.
type Confirm struct {
	Title   Text   `json:"title"`
	Text    Text   `json:"text"`
	Confirm Text   `json:"confirm"`
	Deny    Text   `json:"deny"`
	Style   string `json:"style,omitempty"`
}

// Element is an interactive element of a message or a view, with what its block says about it.
type Element struct {
	Type                 string        `json:"type"`
	ActionID             string        `json:"action_id"`
	Text                 *Text         `json:"text"`
	Value                string        `json:"value"`
	URL                  string        `json:"url"`
	Style                string        `json:"style"`
	Placeholder          *Text         `json:"placeholder"`
	Options              []Option      `json:"options"`
	OptionGroups         []OptionGroup `json:"option_groups"`
	Confirm              *Confirm      `json:"confirm"`
	InitialOption        *Option       `json:"initial_option"`
	InitialOptions       []Option      `json:"initial_options"`
	InitialUser          string        `json:"initial_user"`
	InitialUsers         []string      `json:"initial_users"`
	InitialChannel       string        `json:"initial_channel"`
	InitialChannels      []string      `json:"initial_channels"`
	InitialConversation  string        `json:"initial_conversation"`
	InitialConversations []string      `json:"initial_conversations"`
	InitialDate          string        `json:"initial_date"`
	InitialTime          string        `json:"initial_time"`
	InitialDateTime      int64         `json:"initial_date_time"`
	InitialValue         string        `json:"initial_value"`
	MinLength            int           `json:"min_length"`
	MaxLength            int           `json:"max_length"`
	MaxSelected          int           `json:"max_selected_items"`
	Multiline            bool          `json:"multiline"`
	IsDecimal            bool          `json:"is_decimal_allowed"`
	MinValue             string        `json:"min_value"`
	MaxValue             string        `json:"max_value"`
	ResponseURL          bool          `json:"response_url_enabled"`
	MinQuery             *int          `json:"min_query_length"` // how much must be typed until the app is asked for options

	BlockID  string `json:"-"`
	Input    bool   `json:"-"` // it stands in an input block: it acts by the view's submission
	Dispatch bool   `json:"-"` // ... and also at once
	Optional bool   `json:"-"`
	Label    string `json:"-"` // of its input block, or the text of the section it stands beside

	offers     []Option // of an external menu: what can be picked now
	attachment int      // the place of its attachment, from 1; 0 for the message's own blocks
	at         Target
	ws         *Workspace
}

// OptionGroup is a group of options under a label.
type OptionGroup struct {
	Label   Text     `json:"label"`
	Options []Option `json:"options"`
}

// AllOptions are the element's options, grouped or not.
func (e Element) AllOptions() []Option {
	out := slices.Clone(e.Options)
	for _, g := range e.OptionGroups {
		out = append(out, g.Options...)
	}
	return out
}

// parseAll finds the interactive elements of a message: of its blocks, and of the blocks inside its attachments.
func (m *Message) parseAll() []Element {
	out := parseElements(m.Blocks)
	for i, a := range attached(m.Attachments) {
		for _, e := range parseElements(a.Blocks) {
			e.attachment = i + 1
			out = append(out, e)
		}
	}
	return out
}

// wireAttachment is the part of an attachment that can hold elements.
type wireAttachment struct {
	Blocks json.RawMessage `json:"blocks"`
}

func attached(attachments json.RawMessage) []wireAttachment {
	var list []wireAttachment
	_ = json.Unmarshal(attachments, &list) // what cannot be decoded holds none
	return list
}

// wireBlock is the part of a block that says where elements are.
type wireBlock struct {
	Type           string          `json:"type"`
	BlockID        string          `json:"block_id"`
	Elements       json.RawMessage `json:"elements"`
	Element        json.RawMessage `json:"element"`
	Accessory      json.RawMessage `json:"accessory"`
	Label          *Text           `json:"label"`
	Text           json.RawMessage `json:"text"`
	Optional       bool            `json:"optional"`
	DispatchAction bool            `json:"dispatch_action"`
}

// parseElements finds the interactive elements of blocks, in reading order. What cannot be decoded holds none.
func parseElements(blocks json.RawMessage) []Element {
	var list []wireBlock
	if json.Unmarshal(blocks, &list) != nil {
		return nil
	}
	var out []Element
	for _, b := range list {
		var found []json.RawMessage
		switch b.Type {
		case "actions", "context_actions":
			_ = json.Unmarshal(b.Elements, &found)
		case "section":
			found = []json.RawMessage{b.Accessory}
		case "input":
			found = []json.RawMessage{b.Element}
		}
		for _, raw := range found {
			var e Element
			if len(raw) == 0 || json.Unmarshal(raw, &e) != nil || e.ActionID == "" {
				continue
			}
			e.BlockID, e.Input, e.Dispatch, e.Optional = b.BlockID, b.Type == "input", b.DispatchAction, b.Optional
			if b.Label != nil {
				e.Label = b.Label.Text
			} else if b.Type == "section" {
				var t Text
				_ = json.Unmarshal(b.Text, &t)
				e.Label = t.Text
			}
			out = append(out, e)
		}
	}
	return out
}

// among is the element that an act means. A block that the app did not name is named anew with each edit; a press that crosses
// such an edit still means what it meant, as long as only one element can be meant.
func among(elements []Element, a Act) (Element, bool) {
	var alike []Element
	for _, e := range elements {
		if e.ActionID != a.ActionID {
			continue
		}
		if a.BlockID == "" || e.BlockID == a.BlockID {
			return e, true
		}
		alike = append(alike, e)
	}
	if len(alike) != 1 {
		return Element{}, false
	}
	return alike[0], true
}

// interactive are the element types that act and need an action_id.
func interactive(kind string) bool {
	switch kind {
	case "button", "overflow", "checkboxes", "radio_buttons", "datepicker", "timepicker", "datetimepicker", "plain_text_input",
		"rich_text_input", "number_input", "email_text_input", "url_text_input", "file_input", "workflow_button", "feedback_buttons", "icon_button":
		return true
	}
	return strings.HasSuffix(kind, "_select")
}

// complete gives block and action IDs to what has none, as Slack does. What is not a list of blocks stays as it is.
func (ws *Workspace) complete(blocks json.RawMessage) json.RawMessage {
	dec := json.NewDecoder(bytes.NewReader(blocks))
	dec.UseNumber()
	var list []map[string]any
	if len(blocks) == 0 || dec.Decode(&list) != nil {
		return blocks
	}
	for _, b := range list {
		if id, _ := b["block_id"].(string); id == "" {
			b["block_id"] = ws.newID("b")
		}
		inner, _ := b["elements"].([]any)
		for _, e := range append(slices.Clone(inner), b["element"], b["accessory"]) {
			m, ok := e.(map[string]any)
			if !ok {
				continue
			}
			kind, _ := m["type"].(string)
			if id, _ := m["action_id"].(string); id == "" && interactive(kind) {
				m["action_id"] = ws.newID("a")
			}
		}
	}
	return toJSON(list)
}

// completeWithin is complete for the blocks inside attachments.
func (ws *Workspace) completeWithin(attachments json.RawMessage) json.RawMessage {
	dec := json.NewDecoder(bytes.NewReader(attachments))
	dec.UseNumber()
	var list []map[string]json.RawMessage
	if dec.Decode(&list) != nil {
		return attachments
	}
	for i, a := range list {
		if a == nil {
			continue
		}
		if a["blocks"] != nil {
			a["blocks"] = ws.complete(a["blocks"])
		}
		if a["id"] == nil {
			a["id"] = json.RawMessage(strconv.Itoa(i + 1))
		}
	}
	return toJSON(list)
}
