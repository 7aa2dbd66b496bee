package slack_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"muster/bot/slacksim"
	"muster/incident"
)

// Through a whole incident there is one card and one announcement, edited in place.
func TestOneCardAndOneAnnouncement(t *testing.T) {
	inHouse(t, setup{}, func(h *house) {
		in := h.declared("sev2 Checkout is down")
		alice := h.person("alice")
		first := h.card(in)
		announced := alice.sees(slacksim.Inside(announcements), slacksim.Says("INC-1"))
		for _, line := range []string{"claim im", "assign tl @bob", "severity sev1 all of them now", "title Payments are down", "summary Cards are declined",
			"status fix", "update We roll back", "status monitor", "resolve It is over", "reopen It is back", "resolve Now really", "close"} {
			alice.types(in.Channel.Name, "/incident "+line)
			h.settle()
		}
		var cards, announcementsSeen int
		for _, message := range alice.SeesAll(slacksim.Inside(in.Channel.Name), slacksim.FromApp()) {
			if message.EphemeralTo == "" && strings.Contains(message.Text(), "works by command too") {
				cards++
				if message.TS != first.TS || !message.Pinned {
					t.Errorf("another card, or one that is not pinned: %s", message.Text())
				}
				h.reads("the card", message.Text(), "Payments are down", "SEV1", "Closed", "Now really", "Cards are declined")
			}
		}
		for _, message := range alice.SeesAll(slacksim.Inside(announcements), slacksim.FromApp()) {
			announcementsSeen++
			if message.TS != announced.TS {
				t.Error("another announcement")
			}
			h.reads("the announcement", message.Text(), "Payments are down", "SEV1", "Closed", "Now really")
		}
		if cards != 1 || announcementsSeen != 1 {
			t.Errorf("%d cards and %d announcements", cards, announcementsSeen)
		}
		h.reads("the topic", channelOf(h, in).Topic.Value, "SEV1", "Closed")
	})
}

// A card that somebody deleted comes back, pinned, as soon as there is something to show; likewise the announcement.
func TestADeletedCardComesBack(t *testing.T) {
	inHouse(t, setup{}, func(h *house) {
		in := h.declared("sev1 Checkout is down")
		alice := h.person("alice")
		old := h.card(in)
		announced := alice.sees(slacksim.Inside(announcements), slacksim.Says("INC-1"))
		h.deletes(old)
		h.deletes(announced)
		alice.types(in.Channel.Name, "/incident claim im")
		h.settle()
		card := h.card(in)
		if card.TS == old.TS || !card.Pinned {
			t.Errorf("the card was not posted anew and pinned")
		}
		h.hasButtons(in)
		again := alice.sees(slacksim.Inside(announcements), slacksim.Says("INC-1", "Manager: @alice"))
		if again.TS == announced.TS {
			t.Error("the announcement is the deleted one")
		}
	})
}

// deletes takes a message of the app away, as an admin may.
func (h *house) deletes(message slacksim.Message) {
	h.Helper()
	h.callAsApp("chat.delete", map[string]string{"channel": message.Channel, "ts": message.TS})
}

