package page

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"muster/bot/slacksim"
)

// place is what a page's address says: who looks, at what, and what is open beside it.
type place struct {
	Who     string // handle
	Channel string // ID; empty for the app's home
	Thread  string // ts of the message whose thread is open
	About   string // members or pins
	Panel   string // calls, outbox, sockets or trouble
}

func readPlace(r *http.Request) place {
	q := r.URL.Query()
	p := place{Who: r.PathValue("who"), Channel: r.PathValue("channel"), Thread: q.Get("thread"), About: q.Get("about"), Panel: q.Get("panel")}
	if p.Channel == "" {
		p.Channel = q.Get("c")
	}
	return p
}

func (p place) query() url.Values {
	q := url.Values{}
	for name, value := range map[string]string{"thread": p.Thread, "about": p.About, "panel": p.Panel} {
		if value != "" {
			q.Set(name, value)
		}
	}
	return q
}

func address(path string, q url.Values) string {
	if len(q) == 0 {
		return path
	}
	return path + "?" + q.Encode()
}

func (p place) root() string { return "/as/" + url.PathEscape(p.Who) }

// URL is the page's own address.
func (p place) URL() string {
	if p.Channel == "" {
		return address(p.root()+"/home", p.query())
	}
	return address(p.root()+"/c/"+url.PathEscape(p.Channel), p.query())
}

// Live is the address of the page's stream.
func (p place) Live() string {
	q := p.query()
	if p.Channel != "" {
		q.Set("c", p.Channel)
	}
	return address(p.root()+"/live", q)
}

// Act and Offers are where the script sends deeds and questions.
func (p place) Act() string { return p.root() + "/act/" }

// Offers is where the script asks for completions.
func (p place) Offers() string { return p.root() + "/offers" }

// Entry is where what an entry of the journal held can be read.
func (p place) Entry(seq int64) string { return p.root() + "/entry/" + strconv.FormatInt(seq, 10) }

// In is another channel, with the same panel open.
func (p place) In(channel string) string {
	return place{Who: p.Who, Channel: channel, Panel: p.Panel}.URL()
}

// DM is the direct messages with somebody.
func (p place) DM(handle string) string {
	return address(p.root()+"/dm/"+url.PathEscape(handle), place{Panel: p.Panel}.query())
}

// As is the same place as somebody else sees it.
func (p place) As(handle string) string {
	p.Who, p.Thread, p.About = handle, "", ""
	return p.URL()
}

// WithThread, WithAbout and WithPanel open something beside; with "" they close it.
func (p place) WithThread(ts string) string {
	p.Thread, p.About = ts, ""
	return p.URL()
}

// WithAbout opens the members or pins of the channel.
func (p place) WithAbout(what string) string {
	p.About, p.Thread = what, ""
	return p.URL()
}

// WithPanel opens a panel.
func (p place) WithPanel(panel string) string {
	p.Panel = panel
	return p.URL()
}

// people are those whom one can be: not bots, not Slackbot, not who has left.
func people(users []slacksim.User) []slacksim.User {
	return slices.DeleteFunc(slices.Clone(users), func(u slacksim.User) bool { return u.Bot || u.Deleted || u.Handle == "slackbot" })
}

func (s *server) serveStart(w http.ResponseWriter, r *http.Request) {
	all := people(s.ws.Users())
	who := s.opts.Person
	if !slices.ContainsFunc(all, func(u slacksim.User) bool { return u.Handle == who }) {
		if len(all) == 0 {
			http.Error(w, "nobody is in this workspace", http.StatusNotFound)
			return
		}
		who = all[0].Handle
	}
	http.Redirect(w, r, s.landing(who).URL(), http.StatusSeeOther)
}

// landing is where a person arrives: the landing channel if they are in it, the first that they are in, or the app's home.
func (s *server) landing(who string) place {
	person := s.ws.Person(who)
	at := place{Who: who}
	for _, c := range person.Channels() {
		mine := slices.Contains(c.Members, person.ID) && !c.IM && !c.MPIM
		if mine && strings.EqualFold(c.Name, s.opts.Landing) {
			at.Channel = c.ID
			break
		}
		if mine && at.Channel == "" {
			at.Channel = c.ID
		}
	}
	return at
}

func (s *server) servePerson(w http.ResponseWriter, r *http.Request) {
	at := s.landing(r.PathValue("who"))
	at.Panel = r.URL.Query().Get("panel")
	http.Redirect(w, r, at.URL(), http.StatusSeeOther)
}

// serveDM opens the direct messages with somebody.
func (s *server) serveDM(w http.ResponseWriter, r *http.Request) {
	at := readPlace(r)
	person := s.ws.Person(at.Who)
	c, ok := directWith(person, s.ws.Person(r.PathValue("with")))
	if !ok {
		http.Error(w, "there is nobody to talk to under this name", http.StatusNotFound)
		return
	}
	http.Redirect(w, r, at.In(c), http.StatusSeeOther)
}

// directWith finds or opens the direct messages of two people.
func directWith(person, other *slacksim.Person) (channel string, ok bool) {
	if person.ID == "" || other.ID == "" {
		return "", false
	}
	person.DM(other.Handle)
	for _, c := range person.Channels() {
		if c.IM && slices.Contains(c.Members, other.ID) && (other.ID != person.ID || len(c.Members) == 1) {
			return c.ID, true
		}
	}
	return "", false
}
