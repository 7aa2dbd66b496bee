package slack_test

import (
	"strings"
	"testing"
	"time"

	"muster/bot/slacksim"
	"muster/incident"
)

// Notes by command, back-dated and by form.
func TestNotes(t *testing.T) {
	inHouse(t, setup{}, func(h *house) {
		in := h.declared("sev1 Checkout is down")
		minjun := h.person("minjun") // who lives in Seoul: it is 09:00 there when it is 00:00 in UTC
		if err := minjun.Joins(in.Channel.Name); err != nil {
			t.Fatal(err)
		}
		pass(2*time.Hour + 30*time.Minute)
		now := time.Now().UTC()
		for _, c := range []struct {
			line string
			text string
			at   time.Time
		}{
			{"/incident note Rolled back to 4.2", "Rolled back to 4.2", now},
			{"/incident note --at 20m Restarted the pods", "Restarted the pods", now.Add(-20 * time.Minute)},
			{"/incident note --at 20m ago Cleared the cache", "Cleared the cache", now.Add(-20 * time.Minute)},
			{"/incident note —at 10:05 Deployed release 4.3", "Deployed release 4.3", now.Truncate(time.Hour).Add(-55 * time.Minute)},
			{"/incident INC-1 메모 --at 30분 전 캐시를 비웠습니다", "캐시를 비웠습니다", now.Add(-30 * time.Minute)},
			{"/incident log It was the certificate", "It was the certificate", now},
		} {
			h.reads(c.line, minjun.types(in.Channel.Name, c.line), "timeline")
			notes := events[incident.EventNoteAdded](h, in.ID)
			got := notes[len(notes)-1]
			if got.Text != c.text || got.At.Sub(c.at).Abs() > time.Second || string(got.Author) != minjun.ID {
				t.Errorf("%s: %q at %v by %s, want %q at %v", c.line, got.Text, got.At, got.Author, c.text, c.at)
			}
		}
		h.settle()
		minjun.sees(slacksim.Inside(in.Channel.Name), slacksim.FromApp(), slacksim.Says("noted", "It was the certificate"))

		minjun.types(in.Channel.Name, "/incident note")
		form := minjun.modal()
		minjun.fills(form, "What happened?", "The queue was empty again", "When?", "tomorrow")
		wrong := minjun.submits(form)
		h.reads("a time that is none", wrong["When?"], "14:05")
		minjun.fills(form, "When?", "40m ago")
		if wrong := minjun.submits(form); len(wrong) != 0 {
			t.Fatal(wrong)
		}
		minjun.clicks(h.card(in), "Add note")
		minjun.fills(minjun.modal(), "What happened?", "Customers confirm that it works")
		if wrong := minjun.submits(minjun.modal()); len(wrong) != 0 {
			t.Fatal(wrong)
		}
		for _, c := range [][2]string{
			{"/incident note --at 25:99 Never happened", "14:05"},
			{"/incident note --at yesterday-ish Never happened", "14:05"},
			{"/incident note --at 10m", "empty"},
			{"/incident note " + strings.Repeat("very long ", 600), "shorten"},
		} {
			h.changesNothing(c[0], func() { h.reads(c[0], minjun.types(in.Channel.Name, c[0]), c[1]) })
		}
	})
}

// A message put on the timeline keeps its author and its time, once a message, however often and in whatever way it is asked.
func TestMessagesOnTheTimeline(t *testing.T) {
	inHouse(t, setup{}, func(h *house) {
		in := h.declared("sev1 Checkout is down")
		alice, bob := h.person("alice"), h.person("bob")
		if err := bob.Joins(in.Channel.Name); err != nil {
			t.Fatal(err)
		}
		began := time.Now()
		first := bob.says(in.Channel.Name, "The database <primary> is & was full")
		second := bob.says(in.Channel.Name, "We add a disk now")
		reply, err := bob.In(in.Channel.Name).Thread(first.TS).Types(h.Context(), "It is full since nine")
		if err != nil {
			t.Fatal(err)
		}
		pass(30 * time.Minute)
		for range 2 {
			if err := alice.UsesShortcutOn(h.Context(), first, "Add to timeline"); err != nil {
				t.Fatal(err)
			}
			h.settle()
		}
		h.reads("the second time", alice.told(), "on the timeline already")
		for _, message := range []slacksim.Message{first, second, reply.Message} {
			if err := alice.Reacts(message, "pushpin"); err != nil {
				t.Fatal(err)
			}
			if err := bob.Reacts(message, "round_pushpin"); err != nil {
				t.Fatal(err)
			}
			h.settle()
		}
		if err := alice.Reacts(second, "eyes"); err != nil {
			t.Fatal(err)
		}
		h.settle()
		notes := events[incident.EventNoteAdded](h, in.ID)
		want := []string{"The database <primary> is & was full", "We add a disk now", "It is full since nine"}
		if len(notes) != len(want) {
			t.Fatalf("%d notes, want %d: %+v", len(notes), len(want), notes)
		}
		for i, note := range notes {
			if note.Text != want[i] || string(note.Author) != bob.ID || note.At.Sub(began).Abs() > time.Minute || note.Link == "" {
				t.Errorf("note %d: %+v", i, note)
			}
		}
		if !strings.Contains(notes[2].Link, "thread_ts=") {
			t.Errorf("the link of the reply is %s", notes[2].Link)
		}
		if got := notes[0].Link; got != first.Permalink() {
			t.Errorf("link %s, want %s", got, first.Permalink())
		}
		h.reads("timeline", alice.types(in.Channel.Name, "/incident timeline"), "@bob: The database <primary> is & was full", "noted later", "@alice declared")

		// Messages of other channels belong to no incident.
		elsewhere := bob.says("general", "Lunch is ready now")
		h.changesNothing("elsewhere", func() {
			if err := alice.UsesShortcutOn(h.Context(), elsewhere, "Add to timeline"); err != nil {
				t.Fatal(err)
			}
			h.reads("elsewhere", alice.told(), "not an incident's channel")
		})
	})
}

// The timeline shows everything, page by page.
func TestTimelinePages(t *testing.T) {
	inHouse(t, setup{}, func(h *house) {
		in := h.declared("sev1 Checkout is down")
		alice := h.person("alice")
		for i := range 30 {
			alice.types(in.Channel.Name, "/incident note Observation number "+string(rune('A'+i%26))+strings.Repeat(" and more", 20))
		}
		h.settle()
		seen := alice.types(in.Channel.Name, "/incident 타임라인")
		for range 10 {
			page, ok := alice.Looks(slacksim.OnlyForMe())
			if !ok || !page.Button("More").Exists() {
				break
			}
			alice.clicks(page, "More")
			h.settle()
			next, _ := alice.Looks(slacksim.OnlyForMe())
			seen += next.Text()
		}
		if got := strings.Count(seen, "Observation number"); got != 30 {
			t.Errorf("the pages show %d notes, want 30", got)
		}
		if strings.Count(seen, "declared it as SEV1") != 1 {
			t.Error("the declaration is not there once")
		}
		h.reads("from elsewhere", alice.types("general", "/incident INC-1 timeline"), "Timeline", "INC-1")
		alice.clicks(h.card(in), "Timeline")
		h.reads("by button", alice.told(), "Timeline")
	})
}
