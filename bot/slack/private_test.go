package slack_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"muster/bot/slacksim"
	"muster/incident"
)

// A private incident leaves no trace that anybody outside it can see. The story does everything that can be done to one, then
// everybody else of the workspace looks everywhere and tries everything.
func TestPrivateIncidentsDoNotLeak(t *testing.T) {
	inHouse(t, setup{policy: func(p *incident.Policy) {
		p.Severities[0].InviteUsers = []incident.UserID{"U0CAROL003"}
		p.Severities[0].InviteGroups = []incident.GroupID{"S0SRE00001"}
	}}, func(h *house) {
		alice, bob := h.person("alice"), h.person("bob")
		begun := bob.says("support", "Somebody reads our mailboxes quietly")
		h.declared("sev1 A public one")
		if err := alice.UsesShortcutOn(h.Context(), begun, "Declare incident"); err != nil {
			t.Fatal(err)
		}
		form := alice.modal()
		alice.fills(form, "What is wrong?", "Zanzibar breach", "What do you know so far?", "Quokka was stolen")
		h.choose(form, "How bad is it?", "sev1")
		h.choose(form, "Options", "private")
		if wrong := alice.submits(form); len(wrong) != 0 {
			t.Fatal(wrong)
		}
		h.settle()
		in := h.get("INC-2")
		if !in.Private || in.Title != "Zanzibar breach" {
			t.Fatalf("declared %+v", in)
		}
		if err := alice.modal().Close(h.Context()); err != nil {
			t.Fatal(err)
		}
		name := in.Channel.Name
		if strings.Contains(name, "public") || !channelOf(h, in).Private {
			t.Fatalf("the channel %s is not private", name)
		}
		for _, line := range []string{"assign tl @bob", "update Numbat is gone too", "note Wombat was seen last", "title Zanzibar breach grows", "summary Quokka and Numbat",
			"severity sev2 Only Wombat now", "severity sev1 All of Wombat again", "status monitor Kakapo is back", "claim im"} {
			alice.types(name, "/incident "+line)
			h.settle()
		}
		if err := bob.UsesShortcutOn(h.Context(), bob.says(name, "Takahe was the cause"), "Add to timeline"); err != nil {
			t.Fatal(err)
		}
		pass(5 * time.Hour) // through all the reminders
		alice.types(name, "/incident resolve Kiwi closed the hole")
		h.settle()
		alice.types(name, "/incident reopen Kiwi was wrong")
		h.settle()

		secrets := []string{"Zanzibar", "zanzibar", "Quokka", "Numbat", "Wombat", "Kakapo", "Takahe", "Kiwi", "INC-2", "inc-2", string(in.Channel.ID), name}
		members := map[string]bool{alice.ID: true, bob.ID: true}
		for _, user := range h.ws.Users() {
			who := h.person(user.ID)
			if members[user.ID] || user.Bot || user.Deleted || who.ID == "USLACKBOT" {
				continue
			}
			if channel, known := who.Channel(name); known {
				t.Errorf("%s knows of the channel %s", who.Handle, channel.Name)
			}
			surfaces := h.tries(who, "INC-2")
			surfaces["its messages"] = who.everything()
			for _, channel := range who.Channels() {
				surfaces["channel "+channel.Name] = fmt.Sprint(channel.Name, channel.Topic, channel.Purpose, channel.Bookmarks, channel.PreviousNames)
				for _, message := range who.History(channel.ID, 0) {
					surfaces["channel "+channel.Name] += message.Fallback + string(message.Blocks) + string(message.Metadata) + string(message.Attachments)
					for _, reply := range who.Replies(channel.ID, message.TS) {
						surfaces["channel "+channel.Name] += reply.Fallback + string(reply.Blocks) + string(reply.Metadata)
					}
				}
			}
			for surface, text := range surfaces {
				// What they typed themselves comes back to them in the refusal.
				text = strings.ReplaceAll(text, "“INC-2”", "")
				for _, secret := range secrets {
					if strings.Contains(text, secret) {
						t.Errorf("%s reads %q in %s: %s", who.Handle, secret, surface, around(text, secret))
					}
				}
			}
		}
		for _, secret := range []string{"Zanzibar", "Quokka", "Numbat", "Wombat", "Kakapo", "Takahe", "Kiwi", name} {
			if log := h.log.String(); strings.Contains(log, secret) {
				t.Errorf("the log holds %q: %s", secret, around(log, secret))
			}
		}
		if got := len(alice.Replies("support", begun.TS)); got > 1 {
			t.Errorf("%d replies in the thread that it was declared from", got-1)
		}
		// Its members see it wherever they look.
		h.reads("the list", bob.types("general", "/incident list"), "Zanzibar breach grows", ":lock:")
		h.reads("the home", bob.home().Text(), "Zanzibar breach grows")
	})
}

