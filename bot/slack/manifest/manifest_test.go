package manifest_test

import (
	"encoding/json"
	"go/ast"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/slack-go/slack"

	"muster/bot/slack/manifest"
	"muster/bot/slacksim"
	"muster/cmd/muster/sourcetest"
)

// calls maps the functions of slack-go's client that the bot may use to the Web API methods that they call.
func calls() map[string]string {
	return map[string]string{
		"AddPinContext":                    "pins.add",
		"AddReactionContext":               "reactions.add",
		"ArchiveConversationContext":       "conversations.archive",
		"AuthTestContext":                  "auth.test",
		"CreateConversationContext":        "conversations.create",
		"GetConversationHistoryContext":    "conversations.history",
		"GetConversationInfoContext":       "conversations.info",
		"GetConversationsForUserContext":   "users.conversations",
		"GetConversationRepliesContext":    "conversations.replies",
		"GetUserGroupMembersContext":       "usergroups.users.list",
		"GetUserGroupsContext":             "usergroups.list",
		"GetUserInfoContext":               "users.info",
		"GetUsersContext":                  "users.list",
		"GetUsersPaginated":                "users.list",
		"InviteUsersToConversationContext": "conversations.invite",
		"OpenConversationContext":          "conversations.open",
		"OpenViewContext":                  "views.open",
		"PostEphemeralContext":             "chat.postEphemeral",
		"PostMessageContext":               "chat.postMessage",
		"PublishViewContext":               "views.publish",
		"SetTopicOfConversationContext":    "conversations.setTopic",
		"StartSocketModeContext":           "apps.connections.open",
		"UnArchiveConversationContext":     "conversations.unarchive",
		"AddBookmarkContext":               "bookmarks.add",
		"DeleteMessageContext":             "chat.delete",
		"GetPermalinkContext":              "chat.getPermalink",
		"GetUserByEmailContext":            "users.lookupByEmail",
		"GetUsersInConversationContext":    "conversations.members",
		"JoinConversationContext":          "conversations.join",
		"KickUserFromConversationContext":  "conversations.kick",
		"PushViewContext":                  "views.push",
		"RemoveReactionContext":            "reactions.remove",
		"RenameConversationContext":        "conversations.rename",
		"SetPurposeOfConversationContext":  "conversations.setPurpose",
		"UpdateViewContext":                "views.update",
		"UpdateMessageContext":             "chat.update",
	}
}

// selectors lists every x.Name in the program, with where it stands. The simulator speaks no slack-go.
func selectors(t *testing.T, each func(of, name, where string)) {
	t.Helper()
	for _, file := range sourcetest.Files(t, ".") {
		if strings.HasPrefix(file.Path, "bot/slacksim/") || strings.HasSuffix(file.Path, "_test.go") {
			continue
		}
		ast.Inspect(file.Syntax, func(node ast.Node) bool {
			if selector, ok := node.(*ast.SelectorExpr); ok {
				of := ""
				if name, plain := selector.X.(*ast.Ident); plain {
					of = name.Name
				}
				each(of, selector.Sel.Name, file.Set.Position(selector.Pos()).String())
			}
			return true
		})
	}
}

// called finds the Web API methods that the code calls: every function of slack-go's client that the bot uses, and those
// that the doctor names.
func called(t *testing.T) map[string]string {
	t.Helper()
	client, found := reflect.TypeFor[*slack.Client](), map[string]string{}
	selectors(t, func(_, name, where string) {
		if _, is := client.MethodByName(name); !is || strings.HasPrefix(name, "Debug") {
			return // zerolog says Debug, too
		}
		method, known := calls()[name]
		if !known {
			t.Errorf("%s: %s is a function of slack-go's client; tell this test which method it calls", where, name)
		}
		found[method] = where
	})
	files, err := filepath.Glob("../../../cmd/muster/doctor/*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for method := range manifest.Methods() {
			if !strings.HasSuffix(file, "_test.go") && strings.Contains(string(data), strconv.Quote(method)) {
				found[method] = file
			}
		}
	}
	return found
}

