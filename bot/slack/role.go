package slack

import (
	"context"

	"muster/bot/slack/action"
	"muster/bot/slack/command"
	"muster/incident"

	"github.com/slack-go/slack"
)

func (b *Bot) runAssign(ctx context.Context, r *request, line command.Line) (reply, error) {
	if line.Rest == "" {
		return b.askAssign(r)
	}
	name, person, found := b.grammar.RoleAndPerson(line.Rest, b.isRole)
	if name == "" {
		return say(b.to(r).Usage(string(command.Assign), r.in))
	}
	role, known := b.policy.ParseRole(name)
	if !known {
		return reply{}, &incident.Refusal{Code: incident.RefuseUnknownRole, Text: name}
	}
	if !found {
		return say(b.to(r).Usage(string(command.Assign), r.in))
	}
	user, err := b.find(r, person)
	if err != nil {
		return reply{}, err
	}
	return b.assign(ctx, r, role, user)
}

// isRole reports whether a role is called so.
func (b *Bot) isRole(name string) bool {
	_, known := b.policy.ParseRole(name)
	return known
}

// find is the person whom a word names.
func (b *Bot) find(r *request, person command.Person) (incident.UserID, error) {
	if person.Self {
		return r.actor.ID, nil
	}
	if person.ID != "" {
		return person.ID, nil
	}
	if user, ok := b.people.ByName(person.Name); ok {
		return user, nil
	}
	return "", &incident.Refusal{Code: incident.RefuseUnknownPerson, Text: person.Name}
}

// assign gives a role to somebody. Giving a single role to somebody else hands it over.
func (b *Bot) assign(ctx context.Context, r *request, role incident.Role, user incident.UserID) (reply, error) {
	assignee, err := b.desk.Who(ctx, user)
	if err != nil {
		return reply{}, err
	}
	return b.apply(ctx, r, incident.AssignRole{Role: role, Assignee: assignee, Replace: user != r.actor.ID})
}

func (b *Bot) runClaim(ctx context.Context, r *request, line command.Line) (reply, error) {
	name := command.Plain(line.Rest)
	if name == "" {
		return b.askAssign(r)
	}
	role, known := b.policy.ParseRole(name)
	if !known {
		return reply{}, &incident.Refusal{Code: incident.RefuseUnknownRole, Text: name}
	}
	return b.assign(ctx, r, role, r.actor.ID)
}

// runRelease gives a role back; without a name, the only one that the person holds.
func (b *Bot) runRelease(ctx context.Context, r *request, line command.Line) (reply, error) {
	name, person, found := b.grammar.RoleAndPerson(line.Rest, b.isRole)
	if !found && !b.isRole(name) {
		if _, known := b.people.ByName(name); known { // "release bob"
			name, person, found = "", command.Person{Name: name}, true
		}
	}
	user := r.actor.ID
	if found {
		var err error
		if user, err = b.find(r, person); err != nil {
			return reply{}, err
		}
	}
	if name == "" {
		var held []incident.Role
		for _, assignment := range r.in.Roles {
			if assignment.User == user {
				held = append(held, assignment.Role)
			}
		}
		if len(held) != 1 {
			return b.runRoles(ctx, r, line)
		}
		name = string(held[0])
	}
	role, known := b.policy.ParseRole(name)
	if !known {
		return reply{}, &incident.Refusal{Code: incident.RefuseUnknownRole, Text: name}
	}
	return b.apply(ctx, r, incident.ReleaseRole{Role: role, User: user})
}

func (b *Bot) runRoles(_ context.Context, r *request, _ command.Line) (reply, error) {
	if err := b.permit(r, incident.ActView); err != nil {
		return reply{}, err
	}
	return say(b.to(r).Roles(*r.in, r.now))
}

func (b *Bot) askAssign(r *request) (reply, error) {
	if err := b.refused(r, incident.AssignRole{}); err != nil {
		return reply{}, err
	}
	return ask(b.to(r).AssignModal(*r.in))
}

func (b *Bot) clickTakeRole(ctx context.Context, r *request, clicked action.Action, _ *slack.BlockAction) (reply, error) {
	return quietly(r)(b.assign(ctx, r, incident.Role(clicked.Arg), r.actor.ID))
}

func (b *Bot) clickAssignRole(ctx context.Context, r *request, clicked action.Action, block *slack.BlockAction) (reply, error) {
	if block.SelectedUser == "" {
		return reply{}, nil
	}
	return quietly(r)(b.assign(ctx, r, incident.Role(clicked.Arg), incident.UserID(block.SelectedUser)))
}

func (b *Bot) clickReleaseRole(ctx context.Context, r *request, clicked action.Action, _ *slack.BlockAction) (reply, error) {
	return quietly(r)(b.apply(ctx, r, incident.ReleaseRole{Role: incident.Role(clicked.Arg)}))
}

func (b *Bot) submitAssign(ctx context.Context, r *request, _ action.Action, form slack.View) (reply, error) {
	role, user := field(form, action.FieldRole), field(form, action.FieldPerson)
	if user == "" {
		return reply{}, &incident.Refusal{Code: incident.RefuseUnknownPerson}
	}
	return b.assign(ctx, r, incident.Role(role), incident.UserID(user))
}
