package blockkit

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func long(n int) string { return strings.Repeat("가", n) }

func many(n int, format string) string {
	parts := make([]string, n)
	for i := range parts {
		parts[i] = strings.ReplaceAll(format, "#", fmt.Sprint(i))
	}
	return strings.Join(parts, ",")
}

func plain(s string) string { return fmt.Sprintf(`{"type":"plain_text","text":%q}`, s) }

func opt(s string) string { return fmt.Sprintf(`{"text":%s,"value":%q}`, plain(s), s) }

func actions(elements string) string { return `[{"type":"actions","elements":[` + elements + `]}]` }

func button(fields string) string {
	return `{"type":"button","action_id":"a","text":` + plain("Go") + fields + `}`
}

func TestMessagesSlackTakes(t *testing.T) {
	for name, blocks := range map[string]string{
		"no blocks":          `[]`,
		"header at limit":    `[{"type":"header","text":` + plain(long(150)) + `}]`,
		"section at limit":   `[{"type":"section","text":{"type":"mrkdwn","text":"` + long(3000) + `"}}]`,
		"ten fields":         `[{"type":"section","fields":[` + many(10, plain("f")) + `]}]`,
		"accessory":          `[{"type":"section","text":` + plain("x") + `,"accessory":` + button("") + `}]`,
		"25 buttons":         actions(many(25, `{"type":"button","action_id":"a#","text":`+plain("x")+`}`)),
		"button with all":    actions(button(`,"value":"v","style":"danger","url":"https://a.b/c","confirm":{"title":` + plain("t") + `,"text":{"type":"mrkdwn","text":"x"},"confirm":` + plain("y") + `,"deny":` + plain("n") + `}`)),
		"50 blocks":          `[` + many(50, `{"type":"divider","block_id":"b#"}`) + `]`,
		"initial among":      actions(`{"type":"static_select","action_id":"s","options":[` + opt("a") + `,` + opt("b") + `],"initial_option":` + opt("b") + `}`),
		"groups":             actions(`{"type":"static_select","action_id":"s","option_groups":[{"label":` + plain("g") + `,"options":[` + opt("a") + `]}],"initial_option":` + opt("a") + `}`),
		"context":            `[{"type":"context","elements":[{"type":"image","image_url":"https://a/b.png","alt_text":"x"},{"type":"mrkdwn","text":"x"}]}]`,
		"input in a message": `[{"type":"input","label":` + plain("l") + `,"element":{"type":"plain_text_input","action_id":"x"}}]`,
		"external initial":   actions(`{"type":"external_select","action_id":"s","initial_option":` + opt("b") + `}`),
		"markdown":           `[{"type":"markdown","text":"# hi"}]`,
		"rich text":          `[{"type":"rich_text","elements":[{"type":"rich_text_list","style":"bullet","indent":1,"elements":[{"type":"rich_text_section","elements":[{"type":"text","text":"x","style":{"bold":true}},{"type":"user","user_id":"U1"},{"type":"link","url":"https://a.b"}]}]}]}]`,
		"table":              `[{"type":"table","column_settings":[null,{"align":"right"}],"rows":[[{"type":"raw_text","text":"a"},{"type":"rich_text","elements":[]}]]}]`,
	} {
		t.Run(name, func(t *testing.T) {
			if got := ValidateMessage(json.RawMessage(blocks)); len(got) != 0 {
				t.Errorf("refused: %q", got)
			}
		})
	}
}