func TestEveryMethodThatIsCalledHasItsScopes(t *testing.T) {
	table, scopes := manifest.Methods(), manifest.Scopes()
	found := called(t)
	if len(found) == 0 {
		t.Fatal("no call to Slack was found at all")
	}
	for method, where := range found {
		needs, known := table[method]
		if !known && !slices.Contains(manifest.AppMethods(), method) {
			t.Errorf("%s calls %s, which the table of scopes does not know", where, method)
		}
		for _, scope := range needs {
			if !slices.Contains(scopes, scope) {
				t.Errorf("%s calls %s without the scope %s", where, method, scope)
			}
		}
	}
}

func TestNothingIsAskedForThatIsNotUsed(t *testing.T) {
	found := called(t)
	for method := range manifest.Methods() {
		if _, is := found[method]; !is {
			t.Errorf("no code calls %s; its scopes are not to be asked for", method)
		}
	}
}

// heard maps slack-go's types of events to Slack's names of them.
func heard() map[string]string {
	return map[string]string{
		"AppHomeOpenedEvent": "app_home_opened", "ChannelArchiveEvent": "channel_archive", "ChannelUnarchiveEvent": "channel_unarchive",
		"GroupArchiveEvent": "group_archive", "GroupUnarchiveEvent": "group_unarchive", "MemberJoinedChannelEvent": "member_joined_channel",
		"MemberLeftChannelEvent": "member_left_channel", "ReactionAddedEvent": "reaction_added", "SubteamCreatedEvent": "subteam_created",
		"SubteamMembersChangedEvent": "subteam_members_changed", "SubteamUpdatedEvent": "subteam_updated", "TeamJoinEvent": "team_join",
		"UserChangeEvent": "user_change",
	}
}

func TestTheEventsAreThoseThatAreHandled(t *testing.T) {
	var got []string
	selectors(t, func(of, name, where string) {
		if of != "slackevents" || !strings.HasSuffix(name, "Event") || strings.HasPrefix(name, "EventsAPI") {
			return
		}
		event, known := heard()[name]
		if !known {
			t.Errorf("%s: tell this test the event of %s", where, name)
		}
		if !slices.Contains(got, event) {
			got = append(got, event)
		}
	})
	slices.Sort(got)
	if want := manifest.BotEvents(); !slices.Equal(got, want) {
		t.Errorf("handled are %v\nsubscribed %v", got, want)
	}
}

func TestTheSimulatorInstallsTheManifest(t *testing.T) {
	data, err := manifest.New(manifest.Options{Alias: "/inc"}).JSON()
	if err != nil {
		t.Fatal(err)
	}
	got, err := slacksim.ParseManifest(data)
	if err != nil {
		t.Fatal(err)
	}
	if n := len(got.Features.SlashCommands); n != 2 {
		t.Errorf("%d slash commands, want the command and its alias", n)
	}
}

func TestYAMLAndJSONSayTheSame(t *testing.T) {
	m := manifest.New(manifest.Options{Name: "Feuer & Flamme: \"x\"", Command: "/störung"})
	fromJSON, fromYAML := map[string]any{}, map[string]any{}
	data, err := m.JSON()
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, &fromJSON); err != nil {
		t.Fatal(err)
	}
	if data, err = m.YAML(); err != nil {
		t.Fatal(err)
	}
	if err := yaml.Unmarshal(data, &fromYAML); err != nil {
		t.Fatal(err)
	}
	if !maps.EqualFunc(fromJSON, fromYAML, func(a, b any) bool { return reflect.DeepEqual(a, b) }) {
		t.Errorf("YAML says %v\nJSON says %v", fromYAML, fromJSON)
	}
}

func TestTheManifestKeepsToTheLengthsOfSlack(t *testing.T) {
	m := manifest.New(manifest.Options{})
	if len(m.Display.Name) > 35 || len(m.Display.Description) > 140 {
		t.Errorf("the app's name or description is too long: %+v", m.Display)
	}
	for _, s := range m.Features.Shortcuts {
		if len(s.Name) > 24 || len(s.Description) > 150 {
			t.Errorf("shortcut %q is too long", s.Name)
		}
	}
}
