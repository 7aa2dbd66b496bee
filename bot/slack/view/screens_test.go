package view_test

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"muster/bot/slack/view"
	"muster/incident"
	"muster/templates"

	"github.com/slack-go/slack"
)

// screens are what people read of one thing, a state each.
type screens struct {
	t   testing.TB
	out strings.Builder
}

func (s *screens) add(state, said string) {
	s.out.WriteString("=== " + state + "\n" + strings.TrimRight(said, "\n") + "\n\n")
}

func (s *screens) message(state string, message view.Message) {
	takes(s.t, state, message)
	s.add(state, messageScreen(s.t, message))
}

func (s *screens) modal(state string, modal slack.ModalViewRequest) {
	takesView(s.t, state, modal)
	submit := ""
	if modal.Submit != nil {
		submit = "[" + modal.Submit.Text + "] "
	}
	s.add(state, "# "+modal.Title.Text+"\n"+screen(s.t, modal.Blocks.BlockSet)+submit+"["+modal.Close.Text+"]")
}

func (s *screens) home(state string, home slack.HomeTabViewRequest) {
	takesView(s.t, state, home)
	s.add(state, screen(s.t, home.Blocks.BlockSet))
}

// TestScreens is all that people can read in Slack, in each language.
func TestScreens(t *testing.T) {
	for _, language := range templates.Languages() {
		v := views(t, language)
		for name, draw := range map[string]func(*screens, view.View){
			"card": cardScreens, "announcement": announcementScreens, "event": eventScreens, "reminder": reminderScreens,
			"command": commandScreens, "refusal": refusalScreens, "modal": modalScreens, "home": homeScreens,
		} {
			s := &screens{t: t}
			draw(s, v)
			golden(t, language+"/"+name+".txt", []byte(strings.TrimRight(s.out.String(), "\n")+"\n"))
		}
	}
}

func cardScreens(s *screens, v view.View) {
	begun := begin(s.t, v, incident.Declare{Title: "Checkout is down", Severity: "sev2"})
	s.message("just declared", v.Card(begun.in, begun.now))
	drill := begin(s.t, v, incident.Declare{Title: "Breach of the vault", Severity: incident.Unknown, Private: true, Drill: true})
	s.message("a private drill that nobody has judged", v.Card(drill.in, drill.now))
	for _, status := range incident.Statuses() {
		told := night(s.t, v)
		told.in.Status = status
		if !status.Open() {
			told.in.FinishedAt, told.in.Closing = told.now, "Rolled back to 4.1."
		}
		s.message(string(status), v.Card(told.in, told.now))
	}
	late := night(s.t, v)
	s.message("an update is overdue", v.Card(late.in, late.now.Add(time.Hour)))
	failed := night(s.t, v)
	for i := range 5 {
		failed.does(time.Second, incident.Muster, incident.RecordFailure{Job: incident.JobID(i + 1), Kind: incident.KindPinCard, Key: string(rune('a' + i)), Reason: "restricted_action"})
	}
	s.message("five troubles", v.Card(failed.in, failed.now))
	s.add("topic", v.Topic(late.in, late.now))
	s.add("topic of the drill", v.Topic(drill.in, drill.now))
}

func announcementScreens(s *screens, v view.View) {
	told := night(s.t, v)
	s.message("announcement", v.Announcement(told.in, told.now))
	s.message("in the thread that it came from", v.Origin(told.in))
	told.does(time.Hour, person("U1"), incident.ChangeStatus{Verb: incident.VerbResolve, Text: "Rolled back to 4.1."})
	s.message("announcement of what is over", v.Announcement(told.in, told.now))
	begun := begin(s.t, v, incident.Declare{Title: "Checkout is down", Severity: "sev2", Drill: true})
	s.message("announcement at first", v.Announcement(begun.in, begun.now))
}

