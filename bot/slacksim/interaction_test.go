package slacksim_test

import (
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/slack-go/slack"
	"github.com/slack-go/slack/slackevents"
	"github.com/slack-go/slack/socketmode"

	"muster/bot/slacksim"
)

func text(s string) *slack.TextBlockObject {
	return slack.NewTextBlockObject(slack.PlainTextType, s, false, false)
}

// card is a message with a button of each kind of menu.
func card() slack.MsgOption {
	sure := slack.NewConfirmationBlockObject(text("Sure?"), text("It closes"), text("Yes"), text("No"))
	closing := slack.NewButtonBlockElement("close", "inc-1", text("Close"))
	closing.Confirm = sure
	return slack.MsgOptionBlocks(
		slack.NewHeaderBlock(text("INC-1 Checkout is down")),
		slack.NewSectionBlock(slack.NewTextBlockObject(slack.MarkdownType, "*Lead*: <@U0ALICE001> &amp; co", false, false), nil, nil),
		slack.NewActionBlock("roles",
			slack.NewButtonBlockElement("take", "tech_lead", text("Take: Tech lead")).WithStyle(slack.StylePrimary), closing,
			slack.NewOptionsSelectBlockElement(slack.OptTypeStatic, text("Severity"), "severity",
				slack.NewOptionBlockObject("sev1", text("Severity 1"), nil), slack.NewOptionBlockObject("sev2", text("Severity 2"), nil)),
			slack.NewOptionsSelectBlockElement(slack.OptTypeUser, text("Assign"), "assign"),
			slack.NewOverflowBlockElement("more", slack.NewOptionBlockObject("why", text("Why?"), nil), slack.NewOptionBlockObject("off", text("Off"), nil)),
		))
}

func (w *world) post(channel string, opts ...slack.MsgOption) string {
	w.t.Helper()
	ch, ok := w.Person("alice").Channel(channel)
	if !ok {
		w.t.Fatalf("no channel %q", channel)
	}
	_, ts, err := w.api.PostMessageContext(w.ctx, ch.ID, opts...)
	w.must(err)
	return ts
}

func TestClicksAndMenus(t *testing.T) {
	inWorld(t, slacksim.Options{}, func(w *world) {
		w.connect(nil)
		ts := w.post("incidents", card())
		alice := w.Person("alice")
		msg, err := alice.Sees(w.ctx, slacksim.Says("INC-1", "Lead", "@alice & co"), slacksim.WithButton("Take: Tech lead"))
		w.must(err)
		for _, act := range []error{
			msg.Button("Take: Tech lead").Click(w.ctx, alice),
			msg.Button("close").Click(w.ctx, alice),
			msg.Select("Severity").Choose(w.ctx, alice, "Severity 2"),
			msg.Select("Assign").Choose(w.ctx, alice, "jiho"),
			msg.Select("more").Choose(w.ctx, alice, "why"),
		} {
			w.must(act)
		}
		type did struct{ ID, Block, Type, Value, Option, User string }
		var got []did
		for range 5 {
			cb := w.next(socketmode.EventTypeInteractive).Data.(slack.InteractionCallback)
			a := cb.ActionCallback.BlockActions[0]
			got = append(got, did{a.ActionID, a.BlockID, string(a.Type), a.Value, a.SelectedOption.Value, a.SelectedUser})
			if cb.Message.Timestamp != ts || cb.Container.MessageTs != ts || cb.User.ID != alice.ID || cb.TriggerID == "" || cb.ResponseURL == "" {
				t.Errorf("%s: incomplete payload %+v", a.ActionID, cb)
			}
			if len(cb.Message.Blocks.BlockSet) != 3 || cb.Channel.Name != "incidents" {
				t.Errorf("%s: message %+v in %q", a.ActionID, cb.Message.Blocks, cb.Channel.Name)
			}
		}
		want := []did{
			{"take", "roles", "button", "tech_lead", "", ""}, {"close", "roles", "button", "inc-1", "", ""},
			{"severity", "roles", "static_select", "", "sev2", ""}, {"assign", "roles", "users_select", "", "", w.Person("jiho").ID},
			{"more", "roles", "overflow", "", "why", ""},
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("actions (-want +got):\n%s", diff)
		}
		if c := msg.Button("Close").Confirm; c == nil || c.Title.Text != "Sure?" {
			t.Errorf("confirm dialog: %+v", c)
		}
		if err := msg.Button("Close").Click(w.ctx, w.Person("gina")); !errors.Is(err, slacksim.ErrNotYours) && !errors.Is(err, slacksim.ErrNotThere) {
			t.Errorf("a guest outside the channel clicks: %v", err)
		}
		if err := msg.Select("Severity").Choose(w.ctx, alice, "sev9"); !errors.Is(err, slacksim.ErrNotThere) {
			t.Errorf("an option that is not there: %v", err)
		}
	})
}

