package slacksim_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/slack-go/slack"
	"github.com/slack-go/slack/slackevents"
	"github.com/slack-go/slack/socketmode"

	"muster/bot/slacksim"
)

func TestChannels(t *testing.T) {
	inWorld(t, slacksim.Options{}, func(w *world) {
		c, err := w.api.CreateConversationContext(w.ctx, slack.CreateConversationParams{ChannelName: "inc-1-결제-장애"})
		w.must(err)
		bob, jiho := w.Person("bob"), w.Person("jiho")
		invite := func(users ...string) string {
			return w.call("conversations.invite", "channel", c.ID, "users", strings.Join(users, ",")).Error
		}
		steps := []struct{ what, got, want string }{
			{"taken", w.call("conversations.create", "name", "inc-1-결제-장애").Error, "name_taken"},
			{"upper case", w.call("conversations.create", "name", "Inc").Error, "invalid_name_specials"},
			{"punctuation", w.call("conversations.create", "name", "-_-").Error, "invalid_name_punctuation"},
			{"long", w.call("conversations.create", "name", strings.Repeat("가", 81)).Error, "invalid_name_maxlength"},
			{"as long as may be", w.call("conversations.create", "name", strings.Repeat("가", 80)).Error, ""},
			{"empty", w.call("conversations.create", "name", "").Error, "invalid_name_required"},
			{"invite", invite(bob.ID, jiho.ID), ""},
			{"invite again", invite(bob.ID), "already_in_channel"},
			{"invite the bot", invite(w.BotUserID()), "cant_invite_self"},
			{"invite nobody", invite("U0NOBODY"), "user_not_found"},
			{"invite who left", invite(w.Person("gone").ID), "cant_invite"},
			{"invite a stranger", invite(w.Person("stella").ID), "no_external_invite_permission"},
			{"invite a one-channel guest", invite(w.Person("sam").ID), "ura_max_channels"},
			{"topic", w.call("conversations.setTopic", "channel", c.ID, "topic", strings.Repeat("x", 251)).Error, "too_long"},
			{"topic", w.call("conversations.setTopic", "channel", c.ID, "topic", "sev1").Error, ""},
			{"kick", w.call("conversations.kick", "channel", c.ID, "user", bob.ID).Error, ""},
			{"kick again", w.call("conversations.kick", "channel", c.ID, "user", bob.ID).Error, "not_in_channel"},
			{"rename", w.call("conversations.rename", "channel", c.ID, "name", "general").Error, "name_taken"},
			{"rename", w.call("conversations.rename", "channel", c.ID, "name", "inc-2").Error, ""},
			{"archive", w.call("conversations.archive", "channel", c.ID).Error, ""},
			{"archive again", w.call("conversations.archive", "channel", c.ID).Error, "already_archived"},
			{"post to the archive", w.call("chat.postMessage", "channel", c.ID, "text", "x").Error, "is_archived"},
			{"unarchive", w.call("conversations.unarchive", "channel", c.ID).Error, ""},
			{"archive general", w.call("conversations.archive", "channel", w.id("general")).Error, "cant_archive_general"},
			{"join", w.call("conversations.join", "channel", w.id("general")).Error, ""},
			{"join a private one", w.call("conversations.join", "channel", w.id("leads")).Error, "channel_not_found"},
			{"types", w.call("conversations.list", "types", "secret").Error, "invalid_types"},
			{"cursor", w.call("conversations.list", "cursor", "x").Error, "invalid_cursor"},
		}
		for _, s := range steps {
			if s.got != s.want {
				t.Errorf("%s: got %q, want %q", s.what, s.got, s.want)
			}
		}
		if !jiho.IsIn("inc-2") || bob.IsIn("inc-2") {
			t.Error("wrong members")
		}
		got, _ := jiho.Channel("inc-2")
		if got.Topic.Value != "sev1" || !slices.Equal(got.PreviousNames, []string{"inc-1-결제-장애"}) {
			t.Errorf("channel: %+v", got)
		}
	})
}

func TestInviteForcesPastThoseWhoCannot(t *testing.T) {
	inWorld(t, slacksim.Options{}, func(w *world) {
		c, err := w.api.CreateConversationContext(w.ctx, slack.CreateConversationParams{ChannelName: "inc-1"})
		w.must(err)
		users := w.Person("gone").ID + "," + w.Person("bob").ID
		if got := w.call("conversations.invite", "channel", c.ID, "users", users).Error; got != "cant_invite" || w.Person("bob").IsIn("inc-1") {
			t.Errorf("without force: %q", got)
		}
		if a := w.call("conversations.invite", "channel", c.ID, "users", users, "force", "true"); !a.OK || !w.Person("bob").IsIn("inc-1") {
			t.Errorf("with force: %+v", a)
		}
	})
}

