package perform_test

import (
	"bytes"
	"compress/gzip"
	"io"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"muster/incident"
	"muster/templates"
)

// Where the database of an older version lies, and the workspace that it belongs to.
const (
	houseFile  = "../../../storage/bolt/testdata/house.db.gz"
	houseSlack = "testdata/house.slack.json.gz"
)

// houseEnd is when that program was stopped.
func houseEnd() time.Time { return time.Date(2000, 1, 10, 12, 0, 0, 0, time.UTC) }

// TestTheHouseDrains goes on with a database in which jobs of every kind wait, have been tried, or have failed for good: all
// that waits is done or ends in front of a person, and what a person asks for again is done, too.
func TestTheHouseDrains(t *testing.T) {
	inHouse(t, func(w *world) {
		w.mustSettle()
		failed := w.jobs(incident.JobsFailed)
		if kinds := kindsOf(failed); !slices.Equal(kinds, houseEffects()) {
			w.t.Errorf("failed are %q, want %q", kinds, houseEffects())
		}
		for _, job := range failed {
			handling := job.Effect.Handling()
			in := w.incident(incident.IDOf(handling.Of))
			if !slices.ContainsFunc(in.Troubles, func(trouble incident.Trouble) bool { return trouble.Job == job.ID && trouble.Kind == handling.Kind }) {
				w.t.Errorf("nobody is told that job %d of %s, a %s, failed (%s)", job.ID, in.ID, handling.Kind, job.LastError)
			}
			w.do(in.ID, alice, incident.RetryEffect{Job: job.ID})
		}
		w.mustSettle()
		for _, job := range w.jobs(incident.JobsAll) {
			w.t.Errorf("job %d is left over: %+v", job.ID, job)
		}
		// Bringing back a channel had failed, so that what was to be told there could not be told until a person asked again.
		if want := []string{"post_entry is_archived"}; !slices.Equal(w.seen.failed, want) {
			w.t.Errorf("failed for good: %q, want %q", w.seen.failed, want)
		}
		w.looksAsItShould()
	})
}

// inHouse runs a story that begins with the database and the workspace as they were left.
func inHouse(t *testing.T, story func(w *world)) {
	t.Helper()
	inWorld(t, nil, func(w *world) {
		w.stop()
		must(w.t, os.WriteFile(w.path, unpacked(w.t, houseFile), 0o600))
		must(w.t, w.Load(bytes.NewReader(unpacked(w.t, houseSlack))))
		w.pass(time.Until(houseEnd().Add(time.Minute)))
		w.start()
		story(w)
	})
}

// looksAsItShould compares what people see of each incident with what the database says.
func (w *world) looksAsItShould() {
	page, err := w.store.List(w.t.Context(), incident.Query{Scope: incident.ScopeAll, AllSeen: true, Limit: 100})
	must(w.t, err)
	if len(page.Incidents) != 50 {
		w.t.Errorf("%d incidents, want 50", len(page.Incidents))
	}
	announced, notes := w.texts("alice", "incidents"), 0
	for _, in := range page.Incidents {
		channel := w.channelOf(in.ID)
		switch {
		case len(in.Troubles) > 0:
			w.t.Errorf("%s is in trouble: %+v", in.ID, in.Troubles)
		case channel.Archived != (in.Channel.State == incident.ChannelArchived):
			w.t.Errorf("%s: archived is %v, want %v", in.ID, channel.Archived, in.Channel.State == incident.ChannelArchived)
		case channel.Archived: // it has all that it ever gets
		case len(channel.Pins) != 1:
			w.t.Errorf("%s has %d cards pinned, want 1", in.ID, len(channel.Pins))
		case untilUpdate(channel.Topic.Value) != untilUpdate(w.views.In(templates.Workspace).Topic(in, time.Now())):
			w.t.Errorf("%s: the topic is %q, want %q", in.ID, channel.Topic.Value, w.views.In(templates.Workspace).Topic(in, time.Now()))
		}
		for _, user := range in.Involved() {
			if !slices.Contains(channel.Members, string(user)) {
				w.t.Errorf("%s: %s is not in the channel", in.ID, user)
			}
		}
		for _, text := range []string{"a note that is waiting", "a note that is tried", "a note that is failed"} {
			notes += count(w.texts("alice", channel.ID), text)
		}
		if n := count(announced, in.Title); !in.Private && n != 1 || in.Private && n != 0 {
			w.t.Errorf("%s is announced %d times", in.ID, n)
		}
	}
	if notes != 3 {
		w.t.Errorf("%d of 3 notes are told", notes)
	}
}

// untilUpdate is a topic up to the time of the next update, which reads differently from day to day.
func untilUpdate(topic string) string {
	facts, _, _ := strings.Cut(topic, "Next update")
	return facts
}

func kindsOf(jobs []incident.Job) []string {
	var kinds []string
	for _, job := range jobs {
		kinds = append(kinds, string(job.Effect.Handling().Kind))
	}
	slices.Sort(kinds)
	return slices.Compact(kinds)
}

// houseEffects are the kinds of effects that there were when the house was left.
func houseEffects() []string {
	return strings.Fields(`archive_channel create_channel draw_announcement draw_card draw_home draw_topic invite_group invite_users link_origin
		look_at_channel mark_noted pin_card post_entry restore_channel send_brief send_reminder`)
}

func unpacked(t *testing.T, name string) []byte {
	t.Helper()
	file, err := os.Open(name)
	must(t, err)
	defer file.Close()
	zip, err := gzip.NewReader(file)
	must(t, err)
	data, err := io.ReadAll(zip)
	must(t, err)
	return data
}
