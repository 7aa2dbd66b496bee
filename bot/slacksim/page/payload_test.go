package page_test

import (
	"strings"
)

func plain(s string) map[string]any { return map[string]any{"type": "plain_text", "text": s} }

func mrkdwn(s string) map[string]any { return map[string]any{"type": "mrkdwn", "text": s} }

func option(s string) map[string]any {
	return map[string]any{"text": plain(s), "value": strings.ToLower(s)}
}

func element(kind, id string, more map[string]any) map[string]any {
	e := map[string]any{"type": kind, "action_id": id}
	for name, value := range more {
		e[name] = value
	}
	return e
}

func input(id, label string, e map[string]any) map[string]any {
	return map[string]any{"type": "input", "block_id": id, "label": plain(label), "element": e, "optional": id != "name"}
}

func widgets() []any {
	return []any{
		map[string]any{"type": "header", "text": plain("All widgets :tada:")},
		map[string]any{"type": "section", "text": mrkdwn("*bold* _italic_ ~gone~ `code` <https://example.com|a link> <!here>\n> quoted"),
			"accessory": element("button", "beside", map[string]any{"text": plain("Beside"), "value": "7"})},
		map[string]any{"type": "section", "fields": []any{mrkdwn("*Status*\nfixing"), mrkdwn("*Manager*\n<@U0ALICE001>")}},
		map[string]any{"type": "actions", "block_id": "row", "elements": []any{
			element("button", "plain", map[string]any{"text": plain("Plain"), "value": "p"}),
			element("button", "danger", map[string]any{"text": plain("Danger"), "style": "danger", "value": "d", "confirm": map[string]any{
				"title": plain("Really?"), "text": mrkdwn("It *cannot* be undone."), "confirm": plain("Do it"), "deny": plain("Rather not")}}),
			element("static_select", "static", map[string]any{"placeholder": plain("Pick one"), "options": []any{option("One"), option("Two")}}),
			element("users_select", "users", map[string]any{"placeholder": plain("Pick a person")}),
			element("channels_select", "channels", map[string]any{"placeholder": plain("Pick a channel")}),
			element("overflow", "over", map[string]any{"options": []any{option("Left"), option("Right")}}),
			element("datepicker", "date", nil), element("timepicker", "time", nil),
			element("checkboxes", "checks", map[string]any{"options": []any{option("Tea"), option("Coffee")}}),
			element("radio_buttons", "radios", map[string]any{"options": []any{option("Yes"), option("No")}}),
		}},
		map[string]any{"type": "section", "text": mrkdwn("Several"), "accessory": element("multi_users_select", "team", map[string]any{"placeholder": plain("Pick people")})},
		map[string]any{"type": "context", "elements": []any{mrkdwn("a *context* line"), plain("and :fire:")}},
		map[string]any{"type": "divider"},
		map[string]any{"type": "markdown", "text": "## Markdown\n- a **bold** item\n- [x] done"},
		map[string]any{"type": "rich_text", "elements": []any{map[string]any{"type": "rich_text_list", "style": "ordered", "elements": []any{
			map[string]any{"type": "rich_text_section", "elements": []any{map[string]any{"type": "text", "text": "rich", "style": map[string]any{"bold": true}}}}}}}},
		map[string]any{"type": "table", "rows": []any{
			[]any{map[string]any{"type": "raw_text", "text": "Service"}, map[string]any{"type": "raw_text", "text": "State"}},
			[]any{map[string]any{"type": "raw_text", "text": "Checkout"}, map[string]any{"type": "raw_text", "text": "down"}}}},
	}
}

func form(callback string) map[string]any {
	return map[string]any{"type": "modal", "callback_id": callback, "title": plain("Form " + callback[:min(len(callback), 12)]), "submit": plain("Send it"),
		"close": plain("Never mind"), "notify_on_close": true, "blocks": []any{
			input("name", "Name", element("plain_text_input", "name", map[string]any{"max_length": 20, "placeholder": plain("A name")})),
			input("place", "Place", element("external_select", "place", map[string]any{"min_query_length": 2})),
			input("pick", "Pick", element("static_select", "pick", map[string]any{"options": []any{option("One"), option("Two")}})),
			input("who", "Who", element("users_select", "who", nil)),
			input("many", "Many", element("multi_static_select", "many", map[string]any{"options": []any{option("Red"), option("Green"), option("Blue")}, "max_selected_items": 2})),
			input("boxes", "Boxes", element("checkboxes", "boxes", map[string]any{"options": []any{option("Tea"), option("Coffee")}})),
			input("radio", "Radio", element("radio_buttons", "radio", map[string]any{"options": []any{option("Yes"), option("No")}})),
			input("day", "Day", element("datepicker", "day", nil)),
			input("hour", "Hour", element("timepicker", "hour", nil)),
			input("count", "Count", element("number_input", "count", map[string]any{"is_decimal_allowed": false, "min_value": "1", "max_value": "9"})),
			map[string]any{"type": "actions", "elements": []any{element("button", "push", map[string]any{"text": plain("One more form")})}},
		}}
}

// hostile is text that means harm wherever it is not escaped.
const hostile = `"><script>alert(1)</script><img src=x onerror=alert(2)> <javascript:alert(3)|click> </textarea><svg onload=alert(4)>`

func hostileBlocks() []any {
	return []any{
		map[string]any{"type": "header", "text": plain(hostile)},
		map[string]any{"type": "section", "block_id": `"><script>alert(5)</script>`, "text": mrkdwn(hostile), "accessory": element("button", `"onclick="alert(6)`, map[string]any{
			"text": plain(`<b onmouseover=alert(7)>`), "value": hostile, "confirm": map[string]any{"title": plain(`<script>alert(8)</script>`), "text": mrkdwn(hostile), "confirm": plain("yes"), "deny": plain("no")}})},
		map[string]any{"type": "actions", "elements": []any{element("static_select", "hostile", map[string]any{
			"placeholder": plain(`"><script>alert(9)</script>`), "options": []any{map[string]any{"text": plain("</select><script>alert(10)"), "value": `"><script>alert(11)</script>`}}})}},
		map[string]any{"type": "markdown", "text": "<script>alert(12)</script> [x](javascript:alert(13)) ![y](javascript:alert(14))"},
		map[string]any{"type": "rich_text", "elements": []any{map[string]any{"type": "rich_text_section", "elements": []any{
			map[string]any{"type": "link", "url": "javascript:alert(15)", "text": "rich link"}, map[string]any{"type": "text", "text": hostile}}}}},
	}
}
