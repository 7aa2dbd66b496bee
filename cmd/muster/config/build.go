package config

import (
	"fmt"
	"net"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/rs/zerolog"

	"muster/incident"
	"muster/templates"
)

// builder lays a document over the defaults and checks what it says.
type builder struct {
	places   map[string]place
	config   *Config
	problems []Problem
}

func (b *builder) complain(path, format string, args ...any) {
	at, known := b.places[path]
	if !known {
		at = b.places[strings.TrimSuffix(path, "#")]
	}
	b.problems = append(b.problems, Problem{Line: max(1, at.line), Column: max(1, at.column), Text: fmt.Sprintf(format, args...)})
}

func (b *builder) build(doc document) {
	c := b.config
	set(&c.Templates, doc.Templates)
	b.language(doc.Language)
	b.command("command", doc.Command, &c.Command)
	b.command("alias", doc.Alias, &c.Alias)
	if c.Alias != "" && c.Alias == c.Command {
		b.complain("alias", "alias: %s is the command itself; leave the alias empty", c.Alias)
	}
	if set(&c.Database, doc.Database); c.Database == "" {
		b.complain("database", "database: the path of a file is missing, such as muster.db")
	}
	if set(&c.Sockets, doc.Sockets); c.Sockets < 1 || c.Sockets > 10 {
		b.complain("sockets", "sockets: %d is not possible; Slack allows 1 to 10, and 2 leave no gap when one reconnects", c.Sockets)
	}
	if doc.Drain != nil {
		c.Drain = time.Duration(*doc.Drain)
	}
	b.logLevel(doc.LogLevel)
	b.metrics(doc.Metrics)
	b.surroundings(doc)
	b.roles(doc.Roles)
	b.severities(doc.Severities)
	b.unknownIs(doc.UnknownIs)
	b.reminders(doc.Reminders)
	b.permissions(doc.Permissions)
}

// set takes over what was given.
func set[T any](to *T, given *T) {
	if given != nil {
		*to = *given
	}
}

func (b *builder) language(given *string) {
	set(&b.config.Language, given)
	known := templates.Languages()
	for _, language := range known {
		if b.config.Language == language {
			return
		}
	}
	if b.config.Templates == "" {
		b.complain("language", "language: there are no words in %q; %s, or name a folder with all texts under templates", b.config.Language, oneOf(b.config.Language, known))
	}
}

func (b *builder) command(key string, given, to *string) {
	if given == nil || key == "alias" && *given == "" {
		return
	}
	*to = *given
	if !regexp.MustCompile(`^/[^\s/A-Z]{1,31}$`).MatchString(*given) {
		b.complain(key, "%s: %q is no slash command; write a slash and up to 31 characters without spaces or capitals, such as /incident", key, *given)
	}
}

func (b *builder) logLevel(given *string) {
	if given == nil {
		return
	}
	possible := []string{"debug", "info", "warn", "error"}
	for _, name := range possible {
		if name == *given {
			b.config.LogLevel, _ = zerolog.ParseLevel(name)
			return
		}
	}
	b.complain("log_level", "log_level: %q is not a level; %s", *given, oneOf(*given, possible))
}

func (b *builder) metrics(given *string) {
	if given == nil || *given == "" {
		return
	}
	b.config.Metrics = *given
	host, port, err := net.SplitHostPort(*given)
	number, portErr := strconv.Atoi(port)
	if err != nil || portErr != nil || number < 0 || number > 65535 {
		b.complain("metrics", "metrics: %q is not an address; write host and port, such as 127.0.0.1:9095", *given)
		return
	}
	if ip := net.ParseIP(host); host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		b.complain("metrics", "metrics: %q can be reached from other machines, and figures are served to everybody who asks; write a loopback address such as 127.0.0.1:%s", *given, port)
	}
}

// surroundings are the policy's values that stand alone.
func (b *builder) surroundings(doc document) {
	p := b.config.Policy
	if doc.TimeZone != nil {
		zone, err := time.LoadLocation(*doc.TimeZone)
		if err != nil || *doc.TimeZone == "" {
			b.complain("time_zone", "time_zone: %q is not a time zone; write its name in the IANA list, such as Asia/Seoul, Europe/Berlin or UTC", *doc.TimeZone)
		} else {
			p.Location = zone
		}
	}
	if doc.Night != nil {
		if doc.Night.From != nil {
			p.Night.From = int(*doc.Night.From)
		}
		if doc.Night.To != nil {
			p.Night.To = int(*doc.Night.To)
		}
	}
	if doc.Channel != nil {
		b.channel(*doc.Channel)
	}
	if doc.Announcements != nil && *doc.Announcements != "" {
		p.Announcements = incident.ChannelID(*doc.Announcements)
		if !regexp.MustCompile(`^[CG][A-Z0-9]{5,}$`).MatchString(*doc.Announcements) {
			b.complain("announcements", "announcements: %q is not the ID of a channel; write one such as C0123456789, which stands at the end of the channel's details in Slack", *doc.Announcements)
		}
	}
}

func (b *builder) channel(doc channelDocument) {
	p := b.config.Policy
	if doc.Name != nil {
		p.ChannelTemplate = *doc.Name
		known := []string{"{id}", "{number}", "{date}", "{severity}", "{title}"}
		some := false
		for _, part := range regexp.MustCompile(`\{[^}]*\}?`).FindAllString(*doc.Name, -1) {
			found := false
			for _, placeholder := range known {
				found = found || part == placeholder
			}
			if some = some || part == "{id}" || part == "{number}"; !found {
				b.complain("channel.name", "name: %s stands for nothing; %s", part, oneOf(part, known))
			}
		}
		if !some {
			b.complain("channel.name", "name: %q would give channels one and the same name; use {id} or {number} in it", *doc.Name)
		}
	}
	if doc.ArchiveAfter != nil {
		p.ArchiveAfter = time.Duration(*doc.ArchiveAfter)
	}
}
