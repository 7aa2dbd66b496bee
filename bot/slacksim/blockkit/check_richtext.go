package blockkit

// richText is a rich_text object: the block, a table cell, or the first value of an input.
func richText(c *checker, at string, v any) {
	c.object(at, v, shape{[]string{"type", "elements"}, map[string]rule{
		"type": oneOf("rich_text"), "elements": list(0, 1000, richElement), "block_id": text(1, 255)}})
}

// richElement is one part of a rich_text: a section, a list, a quote, or preformatted text.
func richElement(c *checker, at string, v any) {
	o, ok := v.(map[string]any)
	if !ok {
		c.fail(at, "must provide an object")
		return
	}
	border := whole(0, 1)
	inline := list(0, 1000, richInline)
	s := shape{required: []string{"elements"}}
	switch kind := fieldString(o, "type"); kind {
	case "rich_text_section":
		s.fields = map[string]rule{"elements": inline}
	case "rich_text_preformatted":
		s.fields = map[string]rule{"elements": inline, "border": border, "language": text(1, 50)}
	case "rich_text_quote":
		s.fields = map[string]rule{"elements": inline, "border": border}
	case "rich_text_list":
		s.required = []string{"elements", "style"}
		s.fields = map[string]rule{"elements": list(0, 1000, richListItem), "style": oneOf("bullet", "ordered"),
			"indent": whole(0, 8), "offset": whole(0, 1_000_000), "border": border}
	default:
		c.badType(at, o, kind)
		return
	}
	s.fields["type"] = nil
	c.object(at, o, s)
}

func richListItem(c *checker, at string, v any) {
	if kind := fieldString(v, "type"); kind != "rich_text_section" {
		c.fail(at+"/type", "unsupported type: %s", kind)
		return
	}
	richElement(c, at, v)
}

// richInline is one run of text, link, mention, emoji or date.
func richInline(c *checker, at string, v any) {
	o, ok := v.(map[string]any)
	if !ok {
		c.fail(at, "must provide an object")
		return
	}
	kind := fieldString(o, "type")
	s, known := inlineShape(kind)
	if !known {
		c.badType(at, o, kind)
		return
	}
	s.fields["type"] = nil
	s.fields["style"] = richStyle
	c.object(at, o, s)
}

func inlineShape(kind string) (shape, bool) {
	id := text(1, 255)
	switch kind {
	case "text":
		return shape{[]string{"text"}, map[string]rule{"text": text(1, 40_000)}}, true
	case "link":
		return shape{[]string{"url"}, map[string]rule{
			"url": text(1, 3000), "text": text(0, 3000), "unsafe": boolean}}, true
	case "emoji":
		return shape{[]string{"name"}, map[string]rule{
			"name": text(1, 255), "unicode": text(1, 255), "skin_tone": whole(1, 6), "display_url": text(1, 3000)}}, true
	case "user":
		return shape{[]string{"user_id"}, map[string]rule{"user_id": id}}, true
	case "usergroup":
		return shape{[]string{"usergroup_id"}, map[string]rule{"usergroup_id": id}}, true
	case "channel":
		return shape{[]string{"channel_id"}, map[string]rule{"channel_id": id}}, true
	case "team":
		return shape{[]string{"team_id"}, map[string]rule{"team_id": id}}, true
	case "broadcast":
		return shape{[]string{"range"}, map[string]rule{"range": oneOf("here", "channel", "everyone")}}, true
	case "color":
		return shape{[]string{"value"}, map[string]rule{"value": text(1, 20)}}, true
	case "date":
		return shape{[]string{"timestamp", "format"}, map[string]rule{"timestamp": whole(0, 99_999_999_999),
			"format": text(1, 255), "url": link(3000, "http", "https"), "fallback": text(0, 3000)}}, true
	}
	return shape{}, false
}

func richStyle(c *checker, at string, v any) {
	c.object(at, v, shape{nil, map[string]rule{"bold": boolean, "italic": boolean, "strike": boolean,
		"code": boolean, "underline": boolean, "highlight": boolean, "client_highlight": boolean, "unlink": boolean}})
}