// The channel of an open incident, archived by hand: the incident goes on, and people are told where they still are.
func TestAChannelArchivedByHand(t *testing.T) {
	inHouse(t, setup{rough: true}, func(h *house) {
		began := time.Now()
		in := h.declared("sev1 Checkout is down")
		alice := h.person("alice")
		alice.types(in.Channel.Name, "/incident claim im")
		h.settle()
		if err := alice.Archives(in.Channel.Name, true); err != nil {
			t.Fatal(err)
		}
		h.settle()
		if h.get(in.ID).Channel.State != incident.ChannelArchived {
			t.Fatal("the archiving went unnoticed")
		}
		pass(70 * time.Minute)
		h.settle()
		if got, want := strings.Join(h.pings(began), " "), "15:alice 30:alice 35:alice 45:alice 45:alice 55:alice 65:alice"; got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
		h.reads("update from elsewhere", alice.types("general", "/incident INC-1 update We are still on it"), "posted")
		h.settle()
		alice.sees(slacksim.Inside(announcements), slacksim.Says("We are still on it"))
		told := alice.sees(slacksim.Direct(), slacksim.Says("could not post what happened", "archived", "Bring it back"))
		if err := alice.Archives(in.Channel.Name, false); err != nil {
			t.Fatal(err)
		}
		h.settle()
		if h.get(in.ID).Channel.State == incident.ChannelArchived {
			t.Fatal("the channel came back unnoticed")
		}
		h.reads("the card", h.card(in).Text(), "We are still on it")
		alice.clicks(told, "Retry")
		h.settle()
		alice.sees(slacksim.Inside(in.Channel.Name), slacksim.FromApp(), slacksim.Says("Update on INC-1", "We are still on it"))
		if got := len(h.get(in.ID).Troubles); got != 0 {
			t.Errorf("%d troubles are left", got)
		}
	})
}

// What Slack tells late of a channel that was archived, or brought back, does not hide for long what became of it since.
func TestWhatIsToldLateOfAnArchivedChannel(t *testing.T) {
	for _, private := range []bool{false, true} {
		for _, archived := range []bool{false, true} { // in the end
			t.Run(fmt.Sprintf("private %v, archived %v", private, archived), func(t *testing.T) {
				inHouse(t, setup{rough: true}, func(h *house) {
					line := "sev1 Checkout is down"
					if private {
						line = "sev1 --private Checkout is down"
					}
					in := h.declared(line)
					if archived {
						h.archives(in, true)
						h.settle()
					}
					h.ws.AddFault(slacksim.Fault{Kind: slacksim.FaultEnvelopeLate, Match: "*archive", Count: 1, Delay: 10 * time.Minute})
					for _, archive := range []bool{!archived, archived} {
						h.archives(in, archive)
						pass(time.Minute)
					}
					pass(20 * time.Minute)
					h.settle()
					if got := h.get(in.ID).Channel.State == incident.ChannelArchived; got != archived {
						t.Errorf("archived: %v in the store, %v in Slack", got, archived)
					}
				})
			})
		}
	}
}

// archives has Alice archive an incident's channel by hand, or bring it back.
func (h *house) archives(in incident.Incident, archive bool) {
	h.Helper()
	if err := h.person("alice").Archives(in.Channel.Name, archive); err != nil {
		h.Fatal(err)
	}
}

// Until somebody can look, what Slack tells is believed: an incident that is reopened meanwhile has its channel back.
func TestReopenedBeforeAnybodyLooks(t *testing.T) {
	inHouse(t, setup{rough: true}, func(h *house) {
		in := h.declared("sev1 Checkout is down")
		alice := h.person("alice")
		alice.types(in.Channel.Name, "/incident resolve all is well")
		h.settle()
		h.ws.AddFault(slacksim.Fault{Kind: slacksim.FaultRateLimited, Match: "conversations.info", Count: 1, Delay: time.Minute})
		h.archives(in, true)
		pass(5 * time.Second)
		alice.types("general", "/incident INC-1 reopen it is back")
		pass(time.Hour)
		h.settle()
		if channelOf(h, in).Archived || h.get(in.ID).Channel.State == incident.ChannelArchived {
			t.Errorf("the channel never came back: %+v", h.get(in.ID).Troubles)
		}
	})
}

// A private channel that we cannot see any more once it is archived was archived.
func TestAnArchivedChannelThatNobodyCanSee(t *testing.T) {
	inHouse(t, setup{rough: true}, func(h *house) {
		in := h.declared("sev1 --private Checkout is down")
		h.ws.AddFault(slacksim.Fault{Kind: slacksim.FaultError, Match: "conversations.info", Code: "channel_not_found"})
		h.archives(in, true)
		h.settle()
		if got := h.get(in.ID); got.Channel.State != incident.ChannelArchived || len(got.Troubles) > 0 {
			t.Errorf("archived %v, troubles %+v", got.Channel.State == incident.ChannelArchived, got.Troubles)
		}
	})
}

