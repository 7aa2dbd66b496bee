package manifest

import (
	"maps"
	"slices"
)

// Methods maps each Web API method that the bot calls to the scopes it has to have for it. Methods on conversations ask for
// one scope for public channels and one for private ones, which is what a private incident has.
func Methods() map[string][]string {
	manage := []string{"channels:manage", "groups:write"}
	read := []string{"channels:read", "groups:read"}
	history := []string{"channels:history", "groups:history", "im:history"} // im: to find a private message whose answer was lost
	return map[string][]string{
		"auth.test":               nil,
		"chat.postEphemeral":      {"chat:write"},
		"chat.postMessage":        {"chat:write", "chat:write.public"},
		"chat.update":             {"chat:write"},
		"conversations.archive":   manage,
		"conversations.create":    manage,
		"conversations.history":   history,
		"conversations.info":      read,
		"conversations.invite":    manage,
		"conversations.join":      {"channels:join"},
		"conversations.open":      {"im:write"},
		"conversations.replies":   history,
		"conversations.setTopic":  manage,
		"conversations.unarchive": manage,
		"pins.add":                {"pins:write"},
		"reactions.add":           {"reactions:write"},
		"usergroups.list":         {"usergroups:read"},
		"usergroups.users.list":   {"usergroups:read"},
		"users.conversations":     read,
		"users.info":              {"users:read"},
		"users.list":              {"users:read"},
		"views.open":              nil,
		"views.publish":           nil,
		"views.update":            nil,
	}
}

// AppMethods are called with the app-level token, whose scope connections:write is given when the token is made.
func AppMethods() []string { return []string{"apps.connections.open"} }

// events maps each event that the bot listens to to the scopes it takes.
func events() map[string][]string {
	channels, groups, people, teams := []string{"channels:read"}, []string{"groups:read"}, []string{"users:read"}, []string{"usergroups:read"}
	return map[string][]string{
		"app_home_opened":         nil,
		"channel_archive":         channels,
		"channel_unarchive":       channels,
		"group_archive":           groups,
		"group_unarchive":         groups,
		"member_joined_channel":   {"channels:read", "groups:read"},
		"member_left_channel":     {"channels:read", "groups:read"},
		"reaction_added":          {"reactions:read"},
		"subteam_created":         teams,
		"subteam_members_changed": teams,
		"subteam_updated":         teams,
		"team_join":               people,
		"user_change":             people,
	}
}

// BotEvents are the events that the bot listens to.
func BotEvents() []string { return slices.Sorted(maps.Keys(events())) }

// features are scopes that neither a method nor an event asks for: slash commands and shortcuts.
func features() []string { return []string{"commands"} }

// Scopes are all scopes of the bot token, sorted.
func Scopes() []string {
	all := map[string]bool{}
	for _, scope := range features() {
		all[scope] = true
	}
	for _, needs := range []map[string][]string{Methods(), events()} {
		for _, scopes := range needs {
			for _, scope := range scopes {
				all[scope] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(all))
}
