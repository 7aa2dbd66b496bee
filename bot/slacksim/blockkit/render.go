package blockkit

import (
	"embed"
	"encoding/json"
	"fmt"
	"html/template"
	"strings"
	"time"
)

//go:embed blocks.tmpl
var templateFiles embed.FS

var blockTemplates = template.Must(template.ParseFS(templateFiles, "blocks.tmpl"))

// Choice is one entry of a select of people or channels.
type Choice struct{ ID, Label string }

// Renderer shows Block Kit as HTML to one person. The zero value works: it knows no names and no choices.
//
// Interactive elements are plain HTML controls inside an element with the attributes data-bk (the element's type),
// data-block-id and data-action-id; what is chosen is the value of its controls, or data-value of the pressed button.
// data-dispatch tells a script when to send it: "change", "enter" or "input"; without it, only with the form.
// A confirm dialog stands in a <template class="bk-confirm"> inside the element.
type Renderer struct {
	// Names resolves IDs. May be nil.
	Names Names
	// Me is the ID of the person who looks: mentions of them stand out.
	Me string
	// ChannelURL makes mentioned channels links. May be nil.
	ChannelURL func(id string) string
	// Zone and Now are for dates; UTC and the clock when not set.
	Zone *time.Location
	Now  func() time.Time
	// People, Conversations and Channels are what selects of people and places offer.
	People, Conversations, Channels []Choice
	// Here is the conversation that default_to_current_conversation means.
	Here string
	// Errors are the words under inputs, by block_id, as the bot answered a submitted modal.
	Errors map[string]string
	// Filled tells what somebody has filled into an element before: the values of options, IDs, a date, a text. ok is
	// false where nobody has. May be nil.
	Filled func(blockID, actionID string) (values []string, ok bool)
	// Prefix makes the HTML ids of this rendering unique in the page.
	Prefix string
}

func (r *Renderer) now() time.Time {
	if r.Now == nil {
		return time.Now()
	}
	return r.Now()
}

func (r *Renderer) zone() *time.Location {
	if r.Zone == nil {
		return time.UTC
	}
	return r.Zone
}

func (r *Renderer) userName(id string) string {
	if r.Names == nil {
		return ""
	}
	return r.Names.User(id)
}

func (r *Renderer) channelName(id string) string {
	if r.Names == nil {
		return ""
	}
	return r.Names.Channel(id)
}

// Mrkdwn is a mrkdwn text as HTML.
func (r *Renderer) Mrkdwn(text string) template.HTML { return r.html(parseMrkdwn(text)) }

// Plain is a plain_text as HTML: only emoji and line breaks mean something in it.
func (r *Renderer) Plain(text string) template.HTML {
	in := &inline{}
	for i := 0; i < len(text); {
		if text[i] == '\n' {
			in.flushRaw()
			in.spans = append(in.spans, span{kind: spanBreak})
			i++
			continue
		}
		if text[i] == ':' {
			if name, ok := emojiAt(text[i+1:]); ok {
				in.flushRaw()
				in.spans = append(in.spans, span{kind: spanEmoji, text: name})
				i += len(name) + 2
				continue
			}
		}
		in.plain.WriteByte(text[i])
		i++
	}
	in.flushRaw()
	return r.html(in.spans)
}

func (r *Renderer) text(t wireText) template.HTML {
	if t.Type == "mrkdwn" {
		return r.Mrkdwn(t.Text)
	}
	return r.Plain(t.Text)
}

// Blocks shows blocks, each in a <div class="bk bk-TYPE">. A block it does not know is shown as a box that says so.
// It returns an error only when writing into memory fails, which is to say never.
func (r *Renderer) Blocks(blocks json.RawMessage) (template.HTML, error) {
	var b strings.Builder
	for i, block := range decodeBlocks(blocks) {
		if err := blockTemplates.ExecuteTemplate(&b, "block", r.block(i, block)); err != nil {
			return "", fmt.Errorf("show block %d: %w", i, err)
		}
	}
	return template.HTML(b.String()), nil
}

// View is what a modal or home tab shows beside its blocks.
type View struct {
	Type            string   `json:"type"`
	Title           wireText `json:"title"`
	Submit          wireText `json:"submit"`
	Close           wireText `json:"close"`
	Blocks          json.RawMessage
	NotifyOnClose   bool   `json:"notify_on_close"`
	ClearOnClose    bool   `json:"clear_on_close"`
	CallbackID      string `json:"callback_id"`
	PrivateMetadata string `json:"private_metadata"`
}