// expels has Slack put the app out of a channel that is archived.
func expels(o *slacksim.Options) { o.ArchivingExpelsApp = true }

// Of an incident that is reopened after archiving put us out of its channel the declarer is told to bring that back by hand, and
// then everything is as it was, whatever they do first.
func TestReopenedAfterArchivingPutUsOut(t *testing.T) {
	retries := func(h *house, told slacksim.Message) { h.person("alice").clicks(told, "Retry") }
	updates := func(h *house, _ slacksim.Message) {
		h.person("alice").types("inc-1-20000101-checkout-is-down", "/incident update We are on it")
	}
	clicks := func(h *house, _ slacksim.Message) { h.person("alice").clicks(h.card(h.get("INC-1")), "Add note") }
	invites := func(h *house, _ slacksim.Message) {
		if err := h.person("alice").Invites("inc-1-20000101-checkout-is-down", "muster"); err != nil {
			h.Fatal(err)
		}
	}
	for _, c := range []struct {
		name, line string
		first      func(*house, slacksim.Message)
	}{
		{"retry", "sev1 Checkout is down", retries}, {"command", "sev1 Checkout is down", updates}, {"click", "sev1 Checkout is down", clicks},
		{"invited", "sev1 Checkout is down", invites}, {"private, invited", "sev1 --private Checkout is down", invites},
	} {
		t.Run(c.name, func(t *testing.T) {
			inHouse(t, setup{rough: true, slack: expels}, func(h *house) {
				in := h.declared(c.line)
				alice := h.person("alice")
				alice.types(in.Channel.Name, "/incident resolve all is well")
				pass(73 * time.Hour)
				h.settle()
				alice.types("general", "/incident INC-1 reopen it is back")
				h.settle()
				told := alice.sees(slacksim.Direct(), slacksim.Says("could not bring the channel back", "by hand"))
				h.archives(in, false)
				c.first(h, told)
				h.settle()
				alice.types(in.Channel.Name, "/incident update It is the cache")
				h.settle()
				alice.sees(slacksim.Inside(in.Channel.Name), slacksim.FromApp(), slacksim.Says("Update on INC-1", "It is the cache"))
				h.reads("the card", h.card(in).Text(), "It is the cache")
				if got := h.get(in.ID); got.Channel.State == incident.ChannelArchived || !slices.Contains(channelOf(h, in).Members, h.ws.BotUserID()) {
					t.Errorf("archived %v, members %v", got.Channel.State == incident.ChannelArchived, channelOf(h, in).Members)
				}
				if topic := channelOf(h, in).Topic.Value; !strings.Contains(topic, "Fixing") {
					t.Errorf("the topic is %q", topic)
				}
				if !h.card(in).Pinned {
					t.Error("the card is not pinned")
				}
			})
		})
	}
}

// An app that may not join is told of once; whoever invites it has everything back.
func TestPutOutAndNotAllowedToJoin(t *testing.T) {
	inHouse(t, setup{rough: true, slack: expels}, func(h *house) {
		in := h.declared("sev1 Checkout is down")
		alice := h.person("alice")
		h.ws.AddFault(slacksim.Fault{Kind: slacksim.FaultError, Match: "conversations.join", Code: "missing_scope"})
		h.archives(in, true)
		h.settle()
		h.archives(in, false)
		alice.types(in.Channel.Name, "/incident timeline")
		h.settle()
		alice.sees(slacksim.Says("could not see whether the channel is archived", "missing_scope"))
		before := len(h.timeline(in.ID))
		for range 3 {
			alice.types(in.Channel.Name, "/incident timeline")
			h.settle()
		}
		if got := len(h.timeline(in.ID)); got != before {
			t.Errorf("looking at the timeline made it longer by %d", got-before)
		}
		if err := alice.Invites(in.Channel.Name, "muster"); err != nil {
			t.Fatal(err)
		}
		h.settle()
		if got := h.get(in.ID); got.Channel.State == incident.ChannelArchived || len(got.Troubles) > 0 {
			t.Errorf("after the invitation: archived %v, troubles %+v", got.Channel.State == incident.ChannelArchived, got.Troubles)
		}
	})
}

