package slack_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"muster/bot/slacksim"
	"muster/incident"
)

// Every way to ask for a list, with what must be in it and in which order, and what must not.
func TestLists(t *testing.T) {
	inHouse(t, setup{}, func(h *house) {
		alice, bob := h.person("alice"), h.person("bob")
		h.reads("an empty list", alice.types("general", "/incident list"), "No incident is open")
		h.declared("sev3 Reports are slow")
		pass(time.Minute)
		h.declared("sev1 Checkout is down")
		h.declared("sev2 Login fails")
		h.declared("sev2 Search is gone")
		h.declared("unknown Something smells")
		h.declared("sev3 Twice declared")
		bob.types("general", "/incident INC-2 claim im")
		alice.types("general", "/incident INC-4 resolve it was the index")
		alice.types("general", "/incident INC-6 cancel the same as one")
		h.settle()
		for _, c := range []struct {
			who   person
			line  string
			want  []string // in this order
			never []string
		}{
			{alice, "/incident list", []string{"INC-2", "INC-3", "INC-5", "INC-1"}, []string{"INC-4", "INC-6"}},
			{alice, "/inc 목록", []string{"INC-2", "INC-3", "INC-5", "INC-1"}, []string{"INC-4", "INC-6"}},
			{alice, "/incident list open", []string{"INC-2", "INC-1"}, []string{"INC-4"}},
			{alice, "/incident list all", []string{"INC-2", "INC-3", "INC-1", "INC-4"}, nil},
			{alice, "/incident list 전체", []string{"INC-2", "INC-4"}, nil},
			{alice, "/incident list mine", []string{"INC-2", "INC-3"}, []string{"INC-4"}},
			{bob, "/incident list mine", []string{"INC-2"}, []string{"INC-1", "INC-3", "INC-4"}},
			{bob, "/incident list 내", []string{"INC-2"}, []string{"INC-1"}},
			{alice, "/incident list sev1", []string{"INC-2"}, []string{"INC-1", "INC-3"}},
			{alice, "/incident list sev2 all", []string{"INC-3", "INC-4"}, []string{"INC-1", "INC-2"}},
			{alice, "/incident list mine sev3", []string{"INC-1"}, []string{"INC-6", "INC-2"}},
			{alice, "/incident list unknown", []string{"INC-5"}, []string{"INC-1"}},
			{alice, "/incident list triage", []string{"INC-5"}, []string{"INC-1"}},
			{alice, "/incident list resolved", []string{"INC-4"}, []string{"INC-1", "INC-6"}},
			{alice, "/incident list canceled", []string{"INC-6"}, []string{"INC-4"}},
			{alice, "/incident list finished", []string{"INC-6", "INC-4"}, []string{"INC-1"}},
			{alice, "/incident list 끝난", []string{"INC-6", "INC-4"}, []string{"INC-1"}},
			{alice, "/incident list closed", []string{"No incident fits"}, []string{"INC-"}},
			{alice, "/incident list frobnicated", []string{"list mine"}, []string{"INC-1"}},
		} {
			got := c.who.types("general", c.line)
			rest := got
			for _, part := range c.want {
				at := strings.Index(rest, part)
				if at < 0 {
					t.Errorf("%s (%s): %s is missing or in the wrong place:\n%s", c.line, c.who.Handle, part, got)
					break
				}
				rest = rest[at:]
			}
			for _, part := range c.never {
				if strings.Contains(got, part) {
					t.Errorf("%s (%s): %s is there:\n%s", c.line, c.who.Handle, part, got)
				}
			}
		}
		in := h.get("INC-2")
		h.reads("a row", alice.types("general", "/incident list sev1"), "Checkout is down", "#"+in.Channel.Name, "SEV1", "P1", "@bob", "next update by", "min")
	})
}

// More incidents than fit on a page are reached page by page, each once.
func TestListPages(t *testing.T) {
	inHouse(t, setup{slack: func(o *slacksim.Options) { o.Rates = false }}, func(h *house) {
		alice := h.person("alice")
		const all = 25
		for i := range all {
			alice.types("general", fmt.Sprintf("/incident declare sev2 Number %d of the flood with a rather long title indeed", i+1))
		}
		h.settle()
		count := map[incident.ID]int{}
		seen := alice.types("general", "/incident list mine sev2")
		for pages := 1; ; pages++ {
			for id := 1; id <= all; id++ {
				if strings.Contains(seen, fmt.Sprintf("*INC-%d* Number %d of", id, id)) {
					count[incident.NewID(uint64(id))]++
				}
			}
			page, _ := alice.Looks(slacksim.OnlyForMe())
			if !page.Button("More").Exists() {
				break
			}
			alice.clicks(page, "More")
			h.settle()
			next, _ := alice.Looks(slacksim.OnlyForMe())
			if seen = next.Text(); pages > 10 {
				t.Fatal("the pages do not end")
			}
		}
		for id := 1; id <= all; id++ {
			if got := count[incident.NewID(uint64(id))]; got != 1 {
				t.Errorf("INC-%d was shown %d times", id, got)
			}
		}
	})
}
