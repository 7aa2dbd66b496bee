package perform

import (
	"context"
	"errors"
	"slices"

	"github.com/slack-go/slack"

	"muster/bot/worker"
	"muster/incident"
	"muster/incident/ledger"
)

// mostInvited is how many people one call may invite.
const mostInvited = 100

// inviteUsers brings people into the channel. Whoever can be invited is; then a person is told of those who could not.
func (t *task) inviteUsers(e incident.InviteUsers) ([]ledger.Command, error) {
	in, err := t.incident()
	if err != nil || in.Channel.ID == "" || in.Channel.State == incident.ChannelArchived { // whoever is missing is invited once it is back
		return nil, err
	}
	users := slices.DeleteFunc(slices.Clone(e.Users), func(user incident.UserID) bool { return !incident.Shown(in, ledger.ShownTo(user)) })
	came, refused, err := t.invite(in, users)
	if err == nil && len(refused) > 0 {
		err = refused[0].err
	}
	return recordMembers(came), err
}

// inviteGroup brings a user group's members into the channel. Members whom Slack does not let in, such as those who have
// left, are skipped; that nobody of a group could be invited is told.
func (t *task) inviteGroup(e incident.InviteGroup) ([]ledger.Command, error) {
	in, err := t.incident()
	if err != nil || in.Channel.ID == "" || in.Channel.State == incident.ChannelArchived {
		return nil, err
	}
	var members []string
	err = t.call("usergroups.users.list", "", func(ctx context.Context) (err error) {
		members, err = t.Client.GetUserGroupMembersContext(ctx, string(e.Group))
		return err
	})
	if err != nil {
		return nil, err
	}
	var users []incident.UserID
	for _, member := range members {
		users = append(users, incident.UserID(member))
	}
	came, refused, err := t.invite(in, users)
	for _, one := range refused {
		t.log.Info().Str("user", string(one.user)).Str("reason", classify(one.err).Code).Msg("a member of a group was not invited")
	}
	if err == nil && len(refused) > 0 && len(refused) == len(members) {
		err = refused[0].err
	}
	return recordMembers(came), err
}

func recordMembers(users []incident.UserID) []ledger.Command {
	if len(users) == 0 {
		return nil
	}
	return []ledger.Command{incident.RecordMembers{Users: users}}
}

// uninvited is somebody whom Slack does not let in.
type uninvited struct {
	user incident.UserID
	err  error
}

// invite invites people who are not in the channel yet. It answers who came and who was refused; the error is that of a call
// that says nothing about people.
func (t *task) invite(in incident.Incident, users []incident.UserID) (came []incident.UserID, refused []uninvited, err error) {
	var wanted []incident.UserID
	for _, user := range users {
		if user != "" && user != t.BotUser() && !slices.Contains(wanted, user) && !slices.Contains(in.Members, user) {
			wanted = append(wanted, user)
		}
	}
	for chunk := range slices.Chunk(wanted, mostInvited) {
		chunkCame, chunkRefused, err := t.inviteChunk(in.Channel.ID, chunk)
		came, refused = append(came, chunkCame...), append(refused, chunkRefused...)
		if err != nil {
			return came, refused, err
		}
	}
	return came, refused, nil
}

// inviteChunk invites up to a hundred people. Slack refuses all of them for the sake of one, and names the ones at fault if
// all is well: the others are then invited again.
func (t *task) inviteChunk(channel incident.ChannelID, users []incident.UserID) (came []incident.UserID, refused []uninvited, err error) {
	for len(users) > 0 {
		err := t.inviteCall(channel, users)
		if err == nil {
			return append(came, users...), refused, nil
		}
		faults := faultsOf(err, users)
		if len(faults) == 0 {
			if len(users) == 1 && aboutPeople(err) {
				faults = map[incident.UserID]error{users[0]: err}
			} else if aboutPeople(err) {
				return t.inviteEach(channel, users, came, refused)
			} else {
				return came, refused, err
			}
		}
		var rest []incident.UserID
		for _, user := range users {
			fault, at := faults[user]
			switch {
			case !at:
				rest = append(rest, user)
			case classify(fault).Class == worker.Done:
				came = append(came, user)
			default:
				refused = append(refused, uninvited{user, fault})
			}
		}
		users = rest
	}
	return came, refused, nil
}

// inviteEach invites people one by one, for when Slack does not say who is at fault.
func (t *task) inviteEach(channel incident.ChannelID, users, came []incident.UserID, refused []uninvited) ([]incident.UserID, []uninvited, error) {
	for _, user := range users {
		err := settled(t.inviteCall(channel, []incident.UserID{user}))
		switch {
		case err == nil:
			came = append(came, user)
		case aboutPeople(err):
			refused = append(refused, uninvited{user, err})
		default:
			return came, refused, err
		}
	}
	return came, refused, nil
}

func (t *task) inviteCall(channel incident.ChannelID, users []incident.UserID) error {
	names := make([]string, len(users))
	for i, user := range users {
		names[i] = string(user)
	}
	return t.call("conversations.invite", channel, func(ctx context.Context) error {
		_, err := t.Client.InviteUsersToConversationContext(ctx, string(channel), names...)
		return err
	})
}

// faultsOf reads whom Slack names in its refusal of an invitation, and why.
func faultsOf(err error, users []incident.UserID) map[incident.UserID]error {
	var whole slack.SlackErrorResponse
	if !errors.As(err, &whole) {
		return nil
	}
	faults := map[incident.UserID]error{}
	for _, one := range whole.Errors {
		if fault := one.ConversationsInviteResponseError; fault != nil && slices.Contains(users, incident.UserID(fault.User)) {
			faults[incident.UserID(fault.User)] = slack.SlackErrorResponse{Err: fault.Error}
		}
	}
	return faults
}

// aboutPeople reports whether a refusal says something about the people invited rather than about the channel or us.
func aboutPeople(err error) bool {
	return hasCode(err, "already_in_channel", "cant_invite", "cant_invite_self", "invitee_cant_see_channel",
		"org_user_not_in_team", "no_external_invite_permission", "no_user", "ura_max_channels", "user_is_restricted",
		"user_not_found", "user_disabled", "users_not_found")
}