// everything is an incident to which everything happens that can happen.
func everything(t testing.TB, v view.View) *story {
	s := night(t, v)
	bot := incident.Muster
	for _, step := range []struct {
		actor   incident.Actor
		command incident.Command
	}{
		{person("U2"), incident.AssignRole{Role: incident.IncidentManager, Assignee: person("U3"), Replace: true}},
		{person("U1"), incident.ReleaseRole{Role: incident.TechLead, User: "U2"}},
		{person("U1"), incident.AssignRole{Role: incident.Scribe, Assignee: person("U4")}},
		{bot, incident.RecordDeactivated{User: "U4"}},
		{person("U1"), incident.ChangeSeverity{Severity: "sev1"}},
		{person("U1"), incident.ChangeSeverity{Severity: "sev2", Reason: "Only cards of one bank fail."}},
		{person("U1"), incident.Retitle{Title: "Cards of one bank fail"}},
		{person("U1"), incident.Summarize{Text: "Since 10:50 cards of one bank fail."}},
		{person("U2"), incident.AddNote{Text: "Posted before", At: start, Link: "https://x.slack.com/archives/C1/p1", Message: incident.MessageRef{Channel: "C42", TS: "9.9"}}},
		{person("U1"), incident.SetCadence{Every: 20 * time.Minute}},
		{person("U1"), incident.SetCadence{}},
		{bot, incident.Remind{}},
		{person("U1"), incident.Snooze{For: 30 * time.Minute}},
		{person("U1"), incident.PauseReminders{}},
		{person("U1"), incident.ResumeReminders{}},
		{bot, incident.RecordMembers{Users: []incident.UserID{"U1", "U2"}}},
		{bot, incident.LeaveMember{User: "U2"}},
		{bot, incident.RecordCard{Card: incident.MessageRef{Channel: "C42", TS: "1.2"}}},
		{bot, incident.RecordAnnouncement{Announcement: incident.MessageRef{Channel: "C2", TS: "1.3"}}},
		{bot, incident.RecordFailure{Job: 7, Kind: incident.KindPinCard, Key: "pin", Reason: "restricted_action"}},
		{person("U1"), incident.RetryEffect{Job: 7}},
		{bot, incident.RecordFailure{Job: 8, Kind: incident.KindDrawTopic, Key: "topic", Reason: "missing_scope"}},
		{bot, incident.ClearTrouble{Job: 8}},
		{person("U1"), incident.ChangeStatus{Verb: incident.VerbMonitor, Text: "4.1 is out."}},
		{person("U1"), incident.ChangeStatus{Verb: incident.VerbResolve, Text: "Rolled back to 4.1."}},
		{person("U1"), incident.ChangeStatus{Verb: incident.VerbReopen, Text: "It is back."}},
		{person("U1"), incident.ChangeStatus{Verb: incident.VerbResolve}},
		{person("U1"), incident.ChangeStatus{Verb: incident.VerbClose}},
		{bot, incident.Remind{}},
		{bot, incident.RecordArchived{Archived: true}},
		{bot, incident.RecordArchived{}},
	} {
		after := time.Minute
		if _, reminds := step.command.(incident.Remind); reminds {
			after = 8 * 24 * time.Hour
			if s.in.Status.Open() {
				after = 2 * time.Hour
			}
		}
		s.does(after, step.actor, step.command)
	}
	return s
}

// eventScreens are the words of each event: to the channel, in answer, and on the timeline.
func eventScreens(s *screens, v view.View) {
	told := everything(s.t, v)
	seen := map[incident.EventKind]bool{}
	for i, entry := range told.entries {
		kind, in := entry.Event.EventKind(), told.states[i]
		seen[kind] = true
		var said strings.Builder
		if message, is := v.Entry(in, entry, entry.At); is {
			takes(s.t, string(kind), message)
			said.WriteString("to the channel:\n" + messageScreen(s.t, message))
		}
		if v.Answer(v.Facts(in, entry.At), entry) != "" {
			said.WriteString("in answer:\n" + messageScreen(s.t, v.Acknowledge(incident.Outcome{State: in, Entries: []incident.Entry{entry}})))
		}
		line := strings.SplitN(screen(s.t, v.Timeline(in, []incident.Entry{entry}, false).Blocks), "\n", 2)[1]
		s.add(string(kind), said.String()+"on the timeline:\n"+line)
	}
	if got, want := slices.Sorted(maps.Keys(seen)), incident.EventKinds(); !slices.Equal(got, want) {
		s.t.Errorf("the story has the events %v, and there are %v", got, want)
	}
	s.message("where nothing had to change", v.Acknowledge(incident.Outcome{State: told.in}))
	s.message("the timeline of an ordinary night, with more to come", v.Timeline(told.in, told.entries[:8], true))
}

