package page

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"muster/bot/slacksim"
)

// keep does what people do to a channel rather than in it. ok is false for any other verb.
func (s *server) keep(at place, me *slacksim.Person, verb string, d deed) (result outcome, ok bool, err error) {
	switch verb {
	case "join":
		return outcome{Go: place{Who: at.Who, Channel: d.Channel}.URL()}, true, me.Joins(d.Channel)
	case "leave":
		return outcome{Go: at.root()}, true, me.Leaves(d.Channel)
	case "invite":
		return outcome{}, true, me.Invites(d.Channel, d.Value)
	case "remove":
		return outcome{}, true, me.Removes(d.Channel, d.Value)
	case "rename":
		return outcome{}, true, me.Renames(d.Channel, d.Text)
	case "convert":
		return outcome{}, true, me.Converts(d.Channel, d.On)
	case "archive":
		return outcome{}, true, me.Archives(d.Channel, d.On)
	case "deleteChannel":
		return outcome{Go: at.root()}, true, me.DeletesChannel(d.Channel)
	case "channel":
		id, err := me.Creates(d.Text, d.On)
		if err != nil {
			return outcome{}, true, err
		}
		return outcome{Go: place{Who: at.Who, Channel: id}.URL()}, true, nil
	}
	return outcome{}, false, nil
}

// fileView is a file under a message.
type fileView struct {
	URL, Name string
	Picture   bool
}

func (s *server) files(g *sight, m slacksim.Message) []fileView {
	var views []fileView
	for _, f := range s.ws.FilesOf(m) {
		views = append(views, fileView{URL: g.at.root() + "/file/" + url.PathEscape(f.ID), Name: f.Title, Picture: strings.HasPrefix(f.Type(), "image/")})
	}
	return views
}

// serveFile gives a person what a file holds. Only pictures are shown; anything else is for saving.
func (s *server) serveFile(w http.ResponseWriter, r *http.Request) {
	f, ok := s.ws.Person(r.PathValue("who")).File(r.PathValue("id"))
	if !ok {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", f.Type())
	if !strings.HasPrefix(f.Type(), "image/") {
		w.Header().Set("Content-Disposition", fmt.Sprintf("attachment; filename*=UTF-8''%s", url.PathEscape(f.Name)))
	}
	_, _ = w.Write(f.Content) // a browser that went away needs no file
}
