package slack_test

import (
	"strings"
	"testing"

	"muster/bot/slacksim"
	"muster/incident"
)

// attempt is a line that needs the permission for an action.
type attempt struct {
	action incident.Action
	line   string
}

func attempts() []attempt {
	return []attempt{
		{incident.ActRole, "claim tl"}, {incident.ActRole, "assign scribe @erin"}, {incident.ActRole, "claim"},
		{incident.ActStatus, "status fix"}, {incident.ActStatus, "resolve it is over"},
		{incident.ActSeverity, "severity sev3 not so bad"}, {incident.ActSeverity, "severity sev3"}, {incident.ActSeverity, "severity"},
		{incident.ActDescribe, "title another title"}, {incident.ActDescribe, "summary what is known"},
		{incident.ActUpdate, "update here we are"}, {incident.ActUpdate, "update"},
		{incident.ActNote, "note what happened"}, {incident.ActNote, "note"},
		{incident.ActRemind, "remind pause"}, {incident.ActRemind, "remind snooze 20m"}, {incident.ActRemind, "remind every 20m"},
		{incident.ActClose, "cancel not real"}, {incident.ActClose, "cancel"},
		{incident.ActRepair, "retry"},
		{incident.ActView, "timeline"}, {incident.ActView, "roles"}, {incident.ActView, "remind why"},
	}
}

// granted restricts every action but the declaring.
func granted(grant incident.Grant) func(*incident.Policy) {
	return func(p *incident.Policy) {
		for _, action := range incident.Actions() {
			if action != incident.ActDeclare {
				p.Permissions[action] = grant
			}
		}
	}
}

// What somebody may not do is refused in words that name whom to ask, whether it is typed or clicked, and changes nothing.
func TestWhoMay(t *testing.T) {
	for _, c := range []struct {
		name  string
		grant incident.Grant
		may   []string // who may
		asks  string   // what the others read
	}{
		{"role holders", incident.Grant{RoleHolders: true}, []string{"bob", "dave"}, "anybody with a role in this incident"},
		{"one role", incident.Grant{Roles: []incident.Role{incident.IncidentManager}}, []string{"bob"}, "the Incident manager"},
		{"a person", incident.Grant{Users: []incident.UserID{"U0CAROL003"}}, []string{"carol"}, "@carol"},
		{"a user group", incident.Grant{Groups: []incident.GroupID{"S0LEADS003"}}, []string{"carol", "minjun"}, "@leads"},
	} {
		t.Run(c.name, func(t *testing.T) {
			inHouse(t, setup{policy: granted(c.grant)}, func(h *house) {
				in := h.declared("sev1 Checkout is down")
				h.give(in, incident.IncidentManager, "bob")
				h.give(in, incident.TechLead, "dave")
				card := h.card(in)
				for _, handle := range []string{"alice", "bob", "carol", "dave", "minjun"} {
					who, may := h.person(handle), false
					for _, one := range c.may {
						may = may || one == handle
					}
					if may {
						h.reads(handle, who.types("general", "/incident INC-1 roles"), "Roles of")
						continue
					}
					for _, try := range attempts() {
						h.changesNothing(handle+" "+try.line, func() {
							h.reads(handle+" "+try.line, who.types("general", "/incident INC-1 "+try.line), "not everybody may", c.asks)
						})
					}
					if _, open := who.View(); open {
						t.Errorf("%s got a form", handle)
					}
				}
				erin := h.person("erin")
				if err := erin.Joins(in.Channel.Name); err != nil {
					t.Fatal(err)
				}
				h.settle()
				h.clicksEverything(erin, card, c.asks)
			})
		})
	}
}

// give has the store hold a role for somebody, whatever the policy permits.
func (h *house) give(in incident.Incident, role incident.Role, handle string) {
	h.Helper()
	_, err := h.store.Apply(h.Context(), in.ID, "", func(current incident.Incident) (incident.Outcome, error) {
		assignee := incident.Actor{ID: incident.UserID(h.person(handle).ID), Kind: incident.Person}
		return incident.Step(current, current.ID, incident.AssignRole{Role: role, Assignee: assignee}, incident.Muster, current.ChangedAt, h.policy)
	})
	if err != nil {
		h.Fatal(err)
	}
	h.settle()
}

