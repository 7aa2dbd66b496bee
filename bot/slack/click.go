package slack

import (
	"context"
	"fmt"
	"strings"

	"muster/bot/slack/action"
	"muster/bot/slack/command"
	"muster/incident"

	"github.com/slack-go/slack"
)

type click = func(b *Bot, ctx context.Context, r *request, clicked action.Action, block *slack.BlockAction) (reply, error)

// clicks is what each button and select does.
func clicks() map[action.Name]click {
	return map[action.Name]click{
		action.TakeRole:     (*Bot).clickTakeRole,
		action.AssignRole:   (*Bot).clickAssignRole,
		action.ReleaseRole:  (*Bot).clickReleaseRole,
		action.MoreRoles:    (*Bot).clickMoreRoles,
		action.Status:       (*Bot).clickStatus,
		action.OpenUpdate:   (*Bot).clickOpenUpdate,
		action.OpenSeverity: (*Bot).clickOpenSeverity,
		action.OpenNote:     (*Bot).clickOpenNote,
		action.Snooze:       (*Bot).clickSnooze,
		action.Pause:        (*Bot).clickPause,
		action.Resume:       (*Bot).clickResume,
		action.Why:          (*Bot).clickWhy,
		action.OpenDeclare:  (*Bot).clickOpenDeclare,
		action.List:         (*Bot).clickList,
		action.Timeline:     (*Bot).clickTimeline,
		action.Retry:        (*Bot).clickRetry,
		action.Help:         (*Bot).clickHelp,
		action.Pick:         (*Bot).clickPick,
		action.RefreshHome:  (*Bot).clickRefreshHome,
		action.Link:         (*Bot).clickLink,
	}
}

// click runs one button or select. The incident it belongs to is read anew: the card may be older than its state.
func (b *Bot) click(ctx context.Context, r *request, block *slack.BlockAction) (reply, error) {
	clicked, err := action.Parse(block.ActionID)
	if err != nil {
		return reply{}, err
	}
	run, known := clicks()[clicked.Name]
	if !known {
		return reply{}, fmt.Errorf("click: unknown action %q", clicked.Name)
	}
	if err := b.about(ctx, r, clicked); err != nil {
		return reply{}, err
	}
	return run(b, ctx, r, clicked, block)
}

// about makes the incident that an action carries the request's. An action that needs one and has none is not of our making.
func (b *Bot) about(ctx context.Context, r *request, what action.Action) error {
	if what.Incident == "" {
		if r.in == nil && !what.Name.Alone() {
			return fmt.Errorf("action %q is about no incident", what.Name)
		}
		return nil
	}
	in, err := b.desk.Show(ctx, r.actor, what.Incident)
	if err != nil {
		return err
	}
	r.in = &in
	return nil
}

// quietly leaves out the words of success in the incident's channel, where everybody sees what happened. Who clicks
// elsewhere, such as on a reminder in a direct message, gets them.
func quietly(r *request) func(answer reply, err error) (reply, error) {
	return func(answer reply, err error) (reply, error) {
		if r.in != nil && r.channel == r.in.Channel.ID {
			return reply{}, err
		}
		return answer, err
	}
}

func (b *Bot) clickMoreRoles(_ context.Context, r *request, _ action.Action, _ *slack.BlockAction) (reply, error) {
	return b.askAssign(r)
}

func (b *Bot) clickOpenDeclare(_ context.Context, r *request, _ action.Action, _ *slack.BlockAction) (reply, error) {
	source := incident.FromModal
	if r.channel == "" {
		source = incident.FromHome
	}
	return b.askDeclare(r, incident.Declare{Origin: incident.Origin{Source: source}})
}

func (b *Bot) clickHelp(_ context.Context, r *request, clicked action.Action, _ *slack.BlockAction) (reply, error) {
	return say(b.to(r).Help(clicked.Arg, b.here(r)))
}

// clickPick runs the line that lacked an incident for the one that was picked; without a line, its menu.
func (b *Bot) clickPick(ctx context.Context, r *request, clicked action.Action, _ *slack.BlockAction) (reply, error) {
	return b.run(ctx, r, strings.TrimSpace(string(clicked.Incident)+" "+clicked.Arg))
}

func (b *Bot) clickRefreshHome(ctx context.Context, r *request, _ action.Action, _ *slack.BlockAction) (reply, error) {
	return reply{}, b.desk.Home(ctx, r.actor.ID)
}

func (b *Bot) clickLink(context.Context, *request, action.Action, *slack.BlockAction) (reply, error) {
	return reply{}, nil
}

// shortcut runs a global or message shortcut.
func (b *Bot) shortcut(ctx context.Context, r *request, call slack.InteractionCallback) (reply, error) {
	switch call.CallbackID {
	case action.ShortcutDeclare:
		return b.askDeclare(r, incident.Declare{Origin: incident.Origin{Source: incident.FromShortcut}})
	case action.MessageDeclare:
		return b.askDeclare(r, incident.Declare{Title: firstLine(command.Plain(call.Message.Text)), Origin: b.fromMessage(call)})
	case action.MessageAddToTimeline:
		return b.noteMessage(ctx, r, call.Message.Msg)
	}
	return reply{}, fmt.Errorf("shortcut: unknown callback %q", call.CallbackID)
}

// firstLine is the beginning of a message as the draft of a title.
func firstLine(text string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(text), "\n")
	if runes := []rune(line); len(runes) > incident.MaxTitle {
		line = string(runes[:incident.MaxTitle-1]) + "…"
	}
	return line
}

func contains[T comparable](list []T, item T) bool {
	for _, one := range list {
		if one == item {
			return true
		}
	}
	return false
}
