package incident

import (
	"slices"
	"testing"
	"time"
	_ "time/tzdata" // the stories need Seoul on every machine
)

// only leaves these rules, so that a story is about one thing.
func only(rules ...RuleName) func(*Policy) {
	return func(p *Policy) {
		p.Rules = slices.DeleteFunc(p.Rules, func(rule Rule) bool { return !slices.Contains(rules, rule.Name) })
	}
}

func sev1(t testing.TB, rules ...RuleName) *desk {
	t.Helper()
	return declaredWith(t, only(rules...), Declare{Title: "x", Severity: "sev1"})
}

func TestNoManager(t *testing.T) {
	d := sev1(t, RuleNoManager).due("2026-11-23T09:05:00Z")
	d.after(4 * time.Minute).reminds()
	d.after(time.Minute).reminds("no_manager 0 channel U_ALICE").reminds() // a second look fires nothing
	d.due("2026-11-23T09:15:00Z").after(10 * time.Minute).reminds("no_manager 1 declarer U_ALICE")
	d.after(10 * time.Minute).reminds("no_manager 2 channel U_ALICE")
	d.after(10 * time.Minute).reminds("no_manager 3 channel U_ALICE") // the last rung repeats
	d.do(bob, AssignRole{Role: IncidentManager, Assignee: bob}).due("")
	d.after(time.Hour).do(bob, ReleaseRole{Role: IncidentManager}).due("2026-11-23T10:40:00Z")
	d.after(5 * time.Minute).reminds("no_manager 0 channel U_ALICE")
}

func TestRequiredRolesThatAreEmpty(t *testing.T) {
	d := sev1(t, RuleRoleEmpty).due("2026-11-23T09:15:00Z").after(15 * time.Minute).reminds("role_empty 0 channel U_ALICE")
	sent := d.out.Entries[0].Event.(EventReminded)
	if !slices.Equal(sent.Missing, []Role{TechLead, CommsManager}) {
		t.Errorf("it speaks of %v: the manager has a rule of its own", sent.Missing)
	}
	d.do(alice, AssignRole{Role: IncidentManager, Assignee: bob}).do(alice, AssignRole{Role: TechLead, Assignee: carol})
	if !StillDue(d.in, d.p, sent) {
		t.Error("a role is still empty")
	}
	d.after(30 * time.Minute).reminds("role_empty 1 manager U_BOB")
	if sent := d.out.Entries[0].Event.(EventReminded); !slices.Equal(sent.Missing, []Role{CommsManager}) {
		t.Errorf("it speaks of %v", sent.Missing)
	}
	d.after(30 * time.Minute).reminds("role_empty 2 manager U_BOB").due("") // three times are enough
	d.after(time.Hour).do(carol, ReleaseRole{Role: TechLead}).due("2026-11-23T11:30:00Z")
	if !StillDue(d.in, d.p, sent) {
		t.Error("a role fell empty again, which starts the rule anew; the one before is still empty")
	}
	d.after(15 * time.Minute).reminds("role_empty 0 channel U_BOB")
	d.do(alice, AssignRole{Role: CommsManager, Assignee: carol}).do(alice, AssignRole{Role: TechLead, Assignee: carol}).due("")
	if StillDue(d.in, d.p, sent) {
		t.Error("every role has somebody")
	}
}

func TestAGraverSeverityAsksForMoreRoles(t *testing.T) {
	d := declaredWith(t, only(RuleRoleEmpty), Declare{Title: "x", Severity: "sev2"}).do(alice, AssignRole{Role: TechLead, Assignee: bob}).due("")
	d.after(10*time.Minute).do(alice, ChangeSeverity{Severity: "sev1", Reason: "x"}).due("2026-11-23T09:15:00Z")
	d.after(5 * time.Minute).reminds("role_empty 0 channel U_ALICE")
	d.after(30 * time.Minute).reminds("role_empty 1 channel U_ALICE").after(30 * time.Minute).reminds("role_empty 2 channel U_ALICE").due("")
	d.do(alice, ChangeSeverity{Severity: "sev2", Reason: "x"}).due("")
	d.after(time.Minute).do(alice, ChangeSeverity{Severity: "sev1", Reason: "x"}).due("2026-11-23T10:31:00Z") // the change starts it anew
}

