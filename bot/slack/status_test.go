package slack_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"muster/bot/slacksim"
	"muster/incident"
)

// Every verb by command, in English and Korean, by verb and by status, until the incident is closed.
func TestStatusByCommand(t *testing.T) {
	inHouse(t, setup{}, func(h *house) {
		in := h.declared("unknown Something smells")
		alice := h.person("alice")
		for _, step := range []struct {
			where, line string
			status      incident.Status
			reads       []string
		}{
			{"", "/incident status accept", incident.Declared, []string{"INC-1 is now", "Declared"}},
			{"", "/incident status Start fixing", incident.Fixing, []string{"Fixing"}},
			{"", "/incident status monitor the fix is in", incident.Monitoring, []string{"Monitoring"}},
			{"general", "/incident INC-1 상태 fix", incident.Fixing, []string{"Fixing"}},
			{"", "/incident resolve Rolled back", incident.Resolved, []string{"Resolved", "It lasted"}},
			{"", "/incident reopen errors are back", incident.Fixing, []string{"Fixing"}},
			{"", "/incident 해결", incident.Resolved, []string{"Resolved"}},
			{"general", "/incident #1 close", incident.Closed, []string{"Closed"}},
			{"general", "/incident INC-1 재개 다시 발생", incident.Fixing, []string{"Fixing"}},
			{"", "/incident cancel it was a drill", incident.Canceled, []string{"Canceled"}},
		} {
			where := step.where
			if where == "" {
				where = in.Channel.Name
			}
			h.reads(step.line, alice.types(where, step.line), step.reads...)
			h.settle()
			if got := h.get(in.ID).Status; got != step.status {
				t.Errorf("%s: %s, want %s", step.line, got, step.status)
			}
		}
		for _, words := range []string{"the fix is in", "Rolled back", "errors are back", "it was a drill"} {
			alice.sees(slacksim.Inside(in.Channel.Name), slacksim.FromApp(), slacksim.Says(words))
		}
	})
}

// Wherever an incident stands, its card has a button for exactly what the lifecycle table allows, and none is refused.
func TestStatusButtonsAreTheTable(t *testing.T) {
	inHouse(t, setup{}, func(h *house) {
		alice := h.person("alice")
		reached := map[incident.Status]bool{}
		for _, walk := range [][]incident.Verb{
			{incident.VerbAccept, incident.VerbFix, incident.VerbMonitor, incident.VerbFix, incident.VerbResolve, incident.VerbReopen,
				incident.VerbMonitor, incident.VerbResolve, incident.VerbClose, incident.VerbReopen},
			{incident.VerbCancel},
		} {
			in := h.declared("unknown Something smells")
			for _, verb := range walk {
				h.hasButtons(in)
				h.clickVerb(alice, h.card(in), in.ID, verb)
				h.settle()
				row, _ := verb.Transition()
				if got := h.get(in.ID).Status; got != row.To {
					t.Fatalf("%s led to %s, want %s; alice sees\n%s", verb, got, row.To, alice.everything())
				}
				reached[row.To] = true
			}
			h.hasButtons(in)
		}
		for _, status := range incident.Statuses() {
			if status != incident.Triage && !reached[status] {
				t.Errorf("no button led to %s", status)
			}
		}
	})
}

// hasButtons compares the status buttons of a card, the one on its rail aside, with the lifecycle table.
func (h *house) hasButtons(in incident.Incident) {
	h.Helper()
	var got []string
	for _, element := range h.card(in).Elements() {
		if verb, ok := strings.CutPrefix(element.ActionID, "status:"+string(in.ID)+":"); ok && !slices.Contains(got, verb) {
			got = append(got, verb)
		}
	}
	var want []string
	for _, verb := range h.get(in.ID).Status.Possible() {
		want = append(want, string(verb))
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		h.Errorf("%s is %s: the card offers %v, the table %v", in.ID, h.get(in.ID).Status, got, want)
	}
}

// clickVerb presses a status button and fills in the words, if a form asks for them.
func (h *house) clickVerb(who person, message slacksim.Message, id incident.ID, verb incident.Verb) {
	h.Helper()
	who.clicks(message, "status:"+string(id)+":"+string(verb))
	h.settle()
	if form, open := who.View(); open {
		for _, field := range []string{"Why?", "Closing words"} {
			if form.Select(field).Exists() {
				who.fills(form, field, "because it is so")
			}
		}
		if wrong := who.submits(form); len(wrong) != 0 {
			h.Fatalf("%s: the form was refused: %v", verb, wrong)
		}
	}
}

