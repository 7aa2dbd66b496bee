package page_test

import (
	"path/filepath"
	"testing"

	"muster/bot/slacksim/page"
	"muster/bot/slacksim/page/pagetest"
)

func TestLook(t *testing.T) {
	browser := pagetest.Start(t)
	w := newWorld(t, page.Options{Hint: "Type `/widgets` and press Enter.", Note: "60x"})
	alice := browser.Open(t, w.as("alice", "incidents"))
	alice.Say("/widgets")
	alice.Sees("All widgets")
	alice.Screenshot(filepath.Join("/tmp/shots", "light.png"))
}
