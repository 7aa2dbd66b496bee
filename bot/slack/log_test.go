package slack_test

import (
	"strings"
	"testing"
)

// The log tells who did what to which incident and what was performed for it. That it is JSON without secrets and without
// what people typed is checked after every story.
func TestLogFields(t *testing.T) {
	inHouse(t, setup{}, func(h *house) {
		in := h.declared("sev1 Checkout is down")
		alice := h.person("alice")
		alice.types(in.Channel.Name, "/incident note The root password is hunter2 as ever")
		alice.clicks(h.card(in), "Take: Incident manager")
		h.settle()
		var commands, effects int
		for _, line := range h.lines() {
			if line["time"] == nil || line["level"] == nil || line["message"] == nil {
				t.Errorf("a line lacks its time, level or message: %v", line)
			}
			switch line["message"] {
			case "declared", "applied":
				commands++
				if line["incident"] != "INC-1" || line["actor"] == nil {
					t.Errorf("a command without its incident or actor: %v", line)
				}
			case "effect performed":
				effects++
				if line["incident"] != "INC-1" || line["effect"] == "" || line["attempt"] != float64(1) {
					t.Errorf("an effect without its fields: %v", line)
				}
			}
		}
		if commands < 3 || effects < 5 {
			t.Errorf("%d commands and %d effects in the log", commands, effects)
		}
		if log := h.log.String(); strings.Contains(log, "hunter2") || strings.Contains(log, "Checkout") {
			t.Error("the log holds what was typed")
		}
	})
}
