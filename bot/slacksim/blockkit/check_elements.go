package blockkit

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// place is the kind of block an element stands in.
type place string

const (
	inSection place = "section"
	inActions place = "actions"
	inInput   place = "input"
)

// allowed says whether an element of this kind may stand in such a block.
func allowed(kind string, where place) bool {
	switch kind {
	case "button", "overflow", "workflow_button":
		return where != inInput
	case "image":
		return where == inSection
	case "datetimepicker", "rich_text_input":
		return where != inSection
	case "plain_text_input", "number_input", "email_text_input", "url_text_input", "file_input":
		return where == inInput
	}
	return true
}

// element is the rule for an interactive element (or an image) in a block.
func element(where place) rule {
	return func(c *checker, at string, v any) {
		o, ok := v.(map[string]any)
		if !ok {
			c.fail(at, "must provide an object")
			return
		}
		kind := fieldString(o, "type")
		s, known := elementShape(kind)
		if !known || !allowed(kind, where) || kind == "file_input" && c.surface != inModal {
			c.badType(at, o, kind)
			return
		}
		s.fields["type"] = nil
		if kind != "image" {
			s.fields["action_id"] = text(1, 255)
		}
		if kind != "image" && kind != "button" && kind != "overflow" && kind != "workflow_button" {
			s.fields["focus_on_load"] = boolean
		}
		c.object(at, o, s)
		if !strings.HasSuffix(kind, "external_select") {
			c.choices(at, o)
		}
		c.together(at, kind, o, where)
	}
}

// together checks what the fields of one element have to do with each other.
func (c *checker) together(at, kind string, o map[string]any, where place) {
	if o["focus_on_load"] == true {
		if c.focused++; c.focused > 1 {
			c.fail(at+"/focus_on_load", "only one element can have `focus_on_load`")
		}
	}
	if o["response_url_enabled"] != nil && (c.surface != inModal || where != inInput) {
		c.fail(at+"/response_url_enabled", "only allowed for an `input` block in modals")
	}
	switch kind {
	case "static_select", "multi_static_select":
		_, options := o["options"]
		_, groups := o["option_groups"]
		if options == groups {
			c.fail(at, "must provide exactly one of `options`, `option_groups`")
		}
	case "plain_text_input":
		least, hasLeast := o["min_length"].(float64)
		most, hasMost := o["max_length"].(float64)
		if hasLeast && hasMost && least > most {
			c.fail(at+"/min_length", "must be less than or equal to `max_length`")
		}
	case "number_input":
		c.numberRange(at, o)
	case "image":
		c.imageSource(at, o)
	}
}

func (c *checker) numberRange(at string, o map[string]any) {
	number := func(name string) (float64, bool) {
		n, err := strconv.ParseFloat(fieldString(o, name), 64)
		return n, err == nil
	}
	least, hasLeast := number("min_value")
	most, hasMost := number("max_value")
	if hasLeast && hasMost && least > most {
		c.fail(at+"/min_value", "must be less than or equal to `max_value`")
	}
	first, has := number("initial_value")
	if has && (hasLeast && first < least || hasMost && first > most) {
		c.fail(at+"/initial_value", "must be between `min_value` and `max_value`")
	}
	if has && o["is_decimal_allowed"] == false && strings.ContainsRune(fieldString(o, "initial_value"), '.') {
		c.fail(at+"/initial_value", "must provide an integer")
	}
}

