package incident

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"muster/incident/ledger"
)

func TestWhatEachCommandAsksFor(t *testing.T) {
	message := MessageRef{Channel: "C_TALK", TS: "5.5"}
	for name, test := range map[string]struct {
		before  []Command // by Alice, on a sev1 with its channel
		command Command
		want    []string
	}{
		"a role": {nil, AssignRole{Role: TechLead, Assignee: bob}, []string{
			"INC-1/invite/5/U_BOB", "INC-1/brief/5", "INC-1/entry/5", "INC-1/card", "home/U_ALICE", "home/U_BOB"}},
		"the manager": {nil, AssignRole{Role: IncidentManager, Assignee: alice}, []string{
			"INC-1/invite/5/U_ALICE", "INC-1/brief/5", "INC-1/entry/5", "INC-1/card", "INC-1/topic", "INC-1/announcement", "home/U_ALICE"}},
		"a role handed over": {[]Command{AssignRole{Role: Scribe, Assignee: bob}, AssignRole{Role: SupportLead, Assignee: carol}},
			AssignRole{Role: SupportLead, Assignee: bob, Replace: true}, []string{
				"INC-1/invite/7/U_BOB", "INC-1/brief/7", "INC-1/entry/7", "INC-1/card", "home/U_ALICE", "home/U_BOB", "home/U_CAROL"}},
		"a role released": {[]Command{AssignRole{Role: Scribe, Assignee: bob}}, ReleaseRole{Role: Scribe, User: bob.ID},
			[]string{"INC-1/entry/6", "INC-1/card", "home/U_ALICE", "home/U_BOB"}},
		"a status":            {nil, ChangeStatus{Verb: VerbFix}, []string{"INC-1/entry/5", "INC-1/card", "INC-1/topic", "INC-1/announcement", "home/U_ALICE"}},
		"a graver severity":   {[]Command{ChangeSeverity{Severity: "sev2", Reason: "x"}}, ChangeSeverity{Severity: "sev1", Reason: "x"}, []string{"INC-1/invite_group/6/S_SRE", "INC-1/invite/6/U_CHIEF", "INC-1/entry/6", "INC-1/card", "INC-1/topic", "INC-1/announcement", "home/U_ALICE"}},
		"a lesser severity":   {nil, ChangeSeverity{Severity: "sev2", Reason: "x"}, []string{"INC-1/entry/5", "INC-1/card", "INC-1/topic", "INC-1/announcement", "home/U_ALICE"}},
		"a title":             {nil, Retitle{Title: "y"}, []string{"INC-1/entry/5", "INC-1/card", "INC-1/topic", "INC-1/announcement", "home/U_ALICE"}},
		"an update":           {nil, PostUpdate{Text: UpdateText{State: "y"}, NextIn: time.Hour}, []string{"INC-1/entry/5", "INC-1/card", "INC-1/topic", "INC-1/announcement", "home/U_ALICE"}},
		"a note":              {nil, AddNote{Text: "y"}, []string{"INC-1/entry/5", "INC-1/card"}},
		"a message noted":     {nil, AddNote{Text: "y", Message: message}, []string{"INC-1/noted/C_TALK/5.5", "INC-1/card"}},
		"a snooze":            {nil, Snooze{For: time.Hour}, []string{"INC-1/entry/5"}},
		"a cadence":           {nil, SetCadence{Every: time.Hour}, []string{"INC-1/entry/5", "INC-1/card", "INC-1/topic", "INC-1/announcement", "home/U_ALICE"}},
		"another note":        {[]Command{AddNote{Text: "x"}}, AddNote{Text: "y"}, []string{"INC-1/entry/6"}},
		"a trouble cleared":   {[]Command{RecordFailure{Job: 1, Kind: KindDrawTopic, Reason: "x"}}, ClearTrouble{Job: 1}, []string{"INC-1/card"}},
		"no trouble cleared":  {nil, ClearTrouble{Job: 1}, nil},
		"somebody came":       {nil, JoinMember{User: bob.ID}, nil},
		"the announcement":    {nil, RecordAnnouncement{Announcement: message}, nil},
		"a card posted again": {nil, RecordCard{Card: message}, []string{"INC-1/pin"}},
		"a failure":           {nil, RecordFailure{Job: 1, Kind: KindDrawTopic, Reason: "x"}, []string{"INC-1/entry/5", "INC-1/card"}},
		"a retry":             {[]Command{RecordFailure{Job: 1, Kind: KindDrawTopic, Reason: "x"}}, RetryEffect{Job: 1}, []string{"INC-1/card"}},
	} {
		t.Run(name, func(t *testing.T) {
			d := declaredWith(t, func(p *Policy) {
				p.Severities[0].InviteUsers = []UserID{"U_CHIEF", alice.ID, "U_CHIEF"}
				p.Severities[0].InviteGroups = []GroupID{"S_SRE", "S_SRE"}
				p.Severities[1].InviteUsers = []UserID{"U_SECOND"}
			}, Declare{Title: "x", Severity: "sev1"})
			for _, command := range append(test.before, test.command) {
				d.do(sender(command, alice), command)
			}
			d.asks(test.want...)
		})
	}
}

