package config

import (
	"fmt"
	"strings"
	"time"

	"github.com/robfig/cron/v3"

	"muster/incident"
)

// ParseCadence reads a cadence: five cron fields ("0 10 * * MON-FRI", in the policy's time zone) or "@every 30m".
func ParseCadence(spec string) (incident.Schedule, error) {
	if strings.HasPrefix(spec, "TZ=") || strings.HasPrefix(spec, "CRON_TZ=") {
		return nil, fmt.Errorf("the time zone belongs under time_zone")
	}
	schedule, err := cron.ParseStandard(spec)
	if err != nil {
		return nil, err
	}
	return schedule, nil
}

// cadence checks what was written for a cadence. A bare length of time means "@every" of it; "" means no updates are due.
func cadence(text string) (string, error) {
	text = strings.Join(strings.Fields(text), " ")
	if text == "" {
		return "", nil
	}
	if _, err := time.ParseDuration(text); err == nil {
		text = "@every " + text
	}
	schedule, err := ParseCadence(text)
	if err != nil {
		return "", fmt.Errorf("%q is not a cadence; write a length of time such as 30m, or five cron fields such as 0 10 * * MON-FRI", text)
	}
	if constant, ok := schedule.(cron.ConstantDelaySchedule); ok && constant.Delay < incident.ShortestPause {
		return "", fmt.Errorf("%q is too often; the shortest cadence is %s", text, "1m")
	}
	if schedule.Next(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)).IsZero() {
		return "", fmt.Errorf("%q never comes", text)
	}
	return text, nil
}

// Pace makes every cadence, every reminder's duration and the delay of the archive pass faster times as fast, for watching in a
// demo what else takes hours. There is no night then. The policy answered is compiled; the one given is left alone.
func Pace(p *incident.Policy, faster float64) (*incident.Policy, error) {
	paced := *p
	paced.Severities = append([]incident.SeverityPolicy(nil), p.Severities...)
	paced.Rules = append([]incident.Rule(nil), p.Rules...)
	quick := func(d time.Duration) time.Duration {
		if d <= 0 {
			return d
		}
		return max(time.Second, time.Duration(float64(d)/faster).Round(time.Second))
	}
	for i, level := range paced.Severities {
		if every, ok := strings.CutPrefix(level.Cadence, "@every "); ok {
			if interval, err := time.ParseDuration(every); err == nil {
				paced.Severities[i].Cadence = "@every " + quick(interval).String()
			}
		}
	}
	for i, rule := range paced.Rules {
		paced.Rules[i].After, paced.Rules[i].Every = quick(rule.After), quick(rule.Every)
	}
	paced.ArchiveAfter = quick(p.ArchiveAfter)
	if faster > 1 {
		paced.Night = incident.Night{}
	}
	err := paced.Compile(func(spec string) (incident.Schedule, error) {
		schedule, err := ParseCadence(spec)
		if err != nil || strings.HasPrefix(spec, "@every ") {
			return schedule, err
		}
		return pacedSchedule{schedule, faster}, nil
	})
	if err != nil {
		return nil, fmt.Errorf("pace policy: %w", err)
	}
	return &paced, nil
}

// pacedSchedule brings the next time of a cron expression nearer.
type pacedSchedule struct {
	incident.Schedule
	faster float64
}

func (s pacedSchedule) Next(after time.Time) time.Time {
	next := s.Schedule.Next(after)
	if next.IsZero() {
		return next
	}
	return after.Add(max(time.Second, time.Duration(float64(next.Sub(after))/s.faster)))
}
