package blockkit

import (
	"encoding/json"
	"regexp"
	"strings"
	"testing"
)

func show(t *testing.T, r *Renderer, blocks string) string {
	t.Helper()
	got, err := r.Blocks(json.RawMessage(blocks))
	if err != nil {
		t.Fatal(err)
	}
	return string(got)
}

func TestBlocksShowWhatTheySay(t *testing.T) {
	r := renderer()
	r.People = []Choice{{"U1", "Ada"}, {"U2", "Bob"}}
	r.Errors = map[string]string{"in": "too short"}
	for name, test := range map[string]struct {
		blocks string
		want   []string
	}{
		"header":      {`[{"type":"header","text":{"type":"plain_text","text":"Hi :fire:"}}]`, []string{`role="heading"`, "🔥"}},
		"section":     {`[{"type":"section","text":{"type":"mrkdwn","text":"*x*"},"fields":[{"type":"mrkdwn","text":"_f_"}],"accessory":` + button(`,"value":"v"`) + `}]`, []string{"<b>x</b>", "<i>f</i>", `data-action-id="a"`, `data-value="v"`, `data-dispatch="change"`}},
		"confirm":     {actions(button(`,"style":"danger","confirm":{"title":` + plain("Sure?") + `,"text":` + plain("Really") + `,"confirm":` + plain("Yes") + `,"deny":` + plain("No") + `,"style":"danger"}`)), []string{`<template class="bk-confirm"><h2>Sure?</h2>`, "bk-danger", ">Yes<", ">No<"}},
		"users":       {actions(`{"type":"users_select","action_id":"u","initial_user":"U2"}`), []string{`<option value="U2" selected>Bob</option>`, `data-bk="users_select"`}},
		"multi":       {actions(`{"type":"multi_users_select","action_id":"u","initial_users":["U1","U2"],"max_selected_items":2}`), []string{`Ada, Bob`, `data-most="2"`, `type="checkbox" value="U1"`}},
		"groups":      {actions(`{"type":"static_select","option_groups":[{"label":` + plain("G") + `,"options":[` + opt("a") + `]}]}`), []string{`<optgroup label="G">`}},
		"overflow":    {actions(`{"type":"overflow","action_id":"o","options":[` + opt("a") + `]}`), []string{`role="menuitem" data-value="a"`}},
		"radio":       {actions(`{"type":"radio_buttons","action_id":"r","options":[` + opt("a") + `,` + opt("b") + `],"initial_option":` + opt("b") + `}`), []string{`value="b" checked`}},
		"datetime":    {actions(`{"type":"datetimepicker","initial_date_time":1795348800}`), []string{`value="2026-11-22T12:00"`}},
		"input":       {`[{"type":"input","block_id":"in","label":` + plain("L") + `,"hint":` + plain("H") + `,"element":{"type":"plain_text_input","action_id":"t","multiline":true,"max_length":9,"initial_value":"<x>"}}]`, []string{`maxlength="9"`, "&lt;x&gt;</textarea>", "too short", `aria-invalid="true"`, `data-required="true"`, ">H<"}},
		"context":     {`[{"type":"context","elements":[{"type":"mrkdwn","text":"*c*"},{"type":"image","image_url":"https://a/b.png","alt_text":"alt"}]}]`, []string{"<b>c</b>", `alt="alt"`}},
		"rich text":   {`[{"type":"rich_text","elements":[{"type":"rich_text_list","style":"ordered","offset":2,"elements":[{"type":"rich_text_section","elements":[{"type":"text","text":"x","style":{"bold":true,"code":true}}]}]},{"type":"rich_text_quote","elements":[{"type":"broadcast","range":"here"}]}]}]`, []string{`<ol class="bk-list bk-indent-0" start="3"><li><b><code>x</code></b></li></ol>`, "<blockquote>"}},
		"table":       {`[{"type":"table","column_settings":[{"align":"right"}],"rows":[[{"type":"raw_text","text":"h"}],[{"type":"raw_text","text":"v"}]]}]`, []string{`<th class="bk-right" scope="col">h</th>`, `<td class="bk-left">`[:3] + ` class="bk-right">v</td>`}},
		"unknown":     {`[{"type":"sparkle<"},{"type":"divider"}]`, []string{"unsupported block: sparkle&lt;", "<hr>"}},
		"unreadable":  {`[{"type":"section","fields":7}]`, []string{"unsupported block: unreadable section"}},
		"odd element": {actions(`{"type":"wheel"}`), []string{"unsupported element: wheel"}},
		"bad image":   {`[{"type":"image","image_url":"javascript:x","alt_text":"pic"}]`, []string{"image: pic"}},
	} {
		t.Run(name, func(t *testing.T) {
			got := show(t, r, test.blocks)
			for _, want := range test.want {
				if !strings.Contains(got, want) {
					t.Errorf("misses %s in\n%s", want, got)
				}
			}
			if !wellFormed.MatchString(got) {
				t.Errorf("not well formed: %s", got)
			}
		})
	}
}