func TestDeclaringAndOpening(t *testing.T) {
	d := newDesk(t, func(p *Policy) {
		p.Severities[0].InviteUsers = []UserID{"U_CHIEF", alice.ID, "U_CHIEF"}
		p.Severities[0].InviteGroups = []GroupID{"S_SRE"}
	})
	origin := Origin{Source: FromMessage, Message: MessageRef{Channel: "C_TALK", TS: "5.5"}}
	d.do(alice, Declare{Title: "x", Severity: "sev1", Origin: origin})
	d.asks("INC-1/create", "home/U_ALICE")
	d.nothing(Muster, RecordArchived{Archived: true}) // there is no channel yet
	d.do(alice, AssignRole{Role: TechLead, Assignee: bob})
	d.asks("INC-1/brief/2", "INC-1/entry/2", "home/U_ALICE", "home/U_BOB")
	d.do(Muster, RecordChannel{Channel: "C_INC", Name: "inc-1"})
	d.asks("INC-1/invite/3/U_ALICE", "INC-1/card", "INC-1/topic", "INC-1/invite_group/3/S_SRE", "INC-1/invite/3/U_CHIEF", "INC-1/origin",
		"INC-1/announcement", "home/U_ALICE", "home/U_BOB")
	if invited := d.out.Effects[0].(InviteUsers).Users; !slices.Equal(invited, []UserID{alice.ID, bob.ID}) {
		t.Errorf("invited %v", invited)
	}
	if card := d.out.Effects[1].Handling(); card.Urgency != UrgencyPage || d.out.Effects[0].Handling().Lane == card.Lane {
		t.Errorf("the first card waits: %+v", card)
	}
	d.nothing(Muster, RecordChannel{Channel: "C_INC", Name: "inc-1"})
	d.nothing(Muster, RecordChannel{Channel: "C_OTHER", Name: "inc-1-2"})
	d.do(Muster, RecordCard{Card: MessageRef{Channel: "C_INC", TS: "1.1"}})
	d.asks("INC-1/pin")
	d.nothing(Muster, RecordCard{Card: MessageRef{Channel: "C_INC", TS: "1.1"}})
}

// A channel that cannot be made must not keep the incident a secret.
func TestWithoutAChannelTheAnnouncementSaysSo(t *testing.T) {
	d := newDesk(t, nil).do(alice, Declare{Title: "x", Severity: "sev1"})
	d.do(Muster, RecordFailure{Job: 1, Kind: KindCreateChannel, Reason: "restricted_action"})
	d.asks("INC-1/entry/2", "INC-1/announcement", "home/U_ALICE")
	d.do(Muster, RecordAnnouncement{Announcement: MessageRef{Channel: "C_INCIDENTS", TS: "1.1"}})
	d.do(bob, RetryEffect{Job: 1})
	if !slices.Equal(d.out.Requeue, []JobID{1}) || len(d.in.Troubles) != 0 {
		t.Errorf("put back %v, troubles %v", d.out.Requeue, d.in.Troubles)
	}
	d.do(Muster, RecordChannel{Channel: "C_INC", Name: "inc-1"})
	if !slices.Contains(d.asked(), "INC-1/announcement") {
		t.Errorf("the announcement does not show the channel: %v", d.asked())
	}
}

