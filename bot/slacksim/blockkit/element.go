package blockkit

import (
	"encoding/json"
	"html/template"
	"slices"
	"strconv"
	"strings"
	"time"
)

// elementView is an interactive element as its template wants it.
type elementView struct {
	Kind, BlockID, ActionID string
	// Dispatch is when a script sends it: "change", "enter", "input", or "" for never by itself.
	Dispatch    string
	Text        template.HTML
	Value       string
	URL, Style  string
	Label       string // for screen readers, where no visible text names it
	LabelledBy  string
	Described   string
	Placeholder string
	List        string // the HTML id of what the app offers while somebody types
	Confirm     *confirmView
	Required    bool
	Focus       bool
	// Multi allows several choices, at most Most of them (0: no limit).
	Multi    bool
	Most     int
	Options  []optionView
	Groups   []groupView
	Selected int
	Chosen   string // labels of what is chosen, for the closed menu
	Image    string
	Rows     int
	MinLen   int
	MaxLen   int
	Min, Max string
	Step     string
}

type optionView struct {
	Text, Description template.HTML
	Label, Value, URL string
	Chosen            bool
	Name              string
}

type groupView struct {
	Label   string
	Options []optionView
}

type confirmView struct {
	Title, Text   template.HTML
	Confirm, Deny string
	Danger        bool
}

func (r *Renderer) rawElement(block string, raw json.RawMessage) *elementView {
	var e wireElement
	if json.Unmarshal(raw, &e) != nil {
		return &elementView{Kind: "unsupported", Text: "unreadable element"}
	}
	return r.element(block, &e, "change")
}

// element is an element ready to be shown. dispatch is "change" where a change is sent at once.
func (r *Renderer) element(block string, e *wireElement, dispatch string) *elementView {
	v := &elementView{Kind: e.Type, BlockID: block, ActionID: e.ActionID, Dispatch: dispatch, Text: r.text(e.Text),
		Value: e.Value, Style: e.Style, Label: e.Accessibility, Placeholder: emojiInPlain(e.Placeholder.Text),
		Focus: e.Focus, Confirm: r.confirm(e.Confirm)}
	switch e.Type {
	case "button", "workflow_button":
		v.URL, _ = safeURL(e.URL)
	case "overflow", "checkboxes", "radio_buttons":
		v.Options = r.options(v, e.Options)
		v.mark(e)
	case "image":
		v.Image, v.Label = imageURL(e.ImageURL, e.SlackFile), e.AltText
	case "datepicker":
		v.Value = e.InitialDate
	case "timepicker":
		v.Value = e.InitialTime
	case "datetimepicker":
		if e.InitialDateTime != 0 {
			v.Value = time.Unix(e.InitialDateTime, 0).In(r.zone()).Format("2006-01-02T15:04")
		}
	case "plain_text_input", "email_text_input", "url_text_input", "number_input", "rich_text_input":
		v.typed(e)
	case "file_input":
	default:
		if source, several := strings.CutPrefix(e.Type, "multi_"); strings.HasSuffix(source, "_select") {
			v.Multi = several
			r.menu(v, source, e)
			break
		}
		v.Kind, v.Text = "unsupported", r.Plain(orElse(e.Type, "element without a type"))
	}
	if r.Filled != nil && e.Type != "button" && e.Type != "overflow" {
		if values, ok := r.Filled(block, e.ActionID); ok {
			v.refill(values)
			if seconds, err := strconv.ParseInt(v.Value, 10, 64); err == nil && e.Type == "datetimepicker" {
				v.Value = time.Unix(seconds, 0).In(r.zone()).Format("2006-01-02T15:04")
			}
		}
	}
	return v
}

// refill puts what was filled in before in place of what the element starts with.
func (v *elementView) refill(values []string) {
	for _, options := range append([][]optionView{v.Options}, groupOptions(v.Groups)...) {
		for i := range options {
			options[i].Chosen = false
		}
	}
	v.Selected, v.Chosen = 0, ""
	for _, value := range values {
		v.choose(value)
	}
	if len(v.Options) == 0 && len(v.Groups) == 0 {
		v.Value = strings.Join(values, ", ")
	}
}

func groupOptions(groups []groupView) [][]optionView {
	all := make([][]optionView, len(groups))
	for i := range groups {
		all[i] = groups[i].Options
	}
	return all
}