func reminderScreens(s *screens, v view.View) {
	told := night(s.t, v)
	for _, rule := range incident.RuleNames() {
		e := incident.EventReminded{Rule: rule, Anchor: start, Due: start.Add(time.Hour), To: incident.ToChannel, Users: []incident.UserID{"U1"},
			Missing: []incident.Role{incident.CommsManager}, Subject: "tech_lead/U2"}
		s.message(string(rule)+", to the channel, an hour late", v.Reminder(told.in, e, "", time.Hour))
		s.message(string(rule)+", to one person", v.Reminder(told.in, e, "U1", 0))
	}
	s.message("what comes late", v.Late(12*time.Minute))
	s.message("why", v.Why(told.in, "", told.now))
	s.message("why this", v.Why(told.in, incident.RuleNoManager, told.now))
	told.does(time.Minute, person("U1"), incident.Snooze{For: 30 * time.Minute})
	s.message("why, while they are silent", v.Why(told.in, "", told.now))
	told.does(time.Minute, person("U1"), incident.PauseReminders{})
	s.message("why, while they are paused", v.Why(told.in, "", told.now))
	told.does(time.Minute, person("U1"), incident.ChangeStatus{Verb: incident.VerbResolve})
	s.message("why, when it is over", v.Why(told.in, "", told.now))
}

func commandScreens(s *screens, v view.View) {
	told := night(s.t, v)
	in, now := told.in, told.now
	s.message("menu", v.Menu(nil))
	s.message("menu in an incident's channel", v.Menu(&in))
	for _, topic := range templates.Topics() {
		s.message("help "+string(topic), v.Help(string(topic), nil))
	}
	s.message("help in an incident's channel", v.Help("", &in))
	s.message("list", v.List(incident.Page{Incidents: many(in, 2), Next: "next"}, "all", "U1", now))
	for _, query := range []string{"", "mine", "sev1 closed"} {
		s.message("an empty list "+query, v.List(incident.Page{}, query, "U1", now))
	}
	s.message("roles", v.Roles(in, now))
	s.message("brief of a manager", v.Brief(in, incident.IncidentManager, "U1"))
	s.message("which incident", v.PickIncident(many(in, 3), "resolve all is well"))
	s.message("which incident, of a line that was too long to keep", v.PickIncident(many(in, 2), ""))
	s.message("which incident, where there is none", v.PickIncident(nil, "resolve"))
	s.message("an unknown command", v.UnknownCommand("resovle", "resolve", &in))
	s.message("an unknown command that is like none", v.UnknownCommand("dance", "", nil))
	s.message("no incident's channel", v.NotAnIncidentChannel())
	s.message("an internal error", v.InternalError("7f3a"))
	for _, name := range []string{"declare", "list", "assign", "claim", "release", "status", "severity", "title", "summary", "update", "note", "timeline", "remind",
		"resolve", "reopen", "close", "cancel", "nonsense"} {
		s.message("how to type "+name, v.Usage(name, &in))
	}
}

func refusalScreens(s *screens, v view.View) {
	told := night(s.t, v)
	for _, refusal := range refusals() {
		s.message(string(refusal.Code), v.Refusal(refusal, &told.in))
		s.add(string(refusal.Code)+", below a field", v.PlainRefusal(refusal, &told.in))
	}
}

func modalScreens(s *screens, v view.View) {
	told := night(s.t, v)
	all := modals(v, told)
	for _, name := range slices.Sorted(maps.Keys(all)) {
		s.modal(name, all[name])
	}
	s.modal("severity, with what was chosen", v.SeverityModal(told.in, "sev2"))
	s.modal("a notice", v.Notice(v.NotAnIncidentChannel()))
}

func homeScreens(s *screens, v view.View) {
	told := night(s.t, v)
	s.home("two are open, one is mine", v.Home("U2", many(told.in, 2), many(told.in, 1), told.now))
	s.home("none is mine", v.Home("U9", many(told.in, 2), nil, told.now))
	s.home("nothing is open", v.Home("U9", nil, nil, told.now))
	s.home("more than there is room for", v.Home("U9", many(told.in, 32), nil, told.now))
	s.home("not allowed", v.HomeRefused(&incident.Refusal{Code: incident.RefuseGuest}))
}