// A channel that is archived again while we come back is archived, and nobody is bothered.
func TestArchivedAgainBeforeWeJoin(t *testing.T) {
	inHouse(t, setup{rough: true, slack: expels}, func(h *house) {
		in := h.declared("sev1 Checkout is down")
		alice := h.person("alice")
		alice.types(in.Channel.Name, "/incident resolve all is well")
		h.settle()
		h.archives(in, true)
		h.settle()
		h.archives(in, false)
		h.ws.AddFault(slacksim.Fault{Kind: slacksim.FaultLatency, Match: "conversations.join", Count: 1, Delay: 4 * time.Second})
		alice.types(in.Channel.Name, "/incident timeline")
		pass(time.Second)
		h.archives(in, true)
		pass(10 * time.Minute)
		h.settle()
		if got := h.get(in.ID); got.Channel.State != incident.ChannelArchived || len(got.Troubles) > 0 {
			t.Errorf("archived %v, troubles %+v", got.Channel.State == incident.ChannelArchived, got.Troubles)
		}
	})
}

// An incident is reopened at a moment when Slack is difficult; what the store says of its channel is so in Slack.
func TestReopenedAtABadMoment(t *testing.T) {
	slowLook := slacksim.Fault{Kind: slacksim.FaultLatency, Match: "conversations.info", Count: 1, Delay: 4 * time.Second}
	over := func(h *house, in incident.Incident, since time.Duration) {
		h.person("alice").types(in.Channel.Name, "/incident resolve all is well")
		pass(since)
	}
	reopens := func(h *house) { h.person("alice").types("general", "/incident INC-1 reopen it is back") }
	for name, story := range map[string]func(*house, incident.Incident){
		"the archiving never took place, and may not be undone": func(h *house, in incident.Incident) {
			h.ws.AddFault(slacksim.Fault{Kind: slacksim.FaultStatus, Match: "conversations.archive"})
			h.ws.AddFault(slacksim.Fault{Kind: slacksim.FaultError, Match: "conversations.unarchive", Code: "restricted_action"})
			over(h, in, 72*time.Hour+time.Minute)
			reopens(h)
		},
		"somebody archives it again while it is brought back": func(h *house, in incident.Incident) {
			over(h, in, 73*time.Hour)
			h.ws.AddFault(slowLook)
			reopens(h)
			pass(time.Second)
			h.archives(in, true)
		},
		"somebody else is looking": func(h *house, in incident.Incident) {
			over(h, in, 73*time.Hour)
			h.ws.AddFault(slowLook)
			h.person("alice").clicks(h.card(in), "Timeline")
			pass(2500 * time.Millisecond)
			reopens(h)
		},
	} {
		t.Run(name, func(t *testing.T) {
			inHouse(t, setup{rough: true}, func(h *house) {
				in := h.declared("sev1 Checkout is down")
				story(h, in)
				pass(time.Hour)
				h.settle()
				if got, slack := h.get(in.ID).Channel.State == incident.ChannelArchived, channelOf(h, in).Archived; got != slack {
					t.Errorf("archived: %v in the store, %v in Slack", got, slack)
				}
				if got := len(events[incident.EventChannelRestored](h, in.ID)); got > 1 {
					t.Errorf("it came back %d times", got)
				}
			})
		})
	}
}

// Nobody waits for a look that Slack does not answer.
func TestALookHoldsUpNobody(t *testing.T) {
	inHouse(t, setup{rough: true}, func(h *house) {
		in := h.declared("sev1 Checkout is down")
		alice := h.person("alice")
		h.ws.AddFault(slacksim.Fault{Kind: slacksim.FaultRateLimited, Match: "conversations.info", Delay: 10 * time.Minute, Count: 1})
		h.archives(in, true)
		h.archives(in, false)
		pass(5 * time.Second)
		alice.types(in.Channel.Name, "/incident update We are on it")
		pass(time.Minute)
		alice.sees(slacksim.Inside(in.Channel.Name), slacksim.FromApp(), slacksim.Says("Update on INC-1"))
		pass(30 * time.Minute)
		h.settle()
	})
}