// blockView is a block as its template wants it.
type blockView struct {
	Kind, ID, Error, Alt, Link string
	Label                      string // id of the HTML element that names the input
	Text, Hint, Title          template.HTML
	Fields                     []template.HTML
	Parts                      []part
	Accessory                  *elementView
	Elements                   []*elementView
	Image                      string
	Optional                   bool
	Rows                       [][]cell
}

// part is an element of a context block: a text or a small image.
type part struct {
	Text       template.HTML
	Image, Alt string
}

type cell struct {
	Text  template.HTML
	Align string
}

func (r *Renderer) block(i int, b wireBlock) blockView {
	id := b.ID
	if id == "" {
		id = fmt.Sprintf("block-%d", i)
	}
	v := blockView{Kind: b.Type, ID: id, Alt: b.AltText, Error: r.Errors[b.ID]}
	if b.Title != nil {
		v.Title = r.text(*b.Title)
	}
	switch b.Type {
	case "divider":
	case "header", "section":
		v.Text = r.text(textOf(b.Text))
		for _, f := range b.Fields {
			v.Fields = append(v.Fields, r.text(f))
		}
		if b.Accessory != nil {
			v.Accessory = r.element(id, b.Accessory, "change")
		}
	case "context":
		v.Parts = r.context(b)
	case "actions":
		for _, raw := range b.Elements {
			v.Elements = append(v.Elements, r.rawElement(id, raw))
		}
	case "image":
		v.Image = imageURL(b.ImageURL, b.SlackFile)
	case "input":
		r.input(&v, b)
	case "rich_text":
		v.Text = r.html(richSpans(b.Elements))
	case "markdown":
		v.Text = r.Markdown(textOf(b.Text).Text)
	case "table":
		v.Rows = r.table(b)
	case "video":
		v.Image, _ = safeURL(b.ThumbnailURL)
		v.Link, _ = safeURL(orElse(b.TitleURL, b.VideoURL))
		if b.Description != nil {
			v.Hint = r.text(*b.Description)
		}
	case "file":
		v.Alt = b.ExternalID
	default:
		v.Text = r.Plain(b.Type)
		v.Kind = "unsupported"
	}
	return v
}

func (r *Renderer) context(b wireBlock) []part {
	parts := make([]part, 0, len(b.Elements))
	for _, raw := range b.Elements {
		var e struct {
			wireElement
			Text json.RawMessage `json:"text"`
		}
		_ = json.Unmarshal(raw, &e) // what cannot be read is an element of no type, which is shown as such
		t := textOf(e.Text)
		t.Type = e.Type
		switch e.Type {
		case "image":
			parts = append(parts, part{Image: imageURL(e.ImageURL, e.SlackFile), Alt: e.AltText})
		case "mrkdwn", "plain_text":
			parts = append(parts, part{Text: r.text(t)})
		default:
			parts = append(parts, part{Text: r.html([]span{{kind: spanUnknown, text: e.Type}})})
		}
	}
	return parts
}

func (r *Renderer) input(v *blockView, b wireBlock) {
	v.Text, v.Optional = r.text(b.Label), b.Optional
	v.Label = r.Prefix + "l-" + v.ID
	if b.Hint != nil {
		v.Hint = r.text(*b.Hint)
	}
	if b.Element == nil {
		v.Accessory = &elementView{Kind: "unsupported", Text: "input without an element"}
		return
	}
	dispatch := ""
	if b.DispatchAction {
		dispatch = "change"
	}
	v.Accessory = r.element(v.ID, b.Element, dispatch)
	v.Accessory.LabelledBy = v.Label
	v.Accessory.Required = !b.Optional
	if v.Error != "" {
		v.Accessory.Described = v.Label + "-error"
	}
}

func (r *Renderer) table(b wireBlock) [][]cell {
	rows := make([][]cell, len(b.Rows))
	for i, row := range b.Rows {
		for j, raw := range row {
			one := cell{Text: r.html(cellSpans(raw)), Align: "left"}
			if j < len(b.Columns) && b.Columns[j] != nil {
				switch b.Columns[j].Align {
				case "center", "right":
					one.Align = b.Columns[j].Align
				}
			}
			rows[i] = append(rows[i], one)
		}
	}
	return rows
}

// imageURL is where an image comes from, or "" when it may not be loaded.
func imageURL(own string, file *wireFile) string {
	if own == "" && file != nil {
		own = file.URL
	}
	address, ok := safeURL(own)
	if !ok || strings.HasPrefix(address, "mailto:") {
		return ""
	}
	return address
}
