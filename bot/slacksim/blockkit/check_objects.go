package blockkit

// This file holds the composition objects: texts, options, confirm dialogs, conversation filters.

// plainText is a plain_text object of 1 to most characters.
func plainText(most int) rule {
	return func(c *checker, at string, v any) {
		o, ok := v.(map[string]any)
		if !ok {
			c.fail(at, "must provide an object")
			return
		}
		if kind := fieldString(o, "type"); kind != "plain_text" {
			c.badType(at, o, kind)
			return
		}
		c.object(at, o, shape{[]string{"type", "text"}, map[string]rule{
			"type": nil, "text": text(1, most), "emoji": boolean}})
	}
}

// anyText is a plain_text or mrkdwn object of 1 to most characters.
func anyText(most int) rule {
	return func(c *checker, at string, v any) {
		if fieldString(v, "type") != "mrkdwn" {
			plainText(most)(c, at, v)
			return
		}
		c.object(at, v, shape{[]string{"text"}, map[string]rule{
			"type": nil, "text": text(1, most), "verbatim": boolean}})
	}
}

// badType reports an object whose type is missing or not allowed where it stands.
func (c *checker) badType(at string, o map[string]any, kind string) {
	if _, has := o["type"]; !has {
		c.fail(at, "missing required field: type")
		return
	}
	c.fail(at+"/type", "unsupported type: %s", kind)
}

func confirmDialog(c *checker, at string, v any) {
	c.object(at, v, shape{[]string{"title", "text", "confirm", "deny"}, map[string]rule{
		"title": plainText(100), "text": anyText(300), "confirm": plainText(30), "deny": plainText(30),
		"style": buttonStyle}})
}

func buttonStyle(c *checker, at string, v any) { oneOf("primary", "danger")(c, at, v) }

// option is one choice; label says which text it may carry, and withURL whether it may open a link (overflow).
func option(label rule, description rule, withURL bool) rule {
	fields := map[string]rule{"text": label, "value": text(1, 150), "description": description}
	if withURL {
		fields["url"] = link(3000, "http", "https", "mailto", "slack")
	}
	return record(shape{[]string{"text", "value"}, fields})
}

func selectOption(c *checker, at string, v any) {
	option(plainText(75), plainText(75), false)(c, at, v)
}

func boxOption(c *checker, at string, v any) { option(anyText(75), anyText(75), false)(c, at, v) }

func optionGroup(c *checker, at string, v any) {
	c.object(at, v, shape{[]string{"label", "options"}, map[string]rule{
		"label": plainText(75), "options": list(1, 100, selectOption)}})
}

func conversationFilter(c *checker, at string, v any) {
	o, ok := c.object(at, v, shape{nil, map[string]rule{
		"include":                          list(1, 4, oneOf("im", "mpim", "private", "public")),
		"exclude_external_shared_channels": boolean, "exclude_bot_users": boolean}})
	if ok && len(o) == 0 {
		c.fail(at, "must provide at least one filter")
	}
}

func dispatchConfig(c *checker, at string, v any) {
	c.object(at, v, shape{nil, map[string]rule{
		"trigger_actions_on": list(1, 2, oneOf("on_enter_pressed", "on_character_entered"))}})
}

// choices checks what the options of one element have to do with each other: values are unique, and what is chosen
// at the start is among them.
func (c *checker) choices(at string, o map[string]any) {
	type choice struct{ value, label string }
	all := map[choice]bool{}
	values := map[string]bool{}
	add := func(at string, options any) {
		items, _ := options.([]any)
		for i, item := range items {
			one := choice{fieldString(item, "value"), fieldString(field(item, "text"), "text")}
			if values[one.value] && one.value != "" {
				c.fail(pointer(at, i)+"/value", "must be unique: %s", one.value)
			}
			values[one.value], all[one] = true, true
		}
	}
	add(at+"/options", o["options"])
	groups, _ := o["option_groups"].([]any)
	for i, group := range groups {
		add(pointer(at+"/option_groups", i)+"/options", field(group, "options"))
	}
	among := func(at string, v any) {
		if !all[choice{fieldString(v, "value"), fieldString(field(v, "text"), "text")}] {
			c.fail(at, "must match one of the options")
		}
	}
	if v, has := o["initial_option"]; has {
		among(at+"/initial_option", v)
	}
	chosen, _ := o["initial_options"].([]any)
	for i, v := range chosen {
		among(pointer(at+"/initial_options", i), v)
	}
	if most, ok := o["max_selected_items"].(float64); ok && len(chosen) > int(most) {
		c.fail(at+"/initial_options", "no more than %d items allowed", int(most))
	}
}
