package blockkit

import (
	"encoding/json"
	"strings"
)

// Text is what some blocks say, as plain text, one line for each text in them: for notifications and for tests.
// Mentions stay as their IDs (@U123) unless they carry a label.
func Text(blocks json.RawMessage) string {
	var lines []string
	add := func(s string) {
		if s != "" {
			lines = append(lines, s)
		}
	}
	for _, b := range decodeBlocks(blocks) {
		switch b.Type {
		case "markdown":
			add(textOf(b.Text).Text)
		case "image":
			add(b.AltText)
		case "rich_text":
			add(flatten(richSpans(b.Elements)))
		case "table":
			for _, row := range b.Rows {
				cells := make([]string, len(row))
				for i, cell := range row {
					cells[i] = flatten(cellSpans(cell))
				}
				add(strings.Join(cells, "\t"))
			}
		default:
			add(plainOf(textOf(b.Text)))
			for _, f := range b.Fields {
				add(plainOf(f))
			}
			add(plainOf(b.Label))
			for _, raw := range b.Elements {
				add(elementText(raw))
			}
			if b.Accessory != nil {
				add(plainOf(b.Accessory.Text))
			}
		}
	}
	return strings.Join(lines, "\n")
}

// Plain is a mrkdwn text without its marks.
func Plain(mrkdwn string) string { return flatten(parseMrkdwn(mrkdwn)) }

func plainOf(t wireText) string {
	if t.Type == "mrkdwn" {
		return Plain(t.Text)
	}
	return t.Text
}

// elementText is the text of an element of actions (an object) or of context (a string).
func elementText(raw json.RawMessage) string {
	var e struct {
		Type string          `json:"type"`
		Text json.RawMessage `json:"text"`
		Alt  string          `json:"alt_text"`
	}
	if json.Unmarshal(raw, &e) != nil {
		return ""
	}
	t := textOf(e.Text)
	if t.Type == "" {
		t.Type = e.Type
	}
	if t.Text == "" {
		return e.Alt
	}
	return plainOf(t)
}

func flatten(spans []span) string {
	var b strings.Builder
	for _, s := range spans {
		switch s.kind {
		case spanBreak:
			b.WriteByte('\n')
		case spanUser, spanGroup:
			b.WriteString("@" + orElse(s.text, s.ref))
		case spanChannel:
			b.WriteString("#" + orElse(s.text, s.ref))
		case spanBroadcast:
			b.WriteString("@" + s.ref)
		case spanEmoji:
			b.WriteString(emojiText(s.text))
		case spanQuote, spanPre:
			if b.Len() > 0 && !strings.HasSuffix(b.String(), "\n") {
				b.WriteByte('\n')
			}
			b.WriteString(s.text + flatten(s.kids) + "\n")
		default:
			b.WriteString(s.text + flatten(s.kids))
		}
	}
	return strings.TrimSuffix(b.String(), "\n")
}

func orElse(s, other string) string {
	if s == "" {
		return other
	}
	return s
}
