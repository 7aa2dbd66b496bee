package page_test

import (
	"context"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"

	"muster/bot/slacksim"
	"muster/bot/slacksim/page"
	"muster/bot/slacksim/page/pagetest"
)

// TestPage is the page in a real browser, story by story, each in a workspace of its own.
func TestPage(t *testing.T) {
	browser := pagetest.Start(t)
	for name, story := range map[string]func(*testing.T, *pagetest.Browser){
		"widgets": widgetsStory, "modals": modalStory, "dispatch and push": pushStory, "two people": peopleStory,
		"hostile text": hostileStory, "trouble": troubleStory, "behind the scenes": scenesStory, "keyboard": keyboardStory,
		"phone": phoneStory, "messages": messageStory, "home and shortcuts": homeStory, "channels": channelStory,
	} {
		t.Run(name, func(t *testing.T) { story(t, browser) })
	}
}

// content has fails the test when the window saw a script fail or a dialog that it never should.
func content(t *testing.T, windows ...*pagetest.Window) {
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
	content(t, alice)
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
	alice.Sees("alice sent Zoe pick=two who=U0CAROL003 many=red+blue boxes=tea radio=yes day=2026-12-24 hour=08:15 count=7", "#log")
	alice.Misses("Form first")
	alice.Say("/modal")
	alice.Sees("Form first", "dialog")
	alice.Keys("Escape")
	alice.Sees("alice closed first", "#log")
	alice.Misses("Form first")
	content(t, alice)
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
	content(t, alice)
}

func peopleStory(t *testing.T, browser *pagetest.Browser) {
	w := newWorld(t, page.Options{})
	alice := browser.Open(t, w.as("alice", "incidents"))
	bob := browser.Open(t, w.as("bob", "incidents"))
	alice.Say("hello @bob, look at *this*")
	bob.Sees("hello @Bob Okafor, look at this", "#log")
	bob.Say("/echo a secret")
	bob.Sees("You said: a secret", "#log")
	bob.Sees("Only visible to you", "#log")
	bob.Say("seen")
	alice.Sees("seen", "#log")
	alice.Misses("a secret")
	bob.Press("Dismiss this message")
	bob.Misses("a secret")
	alice.Press("general", "#side")
	alice.Until("the general channel is open", `document.querySelector("#log").dataset.place === "`+w.channel("general")+`"`)
	bob.Say("and @alice, here too")
	alice.Until("incidents is unread with a mention", `document.querySelector("#side .place.unread .badge")?.textContent === "1"`)
	alice.Press("incidents", "#side")
	alice.Sees("here too", "#log")
	alice.Until("nothing is unread", `!document.querySelector("#side .place.unread")`)
	alice.Press("You are Alice Meyer. Be somebody else")
	alice.Press("김민준")
	alice.Until("the window is Minjun's", `location.pathname.startsWith("/as/minjun/")`)
	alice.Sees("김민준", "#who summary")
	alice.Say("저도 봤습니다")
	bob.Sees("저도 봤습니다", "#log")
	bob.Sees("김민준", "#log")
	content(t, alice, bob)
}

func hostileStory(t *testing.T, browser *pagetest.Browser) {
	w := newWorld(t, page.Options{Hint: hostile})
	alice := browser.Open(t, w.as("alice", "incidents"))
	alice.Say("/hostile")
	alice.Sees("rich link", "#log")
	alice.Say(strings.ReplaceAll(hostile, "\n", " "))
	alice.Until("both are there", `document.querySelectorAll("#log .msg:not(.system)").length >= 2`)
	w.bot.must("conversations.setTopic", map[string]any{"channel": w.channel("incidents"), "topic": hostile})
	alice.Until("the topic is there", `document.querySelector("#head .topic").textContent.includes("script")`)
	alice.Press("<b onmouseover=alert(7)>")
	alice.Sees("<script>alert(8)</script>", "dialog")
	alice.Press("yes")
	alice.Press("Behind the scenes")
	alice.Until("calls are shown", `document.querySelectorAll("#scenes details").length > 2`)
	alice.Go(w.as("alice", "incidents") + `?panel=calls&thread=%22%3E%3Cscript%3Ealert(20)%3C%2Fscript%3E`)
	var found int
	alice.Eval(`document.querySelectorAll("body script, #log img, svg, [onerror], [onclick], [onload], [onmouseover], a[href^='javascript']").length`, &found)
	if found != 0 {
		t.Errorf("%d things on the page could run", found)
	}
	content(t, alice)
}

