package slacksim_test

import (
	"slices"
	"testing"

	"github.com/slack-go/slack"
	"github.com/slack-go/slack/socketmode"

	"muster/bot/slacksim"
)

func (w *world) respond(url string, m slack.WebhookMessage) {
	w.t.Helper()
	w.must(slack.PostWebhookCustomHTTPContext(w.ctx, url, w.net.Client(), &m))
}

// An answer to a press in a thread goes to the channel if everybody is to see it, unless it names the thread.
func TestAnAnswerForAllLeavesTheThread(t *testing.T) {
	inWorld(t, slacksim.Options{}, func(w *world) {
		w.connect(nil)
		root := w.post("incidents", slack.MsgOptionText("root", false))
		w.post("incidents", card(), slack.MsgOptionTS(root))
		alice := w.Person("alice")
		seen, err := alice.Sees(w.ctx, slacksim.InThread(root))
		w.must(err)
		w.must(seen.Button("take").Click(w.ctx, alice))
		url := w.next(socketmode.EventTypeInteractive).Data.(slack.InteractionCallback).ResponseURL
		w.respond(url, slack.WebhookMessage{Text: "for all", ResponseType: slack.ResponseTypeInChannel})
		w.respond(url, slack.WebhookMessage{Text: "there", ResponseType: slack.ResponseTypeInChannel, ThreadTimestamp: root})
		w.respond(url, slack.WebhookMessage{Text: "for her"})
		for said, want := range map[string]string{"for all": "", "there": root, "for her": root} {
			if m, ok := alice.Looks(slacksim.Says(said)); !ok || m.ThreadTS != want {
				t.Errorf("%q: thread %q, %v, want %q", said, m.ThreadTS, ok, want)
			}
		}
	})
}

// A slash command leaves no message that could be replaced.
func TestAnAnswerToACommandReplacesNothing(t *testing.T) {
	inWorld(t, slacksim.Options{}, func(w *world) {
		w.connect(func(c *socketmode.Client, e socketmode.Event) {
			if e.Type == socketmode.EventTypeSlashCommand {
				_ = c.Ack(*e.Request, map[string]any{"text": "working on it"})
			}
		})
		alice := w.Person("alice")
		_, err := alice.In("general").Types(w.ctx, "/probe")
		w.must(err)
		url := w.next(socketmode.EventTypeSlashCommand).Data.(slack.SlashCommand).ResponseURL
		w.respond(url, slack.WebhookMessage{Text: "done", ReplaceOriginal: true})
		var got []string
		for _, m := range alice.SeesAll(slacksim.OnlyForMe()) {
			got = append(got, m.Text())
		}
		if want := []string{"working on it", "done"}; !slices.Equal(got, want) {
			t.Errorf("alice reads %q, want %q", got, want)
		}
	})
}
