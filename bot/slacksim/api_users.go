package slacksim

import (
	"cmp"
	"slices"
	"strings"
)

func authTest(c *call) (answer, error) {
	ws := c.ws
	if c.token == appToken {
		return answer{"app_id": appID, "app_name": ws.manifest.DisplayInformation.Name}, nil
	}
	return answer{
		"url": "https://" + ws.opts.TeamDomain + ".slack.com/", "team": ws.opts.TeamName, "user": ws.user(botUserID).Handle, "team_id": ws.opts.TeamID,
		"user_id": botUserID, "bot_id": botID, "is_enterprise_install": false}, nil
}

func botsInfo(c *call) (answer, error) {
	a := c.ws.appOf(c.args["bot"])
	if c.args["bot"] == botID {
		a = c.ws.thisApp()
	}
	if a == nil || a.Bot != c.args["bot"] {
		return nil, refuse("bot_not_found")
	}
	return answer{"bot": c.ws.wireBot(a)}, nil
}

// thisApp is the app of the manifest as others see it.
func (ws *Workspace) thisApp() *OtherApp {
	return &OtherApp{ID: appID, Bot: botID, User: botUserID, Name: ws.manifest.DisplayInformation.Name}
}

func (ws *Workspace) wireBot(a *OtherApp) map[string]any {
	return map[string]any{"id": a.Bot, "app_id": a.ID, "user_id": a.User, "name": a.Name, "deleted": false, "team_id": ws.opts.TeamID,
		"icons": map[string]any{}, "updated": ws.st.Born}
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
	wire := c.ws.wireUser(u)
	if c.args.bool("include_locale") {
		wire["locale"] = cmp.Or(u.Locale, "en-US")
	}
	return answer{"user": wire}, nil
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
		if c.args.bool("include_locale") {
			list[i]["locale"] = cmp.Or(u.Locale, "en-US")
		}
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