func TestTheLadderOfAnUpdate(t *testing.T) {
	d := sev1(t, RuleUpdateDue, RuleUpdateOverdue).do(alice, AssignRole{Role: IncidentManager, Assignee: bob}).
		do(alice, AssignRole{Role: IncidentManager, Assignee: carol}).due("2026-11-23T09:30:00Z")
	d.after(30 * time.Minute).reminds("update_due 0 owner U_BOB").due("2026-11-23T09:35:00Z")
	d.after(5 * time.Minute).reminds("update_overdue 0 channel U_BOB")
	d.after(10 * time.Minute).reminds("update_overdue 1 manager U_BOB U_CAROL")
	d.asks("INC-1/remind/update_overdue/U_BOB", "INC-1/remind/update_overdue/U_CAROL")
	d.after(10 * time.Minute).reminds("update_overdue 2 channel U_BOB")
	d.asks("INC-1/remind/update_overdue/")
	d.after(10 * time.Minute).reminds("update_overdue 3 channel U_BOB")
	sent := d.out.Entries[0].Event.(EventReminded)
	if !StillDue(d.in, d.p, sent) {
		t.Error("the update is still missing")
	}
	d.do(alice, AssignRole{Role: CommsManager, Assignee: alice}).do(bob, PostUpdate{Text: UpdateText{State: "half works"}})
	if StillDue(d.in, d.p, sent) {
		t.Error("the update was posted")
	}
	d.due("2026-11-23T10:35:00Z").after(30 * time.Minute).reminds("update_due 0 owner U_ALICE") // words are the comms manager's
}

func TestWithoutAnOwnerTheChannelIsTold(t *testing.T) {
	sev1(t, RuleUpdateDue).after(30 * time.Minute).reminds("update_due 0 channel")
	d := sev1(t, RuleUpdateOverdue).after(35 * time.Minute).reminds("update_overdue 0 channel")
	d.after(10 * time.Minute).reminds("update_overdue 1 channel")
	d = newDesk(t, only(RuleNoManager)).do(robot, Declare{Title: "x", Severity: "sev1", Origin: Origin{Source: FromMachine}})
	d.after(5 * time.Minute).reminds("no_manager 0 channel").after(10 * time.Minute).reminds("no_manager 1 channel")
}

func TestAPromisedNextUpdate(t *testing.T) {
	d := sev1(t, RuleUpdateDue, RuleUpdateOverdue)
	d.do(alice, PostUpdate{Text: UpdateText{State: "x"}, NextIn: 2 * time.Hour}).due("2026-11-23T11:00:00Z")
	d.after(2*time.Hour).reminds("update_due 0 channel").do(alice, PostUpdate{Text: UpdateText{State: "y"}}).due("2026-11-23T11:30:00Z")
	d.do(alice, PostUpdate{Text: UpdateText{State: "x"}, NextIn: 2 * time.Hour})
	d.do(alice, SetCadence{Every: 20 * time.Minute}).due("2026-11-23T11:20:00Z") // whoever sets a cadence means it from now on
}

func TestACadenceOfItsOwn(t *testing.T) {
	d := sev1(t, RuleUpdateDue, RuleUpdateOverdue)
	d.do(alice, SetCadence{Every: 20 * time.Minute}).due("2026-11-23T09:20:00Z")
	d.nothing(alice, SetCadence{Every: 20 * time.Minute})
	d.refused(alice, SetCadence{Every: time.Second}, RefuseBadCadence)
	d.refused(alice, SetCadence{Every: -time.Hour}, RefuseBadCadence)
	d.refused(alice, SetCadence{Every: LongestPause + 1}, RefuseBadCadence)
	d.after(20 * time.Minute).reminds("update_due 0 channel")
	d.do(alice, PostUpdate{Text: UpdateText{State: "x"}}).due("2026-11-23T09:40:00Z")
	d.do(alice, SetCadence{}).due("2026-11-23T09:50:00Z").nothing(alice, SetCadence{})
	d.after(12*time.Minute).do(alice, SetCadence{Every: 10 * time.Minute}).reminds("update_due 0 channel") // counted from the last update
}

