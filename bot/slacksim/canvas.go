package slacksim

import (
	"encoding/json"
	"slices"
	"strings"
)

// Canvas is a document of the workspace. The one of a channel stands in its tab; any other is shared by its link.
type Canvas struct {
	ID       string            `json:"id"`
	Title    string            `json:"title"`
	Channel  string            `json:"channel,omitempty"`
	Sections []Section         `json:"sections"`
	Access   map[string]string `json:"access,omitempty"` // channel or user to read, write or owner
}

// Section is a piece of a canvas that can be edited by itself: a heading, a paragraph, a list.
type Section struct {
	ID       string `json:"id"`
	Markdown string `json:"markdown"`
}

// Text is the whole canvas in Markdown.
func (c Canvas) Text() string {
	var parts []string
	for _, s := range c.Sections {
		parts = append(parts, s.Markdown)
	}
	return strings.Join(parts, "\n\n")
}

// Canvas is the canvas of a channel by name or ID, or the canvas of this ID, if the person may read it.
func (p *Person) Canvas(name string) (Canvas, bool) {
	p.ws.mu.Lock()
	defer p.ws.mu.Unlock()
	c := p.ws.channelByName(name)
	i := slices.IndexFunc(p.ws.st.Canvases, func(one *Canvas) bool { return one.ID == name || c != nil && one.Channel == c.ID })
	if i < 0 || p.ID == "" || !p.reads(p.ws.st.Canvases[i]) {
		return Canvas{}, false
	}
	out := *p.ws.st.Canvases[i]
	out.Sections = slices.Clone(out.Sections)
	return out, true
}

func (p *Person) reads(one *Canvas) bool {
	if _, given := one.Access[p.ID]; given {
		return true
	}
	return slices.ContainsFunc(p.ws.st.Channels, func(c *channel) bool {
		_, given := one.Access[c.ID]
		return (given || c.ID == one.Channel) && p.ws.visible(c, p.ID)
	})
}

// document is the document_content of a call as sections: what is apart by an empty line, and each heading.
func (ws *Workspace) document(raw json.RawMessage) ([]Section, bool) {
	var content struct{ Type, Markdown string }
	if len(raw) == 0 {
		return nil, true
	}
	if json.Unmarshal(raw, &content) != nil || content.Type != "markdown" {
		return nil, false
	}
	var out []Section
	text := ""
	end := func() {
		if text = strings.TrimSpace(text); text != "" {
			out = append(out, Section{ID: ws.newID("temp:C:"), Markdown: text})
		}
		text = ""
	}
	for line := range strings.Lines(content.Markdown) {
		heading := strings.HasPrefix(line, "#")
		if heading || strings.TrimSpace(line) == "" {
			end()
		}
		text += line
		if heading {
			end()
		}
	}
	end()
	return out, true
}

func canvasesCreate(c *call) (answer, error) {
	sections, ok := c.ws.document(json.RawMessage(c.args["document_content"]))
	if !ok {
		return nil, refuse("canvas_creation_failed")
	}
	canvas := &Canvas{ID: c.ws.newID("F"), Title: c.args["title"], Sections: sections, Access: map[string]string{botUserID: "owner"}}
	if c.args.has("channel_id") {
		ch, err := c.canvasChannel()
		if err != nil {
			return nil, err
		}
		canvas.Channel = ch.ID
		c.ws.notify(Change{Kind: ChangeChannel, Channel: ch.ID})
	}
	c.ws.st.Canvases = append(c.ws.st.Canvases, canvas)
	c.effect("created %s", canvas.ID)
	return answer{"canvas_id": canvas.ID}, nil
}

// conversationsCanvasesCreate makes the one canvas that a channel has for itself.
func conversationsCanvasesCreate(c *call) (answer, error) {
	ch, err := c.canvasChannel()
	if err != nil {
		return nil, err
	}
	if slices.ContainsFunc(c.ws.st.Canvases, func(one *Canvas) bool { return one.Channel == ch.ID }) {
		return nil, refuse("channel_canvas_already_exists")
	}
	return canvasesCreate(c)
}

func (c *call) canvasChannel() (*channel, error) {
	ch, err := c.channel("channel_id")
	if err == nil && (ch.Archived || !ch.has(botUserID)) {
		err = refuse("channel_canvas_creation_failed")
	}
	return ch, err
}

// canvas is the canvas of the call, if the bot may do so much with it.
func (c *call) canvas(write bool) (*Canvas, error) {
	i := slices.IndexFunc(c.ws.st.Canvases, func(one *Canvas) bool { return one.ID == c.args["canvas_id"] })
	if i < 0 {
		return nil, refuse("canvas_not_found")
	}
	if access := c.ws.st.Canvases[i].Access[botUserID]; write && access != "owner" && access != "write" {
		return nil, refuse("restricted_action")
	}
	return c.ws.st.Canvases[i], nil
}