// clicksEverything has somebody press every button and use every select of a message; each must be refused in words.
func (h *house) clicksEverything(who person, message slacksim.Message, asks string) {
	h.Helper()
	for _, element := range message.Elements() {
		h.changesNothing(element.ActionID, func() {
			var err error
			if element.Type == "button" {
				err = element.Click(h.Context(), who.Person)
			} else {
				err = element.Choose(h.Context(), who.Person, "frank")
			}
			if err != nil {
				h.Fatalf("%s: %v", element.ActionID, err)
			}
			h.reads(who.Handle+" "+element.ActionID, who.told(), asks)
		})
		who.forgets()
	}
	if _, open := who.View(); open {
		h.Errorf("%s got a form", who.Handle)
	}
}

// forgets takes what the person alone was shown out of their sight.
func (p person) forgets() {
	p.h.Helper()
	for _, message := range p.SeesAll(slacksim.OnlyForMe()) {
		if err := p.Deletes(message); err != nil {
			p.h.Fatal(err)
		}
	}
}

// Guests and people of other organisations are refused by default, by word and by click, and let in where the policy says so.
func TestGuestsAndStrangers(t *testing.T) {
	inHouse(t, setup{}, func(h *house) {
		in := h.declared("sev1 Checkout is down")
		alice := h.person("alice")
		for handle, want := range map[string]string{"gina": "Guests", "stella": "Only members"} {
			who := h.person(handle)
			for _, line := range []string{"declare sev1 I need help", "declare", "list", "INC-1 claim tl", "INC-1 update here I am", "INC-1 update", "INC-1 timeline", "INC-1 resolve all is well", "claim tl", "update"} {
				h.changesNothing(handle+" "+line, func() { h.reads(handle+" "+line, who.types("support", "/incident "+line), want) })
			}
			h.changesNothing(handle+" uses a shortcut", func() {
				if err := who.UsesShortcut(h.Context(), "Declare an incident"); err != nil {
					t.Fatal(err)
				}
				h.settle()
				h.reads("a shortcut", who.modal().Text(), want)
				h.closeAll(who)
			})
			if handle == "stella" {
				continue // people of other organisations cannot be invited into it
			}
			if err := alice.Invites(in.Channel.Name, handle); err != nil {
				t.Fatal(err)
			}
			h.settle()
			h.clicksEverything(who, h.card(in), want)
			h.changesNothing(handle+" uses messages", func() {
				mine := who.says(in.Channel.Name, "Is anybody there?")
				if err := who.UsesShortcutOn(h.Context(), mine, "Add to timeline"); err != nil {
					t.Fatal(err)
				}
				h.reads("a message shortcut", who.told(), want)
				who.forgets()
				if err := who.Reacts(mine, "pushpin"); err != nil {
					t.Fatal(err)
				}
				h.reads("a pushpin", who.told(), want)
			})
		}
	})
}

func TestAGuestWhomThePolicyLetsIn(t *testing.T) {
	inHouse(t, setup{policy: func(p *incident.Policy) {
		p.Permissions[incident.ActNote] = incident.Grant{Anyone: true, Guests: true}
	}}, func(h *house) {
		h.declared("sev1 Checkout is down")
		h.reads("a guest's note", h.person("gina").types("support", "/incident INC-1 note I saw it at nine"), "timeline")
	})
}

// Somebody who has just left can do nothing; somebody who has just come can, though no list has named them yet.
func TestPeopleWhoComeAndGo(t *testing.T) {
	inHouse(t, setup{}, func(h *house) {
		in := h.declared("sev1 Checkout is down")
		h.ws.AddFault(slacksim.Fault{Kind: slacksim.FaultEnvelopeLate, Match: "team_join", Delay: 1 << 40})
		h.ws.AddUser(slacksim.User{ID: "U0NEW00099", Handle: "nora", RealName: "Nora New", TZ: "Europe/Berlin"})
		nora := h.person("nora")
		h.reads("the new one", nora.types("general", "/incident INC-1 claim tl"), "Tech lead")
		h.ws.Deactivate("dave")
		h.settle()
		h.changesNothing("a role for one who has left", func() {
			h.reads("the one who left", h.person("alice").types(in.Channel.Name, "/incident assign scribe @dave"), "choose somebody else")
		})
		if got := h.handles(h.get(in.ID).Holders(incident.TechLead)); strings.Join(got, " ") != "nora" {
			t.Errorf("tech leads %v", got)
		}
	})
}