// A button that stands on an old card is refused in words once the incident has moved on.
func TestAClickOnACardThatMovedOn(t *testing.T) {
	inHouse(t, setup{}, func(h *house) {
		in := h.declared("sev1 Checkout is down")
		alice := h.person("alice")
		old := h.card(in)
		alice.types(in.Channel.Name, "/incident resolve it is over")
		h.settle()
		for _, label := range []string{"Start fixing", "Fix is in: monitor", "Resolve", "Cancel incident", "Post update"} {
			h.changesNothing(label, func() {
				if err := old.Button(label).ClickAsSeen(h.Context(), alice.Person); err != nil {
					t.Fatalf("%s: %v", label, err)
				}
				h.reads(label, alice.told(), "Resolved", "reopen")
			})
		}
		alice.types(in.Channel.Name, "/incident close")
		h.settle()
		for _, label := range []string{"Take: Tech lead", "More roles", "open_severity:INC-1:"} {
			h.changesNothing(label, func() {
				if err := old.Button(label).ClickAsSeen(h.Context(), alice.Person); err != nil {
					t.Fatal(err)
				}
				h.reads(label, alice.told(), "Closed", "reopen")
			})
		}
		if _, open := alice.View(); open {
			t.Error("a form opened for what is not possible any more")
		}
	})
}

// Two people press "Resolve" at one moment: the second form tells that it is resolved already.
func TestAFormThatCameTooLate(t *testing.T) {
	inHouse(t, setup{}, func(h *house) {
		in := h.declared("sev1 Checkout is down")
		alice, bob := h.person("alice"), h.person("bob")
		if err := bob.Joins(in.Channel.Name); err != nil {
			t.Fatal(err)
		}
		card := h.card(in)
		alice.clicks(card, "Resolve")
		bob.clicks(card, "Resolve")
		first, second := alice.modal(), bob.modal()
		alice.fills(first, "Closing words", "Rolled back to 1.4")
		if wrong := alice.submits(first); len(wrong) != 0 {
			t.Fatal(wrong)
		}
		bob.fills(second, "Closing words", "Restarted the pods")
		h.changesNothing("the second form", func() {
			wrong := bob.submits(second)
			h.reads("the second form", wrong["Closing words"], "Resolved")
		})
	})
}

func TestStatusRefusals(t *testing.T) {
	inHouse(t, setup{}, func(h *house) {
		in := h.declared("sev2 Checkout is down")
		alice := h.person("alice")
		for _, c := range []struct {
			line  string
			reads []string
		}{
			{"/incident status", []string{"Declared", "What would you like to do?"}},
			{"/incident status dancing", []string{"dancing", "status fix"}},
			{"/incident status accept", []string{"Declared already", "status fix"}},
			{"/incident close", []string{"Close", "Declared", "status resolve"}},
			{"/incident reopen it is back", []string{"Reopen", "Declared"}},
			{"/incident severity sev9 very bad indeed", []string{"sev9", "sev1, sev2, sev3"}},
			{"/incident severity sev1 " + strings.Repeat("long reason ", 300), []string{"shorten"}},
			{"/incident title", []string{"needs a title"}},
			{"/incident title " + strings.Repeat("long title ", 500), []string{"120"}},
			{"/incident summary", []string{"empty"}},
			{"/incident summary " + strings.Repeat("long summary ", 500), []string{"shorten"}},
			{"/incident resolve " + strings.Repeat("long words ", 500), []string{"shorten"}},
			{"/incident INC-99 resolve all is well", []string{"INC-99", "list"}},
			{"/incident resovle it now", []string{"resovle", "resolve"}},
			{"/incident frobnicate everything", []string{"frobnicate"}},
		} {
			h.changesNothing(c.line, func() { h.reads(c.line, alice.types(in.Channel.Name, c.line), c.reads...) })
		}
	})
}

// Severity, title and summary: by command, by form; card, topic and announcement follow.
func TestSeverityTitleAndSummary(t *testing.T) {
	inHouse(t, setup{policy: func(p *incident.Policy) { p.Severities[0].InviteUsers = []incident.UserID{"U0CAROL003"} }}, func(h *house) {
		in := h.declared("sev3 Reports are slow")
		alice, carol := h.person("alice"), h.person("carol")
		if carol.IsIn(in.Channel.Name) {
			t.Fatal("carol came for a sev3")
		}
		h.reads("title", alice.types(in.Channel.Name, "/incident title Reports fail for all"), "Reports fail for all")
		h.reads("summary", alice.types("general", "/incident INC-1 요약 Since 10:00 no report is made"), "saved")
		alice.types(in.Channel.Name, "/incident severity sev1")
		form := alice.modal()
		if got := form.Select("How bad is it?").InitialOption; got == nil || got.Value != "sev1" {
			t.Errorf("the form begins with %+v", got)
		}
		if wrong := alice.submits(form); len(wrong) == 0 {
			t.Error("a severity without a reason was taken")
		}
		alice.fills(form, "Why?", "No customer gets any report")
		if wrong := alice.submits(form); len(wrong) != 0 {
			t.Fatal(wrong)
		}
		h.settle()
		if now := h.get(in.ID); now.Severity != "sev1" || now.Priority != "P1" || !now.Confirmed {
			t.Errorf("%s, %s, confirmed %v", now.Severity, now.Priority, now.Confirmed)
		}
		if !carol.IsIn(in.Channel.Name) {
			t.Error("the graver severity did not bring carol in")
		}
		alice.sees(slacksim.Inside(in.Channel.Name), slacksim.FromApp(), slacksim.Says("SEV3", "SEV1", "No customer gets any report"))
		h.reads("card", h.card(in).Text(), "Reports fail for all", "Since 10:00 no report is made", "SEV1")
		h.reads("topic", channelOf(h, in).Topic.Value, "SEV1")
		carol.sees(slacksim.Inside(announcements), slacksim.Says("INC-1", "Reports fail for all", "SEV1"))
		// By the card's button, too.
		alice.clicks(h.card(in), "open_severity:INC-1:")
		h.choose(alice.modal(), "How bad is it?", "sev2")
		alice.fills(alice.modal(), "Why?", "Half of them work again")
		alice.submits(alice.modal())
		h.settle()
		if got := h.get(in.ID).Severity; got != "sev2" {
			t.Errorf("severity %s", got)
		}
	})
}

