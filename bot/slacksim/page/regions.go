package page

import (
	"cmp"
	"fmt"
	"html/template"
	"net/http"
	"slices"
	"strings"

	"muster/bot/slacksim"
	"muster/bot/slacksim/blockkit"
)

// The regions of a page. Each is one element of the HTML with this id, rendered and sent by itself.
const (
	regionTop    = "top"
	regionSide   = "side"
	regionHead   = "head"
	regionLog    = "log" // messages, or the app's home
	regionFoot   = "foot"
	regionBeside = "beside" // thread, members or pins
	regionPanel  = "panel"
	regionModal  = "modal"
)

func regions() []string {
	return []string{regionTop, regionSide, regionHead, regionLog, regionFoot, regionBeside, regionPanel, regionModal}
}

// servePlace is a whole page.
func (s *server) servePlace(w http.ResponseWriter, r *http.Request) {
	at := readPlace(r)
	g := s.look(at)
	if _, ok := g.users[g.me.ID]; !ok {
		http.Error(w, "nobody is called "+at.Who+" here", http.StatusNotFound)
		return
	}
	if at.Channel == "" {
		_, _ = g.me.OpensHome() // what fails shows as an empty home
	} else if _, ok := g.byID[at.Channel]; !ok {
		http.Redirect(w, r, s.landing(at.Who).URL(), http.StatusSeeOther)
		return
	}
	parts := map[string]template.HTML{}
	for _, name := range regions() {
		html, err := s.region(g, name)
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		parts[name] = html
	}
	title := "Home"
	if c, ok := g.byID[at.Channel]; ok {
		title = g.name(c)
	}
	_, team, _ := s.ws.Team()
	var hint template.HTML
	if cookie, err := r.Cookie("hint"); s.opts.Hint != "" && (err != nil || cookie.Value != "seen") {
		hint = g.renderer("").Mrkdwn(s.opts.Hint)
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	err := s.templates.ExecuteTemplate(w, "page", map[string]any{
		"At": at, "Parts": parts, "Title": title + " | " + team, "Hint": hint, "Emojis": blockkit.Emojis(), "Me": faceOf(g.users[g.me.ID])})
	if err != nil {
		panic(http.ErrAbortHandler) // half a page is out already
	}
}

// region renders one region as the person sees it now.
func (s *server) region(g *sight, name string) (template.HTML, error) {
	data, err := s.regionData(g, name)
	if err != nil {
		return "", fmt.Errorf("show %s: %w", name, err)
	}
	var b strings.Builder
	if err := s.templates.ExecuteTemplate(&b, name, data); err != nil {
		return "", fmt.Errorf("show %s: %w", name, err)
	}
	return template.HTML(b.String()), nil
}

func (s *server) regionData(g *sight, name string) (any, error) {
	switch name {
	case regionTop:
		return s.top(g), nil
	case regionSide:
		return s.side(g), nil
	case regionHead:
		return s.head(g), nil
	case regionLog:
		return s.log(g)
	case regionFoot:
		return s.foot(g), nil
	case regionBeside:
		return s.beside(g)
	case regionPanel:
		return s.panel(g), nil
	}
	return s.modal(g)
}

type topView struct {
	At              place
	Team, App, Note string
	Me              face
	People          []personView
	Sockets         int
	Down            bool
	Trouble         []string
}

type personView struct {
	Face       face
	URL        string
	Here       bool
	Restricted string
}

func (s *server) top(g *sight) topView {
	_, team, _ := s.ws.Team()
	v := topView{At: g.at, Team: team, App: s.ws.Manifest().DisplayInformation.Name, Note: s.opts.Note, Me: faceOf(g.users[g.me.ID]),
		Sockets: len(s.ws.Sockets()), Down: s.ws.Down(), Trouble: s.troubled()}
	for _, u := range people(g.order) {
		v.People = append(v.People, personView{Face: faceOf(u), URL: g.at.As(u.Handle), Here: u.ID == g.me.ID})
	}
	return v
}

type sideView struct {
	At             place
	App            string
	AppHandle      string
	Home           bool
	Channels       []placeView
	Direct, Browse []placeView
	People         []placeView
}

// placeView is one entry of the side bar.
type placeView struct {
	ID, Name, URL, Sign string
	Face                *face
	Unread, Mentions    int
	Here, Archived      bool
}

func (s *server) side(g *sight) sideView {
	bot := g.users[s.ws.BotUserID()]
	v := sideView{At: g.at, App: s.ws.Manifest().DisplayInformation.Name, AppHandle: bot.Handle, Home: s.ws.Manifest().Features.AppHome.HomeTabEnabled}
	for _, c := range g.channels {
		one := placeView{ID: c.ID, Name: g.name(c), URL: g.at.In(c.ID), Sign: "#", Here: c.ID == g.at.Channel, Archived: c.Archived}
		if c.Private {
			one.Sign = "🔒"
		}
		if !g.member(c) {
			if !c.IM && !c.MPIM {
				v.Browse = append(v.Browse, one)
			}
			if one.Here {
				v.Channels = append(v.Channels, one)
			}
			continue
		}
		one.Unread, one.Mentions = g.me.Unread(c.ID)
		switch {
		case c.IM || c.MPIM:
			one.Face = g.partner(c)
			if one.Here || one.Unread > 0 || len(g.me.History(c.ID, 1)) > 0 {
				v.Direct = append(v.Direct, one)
			}
		case c.Archived && !one.Here:
			v.Browse = append(v.Browse, one)
		default:
			v.Channels = append(v.Channels, one)
		}
	}
	for _, list := range [][]placeView{v.Channels, v.Direct, v.Browse} {
		slices.SortStableFunc(list, func(a, b placeView) int { return cmp.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)) })
	}
	for _, u := range people(g.order) {
		f := faceOf(u)
		v.People = append(v.People, placeView{Name: f.Name, URL: g.at.DM(u.Handle), Face: &f})
	}
	return v
}

