package page

import (
	"hash/fnv"
	"slices"
	"strings"
	"time"
	"unicode"

	"muster/bot/slacksim"
	"muster/bot/slacksim/blockkit"
)

// sight is the workspace as one person knows it at one moment: who and what there is, for names and menus.
type sight struct {
	at       place
	me       *slacksim.Person
	users    map[string]slacksim.User
	order    []slacksim.User
	groups   map[string]string
	channels []slacksim.Channel
	byID     map[string]slacksim.Channel
	zone     *time.Location
	named    string            // see names
	sent     map[string]uint64 // what a stream has sent of messages, by HTML id; nil for a whole page
}

func (s *server) look(at place) *sight {
	me := s.ws.Person(at.Who)
	g := &sight{at: at, me: me, users: map[string]slacksim.User{}, groups: map[string]string{},
		byID: map[string]slacksim.Channel{}, order: s.ws.Users(), channels: me.Channels(), zone: time.Local}
	for _, u := range g.order {
		g.users[u.ID] = u
	}
	for _, group := range s.ws.UserGroups() {
		g.groups[group.ID] = group.Handle
	}
	for _, c := range g.channels {
		g.byID[c.ID] = c
	}
	if zone, err := time.LoadLocation(g.users[me.ID].TZ); err == nil && g.users[me.ID].TZ != "" {
		g.zone = zone
	}
	return g
}

// User, Channel and UserGroup are the names that blockkit asks for.
func (g *sight) User(id string) string {
	u, ok := g.users[id]
	if !ok {
		return ""
	}
	return displayName(u)
}

// Channel is the name of a channel that the person knows of.
func (g *sight) Channel(id string) string {
	if c, ok := g.byID[id]; ok {
		return c.Name
	}
	return "private channel"
}

// UserGroup is the handle of a group.
func (g *sight) UserGroup(id string) string { return g.groups[id] }

func displayName(u slacksim.User) string {
	if u.RealName != "" {
		return u.RealName
	}
	return u.Handle
}

// name is how a conversation is called in front of this person.
func (g *sight) name(c slacksim.Channel) string {
	if !c.IM && !c.MPIM {
		return c.Name
	}
	var others []string
	for _, id := range c.Members {
		if id != g.me.ID || len(c.Members) == 1 {
			others = append(others, g.User(id))
		}
	}
	return strings.Join(others, ", ")
}

// renderer shows blocks to this person. prefix keeps HTML ids apart.
func (g *sight) renderer(prefix string) *blockkit.Renderer {
	r := &blockkit.Renderer{Names: g, Me: g.me.ID, ChannelURL: g.at.In, Zone: g.zone, Here: g.at.Channel, Prefix: prefix}
	for _, u := range people(g.order) {
		r.People = append(r.People, blockkit.Choice{ID: u.ID, Label: displayName(u)})
	}
	for _, c := range g.channels {
		if c.Archived {
			continue
		}
		sign := "#"
		if c.IM || c.MPIM {
			sign = ""
		}
		choice := blockkit.Choice{ID: c.ID, Label: sign + g.name(c)}
		r.Conversations = append(r.Conversations, choice)
		if sign != "" && !c.Private {
			r.Channels = append(r.Channels, choice)
		}
	}
	return r
}

// face is how somebody is drawn: initials on a colour.
type face struct {
	Name, Initials, Class, Title, Handle string
	App, Guest, Stranger                 bool
}

func faceOf(u slacksim.User) face {
	f := face{Name: displayName(u), Title: u.Title, Handle: u.Handle, App: u.Bot, Guest: u.Guest || u.OneGuest, Stranger: u.Stranger}
	f.Initials, f.Class = initials(f.Name), colour(u.ID)
	if u.Bot {
		f.Class = "av-app"
	}
	return f
}

// initials are two letters of a name; of a name in Hangul the given name.
func initials(name string) string {
	letters := []rune(strings.TrimSpace(name))
	if len(letters) > 0 && unicode.Is(unicode.Hangul, letters[0]) {
		return string(letters[max(0, len(letters)-2):])
	}
	var out []rune
	for _, word := range strings.Fields(name) {
		out = append(out, unicode.ToUpper([]rune(word)[0]))
	}
	if len(out) > 2 {
		out = []rune{out[0], out[len(out)-1]}
	}
	return string(out)
}

func colour(id string) string {
	h := fnv.New32a()
	h.Write([]byte(id))
	return "av-" + []string{"0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11"}[h.Sum32()%12]
}

// member says whether the person is in a conversation.
func (g *sight) member(c slacksim.Channel) bool { return slices.Contains(c.Members, g.me.ID) }
