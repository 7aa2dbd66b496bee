package slacksim

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Manifest is the part of a Slack app manifest that decides what an installed app may do and hears of.
type Manifest struct {
	DisplayInformation struct {
		Name        string `json:"name"`
		Description string `json:"description,omitempty"`
	} `json:"display_information"`
	Features struct {
		AppHome struct {
			HomeTabEnabled     bool `json:"home_tab_enabled"`
			MessagesTabEnabled bool `json:"messages_tab_enabled"`
		} `json:"app_home"`
		BotUser struct {
			DisplayName  string `json:"display_name"`
			AlwaysOnline bool   `json:"always_online"`
		} `json:"bot_user"`
		SlashCommands []SlashCommand `json:"slash_commands,omitempty"`
		Shortcuts     []Shortcut     `json:"shortcuts,omitempty"`
	} `json:"features"`
	OAuthConfig struct {
		Scopes struct {
			Bot []string `json:"bot,omitempty"`
		} `json:"scopes"`
	} `json:"oauth_config"`
	Settings struct {
		EventSubscriptions struct {
			BotEvents []string `json:"bot_events,omitempty"`
		} `json:"event_subscriptions"`
		Interactivity struct {
			IsEnabled bool `json:"is_enabled"`
		} `json:"interactivity"`
		SocketModeEnabled bool `json:"socket_mode_enabled"`
	} `json:"settings"`
}

// SlashCommand is one command of the manifest. With ShouldEscape Slack turns @person and #channel into their IDs.
type SlashCommand struct {
	Command      string `json:"command"`
	Description  string `json:"description"`
	UsageHint    string `json:"usage_hint,omitempty"`
	ShouldEscape bool   `json:"should_escape,omitempty"`
}

// Shortcut is one shortcut of the manifest; Type is "global" or "message".
type Shortcut struct {
	Name        string `json:"name"`
	Type        string `json:"type"`
	CallbackID  string `json:"callback_id"`
	Description string `json:"description,omitempty"`
}

// eventScopes names the scope that each bot event asks for; an empty one asks for none.
func eventScopes() map[string]string {
	return map[string]string{
		"app_home_opened": "", "app_mention": "app_mentions:read", "app_rate_limited": "", "app_uninstalled": "", "tokens_revoked": "",
		"message.channels": "channels:history", "message.groups": "groups:history", "message.im": "im:history", "message.mpim": "mpim:history",
		"reaction_added": "reactions:read", "reaction_removed": "reactions:read", "pin_added": "pins:read", "pin_removed": "pins:read",
		"member_joined_channel": "channels:read", "member_left_channel": "channels:read",
		"channel_archive": "channels:read", "channel_unarchive": "channels:read", "channel_created": "channels:read", "channel_rename": "channels:read",
		"channel_left": "channels:read", "channel_deleted": "channels:read",
		"file_shared": "files:read", "file_deleted": "files:read",
		"group_deleted": "groups:read",
		"group_archive": "groups:read", "group_unarchive": "groups:read", "group_rename": "groups:read", "group_left": "groups:read",
		"team_join": "users:read", "user_change": "users:read", "user_status_changed": "users:read", "user_profile_changed": "users:read", "dnd_updated_user": "dnd:read",
		"subteam_created": "usergroups:read", "subteam_updated": "usergroups:read", "subteam_members_changed": "usergroups:read",
	}
}

// ParseManifest reads an app manifest in JSON and refuses what Slack's own check refuses: no name, malformed or doubled
// commands and shortcuts, events without their scope, interactivity switched off while something needs it.
func ParseManifest(data []byte) (Manifest, error) {
	var m Manifest
	if err := json.Unmarshal(data, &m); err != nil {
		return Manifest{}, fmt.Errorf("app manifest: %w", err)
	}
	var problems []error
	complain := func(format string, a ...any) { problems = append(problems, fmt.Errorf("app manifest: "+format, a...)) }
	if n := len([]rune(m.DisplayInformation.Name)); n == 0 || n > 35 {
		complain("display_information.name must have 1 to 35 characters, has %d", n)
	}
	scopes := m.OAuthConfig.Scopes.Bot
	m.checkCommands(complain)
	m.checkShortcuts(complain)
	known := eventScopes()
	for _, event := range m.Settings.EventSubscriptions.BotEvents {
		scope, ok := known[event]
		switch {
		case !ok:
			complain("bot event %q is not known here", event)
		case scope != "" && !slices.Contains(scopes, scope):
			complain("bot event %q needs the scope %q", event, scope)
		}
	}
	if !m.Settings.SocketModeEnabled {
		complain("settings.socket_mode_enabled must be true: there is no public URL to send to")
	}
	return m, errors.Join(problems...)
}

func (m *Manifest) checkCommands(complain func(string, ...any)) {
	seen := map[string]bool{}
	for _, c := range m.Features.SlashCommands {
		switch {
		case !strings.HasPrefix(c.Command, "/") || len(c.Command) < 2 || len(c.Command) > 32 || strings.ContainsAny(c.Command[1:], " /"):
			complain("slash command %q must be a slash and up to 31 characters without spaces", c.Command)
		case c.Description == "":
			complain("slash command %q has no description", c.Command)
		case seen[c.Command]:
			complain("slash command %q stands twice", c.Command)
		}
		seen[c.Command] = true
	}
	if len(m.Features.SlashCommands) > 0 && !slices.Contains(m.OAuthConfig.Scopes.Bot, "commands") {
		complain("slash commands need the scope %q", "commands")
	}
}

func (m *Manifest) checkShortcuts(complain func(string, ...any)) {
	seen := map[string]bool{}
	for _, s := range m.Features.Shortcuts {
		switch {
		case s.Type != "global" && s.Type != "message":
			complain("shortcut %q has the type %q; global or message are possible", s.Name, s.Type)
		case s.CallbackID == "" || len(s.CallbackID) > 255:
			complain("shortcut %q needs a callback_id of 1 to 255 characters", s.Name)
		case s.Name == "" || len([]rune(s.Name)) > 24:
			complain("shortcut %q needs a name of 1 to 24 characters", s.CallbackID)
		case seen[s.CallbackID]:
			complain("shortcut %q stands twice", s.CallbackID)
		}
		seen[s.CallbackID] = true
	}
	if len(m.Features.Shortcuts) > 0 && !m.Settings.Interactivity.IsEnabled {
		complain("shortcuts need settings.interactivity.is_enabled")
	}
	if len(m.Features.Shortcuts) > 0 && !slices.Contains(m.OAuthConfig.Scopes.Bot, "commands") {
		complain("shortcuts need the scope %q", "commands")
	}
}

func (m *Manifest) command(name string) (SlashCommand, bool) {
	i := slices.IndexFunc(m.Features.SlashCommands, func(c SlashCommand) bool { return c.Command == name })
	if i < 0 {
		return SlashCommand{}, false
	}
	return m.Features.SlashCommands[i], true
}

func (m *Manifest) shortcut(kind, name string) (Shortcut, bool) {
	i := slices.IndexFunc(m.Features.Shortcuts, func(s Shortcut) bool {
		return s.Type == kind && (s.Name == name || s.CallbackID == name)
	})
	if i < 0 {
		return Shortcut{}, false
	}
	return m.Features.Shortcuts[i], true
}

func (m *Manifest) subscribes(event string) bool {
	return slices.Contains(m.Settings.EventSubscriptions.BotEvents, event)
}

func (m *Manifest) has(scope string) bool { return slices.Contains(m.OAuthConfig.Scopes.Bot, scope) }
