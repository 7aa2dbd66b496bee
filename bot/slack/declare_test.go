package slack_test

import (
	"encoding/json"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"muster/bot/slacksim"
	"muster/incident"
)

// A whole incident, as issue and PROCESS tell it: declared in a line, staffed by clicks, kept up to date, resolved.
func TestFromDeclareToResolved(t *testing.T) {
	inHouse(t, setup{}, func(h *house) {
		alice, bob := h.person("alice"), h.person("bob")
		if got := alice.types("general", "/incident declare sev1 Checkout is down"); !strings.Contains(got, "INC-1") {
			t.Fatalf("alice reads %q", got)
		}
		h.settle()
		in := h.get("INC-1")
		card := alice.sees(slacksim.Inside(in.Channel.Name), slacksim.WithButton("Take: Tech lead"))
		if !card.Pinned {
			t.Error("the card is not pinned")
		}
		announcement := bob.sees(slacksim.Inside(announcements), slacksim.Says("INC-1", "Checkout is down"))
		if err := bob.Joins(in.Channel.Name); err != nil {
			t.Fatal(err)
		}

		bob.clicks(card, "Take: Tech lead")
		alice.clicks(card, "Take: Incident manager")
		h.settle()
		bob.sees(slacksim.Direct(), slacksim.Says("Tech lead", "INC-1"))
		alice.sees(slacksim.Inside(in.Channel.Name), slacksim.Says("Tech lead", "@bob"), slacksim.FromApp())
		if topic := channelOf(h, in).Topic.Value; !strings.Contains(topic, "Alice") && !strings.Contains(topic, "alice") && !strings.Contains(topic, "U0ALICE001") {
			t.Errorf("the topic does not name the manager: %q", topic)
		}

		alice.types(in.Channel.Name, "/incident status fixing")
		bob.types(in.Channel.Name, "/incident update Payments time out; we roll back")
		h.settle()
		alice.sees(slacksim.Inside(in.Channel.Name), slacksim.Says("Payments time out; we roll back"), slacksim.FromApp())
		bob.sees(slacksim.The(announcement), slacksim.Says("Fixing"))

		bob.types(in.Channel.Name, "/incident resolve Rolled back to 1.4.2")
		h.settle()
		alice.sees(slacksim.Inside(in.Channel.Name), slacksim.Says("resolved", "Rolled back to 1.4.2"), slacksim.FromApp())
		if got := h.get(in.ID).Status; got != incident.Resolved {
			t.Errorf("status %s", got)
		}
		if got := len(bob.SeesAll(slacksim.Inside(announcements), slacksim.Says("INC-1"), slacksim.FromApp())); got != 1 {
			t.Errorf("%d announcements", got)
		}
		h.holds(in.ID)
	})
}

func channelOf(h *house, in incident.Incident) slacksim.Channel {
	h.Helper()
	channel, ok := h.person("alice").Channel(in.Channel.Name)
	if !ok {
		h.Fatalf("alice does not see the channel %q", in.Channel.Name)
	}
	return channel
}

// The declarer waits for two round trips to Slack and not for more.
func TestDeclareTakesTwoRoundTrips(t *testing.T) {
	inHouse(t, setup{}, func(h *house) {
		h.ws.AddFault(slacksim.Fault{Kind: slacksim.FaultLatency, Delay: 100 * time.Millisecond})
		alice := h.person("alice")
		began, from := time.Now(), h.ws.Mark()
		alice.types("general", "/incident declare sev1 Checkout is down")
		alice.sees(slacksim.WithButton("Take: Tech lead"))
		if !alice.IsIn(h.get("INC-1").Channel.Name) {
			t.Error("the card is there and its declarer is not")
		}
		calls := slacksim.Calls(h.ws.Journal(from))
		if got := slacksim.RoundTrips(calls); got > 2 {
			t.Errorf("%d sequential round trips, want at most 2: %v", got, methods(calls))
		}
		// Simulated time: the computing takes none of it, so this is the waiting for Slack alone.
		if took := time.Since(began); took > 2*100*time.Millisecond+50*time.Millisecond {
			t.Errorf("it took %v of waiting", took)
		}
	})
}

func methods(calls []slacksim.Entry) []string {
	var names []string
	for _, call := range calls {
		names = append(names, call.Method)
	}
	return names
}

