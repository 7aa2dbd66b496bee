package command

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"muster/templates"
)

// durationPart is a number and a unit in the words of any language; without a unit it counts minutes.
func durationPart(typed *templates.Typed) *regexp.Regexp {
	var units []string
	for _, unit := range typed.Meanings(templates.TypedUnit) {
		for _, word := range typed.Words(templates.TypedUnit, unit) {
			units = append(units, regexp.QuoteMeta(word))
		}
	}
	slices.SortFunc(units, func(a, b string) int { return len(b) - len(a) }) // "mins" is no "m" with something behind it
	return regexp.MustCompile(`^(\d{1,6})\s*(` + strings.Join(units, "|") + `|)`)
}

// longest is the longest time that anybody means; what is longer does not fit into a Duration some day.
const longest = 10 * 365 * 24 * time.Hour

// ParseDuration reads "30m", "1h30m", "2 hours", "90" (minutes), "30분", "1시간 30분".
func (g Grammar) ParseDuration(text string) (time.Duration, bool) {
	text = strings.ToLower(strings.TrimSpace(text))
	if text == "" {
		return 0, false
	}
	var total time.Duration
	for text != "" {
		match := g.part.FindStringSubmatch(text)
		if match == nil {
			return 0, false
		}
		count, err := strconv.Atoi(match[1])
		if err != nil {
			return 0, false
		}
		unit := time.Minute
		switch g.meaning(templates.TypedUnit, match[2]) {
		case "day":
			unit = 24 * time.Hour
		case "hour":
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
func (g Grammar) ParseWhen(text string, now time.Time, zone *time.Location) (time.Time, bool) {
	text = strings.TrimSpace(strings.ToLower(text))
	for _, ago := range g.past {
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
	if ago, ok := g.ParseDuration(text); ok {
		return now.Add(-ago), true
	}
	return time.Time{}, false
}
