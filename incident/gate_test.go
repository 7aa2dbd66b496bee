package incident

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"muster/incident/ledger"
)

// What is for an archived channel waits while that is being brought back; else it is tried, since Slack may have told late of the
// archiving.
func TestTheRoomOfAnArchivedChannel(t *testing.T) {
	in := Incident{ID: "INC-1", Status: Fixing}
	for _, test := range []struct {
		state     ChannelState
		status    Status
		restoring bool
		want      Passage
	}{
		{ChannelNone, Fixing, false, Show}, {ChannelLive, Fixing, false, Show}, {ChannelLive, Closed, false, Show},
		{ChannelArchived, Fixing, false, Show}, {ChannelArchived, Fixing, true, Wait}, {ChannelArchived, Resolved, true, Wait},
		{ChannelArchived, Resolved, false, Show}, {ChannelGone, Fixing, false, Show}, {ChannelLeft, Closed, false, Show},
	} {
		in.Channel, in.Status, in.Restoring = Channel{ID: "C_INC", State: test.state}, test.status, test.restoring
		if got := Gate(in, ledger.ShownInRoom()); got != test.want {
			t.Errorf("%+v: %v, want %v", test, got, test.want)
		}
	}
}

// Resolved right after it was reopened, while its channel is on the way back: that is told once the channel is there.
func TestWhatIsToldWhileTheChannelIsBroughtBack(t *testing.T) {
	d := declared(t).do(alice, ChangeStatus{Verb: VerbResolve}).after(72 * time.Hour).reminds("archive")
	d.do(Muster, RecordArchived{Archived: true}).do(alice, ChangeStatus{Verb: VerbReopen, Text: "it is back"})
	d.do(alice, ChangeStatus{Verb: VerbResolve, Text: "it was not"})
	if !slices.Contains(d.asked(), "INC-1/entry/9") {
		t.Errorf("nobody is told of the end: %v", d.asked())
	}
	d.do(Muster, RecordArchived{})
	if !slices.Equal(d.out.Release, []string{ConditionRoom}) {
		t.Errorf("released is %v", d.out.Release)
	}
	// Should Slack not let us bring it back, nothing waits for ever.
	d = declared(t).do(alice, ChangeStatus{Verb: VerbResolve}).after(72 * time.Hour).reminds("archive")
	d.do(Muster, RecordArchived{Archived: true}).do(alice, ChangeStatus{Verb: VerbReopen, Text: "it is back"})
	d.do(Muster, RecordFailure{Job: 7, Kind: KindRestoreChannel, Reason: "not_authorized"})
	if !slices.Equal(d.out.Release, []string{ConditionRoom}) || !slices.Contains(d.asked(), "INC-1/entry/9") {
		t.Errorf("released is %v, asked for is %v", d.out.Release, d.asked())
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

// mostBytes is how large a snapshot may get; long texts and long lists live in the log.
const mostBytes = 64 << 10

// A week of an incident in which people write as much as they can, in Korean, and pin whatever they see.
func TestASnapshotStaysSmall(t *testing.T) {
	long := func(n int) string { return strings.Repeat("가", n) }
	d := declaredWith(t, nil, Declare{
		Title: long(MaxTitle), Summary: long(MaxSummary), Severity: "sev1",
		Origin: Origin{Source: FromMessage, Quote: long(MaxText), Link: "https://example.slack.com/archives/C0123456789/p1764072000000000"},
	})
	for i := range 40 {
		who := Actor{ID: UserID(fmt.Sprintf("U0123456%03d", i)), Kind: Person}
		d.do(alice, AssignRole{Role: Scribe, Assignee: who}).do(Muster, JoinMember{User: who.ID})
		d.do(Muster, RecordFailure{Job: JobID(i), Kind: KindInviteUsers, Key: "INC-1/invite/7/U0123456789", Reason: "cant_invite"})
		d.after(4 * time.Hour)
		d.reminded()
	}
	for i := range 2000 {
		d.do(bob, AddNote{Text: "x", Message: MessageRef{Channel: "C0123456789", TS: MessageTS(fmt.Sprintf("1764072%03d.000100", i))}})
	}
	for i := range 1000 {
		d.do(Muster, JoinMember{User: UserID(fmt.Sprintf("U9876543%03d", i))})
	}
	d.do(bob, PostUpdate{Text: UpdateText{State: long(MaxText), Current: long(MaxText), Next: long(MaxText)}})
	d.do(alice, ChangeStatus{Verb: VerbResolve, Text: long(MaxText)})
	if got := len(asJSON(t, d.in)); got > mostBytes {
		t.Errorf("the snapshot has %d bytes, and %d are allowed", got, mostBytes)
	} else {
		t.Logf("the snapshot has %d bytes", got)
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

// Whoever is out of a private incident is out: the declarer too, and people who held a role in it. Their roles are freed.
func TestWhoLeavesAPrivateIncidentIsOut(t *testing.T) {
	d := declaredWith(t, nil, Declare{Title: "breach", Severity: "sev1", Private: true})
	d.do(alice, AssignRole{Role: TechLead, Assignee: bob}).do(alice, AssignRole{Role: IncidentManager, Assignee: alice})
	if !d.in.VisibleTo(bob.ID) {
		t.Fatal("bob, who holds a role and was not invited yet, does not see it")
	}
	d.do(Muster, JoinMember{User: bob.ID, At: d.now.Add(time.Second)})
	d.do(Muster, LeaveMember{User: bob.ID, At: d.now.Add(time.Minute)})
	if d.in.VisibleTo(bob.ID) || d.in.Holds(bob.ID, TechLead) {
		t.Errorf("bob has left: sees it %v, leads %v", d.in.VisibleTo(bob.ID), d.in.Holds(bob.ID, TechLead))
	}
	d.refused(bob, AddNote{Text: "x"}, RefuseUnknownIncident)
	// What bob typed before he was removed comes late, and has no time of its own.
	d.nothing(Muster, JoinMember{User: bob.ID})
	d.nothing(Muster, RecordMembers{Users: []UserID{bob.ID}})
	d.do(Muster, LeaveMember{User: alice.ID}) // at a moment that nobody knows
	if d.in.VisibleTo(alice.ID) || d.in.DeclaredBy != alice.ID || len(d.in.Roles) > 0 {
		t.Errorf("alice, who declared it, has left: sees it %v; declared by %s; roles %v", d.in.VisibleTo(alice.ID), d.in.DeclaredBy, d.in.Roles)
	}
	// Back again, by an event of Slack's; the role does not come back by itself.
	d.do(Muster, JoinMember{User: bob.ID, At: d.now.Add(time.Hour)})
	if !d.in.VisibleTo(bob.ID) || d.in.Holds(bob.ID, TechLead) {
		t.Errorf("bob is back: sees it %v, leads %v", d.in.VisibleTo(bob.ID), d.in.Holds(bob.ID, TechLead))
	}
	// Bob lets alice in, by giving her a role.
	d.do(bob, AssignRole{Role: Scribe, Assignee: alice})
	if !d.in.VisibleTo(alice.ID) || !slices.Contains(d.asked(), "INC-1/brief/13") {
		t.Errorf("alice was let in: sees it %v; asked for %v", d.in.VisibleTo(alice.ID), d.asked())
	}
}

// An invitation for two, of whom one is out by now, still brings in the other.
func TestAnInvitationForSeveralIsNotLostForOne(t *testing.T) {
	d := declaredWith(t, nil, Declare{Title: "breach", Severity: "sev1", Private: true})
	if got := Gate(d.in, ledger.ShownTo(alice.ID, bob.ID)); got != Show {
		t.Errorf("alice and bob: %v, want that it is shown to alice", got)
	}
	if got := Gate(d.in, ledger.ShownTo(bob.ID, carol.ID)); got != Drop {
		t.Errorf("bob and carol, who are both outside: %v, want that it is dropped", got)
	}
}

// A version before this one kept no word of bringing the channel back: nothing of its incidents waits for that.
func TestAnOlderReopeningKeepsNothingWaiting(t *testing.T) {
	d := declared(t).do(alice, ChangeStatus{Verb: VerbResolve}).do(Muster, RecordArchived{Archived: true})
	older := EventStatusChanged{Verb: VerbReopen, From: Resolved, To: Fixing, Text: "it is back"}
	in := Fold(d.in, Entry{Seq: d.in.Seq + 1, At: d.now, Actor: alice, Event: older})
	if got := Gate(in, ledger.ShownInRoom()); got != Show {
		t.Errorf("got %v, want that it is tried", got)
	}
}

// Topic and announcement name the deputies too.
func TestADeputyIsNamedOnEverySurface(t *testing.T) {
	d := declared(t).do(alice, AssignRole{Role: IncidentManager, Assignee: alice}).do(bob, AssignRole{Role: IncidentManager, Assignee: bob})
	for _, want := range []string{"INC-1/card", "INC-1/topic", "INC-1/announcement"} {
		if !slices.Contains(d.asked(), want) {
			t.Errorf("%s is not drawn anew: %v", want, d.asked())
		}
	}
}

// What another version could not read failed for a reason of its own later: that is what people are told, and may retry.
func TestATroubleWithAnotherReasonStandsForTheEarlierOne(t *testing.T) {
	d := declared(t).do(Muster, RecordFailure{Job: 7, Kind: KindPinCard, Reason: ReasonUnreadable})
	d.do(Muster, RecordFailure{Job: 7, Kind: KindPinCard, Reason: "restricted_action"})
	if len(d.in.Troubles) != 1 || d.in.Troubles[0].Reason != "restricted_action" {
		t.Errorf("troubles: %+v", d.in.Troubles)
	}
	d.nothing(Muster, RecordFailure{Job: 7, Kind: KindPinCard, Reason: "restricted_action"})
}

// The declarer has left a private incident: nobody reminds or tells them any more, and the channel is reminded in their place.
func TestADeclarerWhoIsOutIsNotReminded(t *testing.T) {
	d := declaredWith(t, nil, Declare{Title: "breach", Severity: "sev1", Private: true})
	d.do(Muster, JoinMember{User: bob.ID, At: d.now.Add(time.Second)}).do(bob, AssignRole{Role: TechLead, Assignee: bob})
	d.do(Muster, LeaveMember{User: alice.ID, At: d.now.Add(time.Second)})
	for range 4 {
		d.after(15 * time.Minute)
		d.reminded()
		for _, entry := range d.out.Entries {
			if e, is := entry.Event.(EventReminded); is && slices.Contains(e.Users, alice.ID) {
				t.Errorf("alice, who is out, is reminded: %+v", e)
			}
		}
	}
	if got := d.in.Confidant(); got != bob.ID {
		t.Errorf("%q is told what the channel cannot be told, want bob", got)
	}
}