func TestDeclareByForm(t *testing.T) {
	inHouse(t, setup{}, func(h *house) {
		alice := h.person("alice")
		alice.types("general", "/incident declare")
		form := alice.modal()
		if wrong := alice.submits(form); len(wrong) == 0 {
			t.Fatal("a form without a title was taken")
		}
		alice.fills(form, "What is wrong?", "Login fails for some")
		if err := form.Choose(h.Context(), "How bad is it?", "sev2"); err != nil {
			t.Fatal(err)
		}
		if wrong := alice.submits(form); len(wrong) != 0 {
			t.Fatalf("refused: %v", wrong)
		}
		h.settle()
		in := h.get("INC-1")
		if in.Title != "Login fails for some" || in.Severity != "sev2" || in.Origin.Source != incident.FromModal {
			t.Errorf("declared %q as %s from %s", in.Title, in.Severity, in.Origin.Source)
		}
	})
}

func TestDeclareWithOnlyASeverityAsksForTheRest(t *testing.T) {
	inHouse(t, setup{}, func(h *house) {
		alice := h.person("alice")
		alice.types("general", "/inc declare sev3")
		alice.fills(alice.modal(), "What is wrong?", "Slow reports")
		alice.submits(alice.modal())
		if in := h.get("INC-1"); in.Severity != "sev3" {
			t.Errorf("severity %s: the one typed was forgotten", in.Severity)
		}
	})
}

func TestDeclareFromAMessage(t *testing.T) {
	inHouse(t, setup{}, func(h *house) {
		erin, alice := h.person("erin"), h.person("alice")
		posted, err := erin.In("support").Types(h.Context(), "Three customers cannot pay <since> 10 minutes")
		if err != nil {
			t.Fatal(err)
		}
		if err := alice.UsesShortcutOn(h.Context(), posted.Message, "Declare incident"); err != nil {
			t.Fatal(err)
		}
		form := alice.modal()
		alice.fills(form, "What is wrong?", "Payments fail")
		alice.submits(form)
		h.settle()
		in := h.get("INC-1")
		if in.Origin.Author != incident.UserID(erin.ID) || in.Origin.Quote != "Three customers cannot pay <since> 10 minutes" {
			t.Errorf("origin %+v", in.Origin)
		}
		alice.sees(slacksim.WithButton("Take: Tech lead"), slacksim.Says("Three customers cannot pay"))
		erin.sees(slacksim.InThread(posted.TS), slacksim.Says("#"+in.Channel.Name))
	})
}

func TestDeclareFromShortcutAndHome(t *testing.T) {
	inHouse(t, setup{}, func(h *house) {
		alice := h.person("alice")
		if err := alice.UsesShortcut(h.Context(), "Declare an incident"); err != nil {
			t.Fatal(err)
		}
		form := alice.modal()
		alice.fills(form, "What is wrong?", "From a shortcut")
		alice.submits(form)
		if err := alice.modal().Close(h.Context()); err != nil {
			t.Fatal(err)
		}
		h.settle()
		if _, err := alice.OpensHome(); err != nil {
			t.Fatal(err)
		}
		h.settle()
		home, err := alice.SeesHome(h.Context(), func(v slacksim.View) bool { return strings.Contains(v.Text(), "From a shortcut") })
		if err != nil {
			t.Fatal(err)
		}
		if err := home.Button("Declare incident").Click(h.Context(), alice.Person); err != nil {
			t.Fatal(err)
		}
		form = alice.modal()
		alice.fills(form, "What is wrong?", "From home")
		alice.submits(form)
		h.settle()
		for id, want := range map[incident.ID]incident.Source{"INC-1": incident.FromShortcut, "INC-2": incident.FromHome} {
			if got := h.get(id).Origin.Source; got != want {
				t.Errorf("%s came from %s, want %s", id, got, want)
			}
		}
	})
}

// A severity brings in whom it names; one wrong name keeps nobody else out.
func TestSeverityInvites(t *testing.T) {
	inHouse(t, setup{rough: true, policy: func(p *incident.Policy) {
		p.Severities[0].InviteUsers = []incident.UserID{"U0GONE0016", "U0DAVE0004"}
		p.Severities[0].InviteGroups = []incident.GroupID{incident.GroupID(groupID(t))}
	}}, func(h *house) {
		in := h.declared("sev1 Database is gone")
		if !h.person("dave").IsIn(in.Channel.Name) {
			t.Error("dave was not brought in")
		}
		for _, handle := range groupMembers(t) {
			if !h.person(handle).IsIn(in.Channel.Name) {
				t.Errorf("%s of the group was not brought in", handle)
			}
		}
	})
}

func groupID(t *testing.T) string { t.Helper(); return slacksim.DefaultUserGroups()[0].ID }

func groupMembers(t *testing.T) []string { t.Helper(); return slacksim.DefaultUserGroups()[0].Users }