// tries has somebody try everything on an incident that they know the key of, and answers what they saw.
func (h *house) tries(who person, id incident.ID) map[string]string {
	h.Helper()
	saw := map[string]string{}
	place := "support"
	before := h.get(id)
	before.Members = nil
	for _, line := range []string{"list", "list all", "list mine", "list sev1", string(id), string(id) + " timeline", string(id) + " roles", string(id) + " claim tl",
		string(id) + " assign tl @alice", string(id) + " update hello there", string(id) + " update", string(id) + " note hello there", string(id) + " remind", string(id) + " help",
		string(id) + " resolve all is well", string(id) + " status", string(id) + " severity sev3 not so bad", string(id) + " cancel not real", string(id) + " retry",
		string(id) + " frobnicate", "update", "note which one", "resolve", "reopen which one", "close"} {
		saw[line] = who.types(place, "/incident "+line)
		h.settle()
		if view, open := who.View(); open {
			saw[line+" (form)"] = view.Text() + string(view.Blocks) + view.PrivateMetadata
			h.closeAll(who)
		}
		if strings.Contains(saw[line], "went wrong") {
			h.Errorf("%s types %s: %s", who.Handle, line, saw[line])
		}
		if strings.HasPrefix(line, string(id)+" ") && !strings.Contains(saw[line], "no incident") && !strings.Contains(saw[line], "Guests") && !strings.Contains(saw[line], "Only members") {
			h.Errorf("%s types %s and reads %q", who.Handle, line, saw[line])
		}
	}
	if home, ok := who.Home(); ok {
		saw["the home before"] = home.Text()
	}
	home := who.home()
	saw["the home"] = home.Text() + string(home.Blocks)
	after := h.get(id)
	after.Members = nil
	was, _ := json.Marshal(before)
	is, _ := json.Marshal(after)
	if string(was) != string(is) {
		h.Errorf("%s changed something:\nbefore %s\nafter  %s", who.Handle, was, is)
	}
	return saw
}

// The refusal for a private incident and for one that does not exist are the same words.
func TestAPrivateIncidentIsAsGoodAsNone(t *testing.T) {
	inHouse(t, setup{}, func(h *house) {
		h.declared("sev1 --private Zanzibar breach")
		bob := h.person("bob")
		there := bob.types("general", "/incident INC-1 timeline")
		none := bob.types("general", "/incident INC-7 timeline")
		if got := strings.ReplaceAll(none, "INC-7", "INC-1"); got != there {
			t.Errorf("of a private one: %q, of none: %q", there, none)
		}
	})
}

// Whoever is invited into the channel is a member from then on, however late the event comes; whoever leaves is none any more.
func TestMembersOfAPrivateIncident(t *testing.T) {
	inHouse(t, setup{}, func(h *house) {
		in := h.declared("sev1 --private Zanzibar breach")
		alice, bob, carol := h.person("alice"), h.person("bob"), h.person("carol")
		h.ws.AddFault(slacksim.Fault{Kind: slacksim.FaultEnvelopeLate, Match: "member_joined_channel", Delay: time.Minute})
		if err := alice.Invites(in.Channel.Name, "bob"); err != nil {
			t.Fatal(err)
		}
		h.reads("at once", bob.types(in.Channel.Name, "/incident"), "Zanzibar breach")
		bob.clicks(h.card(in), "Take: Tech lead")
		h.settle()
		if err := alice.Invites(in.Channel.Name, "carol"); err != nil {
			t.Fatal(err)
		}
		pass(2 * time.Minute)
		h.settle()
		h.reads("after the event", carol.types("general", "/incident list"), "Zanzibar breach")
		if err := carol.Leaves(in.Channel.Name); err != nil {
			t.Fatal(err)
		}
		h.settle()
		if got := carol.types("general", "/incident list"); strings.Contains(got, "Zanzibar") {
			t.Errorf("carol has left and reads %q", got)
		}
		if got := carol.home().Text(); strings.Contains(got, "Zanzibar") {
			t.Errorf("carol has left and has in her home %q", got)
		}
		if err := alice.Invites(in.Channel.Name, "dave"); err != nil {
			t.Fatal(err)
		}
		if err := h.person("dave").Leaves(in.Channel.Name); err != nil {
			t.Fatal(err)
		}
		pass(2 * time.Minute) // Slack tells of his coming after it has told of his going
		h.settle()
		if got := h.person("dave").types("general", "/incident list"); strings.Contains(got, "Zanzibar") {
			t.Errorf("dave came and left, and reads %q", got)
		}
		if err := alice.Invites(in.Channel.Name, "dave"); err != nil {
			t.Fatal(err)
		}
		pass(2 * time.Minute)
		h.settle()
		h.reads("back again", h.person("dave").types("general", "/incident list"), "Zanzibar breach")
	})
}

