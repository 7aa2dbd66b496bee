package page_test

import (
	"fmt"
	"testing"

	"muster/bot/slacksim/page"
	"muster/bot/slacksim/page/pagetest"
)

// TestPage is the page in a real browser, story by story, each in a workspace of its own.
func TestPage(t *testing.T) {
	browser := pagetest.Start(t)
	for name, story := range map[string]func(*testing.T, *pagetest.Browser){
		"widgets": widgetsStory, "modals": modalStory, "dispatch and push": pushStory, "two people": peopleStory,
		"hostile text": hostileStory, "trouble": troubleStory, "behind the scenes": scenesStory, "keyboard": keyboardStory,
		"phone": phoneStory, "messages": messageStory, "keeping a channel": keepStory, "pictures and alerts": pictureStory, "home and shortcuts": homeStory, "channels": channelStory,
	} {
		t.Run(name, func(t *testing.T) { story(t, browser) })
	}
}

// calm fails the test when a window saw a script fail, or open a dialog that none ever should.
func calm(t *testing.T, windows ...*pagetest.Window) {
	t.Helper()
	for _, w := range windows {
		for _, complaint := range w.Complaints() {
			t.Error(complaint)
		}
	}
}

func widgetsStory(t *testing.T, browser *pagetest.Browser) {
	w := newWorld(t, page.Options{})
	alice := browser.Open(t, w.as("alice", "incidents"))
	alice.Say("/widgets")
	alice.Sees("All widgets 🎉")
	for _, words := range []string{"bold italic gone code a link @here", "quoted", "Manager @Alice Meyer", "a context line", "Markdown", "☑ done", "Checkout"} {
		alice.Sees(words, "#log")
	}
	did := func(what string) {
		t.Helper()
		alice.Sees("alice did "+what, "#log")
	}
	alice.Press("Beside")
	did("beside: 7")
	alice.Press("Plain")
	did("plain: p")
	alice.Press("Danger")
	alice.Sees("It cannot be undone.", "dialog")
	alice.Press("Rather not")
	alice.Misses("It cannot be undone.")
	alice.Press("Danger")
	alice.Press("Do it")
	did("danger: d")
	for _, test := range []struct{ action, value, want string }{
		{"static", "Two", "static: two"}, {"users", "Bob Okafor", "users: U0BOB00002"}, {"channels", "#general", "channels: " + w.channel("general")},
		{"date", "2026-11-22", "date: 2026-11-22"}, {"time", "14:30", "time: 14:30"},
	} {
		alice.Choose(fmt.Sprintf("#log [data-action-id=%s] select, #log [data-action-id=%s] input", test.action, test.action), test.value)
		did(test.want)
	}
	alice.Press("More actions", "#log [data-action-id=over]")
	alice.Press("Right", "#log [data-action-id=over]")
	did("over: right")
	alice.Click("#log [data-action-id=checks] input[value=coffee]")
	did("checks: coffee")
	alice.Click("#log [data-action-id=radios] input[value=no]")
	did("radios: no")
	alice.Press("Pick people", "#log [data-action-id=team]")
	alice.Click("#log [data-action-id=team] input[value=U0BOB00002]")
	did("team: U0BOB00002")
	calm(t, alice)
}

func modalStory(t *testing.T, browser *pagetest.Browser) {
	w := newWorld(t, page.Options{})
	alice := browser.Open(t, w.as("alice", "incidents"))
	alice.Say("/modal")
	alice.Sees("Form first", "dialog")
	alice.Press("Send it")
	alice.Sees("Please complete this required field.", "dialog")
	alice.Type("dialog [data-action-id=name] input", "bad")
	alice.Press("Send it")
	alice.Sees("No bad names, please", "dialog")
	alice.Type("dialog [data-action-id=name] input", "Zoe")
	alice.Type("dialog [data-action-id=place] input", "ha")
	alice.Until("the app offers places", `[...document.querySelectorAll("dialog [data-action-id=place] option")].map((o) => o.value).join() === "Hamburg,Hanoi"`)
	alice.Type("dialog [data-action-id=place] input", "Hanoi")
	alice.Choose("dialog [data-action-id=pick] select", "Two")
	alice.Choose("dialog [data-action-id=who] select", "Carol Jensen")
	alice.Press("Select options", "dialog [data-action-id=many]")
	alice.Click("dialog [data-action-id=many] input[value=red]")
	alice.Click("dialog [data-action-id=many] input[value=blue]")
	alice.Click("dialog [data-action-id=many] input[value=green]") // one too many: it stays empty
	alice.Sees("Red, Blue", "dialog")
	alice.Click("dialog [data-action-id=boxes] input[value=tea]")
	alice.Click("dialog [data-action-id=radio] input[value=yes]")
	alice.Choose("dialog [data-action-id=day] input", "2026-12-24")
	alice.Choose("dialog [data-action-id=hour] input", "08:15")
	alice.Type("dialog [data-action-id=count] input", "7")
	alice.Press("Send it")
	alice.Sees("alice sent Zoe place=hanoi pick=two who=U0CAROL003 many=red+blue boxes=tea radio=yes day=2026-12-24 hour=08:15 count=7", "#log")
	alice.Misses("Form first")
	alice.Say("/modal")
	alice.Sees("Form first", "dialog")
	var slow bool // what is typed while the workspace hears of it goes where the person looks
	alice.Eval(`(() => { const was = window.fetch; window.fetch = async (...a) => { await new Promise((done) => setTimeout(done, 300)); return was(...a); }; return true; })()`, &slow)
	alice.Keys("Escape")
	alice.Append("typed at once")
	alice.Until("the text stands in the composer", `document.querySelector("#compose").value === "typed at once"`)
	alice.Sees("alice closed first", "#log")
	alice.Misses("Form first")
	calm(t, alice)
}

func pushStory(t *testing.T, browser *pagetest.Browser) {
	w := newWorld(t, page.Options{})
	alice := browser.Open(t, w.as("alice", "incidents"))
	alice.Say("/modal")
	alice.Type("dialog [data-action-id=name] input", "kept")
	alice.Press("One more form")
	alice.Sees("2 deep", "dialog")
	alice.Sees("Form pushed by fi", "dialog")
	alice.Press("Never mind")
	alice.Sees("alice closed pushed by first", "#log")
	alice.Sees("Form first", "dialog")
	alice.Until("the first form keeps its text", `document.querySelector("dialog [data-action-id=name] input").value === "kept"`)
	alice.Type("dialog [data-action-id=name] input", "swap")
	alice.Press("Send it")
	alice.Sees("Form swapped", "dialog")
	alice.Type("dialog [data-action-id=name] input", "push")
	alice.Press("Send it")
	alice.Sees("2 deep", "dialog")
	alice.Type("dialog [data-action-id=name] input", "clear")
	alice.Press("Send it")
	alice.Misses("Form")
	calm(t, alice)
}
