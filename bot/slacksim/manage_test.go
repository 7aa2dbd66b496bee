package slacksim_test

import (
	"errors"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/slack-go/slack"

	"muster/bot/slacksim"
)

// channelEvents is a manifest that hears of everything that people do to channels.
func channelEvents(t *testing.T) slacksim.Options {
	return slacksim.Options{Manifest: manifest(t, allScopes, "message.channels", "message.groups", "channel_rename", "group_rename", "channel_deleted",
		"group_deleted", "channel_left", "group_left", "member_left_channel")}
}

func (w *world) create(name string, private bool, members ...string) string {
	w.t.Helper()
	c, err := w.api.CreateConversationContext(w.ctx, slack.CreateConversationParams{ChannelName: name, IsPrivate: private})
	w.must(err)
	for _, handle := range members {
		_, err = w.api.InviteUsersToConversationContext(w.ctx, c.ID, w.Person(handle).ID)
		w.must(err)
	}
	return c.ID
}

func TestSomebodyRenamesAChannel(t *testing.T) {
	inWorld(t, channelEvents(t), func(w *world) {
		w.connect(nil)
		id := w.create("inc-1", false, "bob", "gina")
		w.heard()
		bob := w.Person("bob")
		got := []bool{
			errors.Is(bob.Renames("inc-1", "general"), slacksim.ErrNotYours), errors.Is(bob.Renames("inc-1", "Not A Name"), slacksim.ErrNotYours),
			errors.Is(w.Person("gina").Renames("inc-1", "inc-x"), slacksim.ErrNotYours), errors.Is(w.Person("heidi").Renames("inc-1", "inc-x"), slacksim.ErrNotYours),
		}
		if slices.Contains(got, false) {
			t.Errorf("taken, malformed, by a guest, by somebody outside: refused %v", got)
		}
		w.must(bob.Renames("inc-1", "inc-1-checkout"))
		line := w.event("message")
		if line["subtype"] != "channel_name" || line["old_name"] != "inc-1" || line["name"] != "inc-1-checkout" || line["user"] != bob.ID {
			t.Errorf("the line in the channel: %v", line)
		}
		want := map[string]any{"id": id, "name": "inc-1-checkout", "name_normalized": "inc-1-checkout", "is_channel": true, "is_mpim": false}
		told := w.event("channel_rename")["channel"].(map[string]any)
		delete(told, "created")
		if diff := cmp.Diff(want, told); diff != "" {
			t.Errorf("channel_rename (-want +got):\n%s", diff)
		}
		if c, _ := bob.Channel(id); c.Name != "inc-1-checkout" || !slices.Equal(c.PreviousNames, []string{"inc-1"}) {
			t.Errorf("the channel: %+v", c)
		}
	})
}

func TestSomebodyIsRemoved(t *testing.T) {
	inWorld(t, channelEvents(t), func(w *world) {
		w.connect(nil)
		id := w.create("inc-1", true, "bob", "carol")
		w.post("incidents", slack.MsgOptionText("nothing to do with it", false))
		w.heard()
		w.must(w.Person("bob").Removes("inc-1", "carol"))
		left := w.event("member_left_channel")
		if left["user"] != w.Person("carol").ID || left["channel"] != id || w.Person("carol").IsIn(id) {
			t.Errorf("carol is out: %v", left)
		}
		if _, sees := w.Person("carol").Channel(id); sees {
			t.Error("carol still sees the private channel")
		}
		w.must(w.Person("bob").Removes("inc-1", "probe"))
		if out := w.event("group_left"); out["channel"] != id || out["actor_id"] != w.Person("bob").ID {
			t.Errorf("the app is out: %v", out)
		}
		w.heard()
		_, err := w.Person("bob").In(id).Types(w.ctx, "now we are alone")
		w.must(err)
		if got := w.heard(); len(got) > 0 {
			t.Errorf("the app hears what is said where it is not: %v", got)
		}
		if got := w.call("conversations.info", "channel", id).Error; got != "channel_not_found" {
			t.Errorf("and knows of the channel: %q", got)
		}
		w.must(w.Person("alice").Removes("incidents", "probe"))
		if out := w.event("channel_left"); out["channel"] != w.id("incidents") {
			t.Errorf("the app is out of a public one: %v", out)
		}
	})
}

func TestAPublicChannelIsMadePrivateAndBack(t *testing.T) {
	inWorld(t, channelEvents(t), func(w *world) {
		w.connect(nil)
		id := w.create("inc-1", false, "alice", "bob")
		w.heard()
		if err := w.Person("bob").Converts("inc-1", true); !errors.Is(err, slacksim.ErrNotYours) {
			t.Errorf("somebody who is no administrator converts: %v", err)
		}
		private := func() bool {
			c, err := w.api.GetConversationInfoContext(w.ctx, &slack.GetConversationInfoInput{ChannelID: id})
			w.must(err)
			return c.IsPrivate
		}
		alice, heidi := w.Person("alice"), w.Person("heidi")
		_, before := heidi.Channel(id)
		w.must(alice.Converts("inc-1", true))
		line := w.event("message")
		_, after := heidi.Channel(id)
		if line["subtype"] != "channel_convert_to_private" || line["channel_type"] != "group" || !private() || !before || after {
			t.Errorf("made private: %v, info says %v, an outsider saw it %v and sees it %v", line, private(), before, after)
		}
		w.must(alice.Converts("inc-1", false))
		if line = w.event("message"); line["subtype"] != "channel_convert_to_public" || line["channel_type"] != "channel" || private() {
			t.Errorf("made public: %v", line)
		}
		if _, sees := heidi.Channel(id); !sees {
			t.Error("an outsider does not see the public channel")
		}
	})
}

func TestAChannelIsDeleted(t *testing.T) {
	inWorld(t, channelEvents(t), func(w *world) {
		w.connect(nil)
		public, private := w.create("inc-1", false, "alice"), w.create("inc-2", true, "alice")
		w.post("inc-1", card())
		seen, _ := w.Person("alice").Looks(slacksim.WithButton("take"))
		w.heard()
		w.must(w.Person("alice").DeletesChannel("inc-1"))
		w.must(w.Person("alice").DeletesChannel("inc-2"))
		w.must(w.Person("alice").DeletesChannel("engineering")) // the app was never in it, and still hears of it
		want := []string{"channel_deleted", "group_deleted", "channel_deleted"}
		if got := w.heard(); !slices.Equal(got, want) {
			t.Errorf("heard %v, want %v", got, want)
		}
		for _, id := range []string{public, private} {
			for _, method := range []string{"conversations.info", "conversations.history", "chat.postMessage", "conversations.archive"} {
				if got := w.call(method, "channel", id, "text", "x").Error; got != "channel_not_found" {
					t.Errorf("%s: %q", method, got)
				}
			}
		}
		if err := seen.Button("take").Click(w.ctx, w.Person("alice")); !errors.Is(err, slacksim.ErrNotThere) {
			t.Errorf("a button in the deleted channel: %v", err)
		}
	})
}
