package incident

import (
	"slices"
	"testing"
	"time"
)

func TestWhoMayWhat(t *testing.T) {
	inGroup := Actor{ID: carol.ID, Kind: Person, Groups: []GroupID{"S_A", "S_SRE"}}
	machineInGroup := Actor{ID: robot.ID, Kind: Machine, Groups: []GroupID{"S_SRE"}}
	for name, test := range map[string]struct {
		grant Grant
		actor Actor
		want  Code // empty: allowed
	}{
		"anyone":                               {Grant{Anyone: true}, bob, ""},
		"nobody":                               {Grant{}, bob, RefuseNotAllowed},
		"Muster itself":                        {Grant{}, Muster, ""},
		"a guest":                              {Grant{Anyone: true}, guest, RefuseGuest},
		"a guest who may":                      {Grant{Anyone: true, Guests: true}, guest, ""},
		"a guest without another reason":       {Grant{Guests: true}, guest, RefuseNotAllowed},
		"a stranger":                           {Grant{Anyone: true}, other, RefuseStranger},
		"a stranger who may":                   {Grant{Anyone: true, Guests: true}, other, ""},
		"somebody deactivated":                 {Grant{Anyone: true, Guests: true, Users: []UserID{gone.ID}}, gone, RefuseDeleted},
		"a machine":                            {Grant{Anyone: true}, robot, RefuseNotAllowed},
		"a machine in the group":               {Grant{Groups: []GroupID{"S_SRE"}}, machineInGroup, RefuseNotAllowed},
		"of no kind":                           {Grant{Anyone: true}, Actor{ID: bob.ID}, RefuseNotAllowed},
		"of an unknown kind":                   {Grant{Anyone: true}, Actor{ID: bob.ID, Kind: "admin"}, RefuseNotAllowed},
		"by name":                              {Grant{Users: []UserID{carol.ID, bob.ID}}, bob, ""},
		"not by name":                          {Grant{Users: []UserID{carol.ID}}, bob, RefuseNotAllowed},
		"by group":                             {Grant{Groups: []GroupID{"S_SRE"}}, inGroup, ""},
		"by another group":                     {Grant{Groups: []GroupID{"S_OTHER"}}, inGroup, RefuseNotAllowed},
		"holds a role":                         {Grant{RoleHolders: true}, bob, ""},
		"holds this role":                      {Grant{Roles: []Role{IncidentManager, TechLead}}, bob, ""},
		"holds another role":                   {Grant{Roles: []Role{Scribe}}, bob, RefuseNotAllowed},
		"holds no role":                        {Grant{RoleHolders: true}, carol, RefuseNotAllowed},
		"declared it":                          {Grant{Roles: []Role{Scribe}}, alice, ""},
		"declared it, but roles do not matter": {Grant{Users: []UserID{bob.ID}}, alice, RefuseNotAllowed},
	} {
		t.Run(name, func(t *testing.T) {
			d := declaredWith(t, func(p *Policy) { p.Permissions[ActStatus] = test.grant }, Declare{Title: "x", Severity: "sev1"})
			d.do(alice, AssignRole{Role: TechLead, Assignee: bob})
			command := ChangeStatus{Verb: VerbFix}
			if test.want == "" {
				d.do(test.actor, command)
				return
			}
			refusal := d.refused(test.actor, command, test.want)
			if test.want == RefuseNotAllowed && refusal.Action != ActStatus {
				t.Errorf("the refusal is about %q", refusal.Action)
			}
		})
	}
}

func TestTheDeclarerLeadsUntilThereIsAManager(t *testing.T) {
	change := func(p *Policy) { p.Permissions[ActStatus] = Grant{RoleHolders: true} }
	d := declaredWith(t, change, Declare{Title: "x", Severity: "sev1"}).do(alice, ChangeStatus{Verb: VerbFix})
	d.do(alice, AssignRole{Role: IncidentManager, Assignee: bob})
	if refusal := d.refused(alice, ChangeStatus{Verb: VerbMonitor}, RefuseNotAllowed); !refusal.Grant.RoleHolders {
		t.Errorf("the refusal does not say who may: %+v", refusal.Grant)
	}
	d.do(bob, ChangeStatus{Verb: VerbMonitor})
}

