package incident

import (
	"encoding/json"
	"fmt"
	"testing"

	"muster/incident/ledger"
)

// What is for an archived channel waits while the incident is open, since the channel is being brought back, and is dropped once
// it is over.
func TestTheRoomOfAnArchivedChannel(t *testing.T) {
	in := Incident{ID: "INC-1", Status: Fixing}
	for state, want := range map[ChannelState]Passage{
		ChannelNone: Show, ChannelLive: Show, ChannelArchived: Wait, ChannelGone: Wait, ChannelLeft: Wait,
	} {
		in.Channel = Channel{ID: "C_INC", State: state}
		if got := Gate(in, ledger.ShownInRoom()); got != want {
			t.Errorf("open, channel %q: %v, want %v", state, got, want)
		}
	}
	in.Channel.State, in.Status = ChannelArchived, Closed
	if got := Gate(in, ledger.ShownInRoom()); got != Drop {
		t.Errorf("over: %v, want that it is dropped", got)
	}
}

func TestMembershipOfAPrivateIncident(t *testing.T) {
	d := declaredWith(t, nil, Declare{Title: "breach", Severity: "sev1", Private: true})
	d.do(alice, AssignRole{Role: TechLead, Assignee: bob})
	for user, want := range map[UserID]Membership{alice.ID: MemberInside, bob.ID: MemberExpected, carol.ID: MemberOutside, "": MemberOutside} {
		if got := d.in.Membership(user); got != want {
			t.Errorf("%q is %v, want %v", user, got, want)
		}
	}
}

// A whole company looks at a public incident: five hundred are kept by name, the rest counted.
func TestAWholeCompanyInOneChannel(t *testing.T) {
	d := declared(t)
	for i := range 700 {
		d.do(Muster, JoinMember{User: UserID(fmt.Sprintf("U%d", i))})
	}
	if len(d.in.Members) != keptMembers || len(d.in.Members)+d.in.MoreMembers != 701 {
		t.Errorf("%d are kept and %d counted, of 701", len(d.in.Members), d.in.MoreMembers)
	}
	d.do(Muster, LeaveMember{User: "U699"}).do(Muster, LeaveMember{User: "U0"})
	if len(d.in.Members)+d.in.MoreMembers != 699 {
		t.Errorf("after two have left: %d kept, %d counted", len(d.in.Members), d.in.MoreMembers)
	}
}

// Snapshots of versions that knew only whether a channel was archived.
func TestAChannelAsOlderVersionsWroteIt(t *testing.T) {
	for data, want := range map[string]Channel{
		`{}`:                                     {},
		`{"id":"C1","name":"inc-1"}`:             {ID: "C1", Name: "inc-1", State: ChannelLive},
		`{"id":"C1","name":"n","archived":true}`: {ID: "C1", Name: "n", State: ChannelArchived},
		`{"id":"C1","state":"gone"}`:             {ID: "C1", State: ChannelGone},
	} {
		var got Channel
		if err := json.Unmarshal([]byte(data), &got); err != nil || got != want {
			t.Errorf("%s is read as %+v, %v; want %+v", data, got, err, want)
		}
		if again := asJSON(t, got); again != data {
			t.Errorf("%s is written as %s", data, again)
		}
	}
}

// What a form asks before it opens is what the command meets when it is sent.
func TestAFormIsRefusedForWhatItsCommandWouldBe(t *testing.T) {
	d := declaredWith(t, func(p *Policy) { p.Permissions[ActUpdate] = Grant{Roles: []Role{CommsManager}} }, Declare{Title: "x", Severity: "sev1"})
	d.do(alice, AssignRole{Role: IncidentManager, Assignee: alice})
	refusedWith := func(command Command, actor Actor, want Code) {
		t.Helper()
		err := Refused(d.in, command, actor, d.p)
		if want == "" && err != nil || want != "" && refusalOf(t, err).Code != want {
			t.Errorf("%T of %s: %v, want %q", command, actor.ID, err, want)
		}
	}
	refusedWith(PostUpdate{}, bob, RefuseNotAllowed)
	refusedWith(AddNote{}, bob, "")
	refusedWith(RecordCard{}, bob, RefuseProgramOnly)
	refusedWith(ChangeStatus{Verb: VerbClose}, bob, RefuseTransition)
	d.do(alice, ChangeStatus{Verb: VerbCancel, Text: "false alarm"})
	refusedWith(Retitle{}, bob, RefuseOver)
	if _, err := Decide(d.in, "INC-1", nil, bob, d.now, d.p); err == nil {
		t.Error("no command at all was decided on")
	}
}
