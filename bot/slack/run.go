package slack

import (
	"context"
	"fmt"
	"slices"

	"muster/bot/slack/action"
	"muster/bot/slack/command"
	"muster/incident"
	"muster/templates"
)

// subcommand is how one subcommand of /incident is run.
type subcommand struct {
	of  bool // it is about one incident
	run func(b *Bot, ctx context.Context, r *request, line command.Line) (reply, error)
}

// subcommands is the table of all that can be typed. A name is a constant in command where other code speaks of it.
func subcommands() map[command.Name]subcommand {
	return map[command.Name]subcommand{
		command.Menu:     {run: (*Bot).runMenu},
		command.Help:     {run: (*Bot).runHelp},
		command.Unknown:  {run: (*Bot).runUnknown},
		command.Declare:  {run: (*Bot).runDeclare},
		command.List:     {run: (*Bot).runList},
		command.Assign:   {of: true, run: (*Bot).runAssign},
		command.Claim:    {of: true, run: (*Bot).runClaim},
		command.Release:  {of: true, run: (*Bot).runRelease},
		command.Roles:    {of: true, run: (*Bot).runRoles},
		command.Status:   {of: true, run: (*Bot).runStatus},
		command.Resolve:  {of: true, run: runVerb(incident.VerbResolve)},
		command.Reopen:   {of: true, run: runVerb(incident.VerbReopen)},
		command.Close:    {of: true, run: runVerb(incident.VerbClose)},
		command.Cancel:   {of: true, run: runVerb(incident.VerbCancel)},
		command.Severity: {of: true, run: (*Bot).runSeverity},
		command.Title:    {of: true, run: (*Bot).runTitle},
		command.Summary:  {of: true, run: (*Bot).runSummary},
		command.Update:   {of: true, run: (*Bot).runUpdate},
		command.Note:     {of: true, run: (*Bot).runNote},
		command.Timeline: {of: true, run: (*Bot).runTimeline},
		command.Remind:   {of: true, run: (*Bot).runRemind},
		command.Retry:    {of: true, run: (*Bot).runRetry},
	}
}

// checkSubcommands compares the table with what may be typed, and with how that is explained.
func checkSubcommands(table map[command.Name]subcommand, typed *templates.Typed) error {
	names := command.New(typed).Names()
	for name := range table {
		if name != command.Unknown && !slices.Contains(names, name) {
			return fmt.Errorf("nobody can type the subcommand %q: no language has the text typed/command/%s", name, name)
		}
	}
	for _, name := range names {
		if _, known := table[name]; !known {
			return fmt.Errorf("people can type %q, and there is no such subcommand", name)
		}
	}
	return nil
}

// run finds the subcommand and the incident that a line is about, and runs it.
func (b *Bot) run(ctx context.Context, r *request, text string) (reply, error) {
	line := b.grammar.Parse(text)
	if line.Incident != "" {
		in, err := b.desk.Show(ctx, r.actor, line.Incident)
		if err != nil {
			return reply{}, err
		}
		r.in = &in
	}
	sub := subcommands()[line.Name]
	if sub.of && r.in == nil {
		return b.pick(ctx, r, line)
	}
	return sub.run(b, ctx, r, line)
}

// picks is how many incidents are offered.
const picks = 10

// pick offers the open incidents as buttons when a line needs one and names none.
func (b *Bot) pick(ctx context.Context, r *request, line command.Line) (reply, error) {
	query := incident.Query{Scope: incident.ScopeOpen, Limit: picks}
	// What is over can be brought back or closed, and nothing else can.
	switch line.Name {
	case command.Reopen:
		query.Scope = incident.ScopeFinished
	case command.Close:
		query.Status = incident.Resolved
	}
	page, err := b.desk.List(ctx, r.actor, query)
	if err != nil {
		return reply{}, err
	}
	page.Incidents = slices.DeleteFunc(page.Incidents, func(in incident.Incident) bool {
		return line.Name == command.Reopen && !contains(in.Status.Possible(), incident.VerbReopen)
	})
	// A line that a button has no room for is not cut in half: the person types it again where it belongs.
	text := line.String()
	if len(text) > action.MaxArg {
		text = ""
	}
	return say(b.to(r).PickIncident(page.Incidents, text))
}

func (b *Bot) runMenu(_ context.Context, r *request, _ command.Line) (reply, error) {
	if r.in != nil {
		if err := b.permit(r, incident.ActView); err != nil {
			return reply{}, err
		}
	}
	return say(b.to(r).Menu(r.in))
}

func (b *Bot) runHelp(_ context.Context, r *request, line command.Line) (reply, error) {
	topic, _ := command.Word(line.Rest)
	if topic != "" {
		if named := b.grammar.Parse(topic); named.Name != command.Unknown {
			topic = string(named.Name)
		}
	}
	return say(b.to(r).Help(topic, b.here(r)))
}

func (b *Bot) runUnknown(_ context.Context, r *request, line command.Line) (reply, error) {
	return say(b.to(r).UnknownCommand(command.Plain(line.Typed), string(line.Nearest), b.seen(r)))
}

// here is the incident in whose channel the request was made, if the person may know of it.
func (b *Bot) here(r *request) *incident.Incident {
	if in := b.seen(r); in != nil && in.Channel.ID == r.channel {
		return in
	}
	return nil
}

// seen is the request's incident, if the person may read it.
func (b *Bot) seen(r *request) *incident.Incident {
	if r.in != nil && b.permit(r, incident.ActView) == nil {
		return r.in
	}
	return nil
}
