package view_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"muster/bot/slack/view"
	"muster/incident"
	"muster/templates"
)

var start = time.Date(2026, 11, 22, 2, 0, 0, 0, time.UTC)

// every answers a schedule for "@every 30m", and the next full day for anything else.
type every time.Duration

func (e every) Next(after time.Time) time.Time { return after.Add(time.Duration(e)) }

func parse(spec string) (incident.Schedule, error) {
	if d, err := time.ParseDuration(strings.TrimPrefix(spec, "@every ")); err == nil {
		return every(d), nil
	}
	return every(24 * time.Hour), nil
}

func views(t testing.TB, language string) view.View {
	t.Helper()
	words, err := templates.Load(language, nil)
	if err != nil {
		t.Fatal(err)
	}
	policy := incident.DefaultPolicy()
	policy.Location = time.FixedZone("KST", 9*3600)
	if err := policy.Compile(parse); err != nil {
		t.Fatal(err)
	}
	return view.Views{Words: words, Policy: policy, Command: "/incident"}.In(language)
}

// story is an incident that was made by commands, with all of its entries.
type story struct {
	t       testing.TB
	policy  *incident.Policy
	in      incident.Incident
	entries []incident.Entry
	states  []incident.Incident // after each entry
	now     time.Time
}

func person(id incident.UserID) incident.Actor { return incident.Actor{ID: id, Kind: incident.Person} }

// does lets an actor give a command some time after the last one.
func (s *story) does(after time.Duration, actor incident.Actor, command incident.Command) incident.Outcome {
	s.t.Helper()
	s.now = s.now.Add(after)
	out, err := incident.Step(s.in, "INC-42", command, actor, s.now, s.policy)
	if err != nil {
		s.t.Fatalf("%T: %v", command, err)
	}
	s.in = out.State
	for _, entry := range out.Entries {
		s.entries, s.states = append(s.entries, entry), append(s.states, out.State)
	}
	return out
}

func begin(t testing.TB, v view.View, declare incident.Declare) *story {
	t.Helper()
	if declare.Origin.Source == "" {
		declare.Origin.Source = incident.FromCommand
	}
	s := &story{t: t, policy: v.Policy, now: start}
	s.does(0, person("U1"), declare)
	s.does(time.Second, incident.Muster, incident.RecordChannel{Channel: "C42", Name: "inc-42"})
	return s
}

// night is an ordinary incident in the middle of its work.
func night(t testing.TB, v view.View) *story {
	s := begin(t, v, incident.Declare{Title: "Checkout is down", Summary: "Payments by card fail since 10:50.", Severity: "sev1",
		Origin: incident.Origin{Source: incident.FromMessage, Quote: "checkout gives 500 <!here>", Link: "https://x.slack.com/archives/C1/p1", Author: "U3", Message: incident.MessageRef{Channel: "C1", TS: "1.1"}}})
	s.does(time.Minute, person("U1"), incident.AssignRole{Role: incident.IncidentManager, Assignee: person("U1")})
	s.does(time.Minute, person("U1"), incident.AssignRole{Role: incident.TechLead, Assignee: person("U2")})
	s.does(time.Minute, person("U1"), incident.ChangeStatus{Verb: incident.VerbFix})
	s.does(time.Minute, person("U1"), incident.PostUpdate{Text: incident.UpdateText{State: "Half of the payments work again.", Current: "- 4.2 rolled back\n- queue drains", Next: "watch errors"}})
	s.does(time.Minute, person("U2"), incident.AddNote{Text: "Theory: the new pool size", At: start})
	return s
}

// extreme is as much as an incident can hold of everything that people can type.
func extreme(t testing.TB, v view.View, private bool) *story {
	hostile := "<!channel> & <@U1> 결제 장애 🔥 مرحبا <http://x|y>"
	fill := func(n int) string {
		return string([]rune(strings.Repeat(hostile+" &&&&<<<<>>>>", n/len([]rune(hostile))+1))[:n])
	}
	s := begin(t, v, incident.Declare{Title: strings.TrimSpace(fill(119)) + "!", Summary: fill(1500), Severity: incident.Unknown, Private: private, Drill: true,
		Origin: incident.Origin{Source: incident.FromMessage, Quote: fill(3000), Link: "https://x.slack.com/archives/C1/p1", Author: "U3"}})
	s.does(time.Minute, person("U1"), incident.ChangeSeverity{Severity: "sev1", Reason: fill(500)})
	for i := range 30 {
		for _, role := range v.Policy.Roles {
			if role.Several || role.Deputies || i == 0 {
				s.does(time.Second, person("U1"), incident.AssignRole{Role: role.Name, Assignee: person(incident.UserID(fmt.Sprintf("U%dXXXXXXX%d", i, i)))})
			}
		}
	}
	s.does(time.Minute, person("U1"), incident.PostUpdate{Text: incident.UpdateText{State: fill(2500), Current: fill(2500), Next: fill(2500)}})
	for i := range 8 {
		s.does(time.Second, incident.Muster, incident.RecordFailure{Job: incident.JobID(i + 1), Kind: incident.KindPinCard, Reason: "restricted_action"})
	}
	for range 12 {
		s.does(time.Minute, person("U1"), incident.AddNote{Text: fill(2500), At: start, Link: "https://x.slack.com/archives/C1/p1"})
	}
	return s
}
