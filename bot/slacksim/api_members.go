package slacksim

import (
	"slices"
)

// cantInvite is Slack's error for inviting this user, or "".
func (ws *Workspace) cantInvite(ch *channel, id string) string {
	u := ws.user(id)
	switch {
	case u == nil || u.ID == slackbot:
		return "user_not_found"
	case u.ID == botUserID:
		return "cant_invite_self"
	case u.Deleted:
		return "cant_invite"
	case u.Stranger:
		return "no_external_invite_permission"
	case ch.has(id):
		return "already_in_channel"
	case u.OneGuest && slices.ContainsFunc(ws.st.Channels, func(o *channel) bool { return o.Name != "" && o.has(id) }):
		return "ura_max_channels"
	}
	return ""
}

func conversationsInvite(c *call) (answer, error) {
	ch, err := c.member()
	if err != nil {
		return nil, err
	}
	users := c.args.list("users")
	switch {
	case len(users) == 0:
		return nil, refuse("no_user")
	case len(users) > maxInvited:
		return nil, refuseBecause("invalid_arguments", "[ERROR] no more than 100 users can be invited at once")
	}
	var errs []map[string]any
	var fine []string
	first := ""
	for _, id := range users {
		code := c.ws.cantInvite(ch, id)
		switch {
		case code != "":
			errs = append(errs, map[string]any{"user": id, "ok": false, "error": code})
			if first == "" {
				first = code
			}
		case !slices.Contains(fine, id):
			fine = append(fine, id)
		}
	}
	if errs != nil && (!c.args.bool("force") || len(fine) == 0) {
		return nil, &apiError{code: first, extra: map[string]any{"errors": errs}}
	}
	for _, id := range fine {
		c.ws.join(ch, id, botUserID)
		c.effect("invited %s to %s", id, ch.ID)
	}
	out := c.channelAnswer(ch)
	if errs != nil {
		out["errors"] = errs
	}
	return out, nil
}

func conversationsKick(c *call) (answer, error) {
	ch, err := c.member()
	user := c.args["user"]
	switch {
	case err != nil:
		return nil, err
	case user == botUserID:
		return nil, refuse("cant_kick_self")
	case ch.General:
		return nil, refuse("cant_kick_from_general")
	case c.ws.user(user) == nil:
		return nil, refuse("user_not_found")
	case !ch.has(user):
		return nil, refuse("not_in_channel")
	}
	c.ws.part(ch, user, botUserID)
	c.effect("removed %s from %s", user, ch.ID)
	return answer{"errors": map[string]any{}}, nil
}

func conversationsJoin(c *call) (answer, error) {
	ch := c.ws.channel(c.args["channel"])
	switch {
	case ch == nil || ch.Private && !ch.has(botUserID):
		return nil, refuse("channel_not_found")
	case ch.kind() != "public":
		return nil, refuse("method_not_supported_for_channel_type")
	case ch.Archived:
		return nil, refuse("is_archived")
	}
	out := answer{}
	if ch.has(botUserID) {
		out["warning"] = "already_in_channel"
		out["response_metadata"] = map[string]any{"warnings": []string{"already_in_channel"}}
	} else {
		c.ws.join(ch, botUserID, "")
		c.effect("joined %s", ch.ID)
	}
	out["channel"] = c.ws.wireChannel(ch)
	return out, nil
}

func conversationsLeave(c *call) (answer, error) {
	ch, err := c.channel("channel")
	switch {
	case err != nil:
		return nil, err
	case ch.IM:
		return nil, refuse("method_not_supported_for_channel_type")
	case ch.Archived:
		return nil, refuse("is_archived")
	case ch.General:
		return nil, refuse("cant_leave_general")
	case !ch.has(botUserID):
		return answer{"not_in_channel": true}, nil
	case len(ch.Members) == 1 && ch.Private:
		return nil, refuse("last_member")
	}
	c.ws.part(ch, botUserID, "")
	c.effect("left %s", ch.ID)
	return nil, nil
}

func conversationsMembers(c *call) (answer, error) {
	ch, err := c.channel("channel")
	if err != nil {
		return nil, err
	}
	items, next, err := page(c, slices.Sorted(slices.Values(ch.Members)), 100, 1000, func(id string) string { return id })
	return answer{"members": items, "response_metadata": cursorOf(next)}, err
}