// typed fills in what is particular to the elements that people type into.
func (v *elementView) typed(e *wireElement) {
	if json.Unmarshal(e.InitialValue, &v.Value) != nil && len(e.InitialValue) > 0 {
		var rich wireRich
		if json.Unmarshal(e.InitialValue, &rich) == nil {
			v.Value = flatten(richSpan(rich))
		}
	}
	v.MinLen, v.MaxLen, v.Rows = e.MinLength, e.MaxLength, 1
	if v.MaxLen == 0 {
		v.MaxLen = 3000
	}
	if e.Multiline || e.Type == "rich_text_input" {
		v.Rows = 4
	}
	v.Min, v.Max, v.Step = e.MinValue, e.MaxValue, "1"
	if e.Decimal {
		v.Step = "any"
	}
	if v.Dispatch != "" {
		v.Dispatch = "enter"
		if slices.Contains(e.Dispatch.On, "on_character_entered") {
			v.Dispatch = "input"
		}
	}
}

// menu fills in the choices of a select: its own, or people and places.
func (r *Renderer) menu(v *elementView, source string, e *wireElement) {
	v.Most = e.Most
	places := func(choices []Choice) {
		for _, c := range choices {
			v.Options = append(v.Options, optionView{Label: c.Label, Text: r.Plain(c.Label), Value: c.ID})
		}
	}
	switch source {
	case "static_select":
		v.Options = r.options(v, e.Options)
		for _, g := range e.Groups {
			v.Groups = append(v.Groups, groupView{emojiInPlain(g.Label.Text), r.options(v, g.Options)})
		}
	case "external_select":
		// Its choices come from the app while somebody types.
		v.List, v.Value = r.Prefix+v.BlockID+"-"+e.ActionID, initialValues(e)
		return
	case "users_select":
		places(r.People)
	case "conversations_select":
		places(r.Conversations)
	case "channels_select":
		places(r.Channels)
	}
	v.mark(e)
	if e.Current && v.Selected == 0 {
		v.choose(r.Here)
	}
}

func initialValues(e *wireElement) string {
	if e.InitialOption != nil {
		return e.InitialOption.Text.Text
	}
	var values []string
	for _, o := range e.InitialOptions {
		values = append(values, o.Text.Text)
	}
	return strings.Join(values, ", ")
}

// mark sets what is chosen at the start.
func (v *elementView) mark(e *wireElement) {
	if e.InitialOption != nil {
		v.choose(e.InitialOption.Value)
	}
	for _, o := range e.InitialOptions {
		v.choose(o.Value)
	}
	for _, id := range slices.Concat([]string{e.InitialUser, e.InitialConversation, e.InitialChannel}, e.InitialUsers,
		e.InitialConversations, e.InitialChannels) {
		v.choose(id)
	}
}

func (v *elementView) choose(value string) {
	if value == "" {
		return
	}
	set := func(options []optionView) {
		for i := range options {
			if options[i].Value == value && !options[i].Chosen {
				options[i].Chosen = true
				v.Selected++
				v.Chosen = strings.TrimPrefix(v.Chosen+", "+options[i].Label, ", ")
			}
		}
	}
	set(v.Options)
	for _, g := range v.Groups {
		set(g.Options)
	}
}

func (r *Renderer) options(v *elementView, options []wireOption) []optionView {
	views := make([]optionView, 0, len(options))
	for _, o := range options {
		one := optionView{Label: emojiInPlain(plainOf(o.Text)), Text: r.text(o.Text), Value: o.Value,
			Name: r.Prefix + v.BlockID + "/" + v.ActionID}
		one.URL, _ = safeURL(o.URL)
		if o.Description != nil {
			one.Description = r.text(*o.Description)
		}
		views = append(views, one)
	}
	return views
}

func (r *Renderer) confirm(c *wireConfirm) *confirmView {
	if c == nil {
		return nil
	}
	return &confirmView{Title: r.text(c.Title), Text: r.text(c.Text), Confirm: emojiInPlain(c.Confirm.Text),
		Deny: emojiInPlain(c.Deny.Text), Danger: c.Style == "danger"}
}

// emojiInPlain puts characters for emoji names, where only text can stand: in attributes and menus.
func emojiInPlain(s string) string {
	if !strings.Contains(s, ":") {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); {
		if s[i] == ':' {
			if name, ok := emojiAt(s[i+1:]); ok {
				b.WriteString(emojiText(name))
				i += len(name) + 2
				continue
			}
		}
		b.WriteByte(s[i])
		i++
	}
	return b.String()
}

// PlainText is a plain_text as text: with the characters of its emoji. For titles and menus.
func PlainText(s string) string { return emojiInPlain(s) }
