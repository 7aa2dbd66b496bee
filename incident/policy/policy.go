// Package policy has what a team agrees on before the night it happens: severities, roles, reminders, and who may do what. It owns
// their names.
//
// It answers questions about itself, such as whether somebody with these roles may do something. It knows no aggregate, words no
// refusal, does no I/O and knows no clock.
package policy

import (
	"muster/incident/ledger"
	"strings"
	"time"
)

// Schedule says when something comes next after a moment. Cron expressions are compiled to it outside this package.
type Schedule interface {
	Next(after time.Time) time.Time
}

// Policy is what a team agreed on before the night it happens: severities, roles, reminders, who may do what.
// It is read-only once compiled and may be shared by goroutines.
type Policy struct {
	Severities  []SeverityPolicy // the gravest first
	UnknownAs   Severity         // the level that Unknown is treated as
	Roles       []RolePolicy
	Rules       []Rule
	Permissions map[Action]Grant

	ChannelTemplate string           // of a channel's name: {id} {number} {date} {severity} {title}
	Announcements   ledger.ChannelID // where incidents are announced; empty: nowhere
	ArchiveAfter    time.Duration    // from resolved, closed or canceled to the archived channel; 0: never
	Night           Night            // when levels without Nights stay silent
	Location        *time.Location   // the time zone of cadences, nights and dates; nil: UTC

	schedules map[string]Schedule // the compiled cadences
}

// Night is the part of the day in which levels without Nights stay silent; minutes from midnight in the policy's location.
type Night struct {
	From, To int // From 1320, To 480: from 22:00 to 08:00; equal: there is no night
}

// contains reports whether a local time lies in the night.
func (n Night) contains(local time.Time) bool {
	minute := local.Hour()*60 + local.Minute()
	if n.From <= n.To {
		return minute >= n.From && minute < n.To
	}
	return minute >= n.From || minute < n.To
}

// Morning is the first moment at or after t that is not night.
func (p *Policy) Morning(t time.Time) time.Time {
	local := t.In(p.Zone())
	if !p.Night.contains(local) {
		return t
	}
	ends := func(day int) time.Time {
		return At(time.Date(local.Year(), local.Month(), local.Day()+day, p.Night.To/60, p.Night.To%60, 0, 0, time.UTC), p.Zone())
	}
	end := ends(0)
	if !end.After(local) {
		end = ends(1)
	}
	return end.UTC()
}

// Zone is the policy's time zone.
func (p *Policy) Zone() *time.Location {
	if p.Location == nil {
		return time.UTC
	}
	return p.Location
}

// EveryPrefix begins a cadence that is an interval, as robfig/cron writes it.
const EveryPrefix = "@every "

// Next is when a cadence comes next after a moment, in UTC; zero when there is no cadence. A cadence that a person set
// on one incident ("@every 20m") is always an interval, so that it needs no compiling.
func (p *Policy) Next(spec string, after time.Time) time.Time {
	if schedule, compiled := p.schedules[spec]; compiled {
		return p.scheduled(spec, schedule, after).UTC()
	}
	if every, ok := strings.CutPrefix(spec, EveryPrefix); ok {
		if interval, err := time.ParseDuration(every); err == nil && interval > 0 {
			return after.Add(interval)
		}
	}
	return time.Time{}
}

// scheduled is when a compiled cadence comes next. An interval is counted in time that passes; anything else in what clocks show,
// so that a day on which they are set has each of its moments once.
func (p *Policy) scheduled(spec string, schedule Schedule, after time.Time) time.Time {
	if strings.HasPrefix(spec, EveryPrefix) {
		return schedule.Next(after)
	}
	for wall := Wall(after.In(p.Zone())); ; {
		if wall = schedule.Next(wall); wall.IsZero() {
			return time.Time{}
		}
		if at := At(wall, p.Zone()); at.After(after) {
			return at
		}
	}
}
