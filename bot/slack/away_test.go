package slack_test

import (
	"strings"
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

// Slack does not say who people are, nor who is in which group. Whom Muster was asked about before the restart it knows still; of
// others it says that it could not tell, and neither lets them nor turns them away.
func TestWhoPeopleAreOutlastsARestart(t *testing.T) {
	leads := func(p *incident.Policy) {
		p.Permissions[incident.ActSeverity] = incident.Grant{Groups: []incident.GroupID{"S0SRE00001"}}
	}
	inHouse(t, setup{rough: true, policy: leads}, func(h *house) {
		in := h.declared("sev2 Checkout is down")
		dave, carol := h.person("dave"), h.person("carol")
		dave.types("general", "/incident INC-1 severity sev1 all of them")
		h.settle()
		if got := h.get(in.ID).Severity; got != "sev1" {
			t.Fatalf("dave, who is in the group, could not set it: %s", got)
		}
		h.stop()
		for _, method := range []string{"users.info", "users.list", "usergroups.users.list"} {
			h.ws.AddFault(slacksim.Fault{Kind: slacksim.FaultStatus, Match: method})
		}
		h.start()
		dave.types("general", "/incident INC-1 severity sev2 some of them")
		h.settle()
		if got := h.get(in.ID).Severity; got != "sev2" {
			t.Errorf("after the restart dave could not set it: %s", got)
		}
		if got := carol.types("general", "/incident list"); !strings.Contains(got, "went wrong") {
			t.Errorf("carol, of whom nobody can tell who she is, reads %q", got)
		}
	})
}