// Slack tells late of what somebody did before leaving; that makes them no member again.
func TestWhoLeftStaysOutOfAPrivateIncident(t *testing.T) {
	stories := map[string]func(h *house, in incident.Incident, dave person){
		"a pushpin of which Slack tells late": func(h *house, in incident.Incident, dave person) {
			message := h.person("alice").says(in.Channel.Name, "the logs say so")
			if err := h.person("alice").Invites(in.Channel.Name, "dave"); err != nil {
				t.Fatal(err)
			}
			h.settle()
			h.ws.AddFault(slacksim.Fault{Kind: slacksim.FaultEnvelopeLate, Match: "reaction_added", Delay: time.Minute})
			if err := dave.Reacts(message, "pushpin"); err != nil {
				t.Fatal(err)
			}
		},
		"an invitation that Slack answers late": func(h *house, in incident.Incident, dave person) {
			h.ws.AddFault(slacksim.Fault{Kind: slacksim.FaultLatency, Match: "conversations.invite", Delay: 8 * time.Second})
			h.person("alice").types(in.Channel.Name, "/incident assign tl @dave")
			for !dave.IsIn(in.Channel.Name) {
				pass(500 * time.Millisecond)
			}
			h.person("alice").types(in.Channel.Name, "/incident release tl @dave")
		},
	}
	for name, story := range stories {
		t.Run(name, func(t *testing.T) {
			inHouse(t, setup{}, func(h *house) {
				in, dave := h.declared("sev1 --private Zanzibar breach"), h.person("dave")
				story(h, in, dave)
				if err := dave.Leaves(in.Channel.Name); err != nil {
					t.Fatal(err)
				}
				pass(2 * time.Minute)
				h.settle()
				if got := dave.types("general", "/incident list"); strings.Contains(got, "Zanzibar") {
					t.Errorf("dave has left and reads %q", got)
				}
			})
		})
	}
}

// Whoever left and came back is in, whichever of the two Slack tells first.
func TestBackInAPrivateIncident(t *testing.T) {
	inHouse(t, setup{}, func(h *house) {
		in, alice, dave := h.declared("sev1 --private Zanzibar breach"), h.person("alice"), h.person("dave")
		if err := alice.Invites(in.Channel.Name, "dave"); err != nil {
			t.Fatal(err)
		}
		h.settle()
		h.ws.AddFault(slacksim.Fault{Kind: slacksim.FaultEnvelopeLate, Match: "member_left_channel", Delay: time.Minute})
		if err := dave.Leaves(in.Channel.Name); err != nil {
			t.Fatal(err)
		}
		if err := alice.Invites(in.Channel.Name, "dave"); err != nil {
			t.Fatal(err)
		}
		pass(2 * time.Minute)
		h.settle()
		h.reads("back", dave.types("general", "/incident list"), "Zanzibar breach")
	})
}

// A click on something that stood there before its person lost sight of the incident.
func TestClicksOfThoseWhoLeft(t *testing.T) {
	inHouse(t, setup{}, func(h *house) {
		in := h.declared("sev1 --private Zanzibar breach")
		alice, bob := h.person("alice"), h.person("bob")
		if err := alice.Invites(in.Channel.Name, "bob"); err != nil {
			t.Fatal(err)
		}
		h.settle()
		bob.types("general", "/incident update")
		pick := bob.sees(slacksim.OnlyForMe(), slacksim.WithButton("🔒 INC-1 · Zanzibar breach"))
		bob.types("general", "/incident INC-1 remind")
		why := bob.sees(slacksim.OnlyForMe(), slacksim.WithButton("Pause reminders"))
		bob.types("general", "/incident INC-1 update")
		form := bob.modal()
		if err := bob.Leaves(in.Channel.Name); err != nil {
			t.Fatal(err)
		}
		h.settle()
		h.changesNothing("clicks after leaving", func() {
			for _, message := range []slacksim.Message{pick, why} {
				for _, element := range message.Elements() {
					bob.clicks(message, element.ActionID)
					h.settle()
					h.reads(element.ActionID, bob.told(), "no incident")
				}
			}
			bob.fills(form, "State and impact", "I tell you something")
			wrong := bob.submits(form)
			h.reads("the form", wrong["State and impact"], "no incident")
		})
	})
}
