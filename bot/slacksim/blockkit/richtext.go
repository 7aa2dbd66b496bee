package blockkit

import (
	"encoding/json"
	"strconv"
	"strings"
)

// wireRich is any part of a rich_text, from the whole to a run of text.
type wireRich struct {
	Type      string     `json:"type"`
	Elements  []wireRich `json:"elements"`
	Style     richMarks  `json:"style"`
	Indent    int        `json:"indent"`
	Offset    int        `json:"offset"`
	Border    int        `json:"border"`
	Text      string     `json:"text"`
	URL       string     `json:"url"`
	Name      string     `json:"name"`
	UserID    string     `json:"user_id"`
	GroupID   string     `json:"usergroup_id"`
	ChannelID string     `json:"channel_id"`
	TeamID    string     `json:"team_id"`
	Range     string     `json:"range"`
	Value     string     `json:"value"`
	Timestamp int64      `json:"timestamp"`
	Format    string     `json:"format"`
	Fallback  string     `json:"fallback"`
}

// richMarks is the style of a list (a word) or of a run of text (a set of marks).
type richMarks struct {
	list                       string
	Bold, Italic, Strike, Code bool
}

func (m *richMarks) UnmarshalJSON(data []byte) error {
	if json.Unmarshal(data, &m.list) == nil {
		return nil
	}
	type marks richMarks
	return json.Unmarshal(data, (*marks)(m))
}

// The kinds of span that only rich_text has.
const (
	spanList spanKind = 100 + iota
	spanItem
	spanColor
	spanUnknown
)

func richSpans(elements []json.RawMessage) []span {
	var spans []span
	for _, raw := range elements {
		var e wireRich
		if json.Unmarshal(raw, &e) != nil {
			spans = append(spans, span{kind: spanUnknown, text: "unreadable rich text"})
			continue
		}
		spans = append(spans, richSpan(e)...)
	}
	return spans
}

// cellSpans is what stands in a cell of a table: raw text, or a rich_text.
func cellSpans(raw json.RawMessage) []span {
	var e wireRich
	if json.Unmarshal(raw, &e) != nil {
		return []span{{kind: spanUnknown, text: "unreadable cell"}}
	}
	if e.Type == "raw_text" {
		return []span{{kind: spanText, text: e.Text}}
	}
	return richKids(e.Elements)
}

func richKids(elements []wireRich) []span {
	var spans []span
	for _, e := range elements {
		spans = append(spans, richSpan(e)...)
	}
	return spans
}

// richSpan is one part of a rich_text as spans. A list keeps "style indent offset" in ref.
func richSpan(e wireRich) []span {
	switch e.Type {
	case "rich_text", "rich_text_section":
		return richKids(e.Elements)
	case "rich_text_preformatted":
		return []span{{kind: spanPre, text: flatten(richKids(e.Elements))}}
	case "rich_text_quote":
		return []span{{kind: spanQuote, kids: richKids(e.Elements)}}
	case "rich_text_list":
		list := span{kind: spanList, ref: e.Style.list + " " + strconv.Itoa(e.Indent) + " " + strconv.Itoa(e.Offset)}
		for _, item := range e.Elements {
			list.kids = append(list.kids, span{kind: spanItem, kids: richSpan(item)})
		}
		return []span{list}
	}
	return styled(e.Style, richRun(e))
}

// richRun is one run of a rich_text without its style.
func richRun(e wireRich) []span {
	switch e.Type {
	case "text":
		var spans []span
		for i, line := range strings.Split(e.Text, "\n") {
			if i > 0 {
				spans = append(spans, span{kind: spanBreak})
			}
			spans = append(spans, span{kind: spanText, text: line})
		}
		return spans
	case "link":
		return []span{{kind: spanLink, ref: e.URL, text: orElse(e.Text, e.URL)}}
	case "emoji":
		return []span{{kind: spanEmoji, text: e.Name}}
	case "user":
		return []span{{kind: spanUser, ref: e.UserID}}
	case "usergroup":
		return []span{{kind: spanGroup, ref: e.GroupID}}
	case "channel":
		return []span{{kind: spanChannel, ref: e.ChannelID}}
	case "team":
		return []span{{kind: spanUser, ref: e.TeamID}}
	case "broadcast":
		return []span{{kind: spanBroadcast, ref: e.Range}}
	case "color":
		return []span{{kind: spanColor, text: e.Value}}
	case "date":
		ref := strconv.FormatInt(e.Timestamp, 10) + "^" + e.Format
		if e.URL != "" {
			ref += "^" + e.URL
		}
		return []span{{kind: spanDate, ref: ref, text: e.Fallback}}
	}
	return []span{{kind: spanUnknown, text: e.Type}}
}

func styled(m richMarks, spans []span) []span {
	if m.Code {
		spans = []span{{kind: spanCode, kids: spans}}
	}
	if m.Strike {
		spans = []span{{kind: spanStrike, kids: spans}}
	}
	if m.Italic {
		spans = []span{{kind: spanItalic, kids: spans}}
	}
	if m.Bold {
		spans = []span{{kind: spanBold, kids: spans}}
	}
	return spans
}
