package templates

import "time"

type timeTexts struct {
	Durations Text[DurationParts] `name:"Duration"`
	Clocks    Text[Clock]         `name:"Clock"`
	Late      Text[time.Duration] // says that what stands above should have come earlier
}

// sampleMoment is the moment that examples are told at.
func sampleMoment() time.Time { return time.Date(2026, 11, 22, 14, 5, 0, 0, time.UTC) }

// DurationParts is a duration as people say it.
type DurationParts struct{ Days, Hours, Minutes int }

func (DurationParts) sample(string) any { return DurationParts{Days: 1, Hours: 2, Minutes: 3} }

// Duration is a duration in words, to the minute, and from a day on to the hour.
func (l *Language) Duration(d time.Duration) string {
	minutes := int(max(d, 0) / time.Minute)
	parts := DurationParts{Days: minutes / (24 * 60), Hours: minutes / 60 % 24, Minutes: minutes % 60}
	if parts.Days > 0 {
		parts.Minutes = 0
	}
	return l.Durations.Plain(parts)
}

// Clock is a time of the day as it is said on one day: at its own, on the day before, or on any other.
type Clock struct {
	At              time.Time
	Today, Tomorrow bool
}

func (Clock) sample(string) any { return Clock{At: sampleMoment()} }

// Clock is the time in words, with its day where that is another one.
func (l *Language) Clock(clock Clock) string { return l.Clocks.Plain(clock) }

// newClock compares in the time zone of at, which is the one that is shown.
func newClock(at time.Time, now []time.Time) Clock {
	if len(now) == 0 {
		return Clock{At: at, Today: true}
	}
	return Clock{At: at, Today: sameDay(at, now[0]), Tomorrow: sameDay(at, now[0].In(at.Location()).AddDate(0, 0, 1))}
}

func sameDay(at, other time.Time) bool {
	return at.Format(time.DateOnly) == other.In(at.Location()).Format(time.DateOnly)
}
