package slack_test

import (
	"testing"
	"time"

	"muster/bot/slacksim"
)

// Whoever stops the program in the midst of an outage of Slack waits for ten seconds at most, and nothing is lost by it.
func TestStoppedWhileSlackHangs(t *testing.T) {
	inHouse(t, setup{}, func(h *house) {
		h.ws.AddFault(slacksim.Fault{Kind: slacksim.FaultHangAfter, Match: "chat.postMessage"})
		h.person("alice").types("general", "/incident declare sev1 Checkout is down")
		pass(2 * time.Second)
		began := time.Now() // by the clock of the bubble
		h.stop()
		if took := time.Since(began); took >= 10*time.Second {
			t.Errorf("it took %v to stop", took)
		}
		h.ws.ClearFaults()
		h.start()
		h.settle()
		alice := h.person("alice")
		if cards := alice.SeesAll(slacksim.WithButton("Take: Tech lead"), slacksim.Says("Checkout is down")); len(cards) != 1 {
			t.Errorf("%d cards, want one", len(cards))
		}
	})
}
