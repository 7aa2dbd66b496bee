// Package doctor looks at everything that Muster depends on and says what is wrong and what to do about it: tokens, scopes,
// channels, people, the clock, the database and undeliverable effects. It changes nothing.
package doctor

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"muster/bot/slack/manifest"
	"muster/cmd/muster/control"
	"muster/incident"
)

// Finding is one line of the answer.
type Finding struct {
	What string // what was looked at
	Says string // what was found
	Do   string // what to do about it; empty: nothing is wrong
}

// Patient is what is looked at.
type Patient struct {
	Policy   *incident.Policy
	Command  string                                            // for what is said about commands
	Slack    *Slack                                            // nil: Slack is left out
	Database func(ctx context.Context) (control.Health, error) // nil: the database is left out
}

// Examine looks at everything, in an order in which later findings may follow from earlier ones.
func Examine(ctx context.Context, p Patient) []Finding {
	var all []Finding
	if p.Slack != nil {
		all = p.slack(ctx)
	}
	if p.Database != nil {
		all = append(all, p.database(ctx)...)
	}
	return all
}

// Healthy reports whether there is nothing to do.
func Healthy(findings []Finding) bool {
	return !slices.ContainsFunc(findings, func(f Finding) bool { return f.Do != "" })
}

func fine(what, format string, args ...any) Finding {
	return Finding{What: what, Says: fmt.Sprintf(format, args...)}
}

func wrong(what, says, format string, args ...any) Finding {
	return Finding{What: what, Says: says, Do: fmt.Sprintf(format, args...)}
}

// farOff is how wrong a clock may be. Reminders and times in messages are off by as much.
const farOff = 30 * time.Second

func (p Patient) slack(ctx context.Context) []Finding {
	var self struct{ Team, User, UserID string }
	before := time.Now()
	header, err := p.Slack.call(ctx, p.Slack.BotToken, "auth.test", nil, &self)
	if err != nil {
		return []Finding{broken("bot token", err, "SLACK_BOT_TOKEN")}
	}
	all := []Finding{fine("bot token", "it is @%s in %s", self.User, self.Team)}
	if _, err := p.Slack.call(ctx, p.Slack.AppToken, "apps.connections.open", nil, nil); err != nil {
		all = append(all, broken("app token", err, "SLACK_APP_TOKEN"))
	} else {
		all = append(all, fine("app token", "it opens connections"))
	}
	all = append(all, scopes(header), clock(header, before, time.Now()))
	all = append(all, p.announcements(ctx)...)
	return append(all, p.people(ctx)...)
}

// broken explains why a token does not work.
func broken(what string, err error, variable string) Finding {
	switch code := codeOf(err); code {
	case "":
		return wrong(what, err.Error(), "see whether this machine reaches Slack, and whether SLACK_API_URL is right if it is set")
	case "invalid_auth", "not_authed", "token_revoked", "account_inactive", "token_expired":
		return wrong(what, "Slack refuses it ("+code+")", "copy the token from your app's page again into %s; reinstall the app if it was removed", variable)
	case "missing_scope":
		return wrong(what, "it lacks a scope ("+err.Error()+")", "make an app-level token with the scope connections:write for SLACK_APP_TOKEN")
	case "not_allowed_token_type":
		return wrong(what, "it is a token of another kind", "the bot token (xoxb-) belongs into SLACK_BOT_TOKEN, the app-level token (xapp-) into SLACK_APP_TOKEN")
	default:
		return wrong(what, "Slack answers "+code, "see whether Socket Mode is switched on, and the app installed, on your app's page")
	}
}

