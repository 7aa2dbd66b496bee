package page_test

import (
	"context"
	"strings"
	"sync/atomic"
	"testing"

	"muster/bot/slacksim/page"
	"muster/bot/slacksim/page/pagetest"
)

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
	alice.Sees("struck 1×", "#panel")
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
	alice.Press("Another app posts an alert", "#panel")
	alice.Sees("[FIRING] Disk full", "#log .attachment")
	alice.Choose("#panel select:has(option:nth-child(12))", "bob")
	alice.Press("Somebody leaves the company", "#panel")
	alice.Until("bob is gone", `![...document.querySelectorAll("#who .person")].some((e) => e.textContent.includes("Bob Okafor"))`)
	alice.Press("Stop the bot", "#panel")
	alice.Sees("Now: stopped", "#panel")
	calm(t, alice)
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
	calm(t, alice)
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
	alice.Keys("Tab", "Tab", "Tab") // past shortcuts and files
	var focus string
	alice.Eval(`document.activeElement.getAttribute("aria-label") ?? document.activeElement.textContent`, &focus)
	if focus != "Send" {
		t.Errorf("three tabs from the composer lead to %q, want the send button", focus)
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
	calm(t, alice)
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
	calm(t, alice)
}
