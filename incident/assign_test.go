package incident

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestRoles(t *testing.T) {
	give := func(role Role, to Actor) Command { return AssignRole{Role: role, Assignee: to} }
	hand := func(role Role, to Actor) Command { return AssignRole{Role: role, Assignee: to, Replace: true} }
	for name, test := range map[string]struct {
		acts []Command // all by Alice
		role Role
		want []UserID // the leader first
	}{
		"taken":                      {[]Command{give(SupportLead, alice)}, SupportLead, []UserID{alice.ID}},
		"given":                      {[]Command{give(SupportLead, bob)}, SupportLead, []UserID{bob.ID}},
		"several are equals":         {[]Command{give(TechLead, bob), give(TechLead, alice)}, TechLead, []UserID{bob.ID, alice.ID}},
		"several, none is replaced":  {[]Command{give(TechLead, bob), hand(TechLead, alice)}, TechLead, []UserID{bob.ID, alice.ID}},
		"a second one is a deputy":   {[]Command{give(IncidentManager, bob), give(IncidentManager, carol)}, IncidentManager, []UserID{bob.ID, carol.ID}},
		"handed over":                {[]Command{give(SupportLead, bob), hand(SupportLead, carol)}, SupportLead, []UserID{carol.ID}},
		"handed over before anybody": {[]Command{hand(SupportLead, carol)}, SupportLead, []UserID{carol.ID}},
		"handed over past a deputy": {[]Command{give(IncidentManager, bob), give(IncidentManager, carol), hand(IncidentManager, alice)},
			IncidentManager, []UserID{alice.ID, carol.ID}},
		"handed over to the deputy": {[]Command{give(IncidentManager, bob), give(IncidentManager, alice), give(IncidentManager, carol),
			hand(IncidentManager, carol)}, IncidentManager, []UserID{carol.ID, alice.ID}},
		"released by the leader": {[]Command{give(IncidentManager, alice), give(IncidentManager, bob), ReleaseRole{Role: IncidentManager}},
			IncidentManager, []UserID{bob.ID}},
		"taken away":       {[]Command{give(Scribe, bob), ReleaseRole{Role: Scribe, User: bob.ID}}, Scribe, nil},
		"two roles at one": {[]Command{give(Scribe, bob), give(TechLead, bob)}, Scribe, []UserID{bob.ID}},
	} {
		t.Run(name, func(t *testing.T) {
			d := declared(t)
			for _, act := range test.acts {
				d.do(alice, act)
			}
			if got := d.in.Holders(test.role); !slices.Equal(got, test.want) {
				t.Errorf("%s is held by %v, want %v", test.role, got, test.want)
			}
		})
	}
}

func TestRolesAreRefused(t *testing.T) {
	for name, test := range map[string]struct {
		command Command
		code    Code
		user    UserID
	}{
		"no such role":         {AssignRole{Role: "tea_maker", Assignee: bob}, RefuseUnknownRole, ""},
		"to nobody":            {AssignRole{Role: Scribe}, RefuseCannotHold, ""},
		"to somebody who left": {AssignRole{Role: Scribe, Assignee: gone}, RefuseCannotHold, gone.ID},
		"to a guest, who could do nothing with it": {AssignRole{Role: Scribe, Assignee: guest}, RefuseCannotHold, guest.ID},
		"to somebody from elsewhere":               {AssignRole{Role: Scribe, Assignee: other}, RefuseCannotHold, other.ID},
		"to a machine":                             {AssignRole{Role: Scribe, Assignee: robot}, RefuseCannotHold, robot.ID},
		"twice":                                    {AssignRole{Role: SupportLead, Assignee: bob}, RefuseAlreadyHolds, bob.ID},
		"twice, instead of oneself":                {AssignRole{Role: SupportLead, Assignee: bob, Replace: true}, RefuseAlreadyHolds, bob.ID},
		"twice, as one of several":                 {AssignRole{Role: TechLead, Assignee: bob, Replace: true}, RefuseAlreadyHolds, bob.ID},
		"a single one that is taken":               {AssignRole{Role: SupportLead, Assignee: alice}, RefuseRoleTaken, bob.ID},
		"release what one has not":                 {ReleaseRole{Role: TechLead, User: alice.ID}, RefuseNotHolding, alice.ID},
		"release what nobody defined":              {ReleaseRole{Role: "tea_maker"}, RefuseNotHolding, alice.ID},
	} {
		t.Run(name, func(t *testing.T) {
			d := declared(t).do(alice, AssignRole{Role: SupportLead, Assignee: bob}).do(alice, AssignRole{Role: TechLead, Assignee: carol}).
				do(alice, AssignRole{Role: TechLead, Assignee: bob})
			if refusal := d.refused(alice, test.command, test.code); refusal.User != test.user {
				t.Errorf("the refusal names %q, want %q", refusal.User, test.user)
			}
		})
	}
	d := declared(t).do(alice, AssignRole{Role: Scribe, Assignee: bob}).do(alice, ChangeStatus{Verb: VerbResolve})
	d.do(alice, AssignRole{Role: ProblemManager, Assignee: bob}) // the review still needs people
	d.do(alice, ChangeStatus{Verb: VerbClose})
	d.refused(alice, AssignRole{Role: SupportLead, Assignee: bob}, RefuseOver)
	d.refused(bob, ReleaseRole{Role: Scribe}, RefuseOver)
}