// Resolved: closing words, duration, thanks. The channel is archived after its delay, and a reopening brings back all of it.
func TestResolvedArchivedReopened(t *testing.T) {
	inHouse(t, setup{}, func(h *house) {
		in := h.declared("sev1 Checkout is down")
		alice := h.person("alice")
		alice.types(in.Channel.Name, "/incident claim im")
		pass(100 * time.Minute)
		h.reads("resolve", alice.types(in.Channel.Name, "/incident resolve Rolled back to 1.4.2"), "Resolved", "1 h 40 min")
		h.settle()
		alice.sees(slacksim.Inside(in.Channel.Name), slacksim.FromApp(), slacksim.Says("resolved", "1 h 40 min", "Rolled back to 1.4.2", "Thank you"))
		alice.sees(slacksim.Inside(announcements), slacksim.Says("INC-1", "Resolved", "Rolled back to 1.4.2", "1 h 40 min"))
		h.reads("card", h.card(in).Text(), "Resolved", "Rolled back to 1.4.2", "1 h 40 min")
		posts := len(alice.SeesAll(slacksim.FromApp()))

		pass(h.policy.ArchiveAfter - time.Minute)
		if channelOf(h, in).Archived {
			t.Fatal("the channel was archived too soon")
		}
		pass(2 * time.Minute)
		h.settle()
		if !channelOf(h, in).Archived || h.get(in.ID).Channel.State != incident.ChannelArchived {
			t.Fatal("the channel was not archived after its delay")
		}
		if got := len(alice.SeesAll(slacksim.FromApp())); got != posts {
			t.Errorf("%d messages came after the resolution:\n%s", got-posts, alice.everything())
		}

		h.reads("reopen", alice.types("general", "/incident INC-1 reopen The errors are back"), "Fixing")
		h.settle()
		if channelOf(h, in).Archived || h.get(in.ID).Channel.State == incident.ChannelArchived {
			t.Fatal("the channel did not come back")
		}
		alice.sees(slacksim.Inside(in.Channel.Name), slacksim.FromApp(), slacksim.Says("reopened", "The errors are back"))
		h.hasButtons(in)
		h.reads("topic", channelOf(h, in).Topic.Value, "Fixing", "Next update")
		alice.sees(slacksim.Inside(announcements), slacksim.Says("INC-1", "Fixing"))
		pass(31 * time.Minute)
		h.settle()
		if got := events[incident.EventReminded](h, in.ID); len(got) == 0 || got[len(got)-1].Rule != incident.RuleUpdateDue {
			t.Errorf("no reminder came after the reopening: %+v", got)
		}
		if got := len(alice.SeesAll(slacksim.Inside(announcements), slacksim.FromApp())); got != 1 {
			t.Errorf("%d announcements", got)
		}
	})
}

// Canceled by the card: the form wants a reason, and no reminder comes any more.
func TestCancel(t *testing.T) {
	inHouse(t, setup{}, func(h *house) {
		in := h.declared("sev1 Checkout is down")
		alice := h.person("alice")
		alice.clicks(h.card(in), "Cancel incident")
		form := alice.modal()
		if wrong := alice.submits(form); len(wrong) == 0 {
			t.Error("canceled without a reason")
		}
		alice.fills(form, "Why?", "It was a test order")
		alice.submits(form)
		h.settle()
		if now := h.get(in.ID); now.Status != incident.Canceled || now.Closing != "It was a test order" {
			t.Errorf("%s, %q", now.Status, now.Closing)
		}
		alice.sees(slacksim.Inside(announcements), slacksim.Says("INC-1", "Canceled", "It was a test order"))
		pass(24 * time.Hour)
		h.settle()
		if got := events[incident.EventReminded](h, in.ID); len(got) != 0 {
			t.Errorf("reminded of a canceled incident: %+v", got)
		}
		h.changesNothing("anything after it", func() {
			h.reads("status", alice.types(in.Channel.Name, "/incident status fix"), "Canceled", "declare")
		})
	})
}