func TestEachCommandNeedsItsPermission(t *testing.T) {
	for action, commands := range map[Action][]Command{
		ActDeclare:  {Declare{Title: "x"}},
		ActRole:     {AssignRole{Role: Scribe, Assignee: bob}, ReleaseRole{Role: Scribe}},
		ActStatus:   {ChangeStatus{Verb: VerbAccept}, ChangeStatus{Verb: VerbFix}, ChangeStatus{Verb: VerbMonitor}, ChangeStatus{Verb: VerbResolve}, ChangeStatus{Verb: "?"}},
		ActClose:    {ChangeStatus{Verb: VerbClose}, ChangeStatus{Verb: VerbCancel, Text: "x"}, ChangeStatus{Verb: VerbReopen, Text: "x"}},
		ActSeverity: {ChangeSeverity{Severity: "sev2", Reason: "x"}},
		ActDescribe: {Retitle{Title: "y"}, Summarize{Text: "y"}},
		ActUpdate:   {PostUpdate{Text: UpdateText{State: "x"}}},
		ActNote:     {AddNote{Text: "x"}},
		ActRemind:   {Snooze{For: 1 << 40}, PauseReminders{}, ResumeReminders{}, SetCadence{Every: 1 << 40}},
		ActRepair:   {RetryEffect{Job: 1}},
	} {
		for _, command := range commands {
			d := declared(t)
			if action == ActDeclare {
				d = newDesk(t, nil)
			}
			d.p.Permissions[action] = Grant{}
			if refusal := d.refused(bob, command, RefuseNotAllowed); refusal.Action != action {
				t.Errorf("%T%+v needs %q, want %q", command, command, refusal.Action, action)
			}
		}
	}
}

func TestAMachineDeclaresAndNotesOnly(t *testing.T) {
	d := newDesk(t, nil).do(robot, Declare{Title: "5xx above 2%", Severity: "sev1", Origin: Origin{Source: FromMachine}})
	d.do(robot, AddNote{Text: "5xx above 5%"})
	d.refused(robot, ChangeStatus{Verb: VerbAccept}, RefuseNotAllowed)
	d.refused(robot, AssignRole{Role: Scribe, Assignee: bob}, RefuseNotAllowed)
	if d.in.DeclaredBy != "" || len(d.in.Involved()) != 0 {
		t.Errorf("declared by %q, involved %v: no person is", d.in.DeclaredBy, d.in.Involved())
	}
	d.do(Muster, RecordChannel{Channel: "C_INC", Name: "inc-1"})
	d.asks("INC-1/card", "INC-1/topic", "INC-1/announcement")
}

func TestAPrivateIncidentDoesNotExistForOthers(t *testing.T) {
	d := declaredWith(t, nil, Declare{Title: "breach", Severity: "sev1", Private: true})
	d.do(Muster, JoinMember{User: bob.ID, At: d.now})
	for _, stranger := range []Actor{carol, guest, other, gone, robot, {}, {Kind: Person}} {
		for _, command := range []Command{AddNote{Text: "x"}, ChangeStatus{Verb: VerbFix}, RetryEffect{Job: 9}} {
			if refusal := d.refused(stranger, command, RefuseUnknownIncident); refusal.Text != "INC-1" {
				t.Errorf("the refusal names %q", refusal.Text)
			}
		}
		if d.in.VisibleTo(stranger.ID) {
			t.Errorf("%q may see it", stranger.ID)
		}
	}
	d.do(bob, AddNote{Text: "x"}).do(Muster, LeaveMember{User: bob.ID, At: d.now.Add(time.Second)})
	d.refused(bob, AddNote{Text: "x"}, RefuseUnknownIncident)
	d.do(alice, AssignRole{Role: TechLead, Assignee: carol}).do(carol, AddNote{Text: "x"})
	if public := declared(t); !public.in.VisibleTo(carol.ID) || !public.in.VisibleTo("") {
		t.Error("an incident that is not private is hidden")
	}
}

func TestReadingIsAPermissionToo(t *testing.T) {
	p := compiled(t, func(p *Policy) { p.Permissions[ActView] = Grant{Groups: []GroupID{"S_SRE"}} })
	if err := Permits(Incident{}, ActView, bob, p); refusalOf(t, err).Code != RefuseNotAllowed {
		t.Errorf("bob: %v", err)
	}
	if err := Permits(Incident{}, ActView, Actor{ID: bob.ID, Kind: Person, Groups: []GroupID{"S_SRE"}}, p); err != nil {
		t.Errorf("bob in the group: %v", err)
	}
	if !slices.Contains(Actions(), ActView) {
		t.Error("reading is not among the actions")
	}
}
