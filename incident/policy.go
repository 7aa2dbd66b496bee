package incident

import (
	"fmt"
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

	ChannelTemplate string        // of a channel's name: {id} {number} {date} {severity} {title}
	Announcements   ChannelID     // where incidents are announced; empty: nowhere
	ArchiveAfter    time.Duration // from resolved, closed or canceled to the archived channel; 0: never
	Night           Night         // when levels without Nights stay silent
	Location        *time.Location
	schedules       map[string]Schedule
	compileSchedule func(spec string) (Schedule, error)
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

// morning is the first moment at or after t that is not night.
func (p *Policy) morning(t time.Time) time.Time {
	local := t.In(p.Location)
	if !p.Night.contains(local) {
		return t
	}
	end := time.Date(local.Year(), local.Month(), local.Day(), p.Night.To/60, p.Night.To%60, 0, 0, p.Location)
	if !end.After(local) {
		end = time.Date(local.Year(), local.Month(), local.Day()+1, p.Night.To/60, p.Night.To%60, 0, 0, p.Location)
	}
	return end.UTC()
}

// Compile checks the policy and makes its cadences ready with parse, which reads a cron expression (robfig/cron's
// ParseStandard in the program). It must be called once before the policy is used; its error names what is wrong.
func (p *Policy) Compile(parse func(spec string) (Schedule, error)) error {
	if p.Location == nil {
		p.Location = time.UTC
	}
	p.schedules, p.compileSchedule = map[string]Schedule{}, parse
	for _, level := range p.Severities {
		if err := p.compile(level.Cadence); err != nil {
			return fmt.Errorf("severity %s: %w", level.Name, err)
		}
		for _, role := range level.RequiredRoles {
			if _, known := p.Role(role); !known {
				return fmt.Errorf("severity %s: required role %q is not defined", level.Name, role)
			}
		}
	}
	if len(p.Severities) == 0 || p.rank(p.UnknownAs) == len(p.Severities) {
		return fmt.Errorf("unknown is treated as %q, which is not a severity", p.UnknownAs)
	}
	for _, action := range Actions() {
		if _, given := p.Permissions[action]; !given {
			return fmt.Errorf("nobody is allowed to %s", action)
		}
	}
	return nil
}

func (p *Policy) location() *time.Location {
	if p.Location == nil {
		return time.UTC
	}
	return p.Location
}

func (p *Policy) compile(spec string) error {
	if spec == "" {
		return nil
	}
	schedule, err := p.compileSchedule(spec)
	if err != nil {
		return fmt.Errorf("cadence %q: %w", spec, err)
	}
	if schedule.Next(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)).IsZero() {
		return fmt.Errorf("cadence %q never comes", spec)
	}
	p.schedules[spec] = schedule
	return nil
}

// next is when a cadence comes next after a moment, in UTC; zero when there is no cadence. A cadence that a person set
// on one incident ("@every 20m") is always an interval, so that it needs no compiling.
func (p *Policy) next(spec string, after time.Time) time.Time {
	if schedule, compiled := p.schedules[spec]; compiled {
		return schedule.Next(after.In(p.Location)).UTC()
	}
	if interval, err := time.ParseDuration(trimEvery(spec)); err == nil && interval > 0 {
		return after.Add(interval)
	}
	return time.Time{}
}

func trimEvery(spec string) string {
	const every = "@every "
	if len(spec) > len(every) && spec[:len(every)] == every {
		return spec[len(every):]
	}
	return ""
}
