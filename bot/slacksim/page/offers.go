package page

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"

	"muster/bot/slacksim"
	"muster/bot/slacksim/blockkit"
)

// offerLimit is how many completions are offered at once.
const offerLimit = 8

// offer is one completion: what to insert, and how it looks. Without Insert it is only a hint.
type offer struct {
	Label  string `json:"label"`
	Hint   string `json:"hint"`
	Insert string `json:"insert,omitempty"`
}

// serveOffers answers what could complete the word before the caret.
func (s *server) serveOffers(w http.ResponseWriter, r *http.Request) {
	g := s.look(readPlace(r))
	offers := s.offers(g, r.URL.Query().Get("q"))
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(offers) // a browser that went away needs no answer
}

func (s *server) offers(g *sight, q string) []offer {
	if q == "" || g.me.ID == "" {
		return []offer{}
	}
	word := strings.ToLower(q[1:])
	var all []offer
	switch q[0] {
	case '/':
		all = s.commands(q)
	case '@':
		all = g.mentions(word)
	case '#':
		for _, c := range g.channels {
			if c.Name != "" && !c.Archived && strings.Contains(c.Name, word) {
				all = append(all, offer{"#" + c.Name, c.Topic.Value, "#" + c.Name + " "})
			}
		}
	case ':':
		for _, e := range blockkit.Emojis() {
			if strings.HasPrefix(e.Name, word) {
				all = append(all, offer{e.Char, ":" + e.Name + ":", ":" + e.Name + ": "})
			}
		}
	}
	return slices.Clip(append([]offer{}, all[:min(len(all), offerLimit)]...))
}

// commands are the slash commands that begin like this; once one is typed out, how it is used.
func (s *server) commands(q string) []offer {
	typed, _, more := strings.Cut(q, " ")
	var all []offer
	for _, c := range s.ws.Manifest().Features.SlashCommands {
		hint := strings.TrimSpace(c.UsageHint)
		switch {
		case more && c.Command == typed:
			all = append(all, offer{Label: c.Command + " " + hint, Hint: c.Description})
		case !more && strings.HasPrefix(c.Command, typed):
			all = append(all, offer{c.Command, strings.Trim(c.Description+" · "+hint, " ·"), c.Command + " "})
		}
	}
	return all
}

func (g *sight) mentions(word string) []offer {
	var all []offer
	match := func(names ...string) bool {
		return slices.ContainsFunc(names, func(name string) bool {
			return slices.ContainsFunc(append(strings.Fields(strings.ToLower(name)), strings.ToLower(name)), func(part string) bool {
				return strings.HasPrefix(part, word)
			})
		})
	}
	for _, u := range g.order {
		if !u.Deleted && match(u.Handle, u.RealName) {
			all = append(all, offer{"@" + u.Handle, strings.Trim(u.RealName+" · "+u.Title, " ·"), "@" + u.Handle + " "})
		}
	}
	for _, handle := range slices.Sorted(mapValues(g.groups)) {
		if match(handle) {
			all = append(all, offer{"@" + handle, "user group", "@" + handle + " "})
		}
	}
	for _, one := range []offer{{"@here", "everybody here who is active", "@here "}, {"@channel", "everybody in this channel", "@channel "}} {
		if match(one.Label[1:]) {
			all = append(all, one)
		}
	}
	return all
}

func mapValues(m map[string]string) func(func(string) bool) {
	return func(yield func(string) bool) {
		for _, v := range m {
			if !yield(v) {
				return
			}
		}
	}
}

// globalShortcuts are the app's global shortcuts.
func (s *server) globalShortcuts() []slacksim.Shortcut {
	return slices.DeleteFunc(slices.Clone(s.ws.Manifest().Features.Shortcuts), func(one slacksim.Shortcut) bool { return one.Type != "global" })
}
