package incident

import (
	"strings"
	"testing"
	"time"
)

func TestALifeFromDeclaredToClosedAndBack(t *testing.T) {
	d := declared(t)
	d.after(time.Minute).do(alice, ChangeStatus{Verb: VerbFix})
	d.after(time.Minute).do(alice, ChangeStatus{Verb: VerbMonitor, Text: "rolled back"})
	d.after(time.Minute).do(alice, ChangeStatus{Verb: VerbResolve, Text: "It was the cache.\nThanks!"})
	resolved := d.now
	if d.in.Status != Resolved || !d.in.ResolvedAt.Equal(resolved) || !d.in.FinishedAt.Equal(resolved) || d.in.Closing != "It was the cache.\nThanks!" {
		t.Errorf("resolved: %s", asJSON(t, d.in))
	}
	if got := d.in.Duration(d.now.Add(time.Hour)); got != 3*time.Minute {
		t.Errorf("it lasted %s, want 3 minutes", got)
	}
	d.after(time.Hour).do(alice, ChangeStatus{Verb: VerbClose})
	if !d.in.FinishedAt.Equal(resolved) || !d.in.ResolvedAt.Equal(resolved) || d.in.Closing == "" || !d.in.StatusAt.Equal(d.now) {
		t.Errorf("closed: %s", asJSON(t, d.in))
	}
	d.refused(alice, ChangeStatus{Verb: VerbReopen}, RefuseReasonNeeded)
	d.after(time.Hour).do(alice, ChangeStatus{Verb: VerbReopen, Text: "it is back"})
	if d.in.Status != Fixing || !d.in.ResolvedAt.IsZero() || !d.in.FinishedAt.IsZero() || d.in.Closing != "" || d.in.Reopened != 1 || !d.in.CadenceFrom.Equal(d.now) {
		t.Errorf("reopened: %s", asJSON(t, d.in))
	}
	if got := d.in.Duration(d.now.Add(time.Minute)); got != 2*time.Hour+4*time.Minute {
		t.Errorf("it has lasted %s, want 2h4m", got)
	}
}

func TestCancelingAsksForAReason(t *testing.T) {
	d := declared(t)
	d.refused(alice, ChangeStatus{Verb: VerbCancel, Text: " \u200b"}, RefuseReasonNeeded)
	d.refused(alice, ChangeStatus{Verb: VerbCancel, Text: strings.Repeat("x", MaxText+1)}, RefuseTooLong)
	d.do(alice, ChangeStatus{Verb: VerbCancel, Text: "false alarm"})
	if d.in.Status != Canceled || !d.in.ResolvedAt.IsZero() || d.in.FinishedAt.IsZero() || d.in.Closing != "false alarm" {
		t.Errorf("canceled: %s", asJSON(t, d.in))
	}
	d.refused(alice, PostUpdate{Text: UpdateText{State: "x"}}, RefuseOver)
	d.refused(alice, ChangeSeverity{Severity: "sev2", Reason: "x"}, RefuseOver)
	d.refused(alice, Snooze{For: time.Hour}, RefuseOver)
}

func TestSeverity(t *testing.T) {
	d := declared(t).do(alice, PostUpdate{Text: UpdateText{State: "x"}, NextIn: 2 * time.Hour}).after(10 * time.Minute)
	due := d.out.NextDue
	d.do(alice, ChangeSeverity{Severity: "sev1"}) // confirmed: that takes no reason and moves no reminder
	if !d.in.Confirmed || !d.out.NextDue.Equal(due) {
		t.Errorf("confirmed %v, next due %v, was %v", d.in.Confirmed, d.out.NextDue, due)
	}
	d.refused(alice, ChangeSeverity{Severity: "sev1", Reason: "x"}, RefuseSameSeverity)
	d.refused(alice, ChangeSeverity{Severity: "sev9", Reason: "x"}, RefuseUnknownSeverity)
	d.refused(alice, ChangeSeverity{Severity: Unknown, Reason: "x"}, RefuseUnknownSeverity)
	d.refused(alice, ChangeSeverity{Severity: "sev2"}, RefuseReasonNeeded)
	d.refused(alice, ChangeSeverity{Severity: "sev2", Reason: strings.Repeat("x", MaxReason+1)}, RefuseTooLong)
	d.do(alice, ChangeSeverity{Severity: "2", Reason: "a part\nof the customers"})
	if d.in.Severity != "sev2" || d.in.Priority != "P2" || !d.in.Confirmed || !d.in.SeverityAt.Equal(d.now) || d.in.Status != Declared {
		t.Errorf("judged: %s", asJSON(t, d.in))
	}
	if event := d.out.Entries[0].Event.(EventSeverityChanged); event.Reason != "a part of the customers" || event.From != "sev1" {
		t.Errorf("judged: %+v", event)
	}
	if next := NextUpdate(d.in, d.p); !next.Equal(d.now.Add(time.Hour)) {
		t.Errorf("the next update is due at %s: the cadence of sev2 begins anew", next)
	}
}

func TestJudgingInTriageAccepts(t *testing.T) {
	d := newDesk(t, nil).do(alice, Declare{Title: "x"}).do(bob, ChangeSeverity{Severity: "sev3", Reason: "a workaround exists"})
	if d.in.Status != Declared || d.in.Severity != "sev3" || len(d.out.Entries) != 2 || !d.in.StatusAt.Equal(d.now) {
		t.Errorf("judged: %s", asJSON(t, d.in))
	}
}

