package slacksim_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/slack-go/slack"
	"github.com/slack-go/slack/socketmode"

	"muster/bot/slacksim"
)

// form is a modal with a required title, a menu and a picker of people.
func form(title string) slack.ModalViewRequest {
	input := slack.NewPlainTextInputBlockElement(text("What is broken?"), "title")
	input.MaxLength = 20
	menu := slack.NewOptionsSelectBlockElement(slack.OptTypeStatic, nil, "sev", slack.NewOptionBlockObject("sev1", text("Severity 1"), nil))
	people := slack.NewOptionsMultiSelectBlockElement(slack.MultiOptTypeUser, text("Who"), "who")
	opt := func(b *slack.InputBlock) *slack.InputBlock { b.Optional = true; return b }
	return slack.ModalViewRequest{Type: slack.VTModal, Title: text(title), Submit: text("Declare"), CallbackID: "declare", PrivateMetadata: "m", NotifyOnClose: true,
		Blocks: slack.Blocks{BlockSet: []slack.Block{
			slack.NewInputBlock("t", text("Title"), nil, input),
			opt(slack.NewInputBlock("s", text("Severity"), nil, menu)),
			opt(slack.NewInputBlock("p", text("People"), nil, people)),
			slack.NewActionBlock("b", slack.NewButtonBlockElement("push", "", text("More"))),
		}}}
}

// formApp opens the form at every command and shortcut, pushes another at a click, and treats submissions by their title.
func formApp(w *world) func(*socketmode.Client, socketmode.Event) {
	open := func(trigger string) {
		_, err := w.api.OpenViewContext(w.ctx, trigger, form("First"))
		if err != nil {
			w.t.Error(err)
		}
	}
	return func(c *socketmode.Client, e socketmode.Event) {
		switch data := e.Data.(type) {
		case slack.SlashCommand:
			open(data.TriggerID)
			_ = c.Ack(*e.Request)
		case slack.InteractionCallback:
			var answer any
			switch {
			case data.Type == slack.InteractionTypeShortcut || data.Type == slack.InteractionTypeMessageAction:
				open(data.TriggerID)
			case data.Type == slack.InteractionTypeBlockActions && data.View.ID != "":
				if _, err := w.api.PushViewContext(w.ctx, data.TriggerID, form("Second")); err != nil {
					w.t.Log(err)
				}
			case data.Type == slack.InteractionTypeViewSubmission:
				switch data.View.State.Values["t"]["title"].Value {
				case "bad":
					answer = slack.NewErrorsViewSubmissionResponse(map[string]string{"t": "Say more"})
				case "astray":
					answer = slack.NewErrorsViewSubmissionResponse(map[string]string{"b": "Not an input"})
				case "again":
					next := form("Updated")
					answer = slack.NewUpdateViewSubmissionResponse(&next)
				case "clear":
					answer = slack.NewClearViewSubmissionResponse()
				}
			}
			_ = c.Ack(*e.Request, answer)
		default:
			if e.Request != nil && e.Request.EnvelopeID != "" {
				_ = c.Ack(*e.Request)
			}
		}
	}
}

func TestModal(t *testing.T) {
	inWorld(t, slacksim.Options{}, func(w *world) {
		w.connect(formApp(w))
		alice := w.Person("alice")
		_, err := alice.In("general").Types(w.ctx, "/probe")
		w.must(err)
		modal, err := alice.SeesView(w.ctx, nil)
		w.must(err)
		submit := func(title string, want slacksim.FieldErrors) {
			t.Helper()
			w.must(modal.Fill(w.ctx, "Title", title))
			got, err := modal.Submit(w.ctx)
			w.must(err)
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("submit %q (-want +got):\n%s", title, diff)
			}
		}
		submit("", slacksim.FieldErrors{"Title": "Please complete this required field."})
		submit(strings.Repeat("x", 21), slacksim.FieldErrors{"Title": "Please enter no more than 20 characters."})
		submit("bad", slacksim.FieldErrors{"Title": "Say more"})
		w.must(modal.Fill(w.ctx, "Title", "astray"))
		if got, err := modal.Submit(w.ctx); err == nil {
			t.Errorf("an error under a block that is no input: %v", got)
		}
		w.must(modal.Choose(w.ctx, "Severity", "Severity 1"))
		w.must(modal.Choose(w.ctx, "People", "bob", "jiho"))
		submit("again", nil)
		modal, _ = alice.View()
		if modal.Title.Text != "Updated" || modal.State["t"]["title"].Text != "again" {
			t.Errorf("after the update: %q with %+v", modal.Title.Text, modal.State["t"])
		}
		submit("fine", nil)
		if v, open := alice.View(); open {
			t.Errorf("still open: %s", v.Title.Text)
		}
		var last slack.InteractionCallback
		for len(w.seen) > 0 {
			if cb, ok := (<-w.seen).Data.(slack.InteractionCallback); ok {
				last = cb
			}
		}
		values := last.View.State.Values
		got := []string{values["t"]["title"].Value, values["s"]["sev"].SelectedOption.Value, strings.Join(values["p"]["who"].SelectedUsers, " "), last.View.PrivateMetadata}
		want := []string{"fine", "sev1", w.Person("bob").ID + " " + w.Person("jiho").ID, "m"}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("submission (-want +got):\n%s", diff)
		}
	})
}

func TestModalsStackUpToThree(t *testing.T) {
	inWorld(t, slacksim.Options{}, func(w *world) {
		w.connect(formApp(w))
		alice := w.Person("alice")
		w.must(alice.UsesShortcut(w.ctx, "Probe all"))
		for range 4 {
			top, _ := alice.View()
			w.must(top.Button("More").Click(w.ctx, alice))
		}
		if got := len(alice.Views()); got != 3 {
			t.Errorf("views: got %d, want 3", got)
		}
		top, _ := alice.View()
		w.must(top.Close(w.ctx))
		if got := len(alice.Views()); got != 2 {
			t.Errorf("views after closing one: got %d, want 2", got)
		}
		top, _ = alice.View()
		w.must(top.Fill(w.ctx, "Title", "clear"))
		_, err := top.Submit(w.ctx)
		w.must(err)
		if got := len(alice.Views()); got != 0 {
			t.Errorf("views after clear: got %d", got)
		}
		synctest.Wait()
		closed := 0
		for len(w.seen) > 0 {
			if cb, ok := (<-w.seen).Data.(slack.InteractionCallback); ok && cb.Type == slack.InteractionTypeViewClosed {
				closed++
			}
		}
		if closed != 1 {
			t.Errorf("view_closed came %d times, want once", closed)
		}
	})
}

// Law: a trigger opens one view, within three seconds.
func TestTriggerIsForOnce(t *testing.T) {
	inWorld(t, slacksim.Options{}, func(w *world) {
		w.connect(nil)
		trigger := func() string {
			_, err := w.Person("alice").In("general").Types(w.ctx, "/probe")
			w.must(err)
			return w.next(socketmode.EventTypeSlashCommand).Data.(slack.SlashCommand).TriggerID
		}
		id := trigger()
		open := func(id string) string {
			_, err := w.api.OpenViewContext(w.ctx, id, form("x"))
			if err == nil {
				return ""
			}
			return err.Error()
		}
		got := []string{open(id), open(id), open("nonsense")}
		late := trigger()
		w.pass(3001 * time.Millisecond)
		got = append(got, open(late))
		want := []string{"", "exchanged_trigger_id", "invalid_trigger_id", "expired_trigger_id"}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("views.open (-want +got):\n%s", diff)
		}
	})
}
