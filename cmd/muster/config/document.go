package config

import (
	"fmt"
	"strings"
	"time"
)

// document is a file as it is written: what is nil was not given. The tags are the keys, and every key is here.
type document struct {
	Language      *string                  `yaml:"language"`
	Templates     *string                  `yaml:"templates"`
	Command       *string                  `yaml:"command"`
	Alias         *string                  `yaml:"alias"`
	Database      *string                  `yaml:"database"`
	Sockets       *int                     `yaml:"sockets"`
	Drain         *duration                `yaml:"drain"`
	LogLevel      *string                  `yaml:"log_level"`
	Metrics       *string                  `yaml:"metrics"`
	TimeZone      *string                  `yaml:"time_zone"`
	Night         *nightDocument           `yaml:"night"`
	Channel       *channelDocument         `yaml:"channel"`
	Announcements *string                  `yaml:"announcements"`
	UnknownIs     *string                  `yaml:"unknown_severity_is"`
	Severities    []severityDocument       `yaml:"severities"`
	Roles         []roleDocument           `yaml:"roles"`
	Reminders     map[string]ruleDocument  `yaml:"reminders"`
	Permissions   map[string]grantDocument `yaml:"permissions"`
}

type nightDocument struct {
	From *clock `yaml:"from"`
	To   *clock `yaml:"to"`
}

type channelDocument struct {
	Name         *string   `yaml:"name"`
	ArchiveAfter *duration `yaml:"archive_after"`
}

type severityDocument struct {
	Name          *string         `yaml:"name"`
	Remove        *bool           `yaml:"remove"`
	Meaning       *string         `yaml:"meaning"`
	Major         *bool           `yaml:"major"`
	Priority      *string         `yaml:"priority"`
	Cadence       *string         `yaml:"cadence"`
	Nights        *bool           `yaml:"nights"`
	RequiredRoles []string        `yaml:"required_roles"`
	Invite        *inviteDocument `yaml:"invite"`
}

type inviteDocument struct {
	Users  []string `yaml:"users"`
	Groups []string `yaml:"groups"`
}

type roleDocument struct {
	Name       *string  `yaml:"name"`
	Remove     *bool    `yaml:"remove"`
	Label      *string  `yaml:"label"`
	Duty       *string  `yaml:"duty"`
	FirstSteps []string `yaml:"first_steps"`
	Aliases    []string `yaml:"aliases"`
	Deputies   *bool    `yaml:"deputies"`
	Several    *bool    `yaml:"several"`
	OnCard     *bool    `yaml:"on_card"`
}

type ruleDocument struct {
	Off   *bool     `yaml:"off"`
	After *duration `yaml:"after"`
	Every *duration `yaml:"every"`
	Times *int      `yaml:"times"`
	To    []string  `yaml:"to"`
}

type grantDocument struct {
	Anyone      *bool    `yaml:"anyone"`
	RoleHolders *bool    `yaml:"role_holders"`
	Roles       []string `yaml:"roles"`
	Users       []string `yaml:"users"`
	Groups      []string `yaml:"groups"`
	Guests      *bool    `yaml:"guests"`
}

// scalar is a value that is read from one word.
type scalar interface{ read(text string) error }

// duration is "90s", "5m", "4h", "1h30m" or "0".
type duration time.Duration

func (d *duration) read(text string) error {
	value, err := time.ParseDuration(strings.TrimSpace(text))
	if err != nil || value < 0 {
		return fmt.Errorf("%q is not a length of time; write it like 90s, 5m or 4h", text)
	}
	*d = duration(value)
	return nil
}

// clock is a time of the day as minutes from midnight.
type clock int

func (c *clock) read(text string) error {
	at, err := time.Parse("15:04", strings.TrimSpace(text))
	if err != nil {
		return fmt.Errorf("%q is not a time of the day; write it like \"22:00\"", text)
	}
	*c = clock(at.Hour()*60 + at.Minute())
	return nil
}

// short reads "anyone" and "role_holders", which need no mapping.
func (g *grantDocument) short(text string) error {
	yes := true
	switch text {
	case "anyone":
		*g = grantDocument{Anyone: &yes}
	case "role_holders":
		*g = grantDocument{RoleHolders: &yes}
	default:
		return fmt.Errorf("%q says not who; write anyone, role_holders, or keys such as roles: [incident_manager]", text)
	}
	return nil
}
