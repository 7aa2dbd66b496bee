package slack

import (
	"context"
	"errors"
	"slices"

	"muster/bot/slack/directory"
	"muster/incident"

	"github.com/slack-go/slack"
)

// roster asks Slack who people are, for the directory.
type roster struct{ client *slack.Client }

// usersPage is how many people are asked for at once: a large workspace is never held as a whole.
const usersPage = 1000

func (r roster) Everybody(ctx context.Context, each func(slack.User)) error {
	pages := r.client.GetUsersPaginated(slack.GetUsersOptionLimit(usersPage))
	for {
		next, err := pages.Next(ctx)
		var limited *slack.RateLimitedError
		switch {
		case next.Done(err):
			return nil
		case errors.As(err, &limited):
			if !pause(ctx, limited.RetryAfter) {
				return ctx.Err()
			}
			continue
		case err != nil:
			return err
		}
		for _, user := range next.Users {
			each(user)
		}
		pages = next
	}
}

func (r roster) User(ctx context.Context, user incident.UserID) (slack.User, error) {
	info, err := r.client.GetUserInfoContext(ctx, string(user))
	if err != nil {
		return slack.User{}, unknown(err, "user_not_found", "users_not_found", "user_not_visible")
	}
	return *info, nil
}

func (r roster) Members(ctx context.Context, group incident.GroupID) ([]incident.UserID, error) {
	members, err := r.client.GetUserGroupMembersContext(ctx, string(group))
	if err != nil {
		return nil, unknown(err, "no_such_subteam", "subteam_not_found")
	}
	users := make([]incident.UserID, len(members))
	for i, member := range members {
		users[i] = incident.UserID(member)
	}
	return users, nil
}

// unknown is the error of a call, or directory.ErrUnknown for one of these codes of Slack's.
func unknown(err error, codes ...string) error {
	var refused slack.SlackErrorResponse
	if errors.As(err, &refused) && slices.Contains(codes, refused.Err) {
		return directory.ErrUnknown
	}
	return err
}