func TestClickOnWhatHasChanged(t *testing.T) {
	inWorld(t, slacksim.Options{}, func(w *world) {
		w.connect(nil)
		ts := w.post("incidents", card())
		alice := w.Person("alice")
		seen, err := alice.Sees(w.ctx, slacksim.WithButton("take"))
		w.must(err)
		_, _, _, err = w.api.UpdateMessageContext(w.ctx, seen.Channel, ts, slack.MsgOptionText("closed", false))
		w.must(err)
		if err := seen.Button("take").Click(w.ctx, alice); !errors.Is(err, slacksim.ErrNotThere) {
			t.Errorf("click on a button that is gone: %v", err)
		}
		w.must(seen.Button("take").ClickAsSeen(w.ctx, alice))
		cb := w.next(socketmode.EventTypeInteractive).Data.(slack.InteractionCallback)
		if cb.ActionCallback.BlockActions[0].Value != "tech_lead" || cb.Message.Text != "closed" {
			t.Errorf("got %+v on %q", cb.ActionCallback.BlockActions[0], cb.Message.Text)
		}
	})
}

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

func TestMessageShortcutAndResponseURL(t *testing.T) {
	inWorld(t, slacksim.Options{}, func(w *world) {
		w.connect(nil)
		said, err := w.Person("bob").In("general").Types(w.ctx, "Is checkout down? @alice <!channel>")
		w.must(err)
		alice := w.Person("alice")
		w.must(alice.UsesShortcutOn(w.ctx, said.Message, "Probe this"))
		cb := w.next(socketmode.EventTypeInteractive).Data.(slack.InteractionCallback)
		want := "Is checkout down? <@" + alice.ID + "> &lt;!channel&gt;"
		if cb.CallbackID != "probe_this" || cb.Message.Text != want || cb.MessageTs != said.TS {
			t.Errorf("got %q on %q at %s", cb.CallbackID, cb.Message.Text, cb.MessageTs)
		}
		respond := func(text string) error {
			return slack.PostWebhookCustomHTTPContext(w.ctx, cb.ResponseURL, w.net.Client(), &slack.WebhookMessage{Text: text})
		}
		for range 5 {
			w.must(respond("noted"))
		}
		if err := respond("once too often"); err == nil {
			t.Error("a response URL worked six times")
		}
		if got := len(alice.SeesAll(slacksim.Says("noted"), slacksim.OnlyForMe())); got != 5 {
			t.Errorf("answers: got %d, want 5", got)
		}
		w.must(alice.UsesShortcutOn(w.ctx, said.Message, "Probe this"))
		cb = w.next(socketmode.EventTypeInteractive).Data.(slack.InteractionCallback)
		w.pass(31 * time.Minute)
		if err := respond("too late"); err == nil {
			t.Error("a response URL worked after 31 minutes")
		}
	})
}

func TestHomeAndEvents(t *testing.T) {
	o := slacksim.Options{Manifest: manifest(t, allScopes, "app_home_opened", "reaction_added", "member_joined_channel", "app_mention", "message.channels")}
	inWorld(t, o, func(w *world) {
		w.connect(nil)
		alice := w.Person("alice")
		_, err := alice.OpensHome()
		w.must(err)
		home := slack.HomeTabViewRequest{Type: slack.VTHomeTab, Blocks: slack.Blocks{BlockSet: []slack.Block{slack.NewHeaderBlock(text("Open incidents"))}}}
		first, err := w.api.PublishViewContext(w.ctx, slack.PublishViewContextRequest{UserID: alice.ID, View: home})
		w.must(err)
		old := first.Hash
		_, err = w.api.PublishViewContext(w.ctx, slack.PublishViewContextRequest{UserID: alice.ID, View: home, Hash: &old})
		w.must(err)
		if _, err = w.api.PublishViewContext(w.ctx, slack.PublishViewContextRequest{UserID: alice.ID, View: home, Hash: &old}); err == nil || err.Error() != "hash_conflict" {
			t.Errorf("publish over an old hash: %v", err)
		}
		_, err = alice.SeesHome(w.ctx, func(v slacksim.View) bool { return strings.Contains(v.Text(), "Open incidents") })
		w.must(err)
		said, err := alice.In("incidents").Types(w.ctx, "hello @probe")
		w.must(err)
		w.must(alice.Reacts(said.Message, "pushpin"))
		w.must(w.Person("heidi").Leaves("incidents"))
		w.must(w.Person("heidi").Joins("incidents"))
		inGeneral, err := alice.In("general").Types(w.ctx, "the app is not here")
		w.must(err)
		w.must(alice.Reacts(inGeneral.Message, "pushpin"))
		var got []string
		for range 6 {
			ev := w.next(socketmode.EventTypeEventsAPI).Data.(slackevents.EventsAPIEvent)
			got = append(got, ev.InnerEvent.Type)
			if r, ok := ev.InnerEvent.Data.(*slackevents.ReactionAddedEvent); ok && (r.Item.Timestamp != said.TS || r.Reaction != "pushpin" || r.ItemUser != alice.ID) {
				t.Errorf("reaction: %+v", r)
			}
		}
		want := []string{"app_home_opened", "message", "app_mention", "reaction_added", "message", "message"}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("events (-want +got):\n%s", diff)
		}
		if got := w.next(socketmode.EventTypeEventsAPI).Data.(slackevents.EventsAPIEvent).InnerEvent.Type; got != "member_joined_channel" {
			t.Errorf("then %q", got)
		}
		synctest.Wait()
		for len(w.seen) > 0 {
			if e := <-w.seen; e.Type == socketmode.EventTypeEventsAPI {
				t.Errorf("heard of a channel that the app is not in: %+v", e.Data)
			}
		}
	})
}
