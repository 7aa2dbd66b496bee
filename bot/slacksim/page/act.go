package page

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"muster/bot/slacksim"
)

// actWithin is how long an act may take, whether or not the browser still waits for its answer: what a person did is done.
const actWithin = 15 * time.Second

// deed is one thing that a person does, as the page's script sends it.
type deed struct {
	Channel, TS, Thread, Text   string
	Name, Value, Callback, View string
	On                          bool
	Block, Action, Kind         string
	Values                      []string
	Fields                      []field
	Files                       []struct {
		Name    string
		Content []byte
	}
}

// field is what stands in one field of a view.
type field struct {
	Block, Action, Kind string
	Values              []string
}

// outcome is the answer to a deed: what went wrong, in words, and where to go now.
type outcome struct {
	Error   string   `json:"error,omitempty"`
	Go      string   `json:"go,omitempty"`
	Options []string `json:"options,omitempty"` // what the app offers in a menu that somebody types into
}

func (s *server) serveAct(w http.ResponseWriter, r *http.Request) {
	var d deed
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, 16<<20)).Decode(&d); err != nil {
		http.Error(w, "this is no deed: "+err.Error(), http.StatusBadRequest)
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), actWithin)
	defer cancel()
	at := place{Who: r.PathValue("who")}
	result, err := s.act(ctx, at, r.PathValue("verb"), d)
	if err != nil {
		result.Error = words(err)
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(result) // a browser that went away needs no answer
}

// words tell an error to the person.
func words(err error) string {
	switch {
	case errors.Is(err, slacksim.ErrDown):
		return "Slack is down. Nothing can be done here until it is back."
	case errors.Is(err, slacksim.ErrTimeout):
		return "The app did not answer in time. Try again."
	case errors.Is(err, slacksim.ErrNoSocket):
		return "The app is not connected, so it heard nothing of this."
	}
	if unknown, _, found := strings.Cut(err.Error(), " is not a valid command"); found {
		return unknown + " is not a valid command." // as Slack says it
	}
	return err.Error()
}

func (s *server) act(ctx context.Context, at place, verb string, d deed) (outcome, error) {
	me := s.ws.Person(at.Who)
	if me.ID == "" {
		return outcome{}, fmt.Errorf("nobody is called %q here", at.Who)
	}
	message := slacksim.Message{Channel: d.Channel, TS: d.TS}
	switch verb {
	case "send":
		return s.send(ctx, me, d)
	case "click":
		return outcome{}, s.click(ctx, me, d)
	case "submit", "close":
		return outcome{}, s.leaveView(ctx, me, verb == "submit", d)
	case "shortcut":
		if d.TS == "" {
			return outcome{}, me.UsesShortcut(ctx, d.Callback)
		}
		return outcome{}, s.onMessage(me, d, func(m slacksim.Message) error { return me.UsesShortcutOn(ctx, m, d.Callback) })
	case "react":
		return outcome{}, s.onMessage(me, d, func(m slacksim.Message) error { return react(me, m, d.Name) })
	case "pin":
		if d.On {
			return outcome{}, me.Pins(message)
		}
		return outcome{}, me.Unpins(message)
	case "edit":
		return outcome{}, me.Edits(message, d.Text)
	case "delete", "dismiss":
		return outcome{}, me.Deletes(message)
	case "suggest":
		return s.suggest(ctx, me, d)
	case "read":
		me.Reads(d.Channel)
		return outcome{}, nil
	}
	if result, ok, err := s.keep(at, me, verb, d); ok {
		return result, err
	}
	return s.manage(ctx, verb, d)
}

// manage does what nobody in the workspace does: it makes trouble and ends it, works the controls, and resets.
func (s *server) manage(ctx context.Context, verb string, d deed) (outcome, error) {
	switch verb {
	case "trouble":
		return outcome{}, s.trouble(d.Name, d.Value)
	case "control":
		for _, c := range s.opts.Controls {
			if c.Name == d.Name {
				return outcome{}, c.Do(ctx)
			}
		}
	case "reset":
		if s.opts.Reset != nil {
			return outcome{Go: "/"}, s.opts.Reset(ctx)
		}
		s.ws.Reset()
		return outcome{Go: "/"}, nil
	}
	return outcome{}, fmt.Errorf("nothing here is called %q %q", verb, d.Name)
}