func TestText(t *testing.T) {
	blocks := `[{"type":"header","text":` + plain("Head") + `},{"type":"section","text":{"type":"mrkdwn","text":"*a* <@U1> &amp; :fire:"}},` +
		`{"type":"context","elements":[{"type":"mrkdwn","text":"_c_"}]},{"type":"actions","elements":[` + button("") + `]},` +
		`{"type":"rich_text","elements":[{"type":"rich_text_section","elements":[{"type":"text","text":"r"}]}]}]`
	if got, want := Text(json.RawMessage(blocks)), "Head\na @U1 & 🔥\nc\nGo\nr"; got != want {
		t.Errorf("Text = %q, want %q", got, want)
	}
}

// wellFormed is the only HTML that may come out: known tags, known attributes, no attribute that runs anything, and
// links that go to http, https, mailto or a channel of this workspace.
var wellFormed = regexp.MustCompile(`^(?:[^<]|</(?:` + tags + `)>|<(?:` + tags + `)(?: (?:` + attributes + `))*>)*$`)

const tags = `div|span|b|i|s|code|pre|blockquote|a|br|hr|p|ul|ol|li|time|table|thead|tbody|tr|td|th|img|figure|figcaption|` +
	`button|details|summary|small|fieldset|label|input|select|option|optgroup|textarea|template|h2|menu`

const attributes = `(?:class|id|data-[a-z-]+|role|title|datetime|start|alt|loading|referrerpolicy|scope|target|rel|type|name|value|` +
	`placeholder|maxlength|minlength|min|max|step|rows|label|autocomplete|tabindex|aria-[a-z]+)="[^"<>]*"|` +
	`checked|selected|autofocus|disabled|(?:href|src|data-url)="(?:https?://|mailto:|/c/)[^"<>]*"`

func FuzzMrkdwn(f *testing.F) {
	for _, seed := range []string{"*a _b ~c~_* `d` <@U1|x> <https://a.b|c>", "<javascript:alert(1)|x>", `"><script>alert(1)</script>`,
		"<!date^1^{date}^javascript:x|y>", "```\n</pre><script>", ">>>a\n&gt;b", `<https://a"onmouseover="x|y>`, "<#C1|x\"y>", "*<*>*", ":fire:"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		r := renderer()
		for _, got := range []string{string(r.Mrkdwn(s)), string(r.Markdown(s)), string(r.Plain(s))} {
			if !wellFormed.MatchString(got) {
				t.Fatalf("%q became %s", s, got)
			}
		}
		Plain(s)
	})
}

func FuzzBlocks(f *testing.F) {
	hostile := `"'><script>alert(1)</script>`
	quoted, _ := json.Marshal(hostile)
	for _, seed := range []string{
		`[{"type":"section","block_id":` + string(quoted) + `,"text":{"type":"mrkdwn","text":` + string(quoted) + `}}]`,
		actions(`{"type":"button","action_id":` + string(quoted) + `,"value":` + string(quoted) + `,"url":"javascript:alert(1)","text":` + plain("x") + `}`),
		actions(`{"type":"static_select","placeholder":` + plain("p") + `,"options":[{"text":` + plain("a") + `,"value":` + string(quoted) + `}]}`),
		`[{"type":"image","image_url":"data:text/html,x","alt_text":` + string(quoted) + `},{"type":` + string(quoted) + `}]`,
		`[{"type":"input","element":{"type":"plain_text_input","multiline":true,"initial_value":"</textarea><script>"}}]`,
		`[{"type":"rich_text","elements":[{"type":"rich_text_section","elements":[{"type":"link","url":"javascript:x","text":"y"}]}]}]`,
		`[{"type":"table","rows":[[{"type":"raw_text","text":"<td>"}]]},{"type":"video","title_url":"javascript:x"}]`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, blocks []byte) {
		got := show(t, renderer(), string(blocks))
		if !wellFormed.MatchString(got) {
			t.Fatalf("%s became %s", blocks, got)
		}
		Text(blocks)
	})
}