// A name that is taken gets a suffix; a title that makes no name gets the incident's own.
func TestChannelNames(t *testing.T) {
	inHouse(t, setup{}, func(h *house) {
		alice := h.person("alice")
		date := time.Now().UTC().Format("20060102")
		if _, err := alice.Creates("inc-1-"+date+"-checkout-is-down", false); err != nil {
			t.Fatal(err)
		}
		for _, c := range [][2]string{
			{"sev1 Checkout is down", "inc-1-" + date + "-checkout-is-down-2"},
			{"sev1 !!! ???", "inc-2-" + date},
			{"sev1 결제가 안 됩니다", "inc-3-" + date + "-결제가-안-됩니다"},
			{"sev1 <!channel> & <b>", "inc-4-" + date + "-channel-b"},
		} {
			if got := h.declared(c[0]).Channel.Name; got != c[1] {
				t.Errorf("%q made %q, want %q", c[0], got, c[1])
			}
		}
		long := h.declared("sev1 " + strings.Repeat("long ", 23)).Channel.Name
		if len(long) > 80 || !strings.HasPrefix(long, "inc-5-") {
			t.Errorf("a long title made %q", long)
		}
	})
}

// Who comes into a public incident's channel and who leaves it is known, late and doubled events or not.
func TestMembersAreFollowed(t *testing.T) {
	inHouse(t, setup{}, func(h *house) {
		h.ws.AddFault(slacksim.Fault{Kind: slacksim.FaultEnvelopeTwice, Match: "member_*"})
		in := h.declared("sev1 Checkout is down")
		bob := h.person("bob")
		if err := bob.Joins(in.Channel.Name); err != nil {
			t.Fatal(err)
		}
		h.settle()
		if !slices.Contains(h.get(in.ID).Members, incident.UserID(bob.ID)) {
			t.Error("bob came unnoticed")
		}
		if err := bob.Leaves(in.Channel.Name); err != nil {
			t.Fatal(err)
		}
		h.settle()
		if slices.Contains(h.get(in.ID).Members, incident.UserID(bob.ID)) {
			t.Error("bob left unnoticed")
		}
		if got := len(events[incident.EventMemberLeft](h, in.ID)); got != 1 {
			t.Errorf("bob left %d times", got)
		}
		synctest.Wait()
	})
}

// An announcement channel that the app may not post in is told where people look, and can be tried again from there.
func TestATroubleIsToldAndRetried(t *testing.T) {
	inHouse(t, setup{rough: true}, func(h *house) {
		fault := h.ws.AddFault(slacksim.Fault{Kind: slacksim.FaultError, Match: "pins.add", Code: "restricted_action"})
		in := h.declared("sev1 Checkout is down")
		alice := h.person("alice")
		told := alice.sees(slacksim.Inside(in.Channel.Name), slacksim.Says("could not pin the card", "restricted_action", "admin"))
		h.reads("the card", h.card(in).Text(), "could not pin the card")
		h.ws.ClearFaults(fault)
		alice.clicks(told, "Retry")
		h.settle()
		card := h.card(in)
		if !card.Pinned || strings.Contains(card.Text(), "could not") {
			t.Errorf("after the retry: pinned %v\n%s", card.Pinned, card.Text())
		}
		h.changesNothing("a second retry", func() {
			if err := told.Button("Retry").ClickAsSeen(h.Context(), alice.Person); err != nil {
				t.Fatal(err)
			}
			h.reads("a second retry", alice.told(), "Nothing has changed")
		})
		h.reads("retry without trouble", alice.types(in.Channel.Name, "/incident retry"), "Nothing has changed")
	})
}
