package blockkit

import "encoding/json"

// This file holds the wire format as far as it is shown. Fields that only matter to a check are left out.

type wireText struct {
	Type string `json:"type"`
	Text string `json:"text"`
}

type wireConfirm struct {
	Title   wireText `json:"title"`
	Text    wireText `json:"text"`
	Confirm wireText `json:"confirm"`
	Deny    wireText `json:"deny"`
	Style   string   `json:"style"`
}

type wireOption struct {
	Text        wireText  `json:"text"`
	Value       string    `json:"value"`
	Description *wireText `json:"description"`
	URL         string    `json:"url"`
}

type wireGroup struct {
	Label   wireText     `json:"label"`
	Options []wireOption `json:"options"`
}

// wireElement is any interactive element, or an image.
type wireElement struct {
	Type          string       `json:"type"`
	ActionID      string       `json:"action_id"`
	Text          wireText     `json:"text"`
	Value         string       `json:"value"`
	URL           string       `json:"url"`
	Style         string       `json:"style"`
	Accessibility string       `json:"accessibility_label"`
	Confirm       *wireConfirm `json:"confirm"`
	Placeholder   wireText     `json:"placeholder"`
	Focus         bool         `json:"focus_on_load"`

	Options []wireOption `json:"options"`
	Groups  []wireGroup  `json:"option_groups"`
	Most    int          `json:"max_selected_items"`
	Query   *int         `json:"min_query_length"`
	Current bool         `json:"default_to_current_conversation"`
	Filter  struct {
		Include []string `json:"include"`
		NoBots  bool     `json:"exclude_bot_users"`
	} `json:"filter"`

	InitialOption        *wireOption     `json:"initial_option"`
	InitialOptions       []wireOption    `json:"initial_options"`
	InitialUser          string          `json:"initial_user"`
	InitialUsers         []string        `json:"initial_users"`
	InitialConversation  string          `json:"initial_conversation"`
	InitialConversations []string        `json:"initial_conversations"`
	InitialChannel       string          `json:"initial_channel"`
	InitialChannels      []string        `json:"initial_channels"`
	InitialDate          string          `json:"initial_date"`
	InitialTime          string          `json:"initial_time"`
	InitialDateTime      int64           `json:"initial_date_time"`
	InitialValue         json.RawMessage `json:"initial_value"`

	Multiline bool   `json:"multiline"`
	MinLength int    `json:"min_length"`
	MaxLength int    `json:"max_length"`
	MinValue  string `json:"min_value"`
	MaxValue  string `json:"max_value"`
	Decimal   bool   `json:"is_decimal_allowed"`
	Dispatch  struct {
		On []string `json:"trigger_actions_on"`
	} `json:"dispatch_action_config"`

	ImageURL  string    `json:"image_url"`
	AltText   string    `json:"alt_text"`
	SlackFile *wireFile `json:"slack_file"`
}

type wireFile struct {
	ID  string `json:"id"`
	URL string `json:"url"`
}

// wireBlock is any block. Text is an object in most blocks and a string in markdown.
type wireBlock struct {
	Type           string              `json:"type"`
	ID             string              `json:"block_id"`
	Text           json.RawMessage     `json:"text"`
	Fields         []wireText          `json:"fields"`
	Accessory      *wireElement        `json:"accessory"`
	Elements       []json.RawMessage   `json:"elements"`
	Element        *wireElement        `json:"element"`
	Label          wireText            `json:"label"`
	Hint           *wireText           `json:"hint"`
	Optional       bool                `json:"optional"`
	DispatchAction bool                `json:"dispatch_action"`
	ImageURL       string              `json:"image_url"`
	AltText        string              `json:"alt_text"`
	SlackFile      *wireFile           `json:"slack_file"`
	Title          *wireText           `json:"title"`
	TitleURL       string              `json:"title_url"`
	VideoURL       string              `json:"video_url"`
	ThumbnailURL   string              `json:"thumbnail_url"`
	Description    *wireText           `json:"description"`
	Provider       string              `json:"provider_name"`
	ExternalID     string              `json:"external_id"`
	Rows           [][]json.RawMessage `json:"rows"`
	Columns        []*wireColumn       `json:"column_settings"`
}

type wireColumn struct {
	Align string `json:"align"`
}

// decodeBlocks reads blocks one by one, so that one that cannot be read hides no other. Such a one keeps its type.
func decodeBlocks(blocks json.RawMessage) []wireBlock {
	var raw []json.RawMessage
	if json.Unmarshal(blocks, &raw) != nil {
		return nil
	}
	decoded := make([]wireBlock, len(raw))
	for i, one := range raw {
		if json.Unmarshal(one, &decoded[i]) != nil {
			var kind struct {
				Type string `json:"type"`
			}
			_ = json.Unmarshal(one, &kind) // what is no object at all has no type to show
			decoded[i] = wireBlock{Type: "unreadable " + kind.Type}
		}
	}
	return decoded
}

// textOf reads a text field that is an object or a string.
func textOf(raw json.RawMessage) wireText {
	var object wireText
	if json.Unmarshal(raw, &object) == nil {
		return object
	}
	var s string
	_ = json.Unmarshal(raw, &s) // neither an object nor a string: no text
	return wireText{Text: s}
}