func TestSnoozeAndPause(t *testing.T) {
	d := sev1(t, RuleNoManager, RuleUpdateDue)
	d.refused(alice, Snooze{For: time.Second}, RefuseBadDuration)
	d.refused(alice, Snooze{For: -time.Hour}, RefuseBadDuration)
	d.refused(alice, Snooze{For: LongestPause + 1}, RefuseBadDuration)
	d.nothing(alice, ResumeReminders{})
	d.do(alice, Snooze{For: 40 * time.Minute}).due("2026-11-23T09:40:00Z")
	d.do(bob, Snooze{For: 10 * time.Minute}).due("2026-11-23T09:40:00Z") // takes nothing of the longer one away
	d.after(39 * time.Minute).reminds()
	d.after(time.Minute).reminds("no_manager 0 channel U_ALICE", "update_due 0 channel")
	d.do(alice, Snooze{For: time.Hour}).do(alice, ResumeReminders{}).due("2026-11-23T09:50:00Z")
	d.do(alice, PauseReminders{}).due("").nothing(alice, PauseReminders{})
	sent := EventReminded{Rule: RuleNoManager, Anchor: at(t, dayStart)}
	if StillDue(d.in, d.p, sent) {
		t.Error("a reminder that waits is sent although somebody paused them")
	}
	d.after(5*time.Hour).reminds().do(alice, ResumeReminders{})
	if !StillDue(d.in, d.p, sent) {
		t.Error("there still is no manager")
	}
	d.reminds("no_manager 1 declarer U_ALICE").due("2026-11-23T14:50:00Z") // once, not once for each that was missed
}

func TestAfterAStopOfAnHourEachFiresOnce(t *testing.T) {
	d := declared(t).after(66 * time.Minute)
	d.reminds("no_manager 0 channel U_ALICE", "role_empty 0 channel U_ALICE", "update_overdue 0 channel") // which says all of update_due
	d.reminds().due("2026-11-23T10:16:00Z")
	if StillDue(d.in, d.p, EventReminded{Rule: RuleUpdateDue, Anchor: at(t, "2026-11-23T09:30:00Z")}) {
		t.Error("an update that is due is told after it was told to be overdue")
	}
	d.after(10*time.Minute).reminds("no_manager 1 declarer U_ALICE", "update_overdue 1 channel")
}

func TestMonitoringUnchanged(t *testing.T) {
	d := sev1(t, RuleMonitoring).due("").do(alice, ChangeStatus{Verb: VerbMonitor}).do(alice, AssignRole{Role: IncidentManager, Assignee: bob})
	d.after(time.Hour).reminds("monitoring_unchanged 0 manager U_BOB").after(time.Hour).reminds("monitoring_unchanged 1 channel U_BOB")
	d.do(alice, ChangeStatus{Verb: VerbFix}).due("")
}

func TestARoleHeldForLong(t *testing.T) {
	d := sev1(t, RuleRoleHeld).due("").do(alice, AssignRole{Role: IncidentManager, Assignee: bob})
	d.after(time.Hour).do(alice, AssignRole{Role: TechLead, Assignee: carol}).due("2026-11-23T13:00:00Z")
	d.after(3 * time.Hour).reminds("role_held 0 holder U_BOB").due("2026-11-23T14:00:00Z")
	d.after(time.Hour).reminds("role_held 0 holder U_CAROL").after(3 * time.Hour).reminds("role_held 1 holder U_BOB")
	d.do(bob, ReleaseRole{Role: IncidentManager}).due("2026-11-23T18:00:00Z")
	d.do(carol, ChangeStatus{Verb: VerbResolve}).due("2026-11-26T17:00:00Z") // the archiving
	d.after(24*time.Hour).do(carol, ChangeStatus{Verb: VerbReopen, Text: "x"}).due("2026-11-24T21:00:00Z")
}

func TestAReminderForSomebodyWhoLetGoIsDropped(t *testing.T) {
	d := sev1(t, RuleRoleHeld).do(alice, AssignRole{Role: TechLead, Assignee: bob}).do(alice, AssignRole{Role: TechLead, Assignee: carol})
	d.after(4*time.Hour).reminds("role_held 0 holder U_BOB", "role_held 0 holder U_CAROL").do(carol, ReleaseRole{Role: TechLead})
	for i, want := range []bool{true, false} {
		sent := d.entries[len(d.entries)-3+i].Event.(EventReminded)
		if got := StillDue(d.in, d.p, sent); got != want {
			t.Errorf("the reminder of %s is still due: %v, want %v", sent.Subject, got, want)
		}
	}
}

