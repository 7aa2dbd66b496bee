package slacksim_test

import (
	"errors"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/slack-go/slack"
	"github.com/slack-go/slack/socketmode"

	"muster/bot/slacksim"
)

// seeker opens a modal with two menus that it fills itself, and offers the services whose names hold what was typed. asked is what it was
// asked for; silent keeps it from answering.
type seeker struct {
	w            *world
	asked        []string
	silent, long atomic.Bool // the story switches them while the app runs
	last         slack.InteractionCallback
}

func (s *seeker) handle(c *socketmode.Client, e socketmode.Event) {
	cb, _ := e.Data.(slack.InteractionCallback)
	switch cb.Type {
	case slack.InteractionTypeShortcut:
		least := 0
		menu := slack.NewOptionsSelectBlockElement(slack.OptTypeExternal, text("Find a service"), "service")
		other := slack.NewOptionsMultiSelectBlockElement(slack.MultiOptTypeExternal, text("Others"), "others")
		other.MinQueryLength = &least
		blocks := []slack.Block{slack.NewInputBlock("s", text("Service"), nil, menu), slack.NewInputBlock("o", text("Others"), nil, other)}
		_, err := s.w.api.OpenViewContext(s.w.ctx, cb.TriggerID, slack.ModalViewRequest{Type: slack.VTModal, Title: text("Find"), Submit: text("Go"),
			Blocks: slack.Blocks{BlockSet: blocks}})
		s.w.must(err)
	case slack.InteractionTypeBlockSuggestion:
		s.asked = append(s.asked, cb.ActionID+" "+cb.Value)
		if s.silent.Load() {
			return
		}
		answer := slack.OptionsResponse{}
		for _, name := range []string{"Checkout", "Checkout history", "Search"} {
			if strings.Contains(strings.ToLower(name), strings.ToLower(cb.Value)) {
				if s.long.Load() {
					name += strings.Repeat("x", 75)
				}
				answer.Options = append(answer.Options, slack.NewOptionBlockObject("svc-"+name, text(name), nil))
			}
		}
		_ = c.Ack(*e.Request, answer)
		return
	case slack.InteractionTypeViewSubmission:
		s.last = cb
	}
	if e.Request != nil && e.Request.EnvelopeID != "" {
		_ = c.Ack(*e.Request)
	}
}

func labels(options []slacksim.Option) []string {
	var out []string
	for _, o := range options {
		out = append(out, o.Text.Text)
	}
	return out
}

func TestAMenuThatTheAppFillsWhileSomebodyTypes(t *testing.T) {
	inWorld(t, slacksim.Options{}, func(w *world) {
		app := &seeker{w: w}
		w.connect(app.handle)
		alice := w.Person("alice")
		w.must(alice.UsesShortcut(w.ctx, "Probe all"))
		modal, err := alice.SeesView(w.ctx, nil)
		w.must(err)
		menu, others := modal.Select("Service"), modal.Select("Others")
		asks := func(e slacksim.Element, typed string) []string {
			t.Helper()
			got, err := e.Asks(w.ctx, alice, typed)
			w.must(err)
			return labels(got)
		}
		for _, step := range []struct {
			menu  slacksim.Element
			typed string
			want  []string
		}{
			{menu, "ch", nil}, {menu, "checkout", []string{"Checkout", "Checkout history"}}, {others, "", []string{"Checkout", "Checkout history", "Search"}},
		} {
			if got := asks(step.menu, step.typed); !slices.Equal(got, step.want) {
				t.Errorf("%q offers %q, want %q", step.typed, got, step.want)
			}
		}
		if want := []string{"service checkout", "others "}; !slices.Equal(app.asked, want) {
			t.Errorf("the app was asked for %q, want %q: two letters are too few", app.asked, want)
		}
		w.must(modal.Choose(w.ctx, "Service", "Checkout history"))
		if len(app.asked) != 2 {
			t.Errorf("what was offered is picked without asking again: %q", app.asked)
		}
		if err := modal.Choose(w.ctx, "Service", "Mainframe"); !errors.Is(err, slacksim.ErrNotThere) {
			t.Errorf("what the app never offered: %v", err)
		}
		w.must(modal.Choose(w.ctx, "Others", "Search", "svc-Checkout"))
		_, err = modal.Submit(w.ctx)
		w.must(err)
		values := app.last.View.State.Values
		if got := values["s"]["service"].SelectedOption; got.Value != "svc-Checkout history" || len(values["o"]["others"].SelectedOptions) != 2 {
			t.Errorf("submitted: %+v and %+v", got, values["o"]["others"].SelectedOptions)
		}
	})
}

func TestAnAppThatDoesNotAnswerWithOptions(t *testing.T) {
	inWorld(t, slacksim.Options{}, func(w *world) {
		app := &seeker{w: w}
		app.silent.Store(true)
		w.connect(app.handle)
		alice := w.Person("alice")
		w.must(alice.UsesShortcut(w.ctx, "Probe all"))
		modal, err := alice.SeesView(w.ctx, nil)
		w.must(err)
		if _, err = modal.Select("Service").Asks(w.ctx, alice, "checkout"); !errors.Is(err, slacksim.ErrTimeout) {
			t.Errorf("no answer in three seconds: %v", err)
		}
		app.silent.Store(false)
		app.long.Store(true)
		if got, err := modal.Select("Service").Asks(w.ctx, alice, "checkout"); err == nil {
			t.Errorf("options that are too long: %q", labels(got))
		}
	})
}
