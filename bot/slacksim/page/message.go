package page

import (
	"encoding/json"
	"html/template"
	"slices"
	"strconv"
	"strings"
	"time"

	"muster/bot/slacksim"
	"muster/bot/slacksim/blockkit"
)

// messagesShown is how many messages of a channel a page shows; the rest is behind a link.
const messagesShown = 100

// messageView is one message as its template wants it.
type messageView struct {
	At                                    place
	HTMLID, Channel, TS, Source           string
	Face                                  face
	Day, Time, Full, ISO                  string
	More, System, OnlyYou, Pinned, Edited bool
	Mine, InThread, Root                  bool
	Content                               template.HTML
	Attachments                           []attachmentView
	Files                                 []fileView
	Reactions                             []reactionView
	Replies                               int
	LastReply                             string
	Shortcuts                             []slacksim.Shortcut
	Writable                              bool
}

type attachmentView struct {
	Colour               string
	Pretext, Title, Text template.HTML
	Fields               []fieldView
	Blocks               template.HTML
	Footer               string
}

// fieldView is a line of an attachment: what, and how much.
type fieldView struct {
	Title string
	Value template.HTML
}

type reactionView struct {
	Name, Char, Who string
	Count           int
	Mine            bool
}

// messages are the views of some messages, with what each owes to the one before: the day, and whether the author stands
// there already.
func (s *server) messages(g *sight, all []slacksim.Message, thread bool) ([]messageView, error) {
	var shortcuts []slacksim.Shortcut
	for _, one := range s.ws.Manifest().Features.Shortcuts {
		if one.Type == "message" {
			shortcuts = append(shortcuts, one)
		}
	}
	prefix := "m-"
	if thread {
		prefix = "t-"
	}
	views := make([]messageView, 0, len(all))
	var before time.Time
	for i, m := range all {
		v, err := s.message(g, m, prefix)
		if err != nil {
			return nil, err
		}
		at := when(m.TS, g.zone)
		v.InThread, v.Shortcuts = thread, shortcuts
		v.Root = thread && i == 0
		if day := at.Format(time.DateOnly); before.IsZero() || day != before.Format(time.DateOnly) {
			v.Day = dayName(at)
		} else if i > 0 {
			last := all[i-1]
			v.More = last.User == m.User && !last.Service() && !m.Service() && at.Sub(before) < 5*time.Minute &&
				last.EphemeralTo == m.EphemeralTo && !m.Pinned && !v.Root && last.Username == m.Username && (!thread || i > 1)
		}
		before = at
		views = append(views, v)
	}
	return views, nil
}

func (s *server) message(g *sight, m slacksim.Message, prefix string) (messageView, error) {
	at := when(m.TS, g.zone)
	user, ok := g.users[m.User]
	if !ok {
		user = slacksim.User{ID: m.User, RealName: m.User, Bot: m.ByApp}
	}
	if m.Username != "" {
		user.RealName = m.Username
	}
	c, in := g.byID[m.Channel]
	v := messageView{At: g.at, HTMLID: prefix + m.TS, Channel: m.Channel, TS: m.TS, Face: faceOf(user), Time: at.Format("15:04"),
		Full: at.Format("Monday, 2 January 2006 15:04:05"), ISO: at.UTC().Format(time.RFC3339), System: m.Service(),
		OnlyYou: m.EphemeralTo != "", Pinned: m.Pinned, Edited: m.EditedTS != "" && !m.ByApp, Mine: m.User == g.me.ID,
		Replies: m.Replies, Writable: in && g.member(c) && !c.Archived}
	if v.Mine && !v.System {
		v.Source = m.Text()
	}
	shown, err := s.contents.of(g, m, prefix)
	v.Content, v.Attachments, v.Files = shown.html, shown.attachments, s.files(g, m)
	for _, one := range m.Reactions {
		v.Reactions = append(v.Reactions, g.reaction(one))
	}
	if m.Replies > 0 {
		replies := g.me.Replies(m.Channel, m.TS)
		v.LastReply = when(replies[len(replies)-1].TS, g.zone).Format("15:04")
	}
	return v, err
}

func (g *sight) reaction(one slacksim.Reaction) reactionView {
	v := reactionView{Name: one.Name, Count: len(one.Users), Mine: slices.Contains(one.Users, g.me.ID)}
	v.Char = ":" + one.Name + ":"
	if char, ok := blockkit.EmojiChar(one.Name); ok {
		v.Char = char
	}
	var names []string
	for _, id := range one.Users {
		names = append(names, g.User(id))
	}
	v.Who = strings.Join(names, ", ") + " reacted with :" + one.Name + ":"
	return v
}

// attachments are the older way to put parts under a message: a coloured bar with text or blocks.
func attachments(r *blockkit.Renderer, raw json.RawMessage) ([]attachmentView, error) {
	var wire []struct {
		Color, Pretext, Title, Text, Fallback, Footer string
		Blocks                                        json.RawMessage
		Fields                                        []struct{ Title, Value string }
	}
	if len(raw) == 0 || json.Unmarshal(raw, &wire) != nil {
		return nil, nil
	}
	views := make([]attachmentView, 0, len(wire))
	for _, a := range wire {
		v := attachmentView{Pretext: r.Mrkdwn(a.Pretext), Title: r.Mrkdwn(a.Title), Text: r.Mrkdwn(a.Text), Footer: a.Footer}
		for _, f := range a.Fields {
			v.Fields = append(v.Fields, fieldView{f.Title, r.Mrkdwn(f.Value)})
		}
		switch strings.ToLower(a.Color) {
		case "good", "warning", "danger":
			v.Colour = strings.ToLower(a.Color)
		}
		if len(a.Blocks) > 0 {
			blocks, err := r.Blocks(a.Blocks)
			if err != nil {
				return nil, err
			}
			v.Blocks = blocks
		} else if a.Text == "" && a.Title == "" && len(a.Fields) == 0 {
			v.Text = r.Mrkdwn(a.Fallback)
		}
		views = append(views, v)
	}
	return views, nil
}

// when is the time of a timestamp.
func when(ts string, zone *time.Location) time.Time {
	seconds, micros, _ := strings.Cut(ts, ".")
	sec, err := strconv.ParseInt(seconds, 10, 64)
	if err != nil {
		return time.Time{}
	}
	us, err := strconv.ParseInt(micros, 10, 64)
	if err != nil {
		us = 0
	}
	return time.Unix(sec, us*1000).In(zone)
}

func dayName(at time.Time) string {
	now := time.Now().In(at.Location())
	switch at.Format(time.DateOnly) {
	case now.Format(time.DateOnly):
		return "Today"
	case now.AddDate(0, 0, -1).Format(time.DateOnly):
		return "Yesterday"
	}
	return at.Format("Monday, 2 January 2006")
}
