package slacksim

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// Value is what an element holds: the entry of a view's state, and the answer in an action.
type Value struct {
	Type     string          `json:"type"`
	Text     string          `json:"value,omitempty"`
	Options  []Option        `json:"options,omitempty"`
	IDs      []string        `json:"ids,omitempty"` // users, channels or conversations
	Date     string          `json:"date,omitempty"`
	DateTime int64           `json:"date_time,omitempty"`
	RichText json.RawMessage `json:"rich_text,omitempty"`
}

// Empty says that nothing is filled in or chosen.
func (v Value) Empty() bool {
	return v.Text == "" && len(v.Options) == 0 && len(v.IDs) == 0 && v.Date == "" && v.DateTime == 0 && len(v.RichText) == 0
}

// initial is the value that the element starts with.
func (e Element) initial() Value {
	v := Value{Type: e.Type, Text: e.InitialValue, Options: e.InitialOptions, Date: e.InitialDate + e.InitialTime, DateTime: e.InitialDateTime}
	if e.InitialOption != nil {
		v.Options = []Option{*e.InitialOption}
	}
	for _, id := range []string{e.InitialUser, e.InitialChannel, e.InitialConversation} {
		if id != "" {
			v.IDs = append(v.IDs, id)
		}
	}
	v.IDs = slices.Concat(v.IDs, e.InitialUsers, e.InitialChannels, e.InitialConversations)
	return v
}

// wire adds the value to a state entry or an action, under the names that Slack has for this type of element.
func (v Value) wire(into map[string]any) map[string]any {
	into["type"] = v.Type
	one := func(ids []string) any {
		if len(ids) == 0 {
			return nil
		}
		return ids[0]
	}
	orNil := func(s string) any {
		if s == "" {
			return nil
		}
		return s
	}
	ids := v.IDs
	if ids == nil {
		ids = []string{}
	}
	options := v.Options
	if options == nil {
		options = []Option{}
	}
	switch v.Type {
	case "static_select", "external_select", "radio_buttons", "overflow":
		into["selected_option"] = nil
		if len(v.Options) > 0 {
			into["selected_option"] = v.Options[0]
		}
	case "multi_static_select", "multi_external_select", "checkboxes":
		into["selected_options"] = options
	case "users_select":
		into["selected_user"] = one(v.IDs)
	case "multi_users_select":
		into["selected_users"] = ids
	case "conversations_select":
		into["selected_conversation"] = one(v.IDs)
	case "multi_conversations_select":
		into["selected_conversations"] = ids
	case "channels_select":
		into["selected_channel"] = one(v.IDs)
	case "multi_channels_select":
		into["selected_channels"] = ids
	case "datepicker":
		into["selected_date"] = orNil(v.Date)
	case "timepicker":
		into["selected_time"] = orNil(v.Date)
	case "datetimepicker":
		into["selected_date_time"] = nil
		if v.DateTime != 0 {
			into["selected_date_time"] = v.DateTime
		}
	case "rich_text_input":
		if len(v.RichText) > 0 {
			into["rich_text_value"] = v.RichText
		}
	default:
		into["value"] = orNil(v.Text)
	}
	return into
}

// read turns what a person typed or chose into the element's value: the text or value of options, handles, names of channels,
// dates. It refuses what the element does not offer.
func (e Element) read(ws *Workspace, words []string) (Value, error) {
	v := Value{Type: e.Type}
	multi := strings.HasPrefix(e.Type, "multi_") || e.Type == "checkboxes"
	words = slices.DeleteFunc(slices.Clone(words), func(w string) bool { return w == "" })
	if len(words) > 1 && !multi {
		return v, fmt.Errorf("%s %q takes one value, not %d", e.Type, e.ActionID, len(words))
	}
	for _, w := range words {
		if err := e.readOne(ws, &v, w); err != nil {
			return v, err
		}
	}
	if e.MaxSelected > 0 && len(v.Options)+len(v.IDs) > e.MaxSelected {
		return v, fmt.Errorf("%s %q takes at most %d", e.Type, e.ActionID, e.MaxSelected)
	}
	return v, nil
}

func (e Element) readOne(ws *Workspace, v *Value, word string) error {
	switch strings.TrimPrefix(e.Type, "multi_") {
	case "static_select", "radio_buttons", "overflow", "checkboxes":
		all := e.AllOptions()
		i := slices.IndexFunc(all, func(o Option) bool { return o.Text.Text == word })
		if i < 0 {
			i = slices.IndexFunc(all, func(o Option) bool { return o.Value == word })
		}
		if i < 0 {
			return fmt.Errorf("option %q: %w", word, ErrNotThere)
		}
		v.Options = append(v.Options, all[i])
	case "external_select":
		i := slices.IndexFunc(e.offers, func(o Option) bool { return o.is(word) })
		if i < 0 {
			return fmt.Errorf("%q is not among what the app offers: %w", word, ErrNotThere)
		}
		v.Options = append(v.Options, e.offers[i])
	case "users_select":
		u := ws.userByName(word)
		if u == nil {
			return fmt.Errorf("user %q: %w", word, ErrNotThere)
		}
		v.IDs = append(v.IDs, u.ID)
	case "conversations_select", "channels_select":
		c := ws.channelByName(word)
		if c == nil {
			return fmt.Errorf("channel %q: %w", word, ErrNotThere)
		}
		v.IDs = append(v.IDs, c.ID)
	case "datepicker":
		if _, err := time.Parse(time.DateOnly, word); err != nil {
			return fmt.Errorf("date: %w", err)
		}
		v.Date = word
	case "timepicker":
		if _, err := time.Parse("15:04", word); err != nil {
			return fmt.Errorf("time: %w", err)
		}
		v.Date = word
	case "datetimepicker":
		n, err := strconv.ParseInt(word, 10, 64)
		if err != nil {
			return fmt.Errorf("date and time: %w", err)
		}
		v.DateTime = n
	case "rich_text_input":
		v.RichText = toJSON(map[string]any{"type": "rich_text", "elements": []any{
			map[string]any{"type": "rich_text_section", "elements": []any{map[string]any{"type": "text", "text": word}}}}})
	case "plain_text_input", "number_input", "email_text_input", "url_text_input", "button":
		v.Text = word
	default:
		return fmt.Errorf("a person cannot fill a %s here", e.Type)
	}
	return nil
}

// complain is what Slack's client says about a value before it sends anything, or "".
func (e Element) complain(v Value) string {
	if v.Empty() {
		if !e.Optional {
			return "Please complete this required field."
		}
		return ""
	}
	n := utf8.RuneCountInString(v.Text)
	limit := e.MaxLength
	if limit == 0 {
		limit = 3000
	}
	switch {
	case e.Type == "plain_text_input" && n > limit:
		return fmt.Sprintf("Please enter no more than %d characters.", limit)
	case e.Type == "plain_text_input" && n < e.MinLength:
		return fmt.Sprintf("Please enter at least %d characters.", e.MinLength)
	case e.Type == "number_input":
		f, err := strconv.ParseFloat(v.Text, 64)
		low, errLow := strconv.ParseFloat(e.MinValue, 64)
		high, errHigh := strconv.ParseFloat(e.MaxValue, 64)
		if err != nil || !e.IsDecimal && f != float64(int64(f)) || errLow == nil && f < low || errHigh == nil && f > high {
			return "Please enter a valid number."
		}
	case e.Type == "email_text_input" && !strings.Contains(v.Text, "@"):
		return "Please enter a valid email address."
	case e.Type == "url_text_input" && !strings.Contains(v.Text, "://"):
		return "Please enter a valid URL."
	}
	return ""
}
