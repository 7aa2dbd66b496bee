package page_test

import (
	"testing"

	"muster/bot/slacksim"
	"muster/bot/slacksim/page"
	"muster/bot/slacksim/page/pagetest"
)

func keepStory(t *testing.T, browser *pagetest.Browser) {
	w := newWorld(t, page.Options{})
	id := w.channel("engineering")
	alice := browser.Open(t, w.as("alice", "engineering"))
	heidi := browser.Open(t, w.as("heidi", "engineering"))
	alice.Press("More about the channel")
	alice.Press("Rename …")
	alice.Type("dialog.ask input", "engineers")
	alice.Press("Rename")
	heidi.Sees("engineers", "#head h1")
	heidi.Sees("has renamed the channel", "#log")
	heidi.Press("More about the channel")
	heidi.Misses("Delete the channel", "#head") // she is no administrator
	alice.Press("More about the channel")
	alice.Press("Make private …")
	alice.Press("Make private")
	heidi.Sees("🔒", "#head h1")
	if c, _ := w.ws.Person("alice").Channel("engineers"); !c.Private {
		t.Error("the channel is not private")
	}
	alice.Press("6 members")
	alice.Press("Remove Heidi Brandt")
	alice.Press("Remove", "dialog.ask")
	alice.Sees("was removed from the channel", "#log")
	heidi.Until("heidi is elsewhere", `!location.pathname.includes("`+id+`")`)
	alice.Press("More about the channel")
	alice.Press("Archive")
	alice.Sees("This channel is archived", "#foot")
	alice.Press("More about the channel")
	alice.Press("Bring back")
	alice.Until("the composer is back", `document.querySelector("#compose")`)
	alice.Press("More about the channel")
	alice.Press("Delete the channel …")
	alice.Press("Delete", "dialog.ask")
	alice.Until("alice is elsewhere", `document.querySelector("#log").dataset.place !== "`+id+`"`)
	if _, there := w.ws.Person("alice").Channel("engineers"); there {
		t.Error("the channel is still there")
	}
	calm(t, alice, heidi)
}

// dot is the smallest picture there is, for an upload from the page.
const dot = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="

func pictureStory(t *testing.T, browser *pagetest.Browser) {
	w := newWorld(t, page.Options{})
	alice := browser.Open(t, w.as("alice", "incidents"))
	bob := browser.Open(t, w.as("bob", "incidents"))
	alert, err := w.ws.Posts("Grafana", "incidents", slacksim.Alert{Attachments: []byte(`[{"color":"danger","title":"Disk full","fields":[{"title":"Host","value":"db-1"}]}]`)})
	if err != nil {
		t.Fatal(err)
	}
	alice.Sees("Grafana", "#log .author")
	alice.Sees("Host db-1", "#log .attachment")
	var sent bool
	alice.Eval(`(() => { const bytes = Uint8Array.from(atob("`+dot+`"), (c) => c.charCodeAt(0)); const held = new DataTransfer();
		held.items.add(new File([bytes], "graph.png", { type: "image/png" }));
		const box = document.querySelector("#foot textarea"); box.value = "since noon";
		const input = document.querySelector("#foot [data-attach]"); input.files = held.files;
		input.dispatchEvent(new Event("change", { bubbles: true })); return true; })()`, &sent)
	bob.Sees("since noon", "#log")
	bob.Until("the picture is shown", `document.querySelector("#log .file img")?.naturalWidth === 1`)
	bob.Go(w.as("bob", "incidents") + "?thread=" + alert.TS)
	bob.Click("#beside [data-also]")
	bob.Type("form[data-thread] textarea", "it is full")
	bob.Keys("Enter")
	alice.Sees("it is full", "#log")
	calm(t, alice, bob)
}
