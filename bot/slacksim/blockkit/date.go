package blockkit

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// slackDate is the time that timestamp^format[^link] names, and how it reads; ok is false where Slack would show the
// fallback.
func slackDate(ref string, now time.Time, zone *time.Location) (at time.Time, words, link string, ok bool) {
	parts := strings.SplitN(ref, "^", 3)
	if len(parts) < 2 || parts[1] == "" {
		return time.Time{}, "", "", false
	}
	seconds, err := strconv.ParseInt(parts[0], 10, 64)
	if err != nil || seconds < 0 || seconds > 253402300799 {
		return time.Time{}, "", "", false
	}
	if len(parts) == 3 {
		link = parts[2]
	}
	at = time.Unix(seconds, 0).In(zone)
	return at, dateWords(parts[1], at, now.In(zone)), link, true
}

// dateWords fills in a date format such as "{date_short_pretty} at {time}".
func dateWords(format string, at, now time.Time) string {
	pretty := func(layout string) string {
		day := func(t time.Time) time.Time { return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, t.Location()) }
		switch {
		case day(at).Equal(day(now)):
			return "today"
		case day(at).Equal(day(now.AddDate(0, 0, -1))):
			return "yesterday"
		case day(at).Equal(day(now.AddDate(0, 0, 1))):
			return "tomorrow"
		}
		return at.Format(layout)
	}
	const long, medium, short = "Monday, January 2, 2006", "January 2, 2006", "Jan 2, 2006"
	return strings.NewReplacer(
		"{date_num}", at.Format("2006-01-02"), "{date_slash}", at.Format("2006/01/02"),
		"{date}", at.Format(medium), "{date_pretty}", pretty(medium),
		"{date_short}", at.Format(short), "{date_short_pretty}", pretty(short),
		"{date_long}", at.Format(long), "{date_long_pretty}", pretty(long), "{day_divider_pretty}", pretty(long),
		"{date_long_full}", at.Format(long), "{time}", at.Format("15:04"), "{time_secs}", at.Format("15:04:05"),
		"{ago}", ago(at, now)).Replace(format)
}

// ago is the distance between two times in words.
func ago(at, now time.Time) string {
	d, before := now.Sub(at), true
	if d < 0 {
		d, before = -d, false
	}
	var n int
	var unit string
	switch {
	case d < time.Minute:
		return "just now"
	case d < time.Hour:
		n, unit = int(d/time.Minute), "minute"
	case d < 24*time.Hour:
		n, unit = int(d/time.Hour), "hour"
	default:
		n, unit = int(d/(24*time.Hour)), "day"
	}
	words := fmt.Sprintf("%d %s", n, unit)
	if n != 1 {
		words += "s"
	}
	if before {
		return words + " ago"
	}
	return "in " + words
}
