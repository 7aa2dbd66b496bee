// Package manifest is the Slack app manifest that the bot needs: its scopes, events, commands and shortcuts. It knows which
// Web API method asks for which scope, so that the manifest asks for no more and no less than the code uses.
package manifest

import (
	"encoding/json"
	"fmt"

	"github.com/goccy/go-yaml"

	"muster/bot/slack/action"
)

// Options say what differs from team to team.
type Options struct {
	Name           string // of the app; empty: Muster
	Command, Alias string // with their slash; an empty Command is /incident, an empty Alias none
	Words          Words  // empty ones are English
}

// Words are what people read of the app before it ever answers.
type Words struct {
	Description        string // of the app
	CommandDescription string
	CommandHint        string
	Declare            string // the global shortcut; at most 24 characters, like the others
	DeclareAbout       string
	DeclareMessage     string // the message shortcut that declares
	DeclareMessageHelp string
	AddNote            string // the message shortcut that adds to the timeline
	AddNoteAbout       string
}

// Manifest is a Slack app manifest as Slack reads it.
type Manifest struct {
	Display  Display  `json:"display_information"`
	Features Features `json:"features"`
	OAuth    OAuth    `json:"oauth_config"`
	Settings Settings `json:"settings"`
}

// The parts of a manifest, named as Slack names them.
type (
	Display struct {
		Name            string `json:"name"`
		Description     string `json:"description"`
		BackgroundColor string `json:"background_color"`
	}
	Features struct {
		AppHome       AppHome        `json:"app_home"`
		BotUser       BotUser        `json:"bot_user"`
		Shortcuts     []Shortcut     `json:"shortcuts"`
		SlashCommands []SlashCommand `json:"slash_commands"`
	}
	AppHome struct {
		HomeTab          bool `json:"home_tab_enabled"`
		MessagesTab      bool `json:"messages_tab_enabled"`
		MessagesReadOnly bool `json:"messages_tab_read_only_enabled"`
	}
	BotUser struct {
		DisplayName  string `json:"display_name"`
		AlwaysOnline bool   `json:"always_online"`
	}
	Shortcut struct {
		Name        string `json:"name"`
		Type        string `json:"type"`
		CallbackID  string `json:"callback_id"`
		Description string `json:"description"`
	}
	SlashCommand struct {
		Command      string `json:"command"`
		Description  string `json:"description"`
		UsageHint    string `json:"usage_hint"`
		ShouldEscape bool   `json:"should_escape"`
	}
	OAuth struct {
		Scopes OAuthScopes `json:"scopes"`
	}
	OAuthScopes struct {
		Bot []string `json:"bot"`
	}
	Settings struct {
		Events        Events        `json:"event_subscriptions"`
		Interactivity Interactivity `json:"interactivity"`
		OrgDeploy     bool          `json:"org_deploy_enabled"`
		SocketMode    bool          `json:"socket_mode_enabled"`
		TokenRotation bool          `json:"token_rotation_enabled"`
	}
	Events struct {
		Bot []string `json:"bot_events"`
	}
	Interactivity struct {
		Enabled bool `json:"is_enabled"`
	}
)

// New is the manifest of an app that the bot can run.
func New(o Options) Manifest {
	o.fill()
	m := Manifest{Display: Display{Name: o.Name, Description: o.Words.Description, BackgroundColor: "#8b1e1e"}}
	m.Features = Features{
		AppHome: AppHome{HomeTab: true, MessagesTab: true, MessagesReadOnly: true},
		BotUser: BotUser{DisplayName: o.Name, AlwaysOnline: true},
		Shortcuts: []Shortcut{
			{Name: o.Words.Declare, Type: "global", CallbackID: action.ShortcutDeclare, Description: o.Words.DeclareAbout},
			{Name: o.Words.DeclareMessage, Type: "message", CallbackID: action.MessageDeclare, Description: o.Words.DeclareMessageHelp},
			{Name: o.Words.AddNote, Type: "message", CallbackID: action.MessageAddToTimeline, Description: o.Words.AddNoteAbout},
		},
	}
	for _, command := range []string{o.Command, o.Alias} {
		if command != "" {
			// Escaped, a mention arrives as the person's ID and not as a name that two people may have.
			m.Features.SlashCommands = append(m.Features.SlashCommands,
				SlashCommand{Command: command, Description: o.Words.CommandDescription, UsageHint: o.Words.CommandHint, ShouldEscape: true})
		}
	}
	m.OAuth.Scopes.Bot = Scopes()
	m.Settings = Settings{
		Events: Events{Bot: BotEvents()}, Interactivity: Interactivity{Enabled: true}, SocketMode: true,
	}
	return m
}

// JSON is the manifest as JSON.
func (m Manifest) JSON() ([]byte, error) {
	data, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("write manifest: %w", err)
	}
	return append(data, '\n'), nil
}

// YAML is the manifest as YAML.
func (m Manifest) YAML() ([]byte, error) {
	data, err := m.JSON()
	if err != nil {
		return nil, err
	}
	if data, err = yaml.JSONToYAML(data); err != nil {
		return nil, fmt.Errorf("write manifest: %w", err)
	}
	return data, nil
}

func (o *Options) fill() {
	or := func(field *string, value string) {
		if *field == "" {
			*field = value
		}
	}
	or(&o.Name, "Muster")
	or(&o.Command, "/incident")
	w := &o.Words
	or(&w.Description, "Runs major incidents from the declaration to the review")
	or(&w.CommandDescription, "Declare and run incidents")
	or(&w.CommandHint, "declare sev1 Checkout is down")
	or(&w.Declare, "Declare an incident")
	or(&w.DeclareAbout, "Open the form that declares an incident")
	or(&w.DeclareMessage, "Declare incident")
	or(&w.DeclareMessageHelp, "Declare an incident from this message")
	or(&w.AddNote, "Add to timeline")
	or(&w.AddNoteAbout, "Put this message on the incident's timeline")
}