// scopes compares what the token may do with what the manifest asks for.
func scopes(header http.Header) Finding {
	granted := header.Get("X-Oauth-Scopes")
	if granted == "" {
		return fine("scopes", "Slack does not say which the token has; those that are missing show as missing_scope")
	}
	has := strings.FieldsFunc(granted, func(r rune) bool { return r == ',' || r == ' ' })
	missing := slices.DeleteFunc(manifest.Scopes(), func(scope string) bool { return slices.Contains(has, scope) })
	if len(missing) > 0 {
		return wrong("scopes", "missing are "+strings.Join(missing, ", "), "paste the output of \"muster manifest\" as your app's manifest, and reinstall the app to the workspace")
	}
	return fine("scopes", "all %d are there", len(manifest.Scopes()))
}

// clock compares this machine's clock with the time in Slack's answer, which came some time between before and after.
func clock(header http.Header, before, after time.Time) Finding {
	theirs, err := http.ParseTime(header.Get("Date"))
	if err != nil {
		return fine("clock", "Slack does not say what time it is")
	}
	off := time.Duration(0)
	switch { // a header has whole seconds
	case theirs.Add(time.Second).Before(before):
		off = before.Sub(theirs)
	case theirs.After(after):
		off = theirs.Sub(after)
	}
	if off > farOff {
		return wrong("clock", fmt.Sprintf("it differs from Slack's by %s", off.Round(time.Second)), "set this machine's clock (timedatectl set-ntp true)")
	}
	return fine("clock", "it agrees with Slack's")
}

func (p Patient) database(ctx context.Context) []Finding {
	health, err := p.Database(ctx)
	if err != nil {
		return []Finding{wrong("database", err.Error(), "do what it says, then check again")}
	}
	all := databaseFindings(health)
	for _, failed := range health.Failed {
		all = append(all, p.undeliverable(failed))
	}
	all = append(all, sockets(health))
	if p.Slack != nil {
		all = append(all, p.rooms(ctx, health.Channels)...)
	}
	return all
}

// sockets says whether the bot that runs hears anything.
func sockets(health control.Health) Finding {
	switch {
	case !health.Running:
		return fine("sockets", "no bot runs on this database, so none is open")
	case health.Sockets == 0:
		return wrong("sockets", "the bot runs, and no connection to Slack is open", "look into its log; it tries again by itself all the time")
	}
	return fine("sockets", "the bot that runs has %d open", health.Sockets)
}

func databaseFindings(health control.Health) []Finding {
	var all []Finding
	for _, problem := range health.Report.Problems {
		all = append(all, wrong("database", problem, "keep a copy of the file; if a restart does not mend it, restore the newest backup"))
	}
	for _, warning := range health.Report.Warnings {
		all = append(all, fine("database", "%s", warning))
	}
	if len(health.Report.Problems) == 0 {
		r := health.Report
		all = append(all, fine("database", "sound; incidents: %d, entries: %d, effects waiting: %d, bytes: %d", r.Aggregates[incident.Aggregate], r.Entries, r.Jobs-len(health.Failed), r.Bytes))
	}
	return all
}

// undeliverable says what became of an effect, and how it is tried again.
func (p Patient) undeliverable(failed control.Failed) Finding {
	what := fmt.Sprintf("%s could not be done (%s)", failed.Kind, failed.Reason)
	advice := "mend what Slack complains of"
	switch failed.Reason {
	case "missing_scope":
		advice = "give the app its scopes (see scopes above)"
	case "not_in_channel", "channel_not_found", "is_archived":
		advice = "bring the app back into the channel, or the channel back"
	case "restricted_action":
		advice = "ask an administrator of the workspace to allow it"
	}
	if failed.Unreadable {
		return wrong(fmt.Sprintf("effect %s", failed.Job), fmt.Sprintf("%s cannot be read by this version (%s)", failed.Kind, failed.Reason), "run the version of muster that wrote it")
	}
	if failed.Incident == "" {
		return wrong(fmt.Sprintf("effect %s", failed.Job), what, "%s", advice)
	}
	return wrong(fmt.Sprintf("effect %s of %s", failed.Job, failed.Incident), what, "%s, then type \"%s %s retry\" in Slack", advice, p.Command, failed.Incident)
}
