package slacksim

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"

	"muster/bot/slacksim/blockkit"
)

var richPattern = regexp.MustCompile(`<[^<>\n]+>|:[a-z0-9_+'-]+:`)

// richText is what people type as Slack keeps it beside the plain text: one section of words, mentions, links and emoji. Bold and the like
// stay as the signs that were typed; Slack would keep them as styles.
func richText(ts, text string) json.RawMessage {
	elements := []any{}
	words := func(s string) {
		if s = unescaped(s); s != "" {
			elements = append(elements, map[string]any{"type": "text", "text": s})
		}
	}
	last := 0
	for _, hit := range richPattern.FindAllStringIndex(text, -1) {
		if e := richElement(text[hit[0]:hit[1]]); e != nil {
			words(text[last:hit[0]])
			elements = append(elements, e)
			last = hit[1]
		}
	}
	words(text[last:])
	section := map[string]any{"type": "rich_text_section", "elements": elements}
	return toJSON([]any{map[string]any{"type": "rich_text", "block_id": clientID(ts)[:5], "elements": []any{section}}})
}

// richElement is the element that a tag or an emoji stands for, or nil.
func richElement(tag string) map[string]any {
	if name, colon := strings.CutPrefix(tag, ":"); colon {
		name = strings.TrimSuffix(name, ":")
		if _, known := blockkit.EmojiChar(name); !known {
			return nil
		}
		return map[string]any{"type": "emoji", "name": name}
	}
	body, label, labelled := strings.Cut(tag[1:len(tag)-1], "|")
	switch {
	case strings.HasPrefix(body, "@"):
		return map[string]any{"type": "user", "user_id": body[1:]}
	case strings.HasPrefix(body, "#"):
		return map[string]any{"type": "channel", "channel_id": body[1:]}
	case strings.HasPrefix(body, "!subteam^"):
		return map[string]any{"type": "usergroup", "usergroup_id": strings.TrimPrefix(body, "!subteam^")}
	case strings.HasPrefix(body, "!"):
		return map[string]any{"type": "broadcast", "range": body[1:]}
	}
	link := map[string]any{"type": "link", "url": unescaped(body)}
	if labelled {
		link["text"] = unescaped(label)
	}
	return link
}

func unescaped(s string) string {
	return strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&").Replace(s)
}

// clientID is the ID that the writer's own client gave to a message.
func clientID(ts string) string {
	sum := sha256.Sum256([]byte(ts))
	return fmt.Sprintf("%x-%x-%x-%x-%x", sum[:4], sum[4:6], sum[6:8], sum[8:10], sum[10:16])
}