func TestAStaleIncident(t *testing.T) {
	d := sev1(t, RuleStale).due("2026-11-24T09:00:00Z")
	d.after(23*time.Hour).do(Muster, JoinMember{User: bob.ID}).due("2026-11-24T09:00:00Z") // no person did anything
	d.p.Permissions[ActNote] = Grant{Anyone: true, Guests: true}
	d.do(guest, AddNote{Text: "x"}).due("2026-11-25T08:00:00Z").after(24 * time.Hour).reminds("stale 0 channel")
	d.after(24 * time.Hour).reminds("stale 1 channel")
	d = sev1(t, RuleStale, RuleNoManager).after(time.Hour)
	out, err := d.try(Muster, Remind{}) // whoever makes a reminder fire has done nothing for the incident
	if err != nil || !out.State.Reminders.TouchedAt.Equal(at(t, dayStart)) {
		t.Errorf("touched at %s, %v", out.State.Reminders.TouchedAt, err)
	}
}

func TestTheChannelIsArchivedAfterTheEnd(t *testing.T) {
	d := declared(t).do(alice, ChangeStatus{Verb: VerbResolve}).due("2026-11-26T09:00:00Z")
	d.after(24*time.Hour).do(alice, ChangeStatus{Verb: VerbClose}).due("2026-11-26T09:00:00Z")
	d.after(48 * time.Hour).reminds("archive").due("").reminds()
	d.do(Muster, RecordArchived{Archived: true}).due("")
	declared(t).do(alice, ChangeStatus{Verb: VerbResolve}).do(Muster, RecordArchived{Archived: true}).due("") // somebody did it by hand

	declaredWith(t, func(p *Policy) { p.ArchiveAfter = 0 }, Declare{Title: "x"}).do(alice, ChangeStatus{Verb: VerbCancel, Text: "x"}).due("")
	d = newDesk(t, nil).do(alice, Declare{Title: "x"}).do(alice, ChangeStatus{Verb: VerbCancel, Text: "x"}).due("") // no channel
	d.do(Muster, RecordChannel{Channel: "C_INC"}).due("2026-11-26T09:00:00Z")
	d.nothing(Muster, RecordArchived{})
}

func TestReopeningArmsTheRemindersAnew(t *testing.T) {
	d := sev1(t, RuleNoManager, RuleUpdateDue).after(30*time.Minute).reminds("no_manager 0 channel U_ALICE", "update_due 0 channel").
		do(alice, PauseReminders{}).do(alice, ChangeStatus{Verb: VerbResolve})
	d.after(time.Hour).reminds().do(alice, ChangeStatus{Verb: VerbReopen, Text: "x"}).due("2026-11-23T10:35:00Z")
	d.after(30*time.Minute).reminds("no_manager 0 channel U_ALICE", "update_due 0 channel")
}

func seoul(t testing.TB, rules ...RuleName) func(*Policy) {
	t.Helper()
	zone, err := time.LoadLocation("Asia/Seoul")
	if err != nil {
		t.Fatal(err)
	}
	return func(p *Policy) {
		only(rules...)(p)
		p.Location = zone
	}
}

// Nine in the morning in UTC is six in the evening in Seoul.
func TestSeverity3KeepsOfficeHoursInSeoul(t *testing.T) {
	d := declaredWith(t, seoul(t, RuleUpdateDue, RuleUpdateOverdue), Declare{Title: "x", Severity: "sev3"})
	d.due("2026-11-24T01:00:00Z") // Tuesday 10:00
	d.now = at(t, "2026-11-27T02:00:00Z")
	d.do(alice, PostUpdate{Text: UpdateText{State: "x"}}) // Friday 11:00
	d.due("2026-11-30T01:00:00Z")                         // Monday 10:00
	d.now = at(t, "2026-11-30T12:55:00Z")                 // 21:55
	d.reminds("update_overdue 0 channel")
	d.due("2026-11-30T23:00:00Z") // 22:05 is night, until 8:00
}