// partner is the face of the other in direct messages.
func (g *sight) partner(c slacksim.Channel) *face {
	f := faceOf(g.users[g.me.ID])
	for _, id := range c.Members {
		if id != g.me.ID {
			f = faceOf(g.users[id])
		}
	}
	return &f
}

type headView struct {
	At              place
	Name, Sign      string
	Topic           template.HTML
	Members, Pins   int
	Bookmarks       []slacksim.Bookmark
	Archived, Home  bool
	Joined, General bool
	Private, Admin  bool
	Direct          bool
	Channel         string
	AppDM           string
}

func (s *server) head(g *sight) headView {
	c, ok := g.byID[g.at.Channel]
	if !ok {
		bot := g.users[s.ws.BotUserID()]
		return headView{At: g.at, Name: s.ws.Manifest().DisplayInformation.Name, Home: true, AppDM: g.at.DM(bot.Handle)}
	}
	v := headView{At: g.at, Name: g.name(c), Sign: "#", Topic: g.renderer("head-").Mrkdwn(c.Topic.Value), Members: len(c.Members), Pins: len(c.Pins),
		Bookmarks: c.Bookmarks, Archived: c.Archived, Joined: g.member(c), General: c.General, Direct: c.IM || c.MPIM, Channel: c.ID,
		Private: c.Private, Admin: g.users[g.me.ID].Admin}
	switch {
	case v.Direct:
		v.Sign = ""
	case c.Private:
		v.Sign = "🔒"
	}
	return v
}

type logView struct {
	At             place
	Home           template.HTML
	HomeID         string
	IsHome, Unread bool
	Name           string
	Earlier        bool
	Direct         bool
	Messages       []template.HTML
}

func (s *server) log(g *sight) (logView, error) {
	v := logView{At: g.at}
	c, ok := g.byID[g.at.Channel]
	if !ok {
		v.IsHome = true
		home, there := g.me.Home()
		if !there {
			return v, nil
		}
		r := g.renderer("home-")
		r.Filled = filled(home)
		html, err := r.Blocks(home.Blocks)
		v.Home, v.HomeID = html, home.ID
		return v, err
	}
	v.Name, v.Direct = g.name(c), c.IM || c.MPIM
	unread, _ := g.me.Unread(c.ID)
	v.Unread = unread > 0
	all := g.me.History(c.ID, messagesShown+1)
	if len(all) > messagesShown {
		all, v.Earlier = all[1:], true
	}
	views, err := s.messages(g, all, false)
	if err != nil {
		return v, err
	}
	v.Messages, err = s.articles(g, views)
	return v, err
}

type footView struct {
	At                     place
	Channel, Label, Drafts string
	Archived, Joined, Home bool
	Sendable               bool
	Shortcuts              []slacksim.Shortcut
}

func (s *server) foot(g *sight) footView {
	c, ok := g.byID[g.at.Channel]
	if !ok {
		return footView{At: g.at, Home: true, Shortcuts: s.globalShortcuts()}
	}
	label := "Message #" + c.Name
	if c.IM || c.MPIM {
		label = "Message " + g.name(c)
	}
	return footView{At: g.at, Channel: c.ID, Label: label, Drafts: g.at.Who + c.ID, Archived: c.Archived, Joined: g.member(c), Shortcuts: s.globalShortcuts()}
}
