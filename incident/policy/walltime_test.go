package policy

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

func place(t testing.TB, name string) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

// Clocks are set forward at 02:00 in Berlin and at midnight in Santiago; a cadence in the hour that is left out comes once on that
// day, and one in the hour that comes twice comes once too.
func TestCadencesOnDaysOnWhichClocksAreSet(t *testing.T) {
	for name, test := range map[string]struct {
		zone, spec, from string
		want             []string
	}{
		"Berlin, forward":   {"Europe/Berlin", "30 2 * * *", "2026-03-27T12:00:00Z", []string{"2026-03-28T01:30:00Z", "2026-03-29T01:00:00Z", "2026-03-30T00:30:00Z"}},
		"Berlin, back":      {"Europe/Berlin", "30 2 * * *", "2026-10-24T12:00:00Z", []string{"2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z"}},
		"Santiago, forward": {"America/Santiago", "0 0 * * *", "2026-09-05T12:00:00Z", []string{"2026-09-06T04:00:00Z", "2026-09-07T03:00:00Z"}},
		"Santiago, back":    {"America/Santiago", "30 23 * * *", "2026-04-03T12:00:00Z", []string{"2026-04-04T02:30:00Z", "2026-04-05T02:30:00Z", "2026-04-06T03:30:00Z"}},
		"Seoul":             {"Asia/Seoul", "0 10 * * MON-FRI", "2026-11-27T02:00:00Z", []string{"2026-11-30T01:00:00Z", "2026-12-01T01:00:00Z"}},
		"an interval":       {"Europe/Berlin", "@every 30m", "2026-10-25T00:15:00Z", []string{"2026-10-25T00:45:00Z", "2026-10-25T01:15:00Z"}},
	} {
		p := compiled(t, func(p *Policy) {
			p.Location, p.Severities[0].Cadence = place(t, test.zone), test.spec
		})
		after := at(t, test.from)
		for _, want := range test.want {
			after = p.Next(test.spec, after)
			if got := after.Format(time.RFC3339); got != want {
				t.Errorf("%s: got %s, want %s", name, got, want)
			}
		}
	}
}

// A wall time is the first instant at which clocks show it or, where none does, the first at which they show a later one: found
// here by walking through the two days around it.
func TestAWallTimeIsTheFirstInstantThatShowsIt(t *testing.T) {
	zones := []string{"Europe/Berlin", "America/Santiago", "America/New_York", "Australia/Lord_Howe", "Asia/Seoul", "Africa/Casablanca",
		"Asia/Tehran", "Pacific/Apia", "America/St_Johns", "UTC", "Asia/Kathmandu", "Antarctica/Troll"}
	rapid.Check(t, func(t *rapid.T) {
		zone, err := time.LoadLocation(rapid.SampledFrom(zones).Draw(t, "zone"))
		if err != nil {
			t.Fatal(err)
		}
		// A day on which clocks are set is as likely as any other.
		day := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, rapid.IntRange(0, 700).Draw(t, "day"))
		if _, end := day.In(zone).ZoneBounds(); !end.IsZero() && rapid.Bool().Draw(t, "clocks are set") {
			day = Wall(end.Add(-time.Second)).Truncate(24 * time.Hour)
		}
		wall := day.Add(time.Duration(rapid.IntRange(0, 95).Draw(t, "quarter")) * 15 * time.Minute)
		want := time.Time{}
		for instant := wall.Add(-26 * time.Hour); ; instant = instant.Add(15 * time.Minute) {
			if shown := Wall(instant.In(zone)); !shown.Before(wall) {
				want = instant
				break
			}
		}
		if got := At(wall, zone); !got.Equal(want) {
			t.Fatalf("%s in %s: got %s, want %s", wall.Format("2006-01-02 15:04"), zone, got.UTC(), want)
		}
	})
}