func TestReopeningBringsTheChannelBack(t *testing.T) {
	d := declared(t).do(alice, AssignRole{Role: TechLead, Assignee: bob}).do(alice, ChangeStatus{Verb: VerbResolve})
	d.after(72 * time.Hour).reminds("archive")
	d.asks("INC-1/archive/7")
	d.do(Muster, RecordArchived{Archived: true})
	d.asks("INC-1/look")
	d.do(alice, AddNote{Text: "for the review"})
	d.asks() // nothing can be posted there
	d.do(alice, AssignRole{Role: ProblemManager, Assignee: carol})
	d.asks("INC-1/brief/10", "home/U_ALICE", "home/U_BOB", "home/U_CAROL")
	d.do(alice, ChangeStatus{Verb: VerbReopen, Text: "it is back"})
	d.asks("INC-1/restore/11", "INC-1/entry/11", "INC-1/announcement", "home/U_ALICE", "home/U_BOB", "home/U_CAROL")
	if d.out.Effects[0].Handling().Lane != d.out.Effects[1].Handling().Lane {
		t.Error("the words do not wait for the channel")
	}
	d.do(Muster, RecordArchived{})
	d.asks("INC-1/invite/12/U_BOB", "INC-1/pin", "INC-1/card", "INC-1/topic")
	if invited := d.out.Effects[0].(InviteUsers).Users; !slices.Equal(invited, []UserID{bob.ID, carol.ID}) {
		t.Errorf("invited %v", invited)
	}
	d.nothing(Muster, RecordArchived{})
	d.do(alice, ChangeStatus{Verb: VerbResolve}).after(72 * time.Hour).reminds("archive")
	d.asks("INC-1/archive/14") // another key than the first time
}

func TestReopeningWhileTheArchivingWaits(t *testing.T) {
	d := declared(t).do(alice, ChangeStatus{Verb: VerbResolve}).after(72*time.Hour).reminds("archive").
		do(alice, ChangeStatus{Verb: VerbReopen, Text: "x"})
	if !slices.Contains(d.asked(), "INC-1/restore/7") {
		t.Errorf("the channel would stay archived: %v", d.asked())
	}
	d = declared(t).do(alice, ChangeStatus{Verb: VerbResolve}).do(alice, ChangeStatus{Verb: VerbReopen, Text: "x"})
	if slices.ContainsFunc(d.asked(), func(key string) bool { return strings.Contains(key, "restore") }) {
		t.Error("a channel that was never archived is brought back")
	}
}

func TestAPrivateIncidentShowsNowhere(t *testing.T) {
	d := newDesk(t, invitingPolicy)
	talk := MessageRef{Channel: "C_TALK", TS: "5.5"}
	d.do(alice, Declare{Title: "breach", Severity: "sev2", Private: true, Origin: Origin{Source: FromMessage, Message: talk}})
	d.do(Muster, RecordChannel{Channel: "C_INC", Name: "inc-1"})
	d.asks("INC-1/invite/2/U_ALICE", "INC-1/card", "INC-1/topic", "home/U_ALICE")
	d.do(alice, ChangeSeverity{Severity: "sev1", Reason: "x"})
	d.asks("INC-1/entry/3", "INC-1/card", "INC-1/topic", "home/U_ALICE")
	d.do(alice, AddNote{Text: "x", Message: talk})
	d.asks("INC-1/card")
	d.do(alice, AddNote{Text: "x", Message: MessageRef{Channel: "C_INC", TS: "5.5"}})
	d.asks("INC-1/noted/C_INC/5.5")
	d = newDesk(t, nil).do(alice, Declare{Title: "breach", Private: true})
	d.do(Muster, RecordFailure{Job: 3, Kind: KindCreateChannel, Reason: "x"})
	d.asks("INC-1/entry/2", "home/U_ALICE")
}

