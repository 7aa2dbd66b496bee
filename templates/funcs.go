package templates

import (
	"fmt"
	"strconv"
	"strings"
	"text/template"
	"time"

	"muster/incident"
)

// most is how many people are named in a row before the rest are only counted.
const most = 10

// markupFuncs are the functions of templates that become mrkdwn. What they return as Markup is not escaped again.
func markupFuncs(l *Language) template.FuncMap {
	return template.FuncMap{
		outFunc:    func(value any) string { return string(toMarkup(value)) },
		"mention":  func(user incident.UserID) Markup { return sigil("<@", string(user)) },
		"mentions": func(users []incident.UserID) Markup { return several(users, "<@") },
		"groups":   func(groups []incident.GroupID) Markup { return several(groups, "<!subteam^") },
		"channel":  channel,
		"clock":    l.clock,
		"moment":   func(at time.Time) Markup { return date(at, "{date_short_pretty} {time}", at.Format(momentFormat)) },
		"link":     link,
		"quote":    func(typed string) Markup { return lines(escape(typed), "> ") },
		"bullets":  func(typed string) Markup { return lines(escape(bare(typed)), "• ") },
		"duration": l.Duration,
		"plural":   l.plural(),
		"join":     strings.Join,
		"josa":     josa,
		"add":      func(a, b int) int { return a + b },
		"cut":      func(limit int, text string) string { return Cut(text, limit) },
	}
}

// plainFuncs are the same for plain text: header, button, option, error below a field. Slack shows that as it stands,
// so that there is nothing to escape, and nobody can be mentioned.
func plainFuncs(l *Language) template.FuncMap {
	funcs := markupFuncs(l)
	funcs[outFunc] = func(value any) string { return fmt.Sprint(value) }
	funcs["mention"] = func(incident.UserID) string { return l.Labels.Somebody }
	funcs["mentions"] = func([]incident.UserID) string { return l.Labels.Somebody }
	funcs["groups"] = func([]incident.GroupID) string { return l.Labels.Somebody }
	funcs["channel"] = func(incident.ChannelID) string { return l.Labels.TheChannel }
	funcs["clock"] = func(at time.Time, now ...time.Time) string { return l.Clock(newClock(at, now)) }
	funcs["moment"] = func(at time.Time) string { return at.Format(momentFormat) }
	funcs["link"] = func(_, text string) string { return text }
	funcs["quote"] = func(typed string) string { return typed }
	funcs["bullets"] = func(typed string) string { return typed }
	return funcs
}

const momentFormat = "2006-01-02 15:04 MST"

// toMarkup escapes whatever is not Markup yet.
func toMarkup(value any) Markup {
	if safe, ok := value.(Markup); ok {
		return safe
	}
	return escape(fmt.Sprint(value))
}

// sigil is one of Slack's <...> sequences around an ID. An ID of an unexpected shape is only shown.
func sigil(open, id string) Markup {
	if id == "" {
		return "Muster"
	}
	for _, r := range id {
		if (r < 'A' || r > 'Z') && (r < '0' || r > '9') {
			return escape(id)
		}
	}
	return Markup(open + id + ">")
}

func channel(id incident.ChannelID) Markup {
	if id == "" {
		return ""
	}
	return sigil("<#", string(id))
}

func several[T ~string](ids []T, open string) Markup {
	var named []Markup
	for _, id := range ids[:min(len(ids), most)] {
		named = append(named, sigil(open, string(id)))
	}
	if len(ids) > most {
		named = append(named, Markup("+"+strconv.Itoa(len(ids)-most)))
	}
	return Join(", ", named...)
}

// date is shown in each reader's own time zone; the fallback is in the team's.
func date(at time.Time, format, fallback string) Markup {
	return Markup(fmt.Sprintf("<!date^%d^%s|%s>", at.Unix(), format, escape(fallback)))
}

// clock is a time of the day, with the day where it is not that of now; without now the time alone. Slack says
// "tomorrow" by itself, and goes on to say "today" once it is.
func (l *Language) clock(at time.Time, now ...time.Time) Markup {
	clock, format := newClock(at, now), "{time}"
	if !clock.Today {
		format = "{date_short_pretty} {time}"
	}
	return date(at, format, l.Clock(clock))
}

// link refuses to be a link when the address could end the sequence or is no web address.
func link(address, text string) Markup {
	if !isWeb(address) {
		return escape(text)
	}
	return "<" + escape(address) + "|" + Markup(strings.ReplaceAll(string(escape(text)), "|", "¦")) + ">"
}

func lines(text Markup, prefix string) Markup {
	var out []string
	for _, line := range strings.Split(string(text), "\n") {
		if line = strings.TrimSpace(line); line != "" {
			out = append(out, prefix+line)
		}
	}
	return Markup(strings.Join(out, "\n"))
}

// bare takes away the bullets that people typed, since the template brings its own.
func bare(typed string) string {
	var out []string
	for _, line := range strings.Split(typed, "\n") {
		out = append(out, strings.TrimLeft(line, "-*•· \t"))
	}
	return strings.Join(out, "\n")
}

// josa picks the Korean particle that fits the sound a word ends in: josa "기술 리더" "이" "가" is "가".
func josa(word, closed, open string) string {
	word = strings.TrimRight(word, " )]\"'*")
	runes := []rune(word)
	if len(runes) == 0 {
		return open
	}
	last := runes[len(runes)-1]
	switch {
	case last >= '가' && last <= '힣':
		final := (last - '가') % 28
		if final == 0 || (final == 8 && closed == "으로") {
			return open
		}
		return closed
	case strings.ContainsRune("178lLrR", last):
		if closed == "으로" {
			return open
		}
		return closed
	case strings.ContainsRune("036mMnN", last):
		return closed
	}
	return open
}