func TestUnknownSeverityWaitsForAJudgement(t *testing.T) {
	inHouse(t, setup{}, func(h *house) {
		in := h.declared("unknown Something smells")
		if in.Status != incident.Triage || in.Severity != incident.Unknown {
			t.Fatalf("%s, %s", in.Status, in.Severity)
		}
		h.person("alice").types(in.Channel.Name, "/incident severity sev2 half of the customers see errors")
		h.settle()
		if now := h.get(in.ID); now.Status != incident.Declared || now.Severity != "sev2" {
			t.Errorf("after the judgement: %s, %s", now.Status, now.Severity)
		}
	})
}

// A modal that arrives twice, as a double click on a slow line sends it, makes one incident.
func TestAFormSentTwiceDeclaresOnce(t *testing.T) {
	inHouse(t, setup{}, func(h *house) {
		h.ws.AddFault(slacksim.Fault{Kind: slacksim.FaultEnvelopeTwice, Match: "interactive"})
		h.ws.AddFault(slacksim.Fault{Kind: slacksim.FaultEnvelopeTwice, Match: "slash_commands"})
		alice := h.person("alice")
		alice.types("general", "/incident declare sev1 Once only")
		alice.types("general", "/incident declare")
		form := alice.modal()
		alice.fills(form, "What is wrong?", "Once by form")
		alice.submits(form)
		h.settle()
		page, err := h.store.List(h.Context(), incident.Query{Scope: incident.ScopeAll, AllSeen: true})
		if err != nil || len(page.Incidents) != 2 {
			t.Fatalf("%d incidents, %v; want 2", len(page.Incidents), err)
		}
	})
}

func TestTitlesOfEveryKind(t *testing.T) {
	for name, title := range map[string]string{
		"mention of everybody": "<!channel> <!here> <@U0BOB00002> is down",
		"markup":               "a < b && c > d *bold* `code`",
		"korean":               "결제가 안 됩니다",
		"right to left":        "الدفع لا يعمل",
		"emoji":                "🔥🔥🔥",
		"only signs":           "!!! ???",
		"a link":               "see <https://example.test|this>",
	} {
		t.Run(name, func(t *testing.T) {
			inHouse(t, setup{}, func(h *house) {
				in := h.declared("sev2 " + title)
				if in.Channel.Name == "" {
					t.Fatal("no channel")
				}
				for _, message := range h.person("alice").SeesAll(slacksim.FromApp()) {
					for _, text := range append(markup(t, message.Blocks), message.Fallback) {
						for _, ping := range []string{"<!channel>", "<!here>", "<@U0BOB00002>"} {
							if strings.Contains(text, ping) {
								t.Errorf("a message pings %s: %s", ping, text)
							}
						}
					}
				}
			})
		})
	}
}

// markup is every text in blocks that Slack reads as markup; plain text pings nobody.
func markup(t *testing.T, blocks json.RawMessage) []string {
	t.Helper()
	if len(blocks) == 0 {
		return nil
	}
	var tree any
	if err := json.Unmarshal(blocks, &tree); err != nil {
		t.Fatal(err)
	}
	var texts []string
	var walk func(node any)
	walk = func(node any) {
		switch node := node.(type) {
		case []any:
			for _, child := range node {
				walk(child)
			}
		case map[string]any:
			if text, ok := node["text"].(string); ok && node["type"] == "mrkdwn" {
				texts = append(texts, text)
			}
			for _, child := range node {
				walk(child)
			}
		}
	}
	walk(tree)
	return texts
}

func TestDeclareRefusals(t *testing.T) {
	inHouse(t, setup{}, func(h *house) {
		alice := h.person("alice")
		for text, want := range map[string]string{
			"/incident declare sev9 Checkout":                     "sev9",
			"/incident declare sev1 " + strings.Repeat("x", 5000): "120",
		} {
			if got := alice.types("general", text); !strings.Contains(got, want) {
				t.Errorf("%.40q answered %q, want %q in it", text, got, want)
			}
		}
		for _, handle := range []string{"gina", "stella"} {
			if got := h.person(handle).types("support", "/incident declare sev1 Help"); !strings.Contains(got, "member") {
				t.Errorf("%s reads %q", handle, got)
			}
		}
		synctest.Wait()
		if page, err := h.store.List(h.Context(), incident.Query{Scope: incident.ScopeAll, AllSeen: true}); err != nil || len(page.Incidents) != 0 {
			t.Errorf("%d incidents, %v; refusals must change nothing", len(page.Incidents), err)
		}
	})
}
