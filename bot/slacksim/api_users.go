package slacksim

import (
	"slices"
	"strings"
)

func authTest(c *call) (answer, error) {
	ws := c.ws
	return answer{
		"url": "https://" + ws.opts.TeamDomain + ".slack.com/", "team": ws.opts.TeamName, "user": ws.user(botUserID).Handle, "team_id": ws.opts.TeamID,
		"user_id": botUserID, "bot_id": botID, "app_id": appID, "app_name": ws.manifest.DisplayInformation.Name, "is_enterprise_install": false}, nil
}

func botsInfo(c *call) (answer, error) {
	if id := c.args["bot"]; id != botID {
		return nil, refuse("bot_not_found")
	}
	return answer{"bot": map[string]any{"id": botID, "deleted": false, "name": c.ws.manifest.DisplayInformation.Name,
		"app_id": appID, "user_id": botUserID, "icons": map[string]any{}, "updated": c.ws.st.Born}}, nil
}

func teamInfo(c *call) (answer, error) {
	o := c.ws.opts
	return answer{"team": map[string]any{"id": o.TeamID, "name": o.TeamName, "domain": o.TeamDomain, "email_domain": "", "icon": map[string]any{}}}, nil
}

func usersInfo(c *call) (answer, error) {
	u := c.ws.user(c.args["user"])
	if u == nil {
		return nil, refuse("user_not_found")
	}
	return answer{"user": c.ws.wireUser(u)}, nil
}

func usersList(c *call) (answer, error) {
	all := slices.DeleteFunc(slices.Clone(c.ws.st.Users), func(u *User) bool { return u.Stranger })
	slices.SortFunc(all, func(a, b *User) int { return strings.Compare(a.ID, b.ID) })
	items, next, err := page(c, all, 1000, 1000, func(u *User) string { return u.ID })
	if err != nil {
		return nil, err
	}
	list := make([]map[string]any, len(items))
	for i, u := range items {
		list[i] = c.ws.wireUser(u)
	}
	return answer{"members": list, "cache_ts": c.ws.st.Born, "response_metadata": cursorOf(next)}, nil
}

func usersLookupByEmail(c *call) (answer, error) {
	for _, u := range c.ws.st.Users {
		if u.Email != "" && strings.EqualFold(u.Email, c.args["email"]) && !u.Deleted {
			return answer{"user": c.ws.wireUser(u)}, nil
		}
	}
	return nil, refuse("users_not_found")
}

func usergroupsList(c *call) (answer, error) {
	list := []map[string]any{}
	for _, g := range c.ws.st.Groups {
		wire := map[string]any{"id": g.ID, "team_id": c.ws.opts.TeamID, "is_usergroup": true, "name": g.Name, "handle": g.Handle, "description": "",
			"is_external": false, "date_create": c.ws.st.Born, "date_update": c.ws.st.Born, "date_delete": 0, "user_count": len(g.Users),
			"prefs": map[string]any{"channels": []string{}, "groups": []string{}}}
		if c.args.bool("include_users") {
			wire["users"] = slices.Clone(g.Users)
		}
		list = append(list, wire)
	}
	return answer{"usergroups": list}, nil
}

func usergroupsUsersList(c *call) (answer, error) {
	g := c.ws.group(c.args["usergroup"])
	if g == nil || g.ID != c.args["usergroup"] {
		return nil, refuse("no_such_subteam")
	}
	return answer{"users": slices.Clone(g.Users)}, nil
}