func TestPeople(t *testing.T) {
	inWorld(t, slacksim.Options{}, func(w *world) {
		users, err := w.api.GetUsersContext(w.ctx)
		w.must(err)
		byName := map[string]slack.User{}
		for _, u := range users {
			byName[u.Name] = u
		}
		if !byName["gone"].Deleted || !byName["gina"].IsRestricted || !byName["sam"].IsUltraRestricted || !byName["probe"].IsBot {
			t.Errorf("flags are wrong: %+v", byName)
		}
		if _, there := byName["stella"]; there {
			t.Error("users.list tells of a stranger")
		}
		stella, err := w.api.GetUserInfoContext(w.ctx, w.Person("stella").ID)
		w.must(err)
		if !stella.IsStranger || stella.Profile.Email != "" || stella.TZ != "" {
			t.Errorf("a stranger: %+v", stella)
		}
		u, err := w.api.GetUserByEmailContext(w.ctx, "alice@harbour.example")
		w.must(err)
		if u.Name != "alice" {
			t.Errorf("by mail: %+v", u)
		}
		groups, err := w.api.GetUserGroupsContext(w.ctx, slack.GetUserGroupsOptionIncludeUsers(true))
		w.must(err)
		if len(groups) != 4 || groups[0].Handle != "sre" || len(groups[0].Users) != 3 {
			t.Errorf("groups: %+v", groups)
		}
		im, _, _, err := w.api.OpenConversationContext(w.ctx, &slack.OpenConversationParameters{Users: []string{u.ID}})
		w.must(err)
		if got := w.call("chat.postMessage", "channel", u.ID, "text", "for you"); got.Channel != im.ID {
			t.Errorf("a message to a user went to %v, not to their DM %s", got.Channel, im.ID)
		}
		if _, ok := w.Person("alice").Looks(slacksim.Direct(), slacksim.Says("for you")); !ok {
			t.Error("alice does not see her direct message")
		}
		if _, ok := w.Person("bob").Looks(slacksim.Says("for you")); ok {
			t.Error("bob sees it too")
		}
	})
}

// Law: what is private is not to be seen by those who are not in it, on any surface.
func TestPrivateIsInvisible(t *testing.T) {
	inWorld(t, slacksim.Options{}, func(w *world) {
		c, err := w.api.CreateConversationContext(w.ctx, slack.CreateConversationParams{ChannelName: "inc-7", IsPrivate: true})
		w.must(err)
		_, err = w.api.InviteUsersToConversationContext(w.ctx, c.ID, w.Person("carol").ID)
		w.must(err)
		w.call("chat.postMessage", "channel", c.ID, "text", "secret & <#"+c.ID+">")
		w.call("chat.postMessage", "channel", w.id("incidents"), "text", "see <#"+c.ID+">")
		if _, err := w.Person("carol").Sees(w.ctx, slacksim.Says("secret &")); err != nil {
			t.Error(err)
		}
		for _, handle := range []string{"alice", "gina", "stella", "gone", "nobody"} {
			p := w.Person(handle)
			if _, ok := p.Looks(slacksim.Says("secret")); ok || len(p.History(c.ID, 0)) > 0 {
				t.Errorf("%s sees the message", handle)
			}
			if _, ok := p.Channel("inc-7"); ok {
				t.Errorf("%s sees the channel", handle)
			}
			for _, known := range p.Channels() {
				if known.ID == c.ID {
					t.Errorf("%s has it in their list", handle)
				}
			}
			if err := p.Joins(c.ID); err == nil {
				t.Errorf("%s could join", handle)
			}
			if _, ok := p.Looks(slacksim.Says("inc-7")); ok {
				t.Errorf("%s reads its name in a link", handle)
			}
		}
		if got := w.call("conversations.info", "channel", w.id("leads")).Error; got != "channel_not_found" {
			t.Errorf("the bot asks for a private channel that it is not in: %q", got)
		}
	})
}

// Slack tells of archiving wherever the app could look, and of private channels only where it is.
func TestArchivingIsToldOfEveryPublicChannel(t *testing.T) {
	o := slacksim.Options{Manifest: manifest(t, allScopes, "channel_archive", "channel_unarchive", "group_archive")}
	inWorld(t, o, func(w *world) {
		w.connect(nil)
		w.must(w.Person("carol").Archives("leads", true)) // the app is in neither
		w.must(w.Person("carol").Archives("engineering", true))
		w.must(w.Person("carol").Archives("engineering", false))
		for _, want := range []string{"channel_archive", "channel_unarchive"} {
			got := w.next(socketmode.EventTypeEventsAPI).Data.(slackevents.EventsAPIEvent).InnerEvent
			if got.Type != want {
				t.Errorf("got %s %+v, want %s", got.Type, got.Data, want)
			}
		}
	})
}
