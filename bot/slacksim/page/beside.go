package page

import (
	"encoding/json"
	"html/template"
	"slices"
	"strconv"
	"strings"

	"muster/bot/slacksim"
	"muster/bot/slacksim/blockkit"
)

type besideView struct {
	At            place
	Kind          string // thread, members, pins, or empty
	Name, Channel string
	Messages      []template.HTML
	Drafts        string
	Writable      bool
	Members       []face
	Others        []face
	Manage        bool // whoever is in it can be put out
	Close         string
}

// beside is what is open at the right of the messages: a thread, or the members or pins of the channel.
func (s *server) beside(g *sight) (besideView, error) {
	c, ok := g.byID[g.at.Channel]
	v := besideView{At: g.at, Channel: c.ID, Close: g.at.WithThread("")}
	if !ok {
		return v, nil
	}
	v.Name = g.name(c)
	var err error
	var views []messageView
	switch {
	case g.at.Thread != "":
		v.Kind, v.Drafts = "thread", g.at.Who+c.ID+g.at.Thread
		v.Writable = g.member(c) && !c.Archived
		views, err = s.messages(g, g.me.Replies(c.ID, g.at.Thread), true)
	case g.at.About == "members":
		v.Kind, v.Manage = "members", g.member(c) && !c.General && !c.IM && !c.MPIM
		for _, id := range c.Members {
			v.Members = append(v.Members, faceOf(g.users[id]))
		}
		for _, u := range g.order {
			if !slices.Contains(c.Members, u.ID) && !u.Deleted && u.Handle != "slackbot" && g.member(c) && !c.IM {
				v.Others = append(v.Others, faceOf(u))
			}
		}
	case g.at.About == "pins":
		v.Kind = "pins"
		var pinned []slacksim.Message
		for _, m := range g.me.History(c.ID, 0) {
			if m.Pinned {
				m.Pinned = false // all are, here
				pinned = append(pinned, m)
			}
		}
		views, err = s.messages(g, pinned, true)
	}
	if err != nil {
		return v, err
	}
	v.Messages, err = s.articles(g, views)
	return v, err
}

type panelView struct {
	At       place
	Kind     string // calls, outbox, sockets, trouble, or empty
	Entries  []entryView
	Columns  []string
	Rows     []OutboxRow
	Outbox   bool
	Sockets  []socketView
	Knobs    []knob
	Controls []controlView
}

type socketView struct {
	ID       int
	Since    string
	HalfOpen bool
}

type controlView struct{ Name, Label, Words, State string }

func (s *server) panel(g *sight) panelView {
	v := panelView{At: g.at, Kind: g.at.Panel, Outbox: s.opts.Outbox != nil}
	switch g.at.Panel {
	case "calls":
		v.Entries = s.entries(g.zone)
	case "outbox":
		v.Columns = s.opts.OutboxColumns
		if s.opts.Outbox != nil {
			v.Rows = s.opts.Outbox()
		}
	case "sockets":
		for _, one := range s.ws.Sockets() {
			v.Sockets = append(v.Sockets, socketView{one.ID, one.Since.In(g.zone).Format("15:04:05"), one.HalfOpen})
		}
	case "trouble":
		v.Knobs = s.knobs()
		for _, c := range s.opts.Controls {
			if c.Hidden != nil && c.Hidden() {
				continue
			}
			one := controlView{Name: c.Name, Label: c.Label, Words: c.Words}
			if c.State != nil {
				one.State = c.State()
			}
			v.Controls = append(v.Controls, one)
		}
	default:
		v.Kind = ""
	}
	return v
}

type modalView struct {
	ID, Title, Submit, Close string
	Body                     template.HTML
	Depth                    int
}

// modal is the person's topmost modal, if one is open.
func (s *server) modal(g *sight) (*modalView, error) {
	all := g.me.Views()
	if len(all) == 0 {
		return nil, nil
	}
	top := all[len(all)-1]
	r := g.renderer(top.ID + "-")
	r.Errors, r.Filled = top.Errors, filled(top)
	body, err := r.Blocks(top.Blocks)
	if err != nil {
		return nil, err
	}
	v := &modalView{ID: top.ID, Close: "Cancel", Body: body, Depth: len(all)}
	for text, into := range map[*slacksim.Text]*string{top.Title: &v.Title, top.SubmitText: &v.Submit, top.CloseText: &v.Close} {
		if text != nil {
			*into = blockkit.PlainText(text.Text)
		}
	}
	return v, nil
}

// filled tells a renderer what stands in the fields of a view.
func filled(v slacksim.View) func(block, action string) ([]string, bool) {
	return func(block, action string) ([]string, bool) {
		value, ok := v.State[block][action]
		if !ok {
			return nil, false
		}
		return valuesOf(value), true
	}
}

func valuesOf(v slacksim.Value) []string {
	values := slices.Clone(v.IDs)
	for _, o := range v.Options {
		if strings.HasSuffix(v.Type, "external_select") {
			values = append(values, o.Text.Text) // it is typed into, and shows what was picked
		} else {
			values = append(values, o.Value)
		}
	}
	switch {
	case v.DateTime != 0:
		values = append(values, strconv.FormatInt(v.DateTime, 10))
	case v.Date != "":
		values = append(values, v.Date)
	case v.Text != "":
		values = append(values, v.Text)
	case len(v.RichText) > 0:
		list, _ := json.Marshal([]json.RawMessage{v.RichText}) // what was stored is JSON
		values = append(values, blockkit.Text(list))
	}
	return values
}
