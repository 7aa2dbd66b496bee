package bolt

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"muster/incident"
	"muster/storage"
)

// storyNow is when the story was told, to the second.
func storyNow() time.Time { return time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC) }

// storyEnd is a moment after its last word, at which its jobs still wait.
func storyEnd() time.Time { return time.Date(2026, 12, 2, 12, 4, 0, 0, time.UTC) }

// storyOfAllEvents is the path of a closed store in which everything that can happen has happened.
func storyOfAllEvents(t *testing.T) string {
	t.Helper()
	path, now, policy := filepath.Join(t.TempDir(), "muster.db"), storyNow(), testPolicy(t)
	s := mustOpen(t, path, Options{Now: func() time.Time { return now }})
	ctx, once := context.Background(), 0
	person := func(id incident.UserID) incident.Actor { return incident.Actor{ID: id, Kind: incident.Person} }
	alice, bob, system := person("U0ALICE"), person("U0BOB"), incident.Actor{Kind: incident.System}
	raise := func(command incident.Declare) incident.ID {
		t.Helper()
		out, err := s.Create(ctx, fmt.Sprintf("once/%d", once), func(id incident.ID) (incident.Outcome, error) {
			return incident.Step(incident.Incident{}, id, command, alice, now, policy)
		})
		if err != nil {
			t.Fatal(err)
		}
		once++
		return out.State.ID
	}
	does := func(id incident.ID, actor incident.Actor, commands ...incident.Command) {
		t.Helper()
		for _, command := range commands {
			now = now.Add(7 * time.Second)
			if _, err := s.Apply(ctx, id, fmt.Sprintf("once/%d", once), func(current incident.Incident) (incident.Outcome, error) {
				return incident.Step(current, id, command, actor, now, policy)
			}); err != nil {
				t.Fatalf("%T: %v", command, err)
			}
			once++
		}
	}
	// fails sets a job of this incident aside for good.
	fails := func(id incident.ID, kind incident.EffectKind) incident.JobID {
		t.Helper()
		jobs, err := s.Claim(ctx, now, 100)
		if err != nil {
			t.Fatal(err)
		}
		var failed incident.JobID
		for _, job := range jobs {
			switch handling := job.Effect.Handling(); {
			case incident.IDOf(handling.Of) == id && handling.Kind == kind:
				failed = job.ID
				_, err = s.Fail(ctx, job, "restricted_action", func(current incident.Incident) (incident.Outcome, error) {
					return incident.Step(current, id, incident.RecordFailure{Job: job.ID, Kind: kind, Key: handling.Key, Reason: "restricted_action"}, system, now, policy)
				})
			case incident.IDOf(handling.Of) == id:
				_, err = s.Complete(ctx, job, nil)
			default:
				err = s.Release(ctx, job)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		if failed == 0 {
			t.Fatalf("no %s of %s", kind, id)
		}
		return failed
	}

	origin := incident.MessageRef{Channel: "C0GENERAL", TS: "1793610000.000100"}
	first := raise(incident.Declare{Title: "결제 <장애> & more", Summary: "Payments time out", Severity: "sev1", Drill: true,
		Origin: incident.Origin{Source: incident.FromMessage, Message: origin, Author: "U0BOB", Quote: "is it <!channel> only me?", Link: "https://example.slack.com/archives/C0GENERAL/p1"}})
	does(first, system, incident.RecordChannel{Channel: "C1", Name: "inc-1-결제-장애"},
		incident.RecordCard{Card: incident.MessageRef{Channel: "C1", TS: "1.2"}},
		incident.RecordAnnouncement{Announcement: incident.MessageRef{Channel: "C0INCIDENTS", TS: "1.3"}},
		incident.RecordMembers{Users: []incident.UserID{"U0ALICE", "U0BOB"}})
	does(first, alice, incident.AssignRole{Role: incident.IncidentManager, Assignee: alice}, incident.AssignRole{Role: incident.TechLead, Assignee: bob},
		incident.ReleaseRole{Role: incident.TechLead, User: "U0BOB"}, incident.AssignRole{Role: incident.IncidentManager, Assignee: bob, Replace: true},
		incident.ChangeStatus{Verb: incident.VerbFix}, incident.ChangeSeverity{Severity: "sev2", Reason: "fewer are hit"},
		incident.Retitle{Title: "Payments"}, incident.Summarize{Text: "One region"},
		incident.PostUpdate{Text: incident.UpdateText{State: "s", Current: "c", Next: "n"}, NextIn: 20 * time.Minute},
		incident.AddNote{Text: "rolled back", Author: "U0BOB", At: now.Add(-time.Hour), Message: origin, Link: "https://example.slack.com/x"},
		incident.Snooze{For: time.Hour}, incident.PauseReminders{}, incident.ResumeReminders{}, incident.SetCadence{Every: 25 * time.Minute})
	now = now.Add(3 * time.Hour)
	does(first, system, incident.Remind{})
	does(first, alice, incident.ChangeStatus{Verb: incident.VerbResolve, Text: "rolled back"})
	now = now.Add(30 * 24 * time.Hour)
	does(first, system, incident.Remind{}, incident.RecordArchived{Archived: true})
	does(first, alice, incident.ChangeStatus{Verb: incident.VerbReopen, Text: "it is back"})
	does(first, system, incident.RecordArchived{Archived: false})

	private := raise(incident.Declare{Title: "A leak", Severity: "sev2", Private: true})
	does(private, system, incident.RecordChannel{Channel: "C2", Name: "inc-2"}, incident.JoinMember{User: "U0BOB", At: now}, incident.LeaveMember{User: "U0BOB", At: now.Add(time.Hour)})
	does(private, alice, incident.ChangeStatus{Verb: incident.VerbCancel, Text: "none"})

	failing := raise(incident.Declare{Title: "Nobody may make channels"})
	job := fails(failing, incident.KindCreateChannel)
	does(failing, alice, incident.RetryEffect{Job: job})
	fails(failing, incident.KindCreateChannel)

	waiting := raise(incident.Declare{Title: "Slack is slow", Severity: "sev3"})
	jobs, err := s.Claim(ctx, now, 100)
	if err != nil {
		t.Fatal(err)
	}
	for _, job := range jobs {
		if incident.IDOf(job.Effect.Handling().Of) == waiting {
			err = s.Retry(ctx, job, now.Add(time.Minute), "ratelimited")
		} else {
			err = s.Release(ctx, job)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	aside := raise(incident.Declare{Title: "Nobody may see it yet", Severity: "sev3"})
	jobs, err = s.Claim(ctx, now, 100)
	if err != nil {
		t.Fatal(err)
	}
	for _, job := range jobs {
		if handling := job.Effect.Handling(); incident.IDOf(handling.Of) == aside && handling.Kind == incident.KindCreateChannel {
			_, err = s.Wait(ctx, job, "a list of members", func(incident.Incident) bool { return true })
		} else {
			err = s.Release(ctx, job)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := storage.NewShelf[string](s.Engine, "people", 10).Put(ctx, map[string]string{"U0ALICE": "Alice"}); err != nil {
		t.Fatal(err)
	}
	err = s.Enqueue(ctx, incident.InviteGroup{Of: first, Seq: 2, Group: "S0GROUP"}, incident.DrawAnnouncement{Of: first})
	if _, seen := s.See(ctx, "remembered"); errors.Join(err, seen) != nil {
		t.Fatal(err, seen)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}
