package slack_test

import (
	"strings"
	"testing"

	"muster/bot/slack/command"
	"muster/bot/slacksim"
)

// Nothing typed gives a menu whose buttons work; it fits where it is asked.
func TestMenu(t *testing.T) {
	inHouse(t, setup{}, func(h *house) {
		alice := h.person("alice")
		h.reads("elsewhere", alice.types("general", "/incident"), "What would you like to do?", "/incident declare")
		menu := alice.sees(slacksim.OnlyForMe(), slacksim.WithButton("Declare incident"))
		alice.clicks(menu, "Declare incident")
		alice.fills(alice.modal(), "What is wrong?", "Checkout is down")
		alice.submits(alice.modal())
		if err := alice.modal().Close(h.Context()); err != nil {
			t.Fatal(err)
		}
		h.settle()
		in := h.get("INC-1")
		alice.clicks(menu, "Open incidents")
		h.reads("open incidents", alice.told(), "INC-1")
		alice.clicks(menu, "My incidents")
		h.reads("my incidents", alice.told(), "INC-1", "mine")
		alice.clicks(menu, "Help")
		h.reads("help", alice.told(), "How to work with incidents")

		h.reads("in the channel", alice.types(in.Channel.Name, "/incident"), "INC-1", "Checkout is down", "Triage")
		menu = alice.sees(slacksim.OnlyForMe(), slacksim.Inside(in.Channel.Name), slacksim.WithButton("Accept"))
		alice.clicks(menu, "Accept")
		alice.clicks(menu, "Reminders")
		h.reads("why", alice.told(), "Reminders of")
		alice.clicks(menu, "Timeline")
		h.reads("timeline", alice.told(), "Timeline")
		alice.clicks(menu, "More roles")
		if got := alice.modal().Text(); !strings.Contains(got, "Give a role") {
			t.Errorf("more roles opened %q", got)
		}
		h.reads("with a key", h.person("bob").types("general", "/incident INC-1"), "INC-1", "Declared")
	})
}

// Help is there for every subcommand, in both languages, and leads on to every topic by button.
func TestHelp(t *testing.T) {
	inHouse(t, setup{}, func(h *house) {
		in := h.declared("sev1 Checkout is down")
		alice := h.person("alice")
		h.reads("elsewhere", alice.types("general", "/incident help"), "say which", "INC-42 resolve")
		h.reads("in the channel", alice.types(in.Channel.Name, "/incident help"), "You are in INC-1")
		for topic, want := range map[string]string{
			"declare": "--private", "list": "list mine", "assign": "release tech_lead", "역할": "release tech_lead", "status": "monitor", "resolve": "impact is over",
			"severity": "severity sev1", "update": "one line is enough", "note": "Add to timeline", "timeline": "Add to timeline", "remind": "snooze 30m", "알림": "snooze 30m",
			"nonsense": "How to work",
		} {
			h.reads("help "+topic, alice.types("general", "/incident help "+topic), want)
		}
		for _, name := range command.New(h.words.Typed).Names() {
			h.reads("help "+string(name), alice.types(in.Channel.Name, "/inc 도움말 "+string(name)), "/incident")
		}
		alice.types("general", "/incident help")
		first := alice.sees(slacksim.OnlyForMe(), slacksim.WithButton("Reminders"))
		for _, element := range first.Elements() {
			alice.clicks(first, element.Text.Text)
			h.reads(element.Text.Text, alice.told(), "/incident")
		}
	})
}

// A command that lacks its incident offers those it could be meant for; the click runs the whole line.
func TestPickingAnIncident(t *testing.T) {
	inHouse(t, setup{}, func(h *house) {
		alice := h.person("alice")
		h.reads("without any", alice.types("general", "/incident update All is well"), "no incident")
		h.declared("sev1 Checkout is down")
		second := h.declared("sev2 Login <fails> & more")
		h.declared("sev3 Reports are slow")
		alice.types("general", "/incident INC-3 resolve it is over")
		h.settle()
		const line = "5 < 6 & @bob said so"
		h.reads("pick", alice.types("general", "/incident note "+line), "Which incident", line)
		pick := alice.sees(slacksim.OnlyForMe(), slacksim.WithButton("INC-2 · Login <fails> & more"))
		if got := len(pick.Elements()); got != 2 {
			t.Errorf("%d are offered, want the two open ones: %s", got, labels(pick.Elements()))
		}
		alice.clicks(pick, "INC-2 · Login <fails> & more")
		h.settle()
		if got := h.get(second.ID).Notes; got != 1 {
			t.Fatalf("%d notes on INC-2", got)
		}
		h.reads("the answer", alice.told(), "INC-2")

		// One that opens a form, one that only shows something, one with roles and people.
		alice.types("general", "/incident update")
		alice.clicks(alice.sees(slacksim.OnlyForMe(), slacksim.Says("update")), "INC-1 · Checkout is down")
		if got := alice.modal().Text(); !strings.Contains(got, "Post an update") {
			t.Errorf("the click opened %q", got)
		}
		alice.types("general", "/incident assign tl @bob")
		alice.clicks(alice.sees(slacksim.OnlyForMe(), slacksim.Says("assign")), "INC-1 · Checkout is down")
		h.settle()
		if got := h.handles(h.get("INC-1").Holders("tech_lead")); len(got) != 1 || got[0] != "bob" {
			t.Errorf("tech leads %v", got)
		}
		// What is over is offered to whoever wants to bring it back, and nothing else.
		alice.types("general", "/incident reopen it is back")
		pick = alice.sees(slacksim.OnlyForMe(), slacksim.Says("reopen"))
		if got := len(pick.Elements()); got != 1 {
			t.Errorf("%d are offered to reopen, want 1: %s", got, labels(pick.Elements()))
		}
		alice.clicks(pick, "INC-3 · Reports are slow")
		h.settle()
		if got := h.get("INC-3").Status; got != "fixing" {
			t.Errorf("INC-3 is %s", got)
		}
		h.reads("close", alice.types("general", "/incident close"), "no incident")
		// A line that no button has room for is asked for again rather than cut.
		h.changesNothing("a long line", func() {
			h.reads("a long line", alice.types("general", "/incident note "+strings.Repeat("many words ", 40)), "too long to keep")
			alice.clicks(alice.sees(slacksim.OnlyForMe(), slacksim.Says("too long")), "INC-1 · Checkout is down")
		})
		h.reads("the menu of it", alice.told(), "INC-1", "What would you like to do?")
	})
}