func TestUpdates(t *testing.T) {
	d := declared(t).after(10 * time.Minute)
	d.refused(alice, PostUpdate{}, RefuseTextEmpty)
	d.refused(alice, PostUpdate{Text: UpdateText{Current: "only this"}}, RefuseTextEmpty)
	d.refused(alice, PostUpdate{Text: UpdateText{State: "x", Next: strings.Repeat("x", MaxText+1)}}, RefuseTooLong)
	d.refused(alice, PostUpdate{Text: UpdateText{State: "x"}, NextIn: time.Second}, RefuseBadDuration)
	d.refused(alice, PostUpdate{Text: UpdateText{State: "x"}, NextIn: -time.Hour}, RefuseBadDuration)
	d.refused(alice, PostUpdate{Text: UpdateText{State: "x"}, NextIn: LongestPause + 1}, RefuseBadDuration)
	d.do(bob, PostUpdate{Text: UpdateText{State: "Half works.\n", Current: "- a\n- b", Next: "- c"}})
	whole := EventUpdatePosted{Text: UpdateText{State: "Half works.", Current: "- a\n- b", Next: "- c"}}
	if got := d.out.Entries[0].Event; got != whole {
		t.Errorf("the log has %+v, want %+v", got, whole)
	}
	want := Update{At: d.now, By: bob.ID, Text: UpdateText{State: "Half works."}} // the snapshot has what the card shows
	if d.in.LastUpdate != want || d.in.Updates != 1 || !d.in.CadenceFrom.Equal(d.now) {
		t.Errorf("got %+v, want %+v", d.in.LastUpdate, want)
	}
	d.do(alice, ChangeStatus{Verb: VerbResolve})
	refusal := d.refused(alice, PostUpdate{Text: UpdateText{State: "x"}}, RefuseOver)
	if refusal.Status != Resolved || len(refusal.Verbs) != 2 {
		t.Errorf("the refusal offers %v of %s", refusal.Verbs, refusal.Status)
	}
}

func TestNotes(t *testing.T) {
	d := declared(t).after(time.Hour)
	d.refused(alice, AddNote{Text: "\x00"}, RefuseTextEmpty)
	d.refused(alice, AddNote{Text: strings.Repeat("x", MaxText+1)}, RefuseTooLong)
	d.refused(alice, AddNote{Text: "x", At: d.now.Add(2 * time.Minute)}, RefuseBadTime)
	d.refused(alice, AddNote{Text: "x", At: time.Unix(0, 0)}, RefuseBadTime)
	d.do(alice, AddNote{Text: "the cache is full"})
	note := d.out.Entries[0].Event.(EventNoteAdded)
	if note.Author != alice.ID || !note.At.Equal(d.now) || d.in.Notes != 1 {
		t.Errorf("noted %+v", note)
	}
	early := at(t, dayStart).Add(-time.Hour) // before anybody declared it
	d.do(alice, AddNote{Text: "first alarm", At: early.In(time.FixedZone("KST", 9*3600))})
	if entry := d.out.Entries[0]; !entry.When().Equal(early) || entry.When().Location() != time.UTC || !entry.At.Equal(d.now) {
		t.Errorf("back-dated to %s, recorded at %s", entry.When(), entry.At)
	}
	d.do(alice, ChangeStatus{Verb: VerbResolve}).do(alice, ChangeStatus{Verb: VerbClose}).do(alice, AddNote{Text: "for the review"})
}

func TestAMessageIsNotedOnce(t *testing.T) {
	message := MessageRef{Channel: "C_INC", TS: "7.7"}
	long := strings.Repeat("가", MaxText+100)
	d := declared(t).do(alice, AddNote{Text: long, At: at(t, dayStart), Author: bob.ID, Message: message, Link: "https://l"})
	note := d.out.Entries[0].Event.(EventNoteAdded)
	if note.Author != bob.ID || len([]rune(note.Text)) != MaxText || note.Link != "https://l" {
		t.Errorf("noted %+v", note)
	}
	d.asks("INC-1/noted/C_INC/7.7", "INC-1/card")
	d.refused(carol, AddNote{Text: "again", Message: message}, RefuseAlreadyNoted)
	d.do(carol, AddNote{Text: "again", Message: MessageRef{Channel: "C_TALK", TS: "7.7"}})
	d.do(carol, AddNote{Text: "words"}).do(carol, AddNote{Text: "words"})
}

func TestTheClockOfTheRecordNeverRunsBackwards(t *testing.T) {
	d := declared(t).after(-24*time.Hour).do(alice, AddNote{Text: "x"})
	if entry := d.out.Entries[0]; !entry.At.Equal(at(t, dayStart)) {
		t.Errorf("recorded at %s, before the incident was declared", entry.At)
	}
	d.now = at(t, dayStart).In(time.FixedZone("KST", 9*3600)).Add(time.Hour)
	d.do(alice, AddNote{Text: "x"})
	if entry := d.out.Entries[0]; entry.At != at(t, dayStart).Add(time.Hour) {
		t.Errorf("recorded at %s, want UTC", entry.At)
	}
	d.now = time.Now().Add(90 * 365 * 24 * time.Hour) // whatever the date of this machine
	d.do(alice, AddNote{Text: "x"})
	if entry := d.out.Entries[0]; entry.At != entry.At.Round(0) {
		t.Errorf("recorded with a reading of the monotonic clock: %#v", entry.At)
	}
}

func TestMembers(t *testing.T) {
	d := declared(t)
	d.do(Muster, RecordMembers{Users: []UserID{alice.ID, bob.ID, bob.ID, ""}})
	d.nothing(Muster, JoinMember{User: bob.ID})
	d.nothing(Muster, JoinMember{})
	d.do(Muster, LeaveMember{User: bob.ID})
	d.nothing(Muster, LeaveMember{User: bob.ID})
	d.do(Muster, JoinMember{User: carol.ID})
	if got := d.in.Members; len(got) != 2 || got[0] != alice.ID || got[1] != carol.ID {
		t.Errorf("in the channel: %v", got)
	}
}