func troubleStory(t *testing.T, browser *pagetest.Browser) {
	var running atomic.Bool
	running.Store(true)
	w := newWorld(t, page.Options{Controls: []page.Control{{Name: "bot", Label: "Stop the bot", Words: "It hears nothing.",
		Do: func(context.Context) error { running.Store(false); return nil }, State: func() string { return map[bool]string{true: "running", false: "stopped"}[running.Load()] }}}})
	alice := browser.Open(t, w.as("alice", "incidents"))
	alice.Press("Trouble")
	alice.Sees("Now: running", "#panel")
	alice.Press("Slack is down", "#panel")
	alice.Sees("Slack is down", "#top")
	alice.Say("/echo hello")
	alice.Sees("Slack is down. Nothing can be done here until it is back.", "#toasts")
	alice.Press("Slack is down: end", "#panel")
	alice.Sees("Echo is connected", "#top")
	alice.Say("/echo back again")
	alice.Sees("You said: back again", "#log")
	alice.Press("Slack refuses: 500", "#panel")
	alice.Sees("Slack refuses: 500", "#top")
	if answer := w.bot.call("chat.postMessage", map[string]any{"channel": w.channel("incidents"), "text": "x"}); answer["ok"] == true {
		t.Error("the call went through while Slack refuses")
	}
	alice.Sees("Struck 1 times.", "#panel")
	alice.Press("Answers get lost", "#panel")
	alice.Sees("2 troubles", "#top")
	alice.Press("End all trouble", "#panel")
	alice.Sees("Echo is connected", "#top")
	if got := w.ws.Faults(); len(got) != 0 {
		t.Errorf("faults left: %v", got)
	}
	alice.Press("Events arrive twice", "#panel")
	alice.Sees("Events arrive twice", "#top")
	alice.Say("hello @echo")
	alice.Sees("2 replies", "#log")
	alice.Press("End all trouble", "#panel")
	alice.Press("Cut the sockets", "#panel")
	alice.Sees("Echo is connected", "#top")
	alice.Press("Stop the bot", "#panel")
	alice.Sees("Now: stopped", "#panel")
	content(t, alice)
}

func scenesStory(t *testing.T, browser *pagetest.Browser) {
	w := newWorld(t, page.Options{OutboxColumns: []string{"What", "Why"}, Outbox: func() []page.OutboxRow {
		return []page.OutboxRow{{Cells: []string{"post <update>", "Slack is down"}, State: "waiting"}}
	}})
	alice := browser.Open(t, w.as("alice", "incidents"))
	alice.Press("Behind the scenes")
	alice.Say("/widgets")
	alice.Sees("chat.postMessage", "#scenes")
	alice.Sees("slash_commands", "#scenes")
	alice.Click("#scenes details:last-child summary")
	alice.Sees("took", "#scenes details[open] pre")
	if strings.Contains(alice.Text("#scenes"), w.ws.BotToken()) {
		t.Error("the token is on the page")
	}
	alice.Press("Outbox", "#panel")
	alice.Sees("post <update>", "#scenes")
	alice.Press("Sockets", "#panel")
	alice.Sees("open", "#scenes td")
	alice.Press("Close the panel")
	alice.Until("the panel is closed", `document.querySelector("#panel").hidden`)
	content(t, alice)
}