func TestAnAssignmentRemembersSinceWhenAndByWhom(t *testing.T) {
	d := declared(t).after(time.Minute).do(alice, AssignRole{Role: IncidentManager, Assignee: alice})
	if d.in.BroughtIn {
		t.Error("whoever takes a role brings nobody in")
	}
	d.after(time.Minute).do(alice, AssignRole{Role: IncidentManager, Assignee: bob})
	want := []Assignment{
		{Role: IncidentManager, User: alice.ID, Since: at(t, "2026-11-23T09:01:00Z"), By: alice.ID},
		{Role: IncidentManager, User: bob.ID, Since: at(t, "2026-11-23T09:02:00Z"), By: alice.ID},
	}
	if diff := cmp.Diff(want, d.in.Roles); diff != "" || !d.in.BroughtIn {
		t.Errorf("brought in: %v; roles (-want +got):\n%s", d.in.BroughtIn, diff)
	}
	event, _ := d.out.Entries[0].Event.(EventRoleAssigned)
	if !event.Deputy || event.Replaced != "" {
		t.Errorf("the second manager is %+v", event)
	}
	d.do(alice, AssignRole{Role: IncidentManager, Assignee: carol, Replace: true})
	if event, _ := d.out.Entries[0].Event.(EventRoleAssigned); event.Replaced != alice.ID || event.Deputy {
		t.Errorf("the new manager is %+v", event)
	}
}

func TestWhatIsMissing(t *testing.T) {
	d := declared(t)
	check := func(want ...Role) {
		t.Helper()
		if got := d.in.Missing(d.p); !slices.Equal(got, want) {
			t.Errorf("missing %v, want %v", got, want)
		}
	}
	check(IncidentManager, TechLead, CommsManager)
	d.do(alice, AssignRole{Role: TechLead, Assignee: bob})
	check(IncidentManager, CommsManager)
	d.do(alice, ChangeSeverity{Severity: "sev3", Reason: "only one customer"})
	check(IncidentManager)
	d.do(alice, AssignRole{Role: IncidentManager, Assignee: alice})
	check()
}

// Where guests may act on an incident, they may hold a role in it.
func TestAGuestWhoMayActMayHoldARole(t *testing.T) {
	d := declaredWith(t, func(p *Policy) {
		p.Permissions[ActUpdate] = Grant{Anyone: true, Guests: true}
	}, Declare{Title: "Checkout is down", Severity: "sev1"})
	d.do(alice, AssignRole{Role: SupportLead, Assignee: guest})
	if got := d.in.Holders(SupportLead); !slices.Equal(got, []UserID{guest.ID}) {
		t.Errorf("held by %v, want the guest", got)
	}
}

// A person whose account was deactivated leads nothing any more, and reminders go to the next in line.
func TestADeactivatedPersonHoldsNoRole(t *testing.T) {
	d := declared(t).do(alice, AssignRole{Role: IncidentManager, Assignee: bob}).do(alice, AssignRole{Role: IncidentManager, Assignee: carol})
	d.do(alice, AssignRole{Role: TechLead, Assignee: bob})
	d.do(Muster, RecordDeactivated{User: bob.ID})
	if got := d.in.Holders(IncidentManager); len(got) != 1 || got[0] != carol.ID || len(d.in.Holders(TechLead)) != 0 {
		t.Errorf("managers %v, tech leads %v", got, d.in.Holders(TechLead))
	}
	for _, entry := range d.out.Entries {
		if entry.Event.EventKind() != KindRoleVacated {
			t.Errorf("recorded %+v", entry.Event)
		}
	}
	d.nothing(Muster, RecordDeactivated{User: bob.ID})
	d.refused(alice, RecordDeactivated{User: carol.ID}, RefuseProgramOnly)
}