// Whatever fails, telling of it comes to an end.
func TestFailuresDoNotCauseFailuresForEver(t *testing.T) {
	for _, kind := range codec(t).Kinds() {
		d := declared(t)
		failing := []EffectKind{kind}
		job := JobID(0)
		for len(failing) > 0 {
			job++
			if job > 20 {
				t.Fatalf("%s: %v fail on and on", kind, failing)
			}
			d.do(Muster, RecordFailure{Job: job, Kind: failing[0], Reason: "reason_" + job.String()})
			failing = failing[1:]
			for _, effect := range d.out.Effects {
				failing = append(failing, effect.Handling().Kind)
			}
		}
		d.nothing(Muster, RecordFailure{Job: 1, Kind: kind, Reason: "reason_1"})
	}
}

func TestAFailureIsToldOnceUntilSomebodySeesToIt(t *testing.T) {
	d := declared(t)
	tells := func(command Command, want bool) {
		t.Helper()
		d.do(Muster, command)
		if got := slices.ContainsFunc(d.out.Effects, func(e Effect) bool { return e.Handling().Kind == KindPostEntry }); got != want {
			t.Errorf("%+v is told: %v, want %v", command, got, want)
		}
	}
	tells(RecordFailure{Job: 1, Kind: KindDrawTopic, Reason: "missing_scope"}, true)
	tells(RecordFailure{Job: 2, Kind: KindDrawTopic, Reason: "missing_scope"}, false)
	tells(RecordFailure{Job: 3, Kind: KindDrawTopic, Reason: "too_long"}, true)
	tells(RecordFailure{Job: 4, Kind: KindPostEntry, Reason: "missing_scope"}, false)
	d.do(alice, RetryEffect{Job: 1}).do(alice, RetryEffect{Job: 2})
	tells(RecordFailure{Job: 1, Kind: KindDrawTopic, Reason: "missing_scope"}, true)
	d.refused(alice, RetryEffect{Job: 2}, RefuseNoChange)
}

func TestRedrawsFold(t *testing.T) {
	first, again := DrawCard{Of: "INC-1", First: true}, DrawCard{Of: "INC-1"}
	old, latest := SendReminder{Of: "INC-1", Seq: 3, Rule: RuleStale, User: "U1"}, SendReminder{Of: "INC-1", Seq: 4, Rule: RuleStale, User: "U1"}
	got := ledger.CoalesceEffects([]Effect{PostEntry{Of: "INC-1", Seq: 3}, first, old, DrawTopic{"INC-1"}, again, latest, PostEntry{Of: "INC-1", Seq: 4}})
	want := []Effect{PostEntry{Of: "INC-1", Seq: 3}, first, latest, DrawTopic{"INC-1"}, PostEntry{Of: "INC-1", Seq: 4}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestLanesKeepInOrderWhatMustBe(t *testing.T) {
	same := func(effects ...Effect) {
		t.Helper()
		for _, effect := range effects {
			if effect.Handling().Lane != effects[0].Handling().Lane {
				t.Errorf("%T and %T are in lanes of their own", effects[0], effect)
			}
		}
	}
	same(CreateChannel{"INC-1"}, PostEntry{Of: "INC-1", Seq: 2}, SendReminder{Of: "INC-1", Rule: RuleStale}, ArchiveChannel{"INC-1", 3}, RestoreChannel{"INC-1", 4})
	same(DrawCard{Of: "INC-1"}, PinCard{"INC-1"})
	same(SendBrief{Of: "INC-1", User: "U1"}, SendReminder{Of: "INC-2", User: "U1"})
	if (PostEntry{Of: "INC-1", Seq: 2}).Handling().Lane == (PostEntry{Of: "INC-11", Seq: 2}).Handling().Lane {
		t.Error("two incidents share a lane")
	}
}

func TestOnceNamesAJob(t *testing.T) {
	job := Job{ID: 7, Effect: PostEntry{Of: "INC-1", Seq: 2}}
	if job.Once() != "INC-1/entry/2#7" || job.ID.String() != "7" {
		t.Errorf("got %s, %s", job.Once(), job.ID)
	}
}
