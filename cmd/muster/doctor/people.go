package doctor

import (
	"context"
	"fmt"
	"maps"
	"net/url"
	"slices"

	"muster/cmd/muster/control"
	"muster/incident"
)

// channel is a channel as conversations.info answers it.
type channel struct {
	Name       string
	IsArchived bool `json:"is_archived"`
	IsMember   bool `json:"is_member"`
	IsPrivate  bool `json:"is_private"`
}

func (p Patient) channel(ctx context.Context, id string) (channel, error) {
	var answer struct{ Channel channel }
	_, err := p.Slack.call(ctx, p.Slack.BotToken, "conversations.info", url.Values{"channel": {id}}, &answer)
	return answer.Channel, err
}

// rooms looks whether the app can post to the channels of open incidents. Names are left out: an incident may be private.
func (p Patient) rooms(ctx context.Context, rooms []control.Room) []Finding {
	var all []Finding
	for _, room := range rooms {
		what := "channel of " + string(room.Incident)
		channel, err := p.channel(ctx, string(room.Channel))
		switch {
		case codeOf(err) == "channel_not_found":
			all = append(all, wrong(what, "it is gone, or the app was removed from it", "invite the app there again: /invite @Muster"))
		case err != nil:
			all = append(all, wrong(what, "it cannot be looked up: "+err.Error(), "mend that, then check again"))
		case channel.IsArchived:
			all = append(all, wrong(what, "it is archived, and the incident is open", "bring the channel back, or close the incident"))
		case !channel.IsMember:
			all = append(all, wrong(what, "the app is not in it", "invite the app there again: /invite @Muster"))
		}
	}
	if len(all) == 0 && len(rooms) > 0 {
		return []Finding{fine("channels", "the app can post to those of all %d open incidents", len(rooms))}
	}
	return all
}

// announcements looks at the channel that incidents are announced in.
func (p Patient) announcements(ctx context.Context) []Finding {
	const what = "announcements"
	id := string(p.Policy.Announcements)
	if id == "" {
		return []Finding{fine(what, "no channel is set, so incidents are not announced")}
	}
	channel, err := p.channel(ctx, id)
	switch code := codeOf(err); {
	case code == "channel_not_found":
		return []Finding{wrong(what, "there is no channel "+id+" that the app can see", "correct announcements in the configuration, or invite the app if the channel is private")}
	case err != nil:
		return []Finding{wrong(what, "channel "+id+" cannot be looked up: "+err.Error(), "give the app its scopes, then check again")}
	case channel.IsArchived:
		return []Finding{wrong(what, "#"+channel.Name+" is archived", "bring it back, or name another channel in the configuration")}
	case channel.IsPrivate && !channel.IsMember:
		return []Finding{wrong(what, "the app is not in #"+channel.Name, "invite it there: /invite @Muster")}
	}
	return []Finding{fine(what, "they go to #%s", channel.Name)}
}

// people looks up whoever the configuration names by ID.
func (p Patient) people(ctx context.Context) []Finding {
	users, groups := map[incident.UserID]string{}, map[incident.GroupID]string{}
	note := func(where string, someUsers []incident.UserID, someGroups []incident.GroupID) {
		for _, user := range someUsers {
			users[user] = where
		}
		for _, group := range someGroups {
			groups[group] = where
		}
	}
	for _, level := range p.Policy.Severities {
		note("severity "+string(level.Name), level.InviteUsers, level.InviteGroups)
	}
	for action, grant := range p.Policy.Permissions {
		note("the permission to "+string(action), grant.Users, grant.Groups)
	}
	var all []Finding
	for _, user := range slices.Sorted(maps.Keys(users)) {
		if finding, bad := p.user(ctx, user, users[user]); bad {
			all = append(all, finding)
		}
	}
	if len(groups) > 0 {
		all = append(all, p.groups(ctx, groups)...)
	}
	if named := len(users) + len(groups); len(all) == 0 && named > 0 {
		return []Finding{fine("people", "all %d that the configuration names are there", named)}
	}
	return all
}

func (p Patient) user(ctx context.Context, id incident.UserID, where string) (Finding, bool) {
	var answer struct {
		User struct {
			Name    string
			Deleted bool
		}
	}
	_, err := p.Slack.call(ctx, p.Slack.BotToken, "users.info", url.Values{"user": {string(id)}}, &answer)
	switch code := codeOf(err); {
	case code == "user_not_found" || code == "user_not_visible":
		return wrong("people", fmt.Sprintf("%s, whom %s names, is nobody", id, where), "correct the ID in the configuration"), true
	case err != nil:
		return wrong("people", fmt.Sprintf("%s cannot be looked up: %v", id, err), "give the app its scopes, then check again"), true
	case answer.User.Deleted:
		return wrong("people", fmt.Sprintf("@%s (%s), whom %s names, is deactivated", answer.User.Name, id, where), "name somebody else in the configuration"), true
	}
	return Finding{}, false
}

// group is a user group as usergroups.list answers it.
type group struct {
	ID, Handle string
	DateDelete int64 `json:"date_delete"` // 0: it is enabled
}

func (p Patient) groups(ctx context.Context, named map[incident.GroupID]string) []Finding {
	var answer struct{ Usergroups []group }
	if _, err := p.Slack.call(ctx, p.Slack.BotToken, "usergroups.list", url.Values{"include_disabled": {"true"}}, &answer); err != nil {
		return []Finding{wrong("people", "user groups cannot be looked up: "+err.Error(), "give the app its scopes, then check again")}
	}
	var all []Finding
	for _, id := range slices.Sorted(maps.Keys(named)) {
		at := slices.IndexFunc(answer.Usergroups, func(g group) bool { return g.ID == string(id) })
		switch {
		case at < 0:
			all = append(all, wrong("people", fmt.Sprintf("there is no user group %s, which %s names", id, named[id]), "correct the ID in the configuration"))
		case answer.Usergroups[at].DateDelete > 0:
			all = append(all, wrong("people", fmt.Sprintf("the user group @%s, which %s names, is disabled", answer.Usergroups[at].Handle, named[id]), "enable it, or name another in the configuration"))
		}
	}
	return all
}
