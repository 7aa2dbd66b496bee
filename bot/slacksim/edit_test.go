package slacksim_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/slack-go/slack"
	"github.com/slack-go/slack/socketmode"

	"muster/bot/slacksim"
)

// What stands in a channel that was archived cannot be edited, and Slack has a code of its own for that.
func TestACardInAnArchivedChannelIsInactive(t *testing.T) {
	inWorld(t, slacksim.Options{}, func(w *world) {
		ch := w.call("conversations.create", "name", "inc-1")
		id := ch.Channel.(map[string]any)["id"].(string)
		card := w.call("chat.postMessage", "channel", id, "text", "card")
		w.call("conversations.archive", "channel", id)
		got := []string{w.call("chat.update", "channel", id, "ts", card.TS, "text", "new").Error, w.call("chat.postMessage", "channel", id, "text", "more").Error}
		if diff := cmp.Diff([]string{"is_inactive", "is_archived"}, got); diff != "" {
			t.Errorf("update, post (-want +got):\n%s", diff)
		}
	})
}

func TestAnEditKeepsWhatItDoesNotName(t *testing.T) {
	inWorld(t, slacksim.Options{}, func(w *world) {
		ch, ts := w.id("incidents"), w.post("incidents", slack.MsgOptionText("one", false), card())
		steps := []struct {
			what, want string
			buttons    bool
			args       []string
		}{
			{"a text alone", "", true, []string{"text", "two"}},
			{"nothing at all", "no_text", true, nil},
			{"as long as may be", "", true, []string{"text", strings.Repeat("가", 4000)}},
			{"one character more", "msg_too_long", true, []string{"text", strings.Repeat("가", 4001)}},
			{"no blocks", "", false, []string{"text", "three", "blocks", "[]"}},
		}
		for _, s := range steps {
			got := w.call("chat.update", append([]string{"channel", ch, "ts", ts}, s.args...)...).Error
			if _, buttons := w.Person("alice").Looks(slacksim.WithButton("take")); got != s.want || buttons != s.buttons {
				t.Errorf("%s: got %q, buttons %v, want %q, %v", s.what, got, buttons, s.want, s.buttons)
			}
		}
	})
}

// Some apps put their buttons into attachments, for the coloured line beside them.
func TestAButtonInsideAnAttachment(t *testing.T) {
	inWorld(t, slacksim.Options{}, func(w *world) {
		w.connect(nil)
		press := slack.NewActionBlock("", slack.NewButtonBlockElement("take", "inc-1", text("Take")))
		ts := w.post("incidents", slack.MsgOptionText("Disk full", false), slack.MsgOptionAttachments(
			slack.Attachment{Text: "on db-1"}, slack.Attachment{Color: "#f00", Blocks: slack.Blocks{BlockSet: []slack.Block{press}}}))
		alice := w.Person("alice")
		seen, err := alice.Sees(w.ctx, slacksim.WithButton("Take"))
		w.must(err)
		w.must(seen.Button("Take").Click(w.ctx, alice))
		cb := w.next(socketmode.EventTypeInteractive).Data.(slack.InteractionCallback)
		got := []string{cb.ActionCallback.BlockActions[0].Value, cb.Container.Type, cb.Container.AttachmentID.String(), cb.Container.MessageTs}
		if diff := cmp.Diff([]string{"inc-1", "message_attachment", "2", ts}, got); diff != "" {
			t.Errorf("value, container (-want +got):\n%s", diff)
		}
	})
}

func TestEmojiThatSlackDoesNotKnow(t *testing.T) {
	inWorld(t, slacksim.Options{Emoji: []string{"harbour"}}, func(w *world) {
		ch, ts := w.id("incidents"), w.post("incidents", slack.MsgOptionText("card", false))
		for name, want := range map[string]string{
			"pushpin": "", "wave::skin-tone-3": "", "harbour": "", "not_an_emoji": "invalid_name", ":eyes:": "invalid_name", "": "invalid_name",
		} {
			if got := w.call("reactions.add", "channel", ch, "timestamp", ts, "name", name).Error; got != want {
				t.Errorf("%q: got %q, want %q", name, got, want)
			}
		}
		if own := w.raw("emoji.list")["emoji"].(map[string]any); len(own) != 1 || own["harbour"] == nil {
			t.Errorf("the workspace's own: %v", own)
		}
		seen, _ := w.Person("alice").Looks(slacksim.Says("card"))
		w.must(w.Person("alice").Reacts(seen, ":eyes:")) // typed into the picker
	})
}