func TestNightsSilenceSeverity3AndNever1(t *testing.T) {
	for name, test := range map[string]struct {
		severity Severity
		at, want string
	}{
		"sev1 at night":            {"sev1", "2026-11-23T15:00:00Z", "2026-11-23T15:05:00Z"}, // midnight
		"sev2 at night":            {"sev2", "2026-11-23T15:00:00Z", "2026-11-23T15:05:00Z"},
		"unknown at night":         {Unknown, "2026-11-23T15:00:00Z", "2026-11-23T15:05:00Z"},
		"sev3 at night":            {"sev3", "2026-11-23T15:00:00Z", "2026-11-23T23:00:00Z"},
		"sev3 late in the evening": {"sev3", "2026-11-23T12:54:59Z", "2026-11-23T12:59:59Z"},
		"sev3 as night falls":      {"sev3", "2026-11-23T12:55:00Z", "2026-11-23T23:00:00Z"},
		"sev3 before the morning":  {"sev3", "2026-11-23T22:54:00Z", "2026-11-23T23:00:00Z"},
		"sev3 in the morning":      {"sev3", "2026-11-23T22:55:00Z", "2026-11-23T23:00:00Z"},
		"sev3 by day":              {"sev3", "2026-11-24T03:00:00Z", "2026-11-24T03:05:00Z"},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t, seoul(t, RuleNoManager))
			d.now = at(t, test.at)
			d.do(alice, Declare{Title: "x", Severity: test.severity}).due(test.want)
		})
	}
}

func TestNightsOfEveryShape(t *testing.T) {
	clock := func(text string) time.Time { return at(t, "2026-11-23T"+text+":00Z") }
	for name, test := range map[string]struct {
		night    Night
		at, want time.Time
	}{
		"none":                   {Night{From: 480, To: 480}, clock("03:00"), clock("03:00")},
		"over midnight":          {Night{From: 22 * 60, To: 8 * 60}, clock("23:00"), clock("08:00").Add(24 * time.Hour)},
		"after midnight":         {Night{From: 22 * 60, To: 8 * 60}, clock("00:00"), clock("08:00")},
		"ends as it is said":     {Night{From: 22 * 60, To: 8 * 60}, clock("08:00"), clock("08:00")},
		"in the afternoon":       {Night{From: 13 * 60, To: 14*60 + 30}, clock("13:00"), clock("14:30")},
		"not yet":                {Night{From: 13 * 60, To: 14*60 + 30}, clock("12:59"), clock("12:59")},
		"until midnight":         {Night{From: 20 * 60, To: 0}, clock("21:00"), clock("00:00").Add(24 * time.Hour)},
		"from midnight":          {Night{From: 0, To: 6 * 60}, clock("00:00"), clock("06:00")},
		"in the middle of night": {Night{From: 22 * 60, To: 8 * 60}, clock("22:00").Add(30 * time.Second), clock("08:00").Add(24 * time.Hour)},
	} {
		p := &Policy{Night: test.night}
		if got := p.Morning(test.at); !got.Equal(test.want) {
			t.Errorf("%s: got %s, want %s", name, got, test.want)
		}
	}
}

func TestASnoozeIntoTheNightEndsInTheMorning(t *testing.T) {
	d := declaredWith(t, seoul(t, RuleNoManager), Declare{Title: "x", Severity: "sev3"})
	d.do(alice, Snooze{For: 5 * time.Hour}).due("2026-11-23T23:00:00Z") // until 23:00 in Seoul
}

func TestWhatIsAheadIsInOrder(t *testing.T) {
	d := declared(t).do(alice, AssignRole{Role: TechLead, Assignee: bob})
	var got []RuleName
	for _, reminder := range Due(d.in, d.p) {
		got = append(got, reminder.Rule)
	}
	want := []RuleName{RuleNoManager, RuleRoleEmpty, RuleUpdateDue, RuleUpdateOverdue, RuleRoleHeld, RuleStale}
	if !slices.Equal(got, want) {
		t.Errorf("ahead: %v, want %v", got, want)
	}
	d.refused(Muster, Remind{}, RefuseNotDue)
	if !NextUpdate(Incident{Status: Resolved}, d.p).IsZero() {
		t.Error("an update is due after the end")
	}
}

func TestARuleThatWasSwitchedOffIsNoLongerDue(t *testing.T) {
	d := sev1(t, RuleNoManager).after(5 * time.Minute).reminds("no_manager 0 channel U_ALICE")
	sent := d.out.Entries[0].Event.(EventReminded)
	d.p = compiled(t, only(RuleStale))
	if StillDue(d.in, d.p, sent) {
		t.Error("still due")
	}
}