func (s *server) send(ctx context.Context, me *slacksim.Person, d deed) (outcome, error) {
	where := me.In(d.Channel)
	if d.Thread != "" {
		where = where.Thread(d.Thread)
	}
	if d.On {
		where = where.AndChannel()
	}
	if len(d.Files) > 0 {
		var uploads []slacksim.Upload
		for _, f := range d.Files {
			uploads = append(uploads, slacksim.Upload{Name: f.Name, Content: f.Content})
		}
		_, err := where.Uploads(d.Text, uploads...)
		return outcome{}, err
	}
	if _, err := where.Types(ctx, d.Text); err != nil {
		return outcome{}, err
	}
	me.Reads(d.Channel)
	return outcome{}, nil
}

// onMessage does something to a message that the person sees.
func (s *server) onMessage(me *slacksim.Person, d deed, do func(slacksim.Message) error) error {
	m, ok := me.Looks(slacksim.The(slacksim.Message{Channel: d.Channel, TS: d.TS}))
	if !ok {
		return fmt.Errorf("the message is gone: %w", slacksim.ErrNotThere)
	}
	return do(m)
}

// react puts an emoji under a message, or takes it away if it is the person's already.
func react(me *slacksim.Person, m slacksim.Message, name string) error {
	for _, r := range m.Reactions {
		for _, user := range r.Users {
			if r.Name == name && user == me.ID {
				return me.TakesBack(m, name)
			}
		}
	}
	return me.Reacts(m, name)
}

func (s *server) click(ctx context.Context, me *slacksim.Person, d deed) error {
	if d.View != "" {
		if err := s.fill(me, d); err != nil {
			return err
		}
	}
	return me.Does(ctx, slacksim.Act{Target: slacksim.Target{Channel: d.Channel, TS: d.TS, View: d.View}, BlockID: d.Block,
		ActionID: d.Action, Values: s.values(me, d.Kind, d.Values)})
}

// suggest asks the app for the options of a menu that somebody types into.
func (s *server) suggest(ctx context.Context, me *slacksim.Person, d deed) (outcome, error) {
	options, err := me.Asks(ctx, slacksim.Act{Target: slacksim.Target{Channel: d.Channel, TS: d.TS, View: d.View}, BlockID: d.Block, ActionID: d.Action}, d.Text)
	var result outcome
	for _, o := range options {
		result.Options = append(result.Options, o.Text.Text)
	}
	return result, err
}

// fill hands over what stands in the fields of a view.
func (s *server) fill(me *slacksim.Person, d deed) error {
	for _, f := range d.Fields {
		err := me.Fills(slacksim.Act{Target: slacksim.Target{View: d.View}, BlockID: f.Block, ActionID: f.Action, Values: s.values(me, f.Kind, f.Values)})
		if err != nil && !errors.Is(err, slacksim.ErrNotThere) { // a field that an update has taken away holds nothing any more
			return fmt.Errorf("field %s: %w", f.Block, err)
		}
	}
	return nil
}

// values are the values of an element as Slack wants them: a date and time as seconds.
func (s *server) values(me *slacksim.Person, kind string, values []string) []string {
	if kind != "datetimepicker" || len(values) != 1 {
		return values
	}
	at, err := time.ParseInLocation("2006-01-02T15:04", values[0], s.look(place{Who: me.Handle}).zone)
	if err != nil {
		return values
	}
	return []string{strconv.FormatInt(at.Unix(), 10)}
}

// leaveView submits or cancels the person's modal.
func (s *server) leaveView(ctx context.Context, me *slacksim.Person, submit bool, d deed) error {
	for _, v := range me.Views() {
		if v.ID != d.View {
			continue
		}
		if !submit {
			return v.Close(ctx)
		}
		if err := s.fill(me, d); err != nil {
			return err
		}
		_, err := v.Submit(ctx) // field errors show in the modal
		return err
	}
	return fmt.Errorf("the dialog is closed already: %w", slacksim.ErrNotThere)
}
