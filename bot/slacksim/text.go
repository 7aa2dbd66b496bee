package slacksim

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
)

var (
	tagPattern     = regexp.MustCompile(`<([^<>\n]+)>`)
	linkPattern    = regexp.MustCompile(`\bhttps?://[^\s<>|]+|\b[\w.+-]+@[\w-]+(\.[\w-]+)+`)
	mentionPattern = regexp.MustCompile(`(^|[\s(,])([@#])([\p{L}\p{N}_][\p{L}\p{N}._-]*)`)
)

// Text is all that a reader of the message can read: the text, its blocks and attachments, in order, a line for each piece.
// Mentions and links read as they look (@alice, #general, the link's label); what was escaped is not any more.
func (m Message) Text() string { return m.ws.readable(m.rawText(), m.locked) }

// rawText is Text with Slack's markup.
func (m Message) rawText() string {
	if m.words != "" {
		return m.words
	}
	parts := append(flatten(m.Blocks), flatten(m.Attachments)...)
	whole := strings.Join(parts, "\n")
	if m.Fallback != "" && !strings.Contains(whole, m.Fallback) {
		parts = append([]string{m.Fallback}, parts...)
	}
	return strings.Join(parts, "\n")
}

// Text is all that can be read in the view, its title and the errors under its fields included.
func (v View) Text() string {
	var parts []string
	for _, t := range []*Text{v.Title, v.SubmitText, v.CloseText} {
		if t != nil {
			parts = append(parts, t.Text)
		}
	}
	parts = append(parts, flatten(v.Blocks)...)
	for _, b := range slices.Sorted(mapKeys(v.Errors)) {
		parts = append(parts, v.Errors[b])
	}
	return v.ws.readable(strings.Join(parts, "\n"), v.locked)
}

func mapKeys[V any](m map[string]V) func(func(string) bool) {
	return func(yield func(string) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}

// flatten collects the words of blocks in the order of reading. Options of menus are not among them: they show when opened.
func flatten(blocks json.RawMessage) []string {
	var tree any
	if len(blocks) == 0 || json.Unmarshal(blocks, &tree) != nil {
		return nil
	}
	var out []string
	walk(tree, &out)
	return out
}

func walk(node any, out *[]string) {
	switch n := node.(type) {
	case string:
		if n != "" {
			*out = append(*out, n)
		}
	case []any:
		for _, x := range n {
			if _, bare := x.(string); !bare {
				walk(x, out)
			}
		}
	case map[string]any:
		walkObject(n, out)
	}
}

func walkObject(n map[string]any, out *[]string) {
	kind, _ := n["type"].(string)
	word := func(key string) string { s, _ := n[key].(string); return s }
	switch kind {
	case "user":
		*out = append(*out, "<@"+word("user_id")+">")
		return
	case "usergroup":
		*out = append(*out, "<!subteam^"+word("usergroup_id")+">")
		return
	case "channel":
		*out = append(*out, "<#"+word("channel_id")+">")
		return
	case "emoji":
		*out = append(*out, ":"+word("name")+":")
		return
	case "broadcast":
		*out = append(*out, "@"+word("range"))
		return
	case "link":
		if word("text") == "" {
			*out = append(*out, word("url"))
			return
		}
	}
	keys := []string{"author_name", "pretext", "title", "label", "text", "fields", "elements", "rows", "element", "accessory", "initial_option", "initial_value",
		"placeholder", "hint", "description", "alt_text", "footer", "blocks"}
	var parts []string
	for _, key := range keys {
		if x, ok := n[key]; ok {
			walk(x, &parts)
		}
	}
	if _, field := n["title"]; field && kind == "" { // of an attachment
		walk(n["value"], &parts)
	}
	if kind == "rich_text_section" || kind == "rich_text_quote" || kind == "rich_text_preformatted" {
		parts = []string{strings.Join(parts, "")}
	}
	*out = append(*out, parts...)
}

// readable turns Slack's markup for mentions and links into what a reader sees.
func (ws *Workspace) readable(text string, locked bool) string {
	if ws == nil || !strings.ContainsAny(text, "<&") {
		return text
	}
	if !locked {
		ws.mu.Lock()
		defer ws.mu.Unlock()
	}
	return ws.render(text)
}

func (ws *Workspace) render(text string) string {
	text = tagPattern.ReplaceAllStringFunc(text, func(tag string) string {
		body, label, labelled := strings.Cut(tag[1:len(tag)-1], "|")
		switch {
		case strings.HasPrefix(body, "@"):
			if u := ws.user(body[1:]); u != nil {
				return "@" + u.Handle
			}
		case strings.HasPrefix(body, "#"):
			if c := ws.channel(body[1:]); c != nil && !c.Private {
				return "#" + c.Name
			}
			if labelled && label != "" {
				return "#" + label
			}
			return "#private"
		case strings.HasPrefix(body, "!subteam^"):
			if g := ws.group(body[len("!subteam^"):]); g != nil {
				return "@" + g.Handle
			}
		case strings.HasPrefix(body, "!date^") && labelled:
			return label
		case strings.HasPrefix(body, "!"):
			return "@" + body[1:]
		case labelled:
			return label
		}
		return body
	})
	return strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&").Replace(text)
}

// typed turns what a person types into what Slack stores: control characters escaped, links in angle brackets, mentions and channels by
// their IDs. In a command, only the first is done unless the manifest asks for the rest.
func (ws *Workspace) typed(user, text string, command, resolve bool) string {
	text = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(text)
	if !resolve {
		return text
	}
	text = linkPattern.ReplaceAllStringFunc(text, linked)
	return mentionPattern.ReplaceAllStringFunc(text, func(hit string) string {
		i := strings.IndexAny(hit, "@#")
		before, sign, name := hit[:i], hit[i], hit[i+1:]
		trimmed := strings.TrimRight(name, ".-")
		if tag := ws.tag(user, sign, trimmed, command); tag != "" {
			return before + tag + name[len(trimmed):]
		}
		return hit
	})
}

// linked puts angle brackets around a link or an address, without the signs that end the sentence.
func linked(hit string) string {
	end := len(hit)
	for _, sign := range []string{"&lt;", "&gt;"} {
		if i := strings.Index(hit, sign); i >= 0 {
			end = min(end, i)
		}
	}
	link := hit[:end]
	if !strings.HasSuffix(link, "&amp;") {
		link = strings.TrimRight(link, ".,;:!?)]}'\"")
	}
	if strings.Contains(link, "://") {
		return "<" + link + ">" + hit[len(link):]
	}
	return "<mailto:" + link + "|" + link + ">" + hit[len(link):]
}

func (ws *Workspace) tag(user string, sign byte, name string, command bool) string {
	if sign == '#' {
		c := ws.channelByName(name)
		if c == nil || c.Name != name || !ws.visible(c, user) {
			return ""
		}
		return "<#" + c.ID + "|" + c.Name + ">"
	}
	if name == "here" || name == "channel" || name == "everyone" {
		return "<!" + name + ">"
	}
	if g := ws.group(name); g != nil && g.Disabled == 0 {
		return "<!subteam^" + g.ID + "|@" + g.Handle + ">"
	}
	u := ws.userByName(name)
	switch {
	case u == nil:
		return ""
	case command:
		return "<@" + u.ID + "|" + u.Handle + ">"
	}
	return "<@" + u.ID + ">"
}
