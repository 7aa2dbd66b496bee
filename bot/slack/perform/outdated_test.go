package perform_test

import (
	"slices"
	"sync"
	"testing"
	"time"

	"muster/incident"
)

// TestOutdatedAtOnce has one drawing fail while the next one waits already. The two of them must not bring each other back
// without end.
func TestOutdatedAtOnce(t *testing.T) {
	inWorld(t, nil, func(w *world) {
		id := w.declare(alice, sev1).ID
		w.mustSettle()
		fault := w.AddFault(refuse("conversations.setTopic", "restricted_action"))
		var once sync.Once
		w.deadly = func(point string) bool {
			if point == "performed/draw_topic" { // and its outcome is not known yet
				once.Do(func() { w.do(id, bob, incident.Retitle{Title: "Second"}) })
			}
			return false
		}
		w.restart()
		w.do(id, bob, incident.Retitle{Title: "First"})
		if !w.settle(10 * time.Minute) {
			w.t.Fatalf("the outbox does not come to rest: %d entries", w.incident(id).Seq)
		}
		troubles, failed := w.incident(id).Troubles, w.jobs(incident.JobsFailed)
		if len(troubles) != 1 || len(failed) != 1 || troubles[0].Job != failed[0].ID {
			w.t.Fatalf("troubles %+v, set aside %+v", troubles, failed)
		}
		w.ClearFaults(fault)
		w.do(id, bob, incident.RetryEffect{Job: troubles[0].Job})
		w.mustSettle()
		if troubles, failed := w.incident(id).Troubles, w.jobs(incident.JobsFailed); len(troubles)+len(failed) > 0 {
			w.t.Errorf("troubles %+v, set aside %+v", troubles, failed)
		}
	})
}

// TestTheNextReminderStandsForThisOne has one reminder refused for good. Once the next one has arrived, nobody is asked to have
// that one sent again; what was refused beside it still waits for somebody.
func TestTheNextReminderStandsForThisOne(t *testing.T) {
	inWorld(t, nil, func(w *world) {
		id := w.declare(alice, sev1).ID
		w.mustSettle()
		fault := w.AddFault(refuse("chat.postMessage", "restricted_action"))
		remind := func(after time.Duration) {
			w.pass(after)
			w.do(id, "", incident.Remind{})
			w.mustSettle()
		}
		kinds := func() (all []incident.EffectKind) {
			for _, trouble := range w.incident(id).Troubles {
				all = append(all, trouble.Kind)
			}
			return all
		}
		remind(6 * time.Minute) // nobody manages it, the channel is told
		if got := kinds(); !slices.Equal(got, []incident.EffectKind{incident.KindSendReminder, incident.KindPostEntry}) {
			w.t.Fatalf("troubles: %v; want the reminder, and the words that tell of it", got)
		}
		w.ClearFaults(fault)
		remind(10 * time.Minute) // the declarer
		remind(10 * time.Minute) // the channel again
		if got, failed := kinds(), w.jobs(incident.JobsFailed); !slices.Equal(got, []incident.EffectKind{incident.KindPostEntry}) || len(failed) != 1 {
			w.t.Errorf("troubles: %v, set aside: %+v; want only the words that did not come", got, failed)
		}
	})
}

// TestArchivedMeanwhile finds the channel archived when it comes to invite people: there is nothing to come to, and nothing has failed.
func TestArchivedMeanwhile(t *testing.T) {
	inWorld(t, nil, func(w *world) {
		id := w.declare(alice, sev1).ID
		w.mustSettle()
		w.do(id, alice, incident.ChangeStatus{Verb: incident.VerbResolve})
		w.mustSettle()
		must(w.t, w.Person("alice").Archives(w.channelOf(id).ID, true))
		w.do(id, alice, incident.AddNote{Text: "Slack has not told of it yet"})
		must(w.t, w.store.Enqueue(w.t.Context(), incident.DrawTopic{Of: id}, incident.DrawCard{Of: id}))
		w.mustSettle()
		w.do(id, "", incident.RecordArchived{Archived: true})
		must(w.t, w.store.Enqueue(w.t.Context(), incident.InviteUsers{Of: id, Seq: 1000, Users: []incident.UserID{bob}}, incident.InviteGroup{Of: id, Seq: 1000, Group: "S0LEADS003"}))
		w.mustSettle()
		if failed := w.jobs(incident.JobsFailed); len(failed) > 0 {
			w.t.Errorf("failed: %+v", failed)
		}
	})
}
