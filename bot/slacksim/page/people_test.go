package page_test

import (
	"strings"
	"testing"

	"muster/bot/slacksim"
	"muster/bot/slacksim/page"
	"muster/bot/slacksim/page/pagetest"
)

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
	calm(t, alice, bob)
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
	calm(t, alice)
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
	calm(t, alice, bob)
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
	calm(t, alice)
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
	calm(t, erin, bob)
}
