package command

import (
	"regexp"
	"strconv"
	"strings"
	"time"
)

var durationPart = regexp.MustCompile(`^(\d{1,6})\s*(days?|d|일|hours?|hrs?|h|시간|minutes?|mins?|m|분|)`)

// longest is the longest time that anybody means; what is longer does not fit into a Duration some day.
const longest = 10 * 365 * 24 * time.Hour

// ParseDuration reads "30m", "1h30m", "2 hours", "90" (minutes), "30분", "1시간 30분".
func ParseDuration(text string) (time.Duration, bool) {
	text = strings.ToLower(strings.TrimSpace(text))
	if text == "" {
		return 0, false
	}
	var total time.Duration
	for text != "" {
		match := durationPart.FindStringSubmatch(text)
		if match == nil {
			return 0, false
		}
		count, err := strconv.Atoi(match[1])
		if err != nil {
			return 0, false
		}
		unit := time.Minute
		switch {
		case strings.HasPrefix(match[2], "d"), match[2] == "일":
			unit = 24 * time.Hour
		case strings.HasPrefix(match[2], "h"), match[2] == "시간":
			unit = time.Hour
		}
		if time.Duration(count) > longest/unit {
			return 0, false
		}
		if total += time.Duration(count) * unit; total > longest {
			return 0, false
		}
		text = strings.TrimSpace(text[len(match[0]):])
	}
	return total, true
}

var clock = regexp.MustCompile(`^(\d{1,2}):(\d{2})$`)

// ParseWhen reads when something happened: "14:05" (today in the person's zone; yesterday when that is still to come) or
// how long ago: "20m".
func ParseWhen(text string, now time.Time, zone *time.Location) (time.Time, bool) {
	text = strings.TrimSpace(strings.ToLower(text))
	for _, ago := range []string{"ago", "전에", "전"} {
		text = strings.TrimSpace(strings.TrimSuffix(text, ago))
	}
	if match := clock.FindStringSubmatch(text); match != nil {
		hour, _ := strconv.Atoi(match[1])
		minute, _ := strconv.Atoi(match[2])
		if hour > 23 || minute > 59 {
			return time.Time{}, false
		}
		local := now.In(zone)
		at := time.Date(local.Year(), local.Month(), local.Day(), hour, minute, 0, 0, zone)
		if at.After(now) {
			at = time.Date(local.Year(), local.Month(), local.Day()-1, hour, minute, 0, 0, zone)
		}
		return at, true
	}
	if ago, ok := ParseDuration(text); ok {
		return now.Add(-ago), true
	}
	return time.Time{}, false
}
