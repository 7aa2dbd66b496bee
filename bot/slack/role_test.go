package slack_test

import (
	"slices"
	"strings"
	"testing"

	"muster/bot/slacksim"
	"muster/incident"
)

// Every way to take, give and give back a role, in the channel and from elsewhere.
func TestRolesByCommand(t *testing.T) {
	inHouse(t, setup{}, func(h *house) {
		in := h.declared("sev1 Checkout is down")
		for _, step := range []struct {
			who, where, line string
			role             incident.Role
			holders          []string
			reads            []string
		}{
			{"alice", "", "/incident claim im", incident.IncidentManager, []string{"alice"}, []string{"You are now", "Incident manager", "INC-1"}},
			{"alice", "", "/inc claim tech lead", incident.TechLead, []string{"alice"}, []string{"Tech lead"}},
			{"alice", "", "/incident assign tl @bob", incident.TechLead, []string{"alice", "bob"}, []string{"@bob", "Tech lead"}},
			{"alice", "general", "/incident INC-1 assign @dave tech_lead", incident.TechLead, []string{"alice", "bob", "dave"}, []string{"@dave"}},
			{"alice", "general", "/incident inc-1 release tl", incident.TechLead, []string{"bob", "dave"}, []string{"no longer", "Tech lead"}},
			{"alice", "", "/incident release tl @dave", incident.TechLead, []string{"bob"}, []string{"@dave", "no longer"}},
			{"alice", "", "/incident assign comms @seoyeon", incident.CommsManager, []string{"seoyeon"}, []string{"@seoyeon"}},
			{"alice", "", "/incident assign comms @frank", incident.CommsManager, []string{"frank"}, []string{"@frank"}},
			{"alice", "", "/incident assign scribe me", incident.Scribe, []string{"alice"}, []string{"Scribe"}},
			{"alice", "", "/incident 지정 기술 리더 @jiho", incident.TechLead, []string{"bob", "jiho"}, []string{"@jiho"}},
			{"alice", "", "/incident 담당 서기", incident.Scribe, []string{"alice"}, []string{"Scribe", "already"}},
			{"alice", "", "/incident 해제 서기", incident.Scribe, nil, []string{"no longer"}},
			{"jiho", "general", "/incident INC-1 담당 관리자", incident.IncidentManager, []string{"alice", "jiho"}, []string{"deputy"}},
		} {
			where := step.where
			if where == "" {
				where = in.Channel.Name
			}
			h.reads(step.line, h.person(step.who).types(where, step.line), step.reads...)
			h.settle()
			if got := h.handles(h.get(in.ID).Holders(step.role)); !slices.Equal(got, step.holders) {
				t.Errorf("%s: %s held by %v, want %v", step.line, step.role, got, step.holders)
			}
		}
		// Whoever was given a role was brought into the channel, and told privately what it is for.
		for _, handle := range []string{"bob", "seoyeon", "frank", "jiho"} {
			one := h.person(handle)
			if !one.IsIn(in.Channel.Name) {
				t.Errorf("%s was not brought into the channel", handle)
			}
			one.sees(slacksim.Direct(), slacksim.FromApp(), slacksim.Says("INC-1", "First:"))
		}
		h.reads("roles", h.person("alice").types(in.Channel.Name, "/incident roles"), "Roles of", "Tech lead", "@bob", "Scribe", "nobody")
		h.reads("roles from elsewhere", h.person("carol").types("general", "/incident INC-1 역할"), "Tech lead", "@bob")
	})
}

// handles are people by what they are called.
func (h *house) handles(users []incident.UserID) []string {
	var names []string
	for _, user := range users {
		names = append(names, h.ws.Person(string(user)).Handle)
	}
	return names
}

// The card's buttons and selects, the answer of "roles", and the form.
func TestRolesByButtonSelectAndForm(t *testing.T) {
	inHouse(t, setup{}, func(h *house) {
		in := h.declared("sev1 Checkout is down")
		alice, bob := h.person("alice"), h.person("bob")
		if err := bob.Joins(in.Channel.Name); err != nil {
			t.Fatal(err)
		}
		bob.clicks(h.card(in), "Take: Incident manager")
		if err := assignSelect(h.card(in), incident.TechLead).Choose(h.Context(), alice.Person, "dave"); err != nil {
			t.Fatal(err)
		}
		alice.clicks(h.card(in), "More roles")
		form := alice.modal()
		h.choose(form, "Role", "Scribe")
		h.choose(form, "Who?", "erin")
		if wrong := alice.submits(form); len(wrong) != 0 {
			t.Fatal(wrong)
		}
		alice.types(in.Channel.Name, "/incident roles")
		h.settle()
		roles, ok := alice.Looks(slacksim.OnlyForMe(), slacksim.WithButton("Take: Support lead"))
		if !ok {
			t.Fatal("the answer of roles has no button for the support lead")
		}
		alice.clicks(roles, "Take: Support lead")
		h.settle()
		now := h.get(in.ID)
		for role, want := range map[incident.Role]string{
			incident.IncidentManager: "bob", incident.TechLead: "dave", incident.Scribe: "erin", incident.SupportLead: "alice",
		} {
			if got := h.handles(now.Holders(role)); !slices.Equal(got, []string{want}) {
				t.Errorf("%s: %v, want %s", role, got, want)
			}
		}
		if got := h.card(in); !strings.Contains(got.Text(), "@erin") || !strings.Contains(got.Text(), "@bob") || !strings.Contains(got.Text(), "@dave") {
			t.Errorf("the card does not show the holders:\n%s", got.Text())
		}
		alice.types(in.Channel.Name, "/incident claim")
		if form := alice.modal(); !strings.Contains(form.Text(), "Give a role") {
			t.Errorf("claim alone opens %q", form.Text())
		}
	})
}

