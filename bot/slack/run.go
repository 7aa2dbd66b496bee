package slack

import (
	"context"
	"slices"

	"muster/bot/slack/action"
	"muster/bot/slack/command"
	"muster/incident"
)

// subcommand is how one subcommand of /incident is run.
type subcommand struct {
	of  bool // it is about one incident
	run func(b *Bot, ctx context.Context, r *request, line command.Line) (reply, error)
}

func subcommands() map[command.Name]subcommand {
	return map[command.Name]subcommand{
		command.Menu:     {false, (*Bot).runMenu},
		command.Help:     {false, (*Bot).runHelp},
		command.Unknown:  {false, (*Bot).runUnknown},
		command.Declare:  {false, (*Bot).runDeclare},
		command.List:     {false, (*Bot).runList},
		command.Assign:   {true, (*Bot).runAssign},
		command.Claim:    {true, (*Bot).runClaim},
		command.Release:  {true, (*Bot).runRelease},
		command.Roles:    {true, (*Bot).runRoles},
		command.Status:   {true, (*Bot).runStatus},
		command.Resolve:  {true, runVerb(incident.VerbResolve)},
		command.Reopen:   {true, runVerb(incident.VerbReopen)},
		command.Close:    {true, runVerb(incident.VerbClose)},
		command.Cancel:   {true, runVerb(incident.VerbCancel)},
		command.Severity: {true, (*Bot).runSeverity},
		command.Title:    {true, (*Bot).runTitle},
		command.Summary:  {true, (*Bot).runSummary},
		command.Update:   {true, (*Bot).runUpdate},
		command.Note:     {true, (*Bot).runNote},
		command.Timeline: {true, (*Bot).runTimeline},
		command.Remind:   {true, (*Bot).runRemind},
		command.Retry:    {true, (*Bot).runRetry},
	}
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