func keyboardStory(t *testing.T, browser *pagetest.Browser) {
	w := newWorld(t, page.Options{})
	alice := browser.Open(t, w.as("alice", "incidents"))
	alice.Type("#compose", "/ec")
	alice.Sees("Says it again", "#offers")
	alice.Keys("Enter")
	alice.Sees("/echo [words]", "#offers")
	alice.Until("the command is completed", `document.querySelector("#compose").value === "/echo "`)
	alice.Append("by keys")
	alice.Keys("Escape", "Enter")
	alice.Sees("You said: by keys", "#log")
	alice.Type("#compose", "hey @b")
	alice.Sees("Bob Okafor", "#offers")
	alice.Keys("Tab")
	alice.Until("the name is completed", `document.querySelector("#compose").value === "hey @bob "`)
	alice.Keys("Shift+Enter")
	alice.Append("second line")
	alice.Keys("Enter")
	alice.Sees("hey @Bob Okafor second line", "#log")
	alice.Keys("Tab", "Tab")
	var focus string
	alice.Eval(`document.activeElement.getAttribute("aria-label") ?? document.activeElement.textContent`, &focus)
	if focus != "Send" {
		t.Errorf("two tabs from the composer lead to %q, want the send button", focus)
	}
	alice.Eval(`[...document.querySelectorAll("button, a[href], input, select, textarea, summary, dialog, [role=log], [role=toolbar]")].filter((e) => {
		const names = [e.getAttribute("aria-label"), e.getAttribute("aria-labelledby"), e.textContent.trim(), e.title, e.placeholder];
		return !names.some(Boolean) && !e.labels?.length; }).map((e) => e.outerHTML.slice(0, 120)).join("; ")`, &focus)
	if focus != "" {
		t.Errorf("without a name for screen readers: %s", focus)
	}
	alice.Say("/modal")
	alice.Sees("Form first", "dialog")
	alice.Until("the focus is in the dialog", `document.activeElement.closest("dialog")`)
	alice.Append("Kay")
	alice.Keys("Enter")
	alice.Sees("alice sent Kay", "#log")
	content(t, alice)
}

func phoneStory(t *testing.T, browser *pagetest.Browser) {
	w := newWorld(t, page.Options{Hint: "Type `/widgets`."})
	alice := browser.Open(t, w.as("alice", "incidents"))
	alice.Size(390, 844)
	alice.Say("/widgets")
	alice.Sees("All widgets", "#log")
	var wide int
	alice.Eval(`document.documentElement.scrollWidth`, &wide)
	if wide > 390 {
		t.Errorf("the page is %d wide on a phone of 390", wide)
	}
	alice.Eval(`Math.max(...[...document.querySelectorAll("#log .bk-button, #log select, #log table, #log h2")].map((e) => e.getBoundingClientRect().right))`, &wide)
	if wide > 390 {
		t.Errorf("something in a message reaches to %d on a phone of 390", wide)
	}
	alice.Until("the side bar is away", `getComputedStyle(document.querySelector("#side")).visibility === "hidden"`)
	alice.Press("Channels and messages")
	alice.Press("general", "#side")
	alice.Until("the general channel is open and the side bar away", `document.querySelector("#log").dataset.place === "`+w.channel("general")+`" && !document.documentElement.classList.contains("side-open")`)
	content(t, alice)
}