// elementShape is the shape of each element. The map it returns is new each time: the caller adds to it.
func elementShape(kind string) (shape, bool) {
	switch kind {
	case "button":
		return shape{[]string{"text"}, map[string]rule{"text": plainText(75), "value": text(0, 2000),
			"url": link(3000, "http", "https", "mailto", "slack"), "style": buttonStyle, "confirm": confirmDialog,
			"accessibility_label": text(1, 75)}}, true
	case "workflow_button":
		return shape{[]string{"text", "workflow"}, map[string]rule{"text": plainText(75), "workflow": nil,
			"style": buttonStyle, "accessibility_label": text(1, 75)}}, true
	case "overflow":
		return shape{[]string{"options"}, map[string]rule{
			"options": list(1, 5, option(plainText(75), plainText(75), true)), "confirm": confirmDialog}}, true
	case "checkboxes":
		return shape{[]string{"options"}, map[string]rule{"options": list(1, 10, boxOption),
			"initial_options": list(1, 10, boxOption), "confirm": confirmDialog}}, true
	case "radio_buttons":
		return shape{[]string{"options"}, map[string]rule{"options": list(1, 10, boxOption),
			"initial_option": boxOption, "confirm": confirmDialog}}, true
	case "datepicker":
		return picker("initial_date", layout("2006-01-02")), true
	case "timepicker":
		s := picker("initial_time", layout("15:04"))
		s.fields["timezone"] = text(1, 100)
		return s, true
	case "datetimepicker":
		s := picker("initial_date_time", whole(1_000_000_000, 9_999_999_999))
		delete(s.fields, "placeholder")
		return s, true
	case "image":
		return shape{[]string{"alt_text"}, map[string]rule{"image_url": link(3000, "http", "https"),
			"slack_file": slackFile, "alt_text": text(1, 2000)}}, true
	case "file_input":
		return shape{nil, map[string]rule{"filetypes": list(1, 100, text(1, 50)), "max_files": whole(1, 10)}}, true
	}
	if s, ok := selectShape(kind); ok {
		return s, true
	}
	return inputShape(kind)
}

// selectShape is the shape of the select menus: five sources, each for one choice or for several.
func selectShape(kind string) (shape, bool) {
	source, several := strings.CutPrefix(kind, "multi_")
	s := shape{nil, map[string]rule{"placeholder": plainText(150), "confirm": confirmDialog}}
	if several {
		s.fields["max_selected_items"] = whole(1, 10_000)
	}
	initial := func(one, many string, each rule) {
		if several {
			s.fields[many] = list(0, 1000, each)
			return
		}
		s.fields[one] = each
	}
	switch source {
	case "static_select":
		s.fields["options"] = list(1, 100, selectOption)
		s.fields["option_groups"] = list(1, 100, optionGroup)
		initial("initial_option", "initial_options", selectOption)
	case "external_select":
		s.fields["min_query_length"] = whole(0, 3000)
		initial("initial_option", "initial_options", selectOption)
	case "users_select":
		initial("initial_user", "initial_users", text(1, 255))
	case "conversations_select":
		initial("initial_conversation", "initial_conversations", text(1, 255))
		s.fields["default_to_current_conversation"] = boolean
		s.fields["filter"] = conversationFilter
	case "channels_select":
		initial("initial_channel", "initial_channels", text(1, 255))
	default:
		return shape{}, false
	}
	if !several && slices.Contains([]string{"conversations_select", "channels_select"}, source) {
		s.fields["response_url_enabled"] = boolean
	}
	return s, true
}

// inputShape is the shape of the elements that people type into.
func inputShape(kind string) (shape, bool) {
	fields := map[string]rule{"placeholder": plainText(150), "dispatch_action_config": dispatchConfig}
	switch kind {
	case "plain_text_input":
		fields["initial_value"] = text(0, 3000)
		fields["multiline"] = boolean
		fields["min_length"] = whole(0, 3000)
		fields["max_length"] = whole(1, 3000)
	case "email_text_input":
		fields["initial_value"] = text(0, 3000)
	case "url_text_input":
		fields["initial_value"] = text(0, 3000)
	case "number_input":
		fields["is_decimal_allowed"] = boolean
		fields["initial_value"], fields["min_value"], fields["max_value"] = decimal, decimal, decimal
		return shape{[]string{"is_decimal_allowed"}, fields}, true
	case "rich_text_input":
		fields["initial_value"] = richText
	default:
		return shape{}, false
	}
	return shape{nil, fields}, true
}

// picker is the shape of the date and time pickers, with the field that holds the first value.
func picker(initial string, check rule) shape {
	return shape{nil, map[string]rule{initial: check, "placeholder": plainText(150), "confirm": confirmDialog}}
}

// layout is a date or time in one of Go's reference layouts.
func layout(form string) rule {
	return func(c *checker, at string, v any) {
		s, _ := v.(string)
		if _, err := time.Parse(form, s); err != nil {
			c.fail(at, "must be a valid date or time of the form %s", form)
		}
	}
}