// Handing over tells both, thanks the one who goes and moves card, topic and announcement.
func TestHandOver(t *testing.T) {
	inHouse(t, setup{}, func(h *house) {
		in := h.declared("sev1 Checkout is down")
		alice := h.person("alice")
		alice.types(in.Channel.Name, "/incident claim im")
		h.settle()
		alice.types(in.Channel.Name, "/incident assign im @carol")
		h.settle()
		if got := h.handles(h.get(in.ID).Holders(incident.IncidentManager)); !slices.Equal(got, []string{"carol"}) {
			t.Errorf("managers %v", got)
		}
		alice.sees(slacksim.Inside(in.Channel.Name), slacksim.FromApp(), slacksim.Says("@carol", "Incident manager", "@alice hands over"))
		carol := h.person("carol")
		carol.sees(slacksim.Direct(), slacksim.Says("Incident manager", "Checkout is down", "First:"))
		carol.sees(slacksim.Inside(announcements), slacksim.Says("INC-1", "@carol"))
		if topic := channelOf(h, in).Topic.Value; !strings.Contains(topic, carol.ID) {
			t.Errorf("the topic is %q", topic)
		}
		// Released by somebody else, who forgets the @, and taken again.
		h.reads("release carol", alice.types(in.Channel.Name, "/incident release carol"), "@carol", "no longer")
		alice.types(in.Channel.Name, "/incident assign im carol")
		h.settle()
		// Released without a name: the only role one holds.
		h.reads("release", carol.types(in.Channel.Name, "/incident release"), "no longer")
		h.settle()
		carol.sees(slacksim.Inside(announcements), slacksim.Says("INC-1", "no manager yet"))
	})
}

func assignSelect(card slacksim.Message, role incident.Role) slacksim.Element {
	return card.Select("assign_role:INC-1:" + string(role))
}

func (h *house) choose(form slacksim.View, field string, values ...string) {
	h.Helper()
	if err := form.Choose(h.Context(), field, values...); err != nil {
		h.Fatalf("choose %q: %v; there are %s", field, err, labels(form.Elements()))
	}
}

// What cannot be done with roles is said in words, and changes nothing.
func TestRoleRefusals(t *testing.T) {
	inHouse(t, setup{}, func(h *house) {
		in := h.declared("sev1 Checkout is down")
		alice := h.person("alice")
		alice.types(in.Channel.Name, "/incident assign support @haeun")
		h.settle()
		for _, c := range []struct {
			line  string
			reads []string
		}{
			{"/incident assign wizard @bob", []string{"wizard", "tech_lead"}},
			{"/incident claim wizard", []string{"wizard", "tech_lead"}},
			{"/incident release wizard", []string{"wizard", "tech_lead"}},
			{"/incident assign tech_lead @nobody-at-all", []string{"could not find"}},
			{"/incident assign tech_lead", []string{"@"}},
			{"/incident assign @bob", []string{"assign", "tech_lead"}},
			{"/incident assign tech_lead @gone", []string{"choose somebody else"}},
			{"/incident assign tech_lead @stella", []string{"choose somebody else"}},
			{"/incident assign tech_lead @slackbot", []string{"choose somebody else"}},
			{"/incident claim support", []string{"@haeun", "already"}},
			{"/incident release tech_lead", []string{"not", "Tech lead"}},
			{"/incident release tech_lead @bob", []string{"@bob", "not"}},
		} {
			h.changesNothing(c.line, func() { h.reads(c.line, alice.types(in.Channel.Name, c.line), c.reads...) })
		}
		h.changesNothing("a select of somebody who has left", func() {
			if err := assignSelect(h.card(in), incident.TechLead).Choose(h.Context(), alice.Person, "gone"); err != nil {
				t.Fatal(err)
			}
		})
		h.reads("a select of somebody who has left", alice.told(), "@gone", "choose somebody else")
	})
}

// Bob, who leads, is deactivated in the night: the channel is told that his roles are free, and he leads nothing any more.
func TestWhoIsDeactivatedLeadsNoLonger(t *testing.T) {
	inHouse(t, setup{}, func(h *house) {
		in := h.declared("sev1 Checkout is down")
		alice, bob := h.person("alice"), h.person("bob")
		bob.types("general", "/incident INC-1 claim im")
		h.settle()
		h.ws.Deactivate("bob")
		h.settle()
		alice.sees(slacksim.Inside(in.Channel.Name), slacksim.Says("was deactivated", "Incident manager", "is free"))
		if got := h.get(in.ID); len(got.Roles) != 0 {
			t.Errorf("still held: %+v", got.Roles)
		}
		h.reads("the timeline", alice.types(in.Channel.Name, "/incident timeline"), "was freed")
	})
}