func messageStory(t *testing.T, browser *pagetest.Browser) {
	w := newWorld(t, page.Options{})
	alice := browser.Open(t, w.as("alice", "incidents"))
	bob := browser.Open(t, w.as("bob", "incidents"))
	alice.Say("first words")
	bob.Sees("first words")
	bob.Press("React with eyes", "#log")
	alice.Until("both reactions are there", `document.querySelectorAll("#log .reaction").length === 2`)
	alice.Press("Add a reaction", "#log .tools")
	alice.Type("#picker input", "rocket")
	alice.Keys("Enter")
	bob.Sees("🚀", "#log .reactions")
	alice.Press("More actions", "#log .tools")
	alice.Press("Edit message")
	alice.Type("dialog textarea", "better words")
	alice.Press("Save")
	bob.Sees("better words (edited)", "#log")
	alice.Press("More actions", "#log .tools")
	alice.Press("Pin to the channel")
	bob.Press("1 pinned messages")
	bob.Sees("better words", "#pins")
	bob.Press("Close pinned messages")
	bob.Until("the pane is closed", `document.querySelector("#beside").hidden`)
	bob.Press("Reply in a thread", "#log .tools")
	bob.Type("form[data-thread] textarea", "a reply")
	bob.Keys("Enter")
	bob.Sees("a reply", "#thread")
	alice.Sees("1 reply", "#log")
	alice.Press("💬 1 reply")
	alice.Sees("a reply", "#thread")
	alice.Press("Close the thread")
	alice.Until("the pane is closed", `document.querySelector("#beside").hidden`)
	alice.Say("@echo are you there?")
	alice.Sees("1 reply", "#log .msg:last-of-type")
	alice.Say("to be deleted")
	bob.Sees("to be deleted")
	alice.Sees("to be deleted")
	alice.Press("More actions", "#log .msg:last-of-type .tools")
	alice.Press("Delete message …")
	alice.Press("Delete")
	bob.Misses("to be deleted")
	content(t, alice, bob)
}

func homeStory(t *testing.T, browser *pagetest.Browser) {
	w := newWorld(t, page.Options{})
	alice := browser.Open(t, w.as("alice", "incidents"))
	alice.Press("Echo", "#side")
	alice.Sees("Home of the echo", "#log")
	alice.Press("Knock")
	alice.Press("incidents", "#side")
	alice.Sees("alice did home: pressed", "#log")
	alice.Press("Shortcuts", "#foot")
	alice.Press("Echo a form", "#foot")
	alice.Sees("Form shortcut", "dialog")
	alice.Press("Never mind")
	alice.Sees("alice closed shortcut", "#log")
	alice.Say("say it twice")
	alice.Sees("say it twice", "#log")
	alice.Press("More actions", "#log .msg:last-of-type .tools")
	alice.Press("Echo this")
	alice.Sees("Echo: say it twice", "#log")
	if !w.bot.heard("message_action", "say it twice") {
		t.Error("the app was not told of the message shortcut")
	}
	content(t, alice)
}

func channelStory(t *testing.T, browser *pagetest.Browser) {
	w := newWorld(t, page.Options{})
	erin := browser.Open(t, w.as("erin", "incidents"))
	erin.Press("More channels", "#side")
	erin.Press("engineering", "#side")
	erin.Sees("a channel that you are not in", "#foot")
	erin.Press("Join channel")
	erin.Sees("has joined the channel", "#log")
	erin.Press("7 members") // six and herself
	erin.Sees("Site reliability engineer", "#beside")
	erin.Say("hello engineers")
	w.bot.must("bookmarks.add", map[string]any{"channel_id": w.channel("incidents"), "title": "Bridge", "type": "link", "link": "https://meet.example/1"})
	erin.Press("Leave")
	erin.Until("another channel is open", `document.querySelector("#log").dataset.place !== "`+w.channel("engineering")+`"`)
	erin.Press("incidents", "#side")
	erin.Sees("Bridge", "#head")
	erin.Press("New message", "#side")
	erin.Press("Bob Okafor", "#side")
	erin.Sees("your messages with Bob Okafor", "#log")
	erin.Say("a word in private")
	bob := browser.Open(t, w.as("bob", "general"))
	bob.Until("the message is unread", `[...document.querySelectorAll("#side .place.unread")].some((e) => e.textContent.includes("Erin Walsh"))`)
	erin.Press("You are Erin Walsh. Be somebody else")
	erin.Press("Reset the workspace …")
	erin.Press("Reset")
	bob.Until("the message is gone", `!document.querySelector("#side .place.unread")`)
	if _, ok := w.ws.Person("bob").Looks(slacksim.Says("a word in private")); ok {
		t.Error("the workspace was not reset")
	}
	content(t, erin, bob)
}