func canvasesEdit(c *call) (answer, error) {
	canvas, err := c.canvas(true)
	if err != nil {
		return nil, err
	}
	var changes []struct {
		Operation string          `json:"operation"`
		Section   string          `json:"section_id"`
		Content   json.RawMessage `json:"document_content"`
		Title     struct {
			Markdown string `json:"markdown"`
		} `json:"title_content"`
	}
	if json.Unmarshal([]byte(c.args["changes"]), &changes) != nil || len(changes) != 1 {
		return nil, refuseBecause("invalid_arguments", "[ERROR] changes must hold one change")
	}
	change := changes[0]
	sections, ok := c.ws.document(change.Content)
	at := slices.IndexFunc(canvas.Sections, func(s Section) bool { return s.ID == change.Section })
	if !ok || change.Section != "" && at < 0 || change.Section == "" && slices.Contains([]string{"insert_after", "insert_before", "delete"}, change.Operation) {
		return nil, refuse("canvas_editing_failed")
	}
	switch change.Operation {
	case "insert_at_start":
		canvas.Sections = slices.Insert(canvas.Sections, 0, sections...)
	case "insert_at_end":
		canvas.Sections = append(canvas.Sections, sections...)
	case "insert_after":
		canvas.Sections = slices.Insert(canvas.Sections, at+1, sections...)
	case "insert_before":
		canvas.Sections = slices.Insert(canvas.Sections, at, sections...)
	case "delete":
		canvas.Sections = slices.Delete(canvas.Sections, at, at+1)
	case "replace": // without a section, all of it
		if change.Section == "" {
			canvas.Sections = sections
		} else {
			canvas.Sections = slices.Replace(canvas.Sections, at, at+1, sections...)
		}
	case "rename":
		canvas.Title = change.Title.Markdown
	default:
		return nil, refuseBecause("invalid_arguments", "[ERROR] no such operation: "+change.Operation)
	}
	c.effect("edited %s", canvas.ID)
	return nil, nil
}

func canvasesDelete(c *call) (answer, error) {
	canvas, err := c.canvas(true)
	if err != nil {
		return nil, err
	}
	c.ws.st.Canvases = slices.DeleteFunc(c.ws.st.Canvases, func(one *Canvas) bool { return one == canvas })
	c.effect("deleted %s", canvas.ID)
	return nil, nil
}

func canvasesAccessSet(c *call) (answer, error) {
	canvas, err := c.canvas(true)
	if err != nil {
		return nil, err
	}
	channels, users, level := c.args.list("channel_ids"), c.args.list("user_ids"), c.args["access_level"]
	switch {
	case !slices.Contains([]string{"read", "write", "owner"}, level), len(channels) > 0 == (len(users) > 0):
		return nil, refuse("invalid_parameters")
	case slices.ContainsFunc(channels, func(id string) bool { return c.ws.channel(id) == nil }):
		return nil, refuse("channel_not_found")
	case slices.ContainsFunc(users, func(id string) bool { return c.ws.user(id) == nil }):
		return nil, refuse("user_not_found")
	}
	for _, id := range slices.Concat(channels, users) {
		canvas.Access[id] = level
	}
	c.effect("shared %s", canvas.ID)
	return answer{"failed_to_update_channel_ids": []string{}, "failed_to_update_user_ids": []string{}}, nil
}

func canvasesSectionsLookup(c *call) (answer, error) {
	canvas, err := c.canvas(false)
	if err != nil {
		return nil, err
	}
	var want struct {
		Types    []string `json:"section_types"`
		Contains string   `json:"contains_text"`
	}
	if json.Unmarshal([]byte(c.args["criteria"]), &want) != nil || len(want.Types) == 0 && want.Contains == "" {
		return nil, refuseBecause("invalid_arguments", "[ERROR] criteria must say section_types or contains_text")
	}
	found := []map[string]any{}
	for _, s := range canvas.Sections {
		level := len(s.Markdown) - len(strings.TrimLeft(s.Markdown, "#"))
		kind := []string{"", "h1", "h2", "h3"}[min(level, 3)]
		fits := len(want.Types) == 0 || kind != "" && (slices.Contains(want.Types, kind) || slices.Contains(want.Types, "any_header"))
		if fits && strings.Contains(s.Markdown, want.Contains) {
			found = append(found, map[string]any{"id": s.ID})
		}
	}
	return answer{"sections": found}, nil
}
