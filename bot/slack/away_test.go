package slack_test

import (
	"testing"
	"time"

	"muster/bot/slacksim"
	"muster/incident"
)

// Muster is started while Slack cannot be reached, or refuses its token. Reminders fall due all the same; what they say comes once
// Slack takes it, and people are heard again without a restart.
func TestStartedWithoutSlack(t *testing.T) {
	for name, fault := range map[string]slacksim.Fault{
		"out of reach":        {Kind: slacksim.FaultCutBefore},
		"unwell":              {Kind: slacksim.FaultStatus, Status: 503},
		"refusing the tokens": {Kind: slacksim.FaultError, Code: "token_revoked"},
	} {
		t.Run(name, func(t *testing.T) {
			inHouse(t, setup{rough: true, policy: only(incident.RuleNoManager)}, func(h *house) {
				in := h.declared("sev1 Checkout is down")
				h.stop()
				fault.Match = "*"
				h.ws.AddFault(fault)
				h.launch()
				pass(20 * time.Minute)
				reminded := 0
				entries, err := h.store.Timeline(h.Context(), in.ID, 0, 1000)
				if err != nil {
					t.Fatal(err)
				}
				for _, entry := range entries {
					if _, is := entry.Event.(incident.EventReminded); is {
						reminded++
					}
				}
				if reminded == 0 {
					t.Error("nothing fell due without Slack")
				}
				h.ws.ClearFaults()
				pass(5 * time.Minute)
				alice := h.person("alice")
				alice.sees(slacksim.Inside(in.Channel.Name), slacksim.WithButton("Why this?"))
				h.reads("a list", alice.types("general", "/incident list"), "Checkout is down")
			})
		})
	}
}
