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
			got = append(got, did{ID: a.ActionID, Block: a.BlockID, Type: string(a.Type), Value: a.Value, Option: a.SelectedOption.Value, User: a.SelectedUser})
			if cb.Message.Timestamp != ts || cb.Container.MessageTs != ts || cb.User.ID != alice.ID || cb.TriggerID == "" || cb.ResponseURL == "" {
				t.Errorf("%s: incomplete payload %+v", a.ActionID, cb)
			}
			if len(cb.Message.Blocks.BlockSet) != 3 || cb.Channel.Name != "incidents" {
				t.Errorf("%s: message %+v in %q", a.ActionID, cb.Message.Blocks, cb.Channel.Name)
			}
		}
		want := []did{
			{ID: "take", Block: "roles", Type: "button", Value: "tech_lead", Option: "", User: ""}, {ID: "close", Block: "roles", Type: "button", Value: "inc-1", Option: "", User: ""},
			{ID: "severity", Block: "roles", Type: "static_select", Value: "", Option: "sev2", User: ""}, {ID: "assign", Block: "roles", Type: "users_select", Value: "", Option: "", User: w.Person("jiho").ID},
			{ID: "more", Block: "roles", Type: "overflow", Value: "", Option: "why", User: ""},
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

// Slack names what the app left unnamed, anew with each edit; a press that crosses the edit is not lost by that.
func TestClickThatCrossesAnEdit(t *testing.T) {
	inWorld(t, slacksim.Options{}, func(w *world) {
		w.connect(nil)
		press := func(id string) slack.Block {
			return slack.NewActionBlock("", slack.NewButtonBlockElement(id, id, slack.NewTextBlockObject(slack.PlainTextType, id, false, false)))
		}
		ts := w.post("incidents", slack.MsgOptionBlocks(press("take"), press("twice")))
		alice := w.Person("alice")
		seen, err := alice.Sees(w.ctx, slacksim.WithButton("take"))
		w.must(err)
		_, _, _, err = w.api.UpdateMessageContext(w.ctx, seen.Channel, ts, slack.MsgOptionBlocks(press("take"), press("twice"), press("twice")))
		w.must(err)
		w.must(seen.Button("take").Click(w.ctx, alice))
		cb := w.next(socketmode.EventTypeInteractive).Data.(slack.InteractionCallback)
		if got := cb.ActionCallback.BlockActions[0]; got.ActionID != "take" || got.BlockID == seen.Button("take").BlockID || len(cb.Message.Blocks.BlockSet) != 3 {
			t.Errorf("got %+v on a message of %d blocks, want take as it stands now", got, len(cb.Message.Blocks.BlockSet))
		}
		if err := seen.Button("twice").Click(w.ctx, alice); !errors.Is(err, slacksim.ErrNotThere) {
			t.Errorf("a press that could mean either of two buttons: %v", err)
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
		_, _, _, err = w.api.UpdateMessageContext(w.ctx, seen.Channel, ts, slack.MsgOptionText("closed", false), slack.MsgOptionBlocks([]slack.Block{}...))
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