func TestMessagesSlackRefuses(t *testing.T) {
	for name, test := range map[string]struct{ blocks, want string }{
		"no JSON":               {`[`, "invalid json [json-pointer:/blocks]"},
		"no array":              {`{}`, "must provide an array [json-pointer:/blocks]"},
		"51 blocks":             {`[` + many(51, `{"type":"divider"}`) + `]`, "no more than 50 items allowed [json-pointer:/blocks]"},
		"unknown block":         {`[{"type":"sparkle"}]`, "unsupported type: sparkle [json-pointer:/blocks/0/type]"},
		"no type":               {`[{}]`, "missing required field: type [json-pointer:/blocks/0]"},
		"header too long":       {`[{"type":"header","text":` + plain(long(151)) + `}]`, "must be less than 151 characters [json-pointer:/blocks/0/text/text]"},
		"header mrkdwn":         {`[{"type":"header","text":{"type":"mrkdwn","text":"x"}}]`, "unsupported type: mrkdwn [json-pointer:/blocks/0/text/type]"},
		"empty text":            {`[{"type":"section","text":` + plain("") + `}]`, "must be more than 0 characters [json-pointer:/blocks/0/text/text]"},
		"section with nothing":  {`[{"type":"section"}]`, "must provide at least one of `text`, `fields` [json-pointer:/blocks/0]"},
		"11 fields":             {`[{"type":"section","fields":[` + many(11, plain("f")) + `]}]`, "no more than 10 items allowed [json-pointer:/blocks/0/fields]"},
		"field too long":        {`[{"type":"section","fields":[` + plain(long(2001)) + `]}]`, "must be less than 2001 characters [json-pointer:/blocks/0/fields/0/text]"},
		"unknown field":         {`[{"type":"divider","text":"x"}]`, "invalid additional property: text [json-pointer:/blocks/0]"},
		"same block_id":         {`[{"type":"divider","block_id":"b"},{"type":"divider","block_id":"b"}]`, "`block_id` \"b\" already exists [json-pointer:/blocks/1/block_id]"},
		"long block_id":         {`[{"type":"divider","block_id":"` + long(256) + `"}]`, "must be less than 256 characters [json-pointer:/blocks/0/block_id]"},
		"26 elements":           {actions(many(26, `{"type":"button","action_id":"a#","text":`+plain("x")+`}`)), "no more than 25 items allowed [json-pointer:/blocks/0/elements]"},
		"no elements":           {actions(""), "must provide at least 1 items [json-pointer:/blocks/0/elements]"},
		"same action_id":        {actions(button("") + "," + button("")), "`action_id` \"a\" already exists for another element [json-pointer:/blocks/0/elements/1/action_id]"},
		"button text":           {actions(`{"type":"button","text":` + plain(long(76)) + `}`), "must be less than 76 characters [json-pointer:/blocks/0/elements/0/text/text]"},
		"button value":          {actions(button(`,"value":"` + long(2001) + `"`)), "must be less than 2001 characters [json-pointer:/blocks/0/elements/0/value]"},
		"button style":          {actions(button(`,"style":"default"`)), "must be a valid enum value [json-pointer:/blocks/0/elements/0/style]"},
		"button url":            {actions(button(`,"url":"javascript:alert(1)"`)), "invalid url [json-pointer:/blocks/0/elements/0/url]"},
		"long url":              {actions(button(`,"url":"https://a/` + long(3000) + `"`)), "must be less than 3001 characters [json-pointer:/blocks/0/elements/0/url]"},
		"confirm title":         {actions(button(`,"confirm":{"title":` + plain(long(101)) + `,"text":` + plain("x") + `,"confirm":` + plain("y") + `,"deny":` + plain("n") + `}`)), "must be less than 101 characters [json-pointer:/blocks/0/elements/0/confirm/title/text]"},
		"confirm without deny":  {actions(button(`,"confirm":{"title":` + plain("t") + `,"text":` + plain("x") + `,"confirm":` + plain("y") + `}`)), "missing required field: deny [json-pointer:/blocks/0/elements/0/confirm]"},
		"11 in context":         {`[{"type":"context","elements":[` + many(11, plain("x")) + `]}]`, "no more than 10 items allowed [json-pointer:/blocks/0/elements]"},
		"text input in actions": {actions(`{"type":"plain_text_input"}`), "unsupported type: plain_text_input [json-pointer:/blocks/0/elements/0/type]"},
		"option text":           {actions(`{"type":"static_select","options":[` + opt(long(76)) + `]}`), "must be less than 76 characters [json-pointer:/blocks/0/elements/0/options/0/text/text]"},
		"no options":            {actions(`{"type":"static_select","options":[]}`), "must provide at least 1 items [json-pointer:/blocks/0/elements/0/options]"},
		"101 options":           {actions(`{"type":"static_select","options":[` + many(101, opt("o#")) + `]}`), "no more than 100 items allowed [json-pointer:/blocks/0/elements/0/options]"},
		"neither options":       {actions(`{"type":"static_select"}`), "must provide exactly one of `options`, `option_groups` [json-pointer:/blocks/0/elements/0]"},
		"same value":            {actions(`{"type":"static_select","options":[` + opt("a") + `,` + opt("a") + `]}`), "must be unique: a [json-pointer:/blocks/0/elements/0/options/1/value]"},
		"initial elsewhere":     {actions(`{"type":"static_select","options":[` + opt("a") + `],"initial_option":` + opt("b") + `}`), "must match one of the options [json-pointer:/blocks/0/elements/0/initial_option]"},
		"placeholder":           {actions(`{"type":"users_select","placeholder":` + plain(long(151)) + `}`), "must be less than 151 characters [json-pointer:/blocks/0/elements/0/placeholder/text]"},
		"six in overflow":       {actions(`{"type":"overflow","options":[` + many(6, opt("o#")) + `]}`), "no more than 5 items allowed [json-pointer:/blocks/0/elements/0/options]"},
		"bad date":              {actions(`{"type":"datepicker","initial_date":"1.2.2026"}`), "must be a valid date or time of the form 2006-01-02 [json-pointer:/blocks/0/elements/0/initial_date]"},
		"image without source":  {`[{"type":"image","alt_text":"x"}]`, "missing required field: image_url [json-pointer:/blocks/0]"},
		"image without alt":     {`[{"type":"image","image_url":"https://a/b.png"}]`, "missing required field: alt_text [json-pointer:/blocks/0]"},
		"markdown too long":     {`[{"type":"markdown","text":"` + long(6001) + `"},{"type":"markdown","text":"` + long(6000) + `"}]`, "all markdown blocks together must be less than 12001 characters [json-pointer:/blocks/1/text]"},
		"emoji on mrkdwn":       {`[{"type":"section","text":{"type":"mrkdwn","text":"x","emoji":true}}]`, "invalid additional property: emoji [json-pointer:/blocks/0/text]"},
		"rich text inline":      {`[{"type":"rich_text","elements":[{"type":"rich_text_section","elements":[{"type":"text","text":""}]}]}]`, "must be more than 0 characters [json-pointer:/blocks/0/elements/0/elements/0/text]"},
		"null text":             {`[{"type":"section","text":null}]`, "must provide an object [json-pointer:/blocks/0/text]"},
	} {
		t.Run(name, func(t *testing.T) {
			got := ValidateMessage(json.RawMessage(test.blocks))
			if !strings.Contains(strings.Join(got, "\n"), test.want) {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func modal(fields, blocks string) string {
	return `{"type":"modal","title":` + plain("t") + fields + `,"blocks":[` + blocks + `]}`
}

func TestViews(t *testing.T) {
	divider := `{"type":"divider"}`
	input := `{"type":"input","label":` + plain("l") + `,"element":{"type":"plain_text_input","action_id":"x"}}`
	submit := `,"submit":` + plain("Send")
	for name, test := range map[string]struct {
		view string
		want []string
	}{
		"fine":               {modal(submit, input), nil},
		"home":               {`{"type":"home","blocks":[` + divider + `]}`, nil},
		"home with a title":  {`{"type":"home","title":` + plain("t") + `,"blocks":[` + divider + `]}`, []string{"invalid additional property: title [json-pointer:/view]"}},
		"no title":           {`{"type":"modal","blocks":[` + divider + `]}`, []string{"missing required field: title [json-pointer:/view]"}},
		"title of 25":        {`{"type":"modal","title":` + plain(long(25)) + `,"blocks":[` + divider + `]}`, []string{"must be less than 25 characters [json-pointer:/view/title/text]"}},
		"submit of 25":       {modal(`,"submit":`+plain(long(25)), divider), []string{"must be less than 25 characters [json-pointer:/view/submit/text]"}},
		"input, no submit":   {modal("", input), []string{"must define `submit` to use an `input` block in modals [json-pointer:/view/blocks/0/input]"}},
		"input at home":      {`{"type":"home","blocks":[` + input + `]}`, nil},
		"101 blocks":         {modal("", many(101, divider)), []string{"no more than 100 items allowed [json-pointer:/view/blocks]"}},
		"no blocks":          {modal("", ""), []string{"must provide at least 1 items [json-pointer:/view/blocks]"}},
		"metadata":           {modal(`,"private_metadata":"`+long(3001)+`"`, divider), []string{"must be less than 3001 characters [json-pointer:/view/private_metadata]"}},
		"callback":           {modal(`,"callback_id":"`+long(256)+`"`, divider), []string{"must be less than 256 characters [json-pointer:/view/callback_id]"}},
		"table in a modal":   {modal("", `{"type":"table","rows":[[]]}`), []string{"unsupported type: table [json-pointer:/view/blocks/0/type]"}},
		"other type":         {`{"type":"workflow","blocks":[]}`, []string{"unsupported type: workflow [json-pointer:/view/type]"}},
		"too many bytes":     {modal("", divider) + strings.Repeat(" ", 250_000), []string{"must be less than 250001 bytes [json-pointer:/view]"}},
		"input max_length":   {modal(submit, `{"type":"input","label":`+plain("l")+`,"element":{"type":"plain_text_input","max_length":3001}}`), []string{"must be less than 3001 [json-pointer:/view/blocks/0/element/max_length]"}},
		"button as input":    {modal(submit, `{"type":"input","label":`+plain("l")+`,"element":`+button("")+`}`), []string{"unsupported type: button [json-pointer:/view/blocks/0/element/type]"}},
		"number range":       {modal(submit, `{"type":"input","label":`+plain("l")+`,"element":{"type":"number_input","is_decimal_allowed":false,"min_value":"3","max_value":"1"}}`), []string{"must be less than or equal to `max_value` [json-pointer:/view/blocks/0/element/min_value]"}},
		"response url":       {modal("", `{"type":"actions","elements":[{"type":"channels_select","response_url_enabled":true}]}`), []string{"only allowed for an `input` block in modals [json-pointer:/view/blocks/0/elements/0/response_url_enabled]"}},
		"label of 2001":      {modal(submit, `{"type":"input","label":`+plain(long(2001))+`,"element":{"type":"users_select"}}`), []string{"must be less than 2001 characters [json-pointer:/view/blocks/0/label/text]"}},
		"two take the focus": {modal(submit, strings.ReplaceAll(input, `"x"`, `"x","focus_on_load":true`)+","+strings.ReplaceAll(input, `"x"`, `"y","focus_on_load":true`)), []string{"only one element can have `focus_on_load` [json-pointer:/view/blocks/1/element/focus_on_load]"}},
	} {
		t.Run(name, func(t *testing.T) {
			got := ValidateView(json.RawMessage(test.view))
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestTextLength(t *testing.T) {
	blocks := `[{"type":"section","text":` + plain("12345") + `,"fields":[` + plain("가나") + `]},{"type":"markdown","text":"123"}]`
	if got := TextLength(json.RawMessage(blocks)); got != 10 {
		t.Errorf("TextLength = %d, want 10", got)
	}
}

// FuzzValidate: whatever a bot sends, the answer is a list of problems, never a panic; and what is no array is refused.
func FuzzValidate(f *testing.F) {
	f.Add([]byte(actions(button(`,"style":"danger"`))))
	f.Add([]byte(modal("", `{"type":"input","element":{"type":"number_input","min_value":"x"}}`)))
	f.Add([]byte(`[{"type":"table","rows":[[null]]},{"type":"rich_text","elements":[{"type":"rich_text_list","elements":[1]}]}]`))
	f.Add([]byte(`[{"type":"actions","elements":[{"type":"multi_static_select","options":7,"initial_options":{},"max_selected_items":-1}]}]`))
	f.Fuzz(func(t *testing.T, payload []byte) {
		problems := ValidateMessage(payload)
		ValidateView(payload)
		TextLength(payload)
		if !strings.HasPrefix(strings.TrimSpace(string(payload)), "[") && len(problems) == 0 {
			t.Errorf("%q is no array, yet it was taken", payload)
		}
	})
}
