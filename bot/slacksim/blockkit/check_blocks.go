package blockkit

import (
	"strconv"
	"unicode/utf8"
)

// maxMarkdown is how many characters all markdown blocks of a message may have together.
const maxMarkdown = 12_000

// blocks checks the blocks of one payload; most is the count its surface allows.
func (c *checker) blocks(at string, v any, least, most int) {
	list(least, most, (*checker).block)(c, at, v)
}

// block checks one block and what it has to do with those before it.
func (c *checker) block(at string, v any) {
	o, ok := v.(map[string]any)
	if !ok {
		c.fail(at, "must provide an object")
		return
	}
	kind := fieldString(o, "type")
	s, known := c.blockShape(kind)
	if !known {
		c.badType(at, o, kind)
		return
	}
	s.fields["type"] = nil
	s.fields["block_id"] = text(1, 255)
	c.object(at, o, s)
	if id := fieldString(o, "block_id"); id != "" {
		if c.blockIDs[id] {
			c.fail(at+"/block_id", "`block_id` %q already exists", id)
		}
		c.blockIDs[id] = true
	}
	c.between(at, kind, o)
}

// between checks what the fields of one block have to do with each other.
func (c *checker) between(at, kind string, o map[string]any) {
	switch kind {
	case "section":
		if o["text"] == nil && o["fields"] == nil {
			c.fail(at, "must provide at least one of `text`, `fields`")
		}
	case "image":
		c.imageSource(at, o)
	case "actions":
		c.uniqueActions(at, o)
	case "markdown":
		c.markdown += utf8.RuneCountInString(fieldString(o, "text"))
		if c.markdown > maxMarkdown {
			c.fail(at+"/text", "all markdown blocks together must be less than %d characters", maxMarkdown+1)
		}
	case "table":
		if c.tables++; c.tables > 1 {
			c.fail(at, "only one table is allowed in a message")
		}
	}
}

// blockShape is the shape of each block that the surface allows. The map it returns is new each time.
func (c *checker) blockShape(kind string) (shape, bool) {
	switch kind {
	case "header":
		return shape{[]string{"text"}, map[string]rule{"text": plainText(150)}}, true
	case "section":
		return shape{nil, map[string]rule{"text": anyText(3000), "fields": list(1, 10, anyText(2000)),
			"accessory": element(inSection), "expand": boolean}}, true
	case "divider":
		return shape{nil, map[string]rule{}}, true
	case "actions":
		return shape{[]string{"elements"}, map[string]rule{"elements": list(1, 25, element(inActions))}}, true
	case "context":
		return shape{[]string{"elements"}, map[string]rule{"elements": list(1, 10, contextElement)}}, true
	case "image":
		return shape{[]string{"alt_text"}, map[string]rule{"image_url": link(3000, "http", "https"),
			"slack_file": slackFile, "alt_text": text(1, 2000), "title": plainText(2000)}}, true
	case "input":
		return shape{[]string{"label", "element"}, map[string]rule{"label": plainText(2000),
			"hint": plainText(2000), "element": element(inInput), "optional": boolean,
			"dispatch_action": boolean}}, true
	case "rich_text":
		return shape{[]string{"elements"}, map[string]rule{"elements": list(0, 1000, richElement)}}, true
	case "video":
		return shape{[]string{"alt_text", "title", "thumbnail_url", "video_url"}, map[string]rule{
			"alt_text": text(1, 200), "title": plainText(200), "thumbnail_url": link(3000, "http", "https"),
			"video_url": link(3000, "https"), "title_url": link(3000, "https"), "author_name": text(1, 50),
			"provider_name": text(1, 50), "provider_icon_url": link(3000, "http", "https"),
			"description": plainText(200)}}, true
	}
	if c.surface != inMessage {
		return shape{}, false
	}
	switch kind {
	case "markdown":
		return shape{[]string{"text"}, map[string]rule{"text": text(1, maxMarkdown)}}, true
	case "file":
		return shape{[]string{"source", "external_id"}, map[string]rule{
			"source": oneOf("remote"), "external_id": text(1, 255)}}, true
	case "table":
		return shape{[]string{"rows"}, map[string]rule{"rows": list(1, 100, list(1, 20, tableCell)),
			"column_settings": list(1, 20, columnSetting)}}, true
	}
	return shape{}, false
}

// uniqueActions refuses an action_id that stands twice in one block.
func (c *checker) uniqueActions(at string, o map[string]any) {
	seen := map[string]bool{}
	elements, _ := o["elements"].([]any)
	for i, e := range elements {
		id := fieldString(e, "action_id")
		if id != "" && seen[id] {
			c.fail(pointer(at+"/elements", i)+"/action_id", "`action_id` %q already exists for another element", id)
		}
		seen[id] = true
	}
}

func contextElement(c *checker, at string, v any) {
	if fieldString(v, "type") == "image" {
		element(inSection)(c, at, v)
		return
	}
	anyText(3000)(c, at, v)
}

func slackFile(c *checker, at string, v any) {
	o, ok := c.object(at, v, shape{nil, map[string]rule{"id": text(1, 255), "url": link(3000, "https")}})
	if ok && len(o) != 1 {
		c.fail(at, "must provide exactly one of `id`, `url`")
	}
}

// imageSource: an image has its own URL, or is a file in Slack.
func (c *checker) imageSource(at string, o map[string]any) {
	_, own := o["image_url"]
	_, file := o["slack_file"]
	switch {
	case !own && !file:
		c.fail(at, "missing required field: image_url")
	case own && file:
		c.fail(at, "must provide exactly one of `image_url`, `slack_file`")
	}
}

func tableCell(c *checker, at string, v any) {
	o, ok := v.(map[string]any)
	if !ok {
		c.fail(at, "must provide an object")
		return
	}
	switch kind := fieldString(o, "type"); kind {
	case "raw_text":
		c.object(at, o, shape{[]string{"text"}, map[string]rule{"type": nil, "text": text(0, 3000)}})
	case "rich_text":
		richText(c, at, o)
	default:
		c.badType(at, o, kind)
	}
}

func columnSetting(c *checker, at string, v any) {
	if v == nil {
		return // Slack skips a column whose setting is null.
	}
	c.object(at, v, shape{nil, map[string]rule{"align": oneOf("left", "center", "right"), "is_wrapped": boolean}})
}

func field(v any, name string) any {
	o, _ := v.(map[string]any)
	return o[name]
}

func pointer(at string, i int) string { return at + "/" + strconv.Itoa(i) }
