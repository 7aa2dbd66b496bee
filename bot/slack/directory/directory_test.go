package directory_test

import (
	"context"
	"errors"
	"testing"

	"muster/bot/slack/directory"
	"muster/incident"

	"github.com/slack-go/slack"
)

// book is Slack's answers: what its lists and its users.info say.
type book struct {
	listed, unlisted []slack.User
	groups           []slack.UserGroup
}

func (b book) GetUsersContext(context.Context, ...slack.GetUsersOption) ([]slack.User, error) {
	return b.listed, nil
}

func (b book) GetUserInfoContext(_ context.Context, id string, _ ...slack.GetUserInfoOption) (*slack.User, error) {
	for _, user := range b.unlisted {
		if user.ID == id {
			return &user, nil
		}
	}
	return nil, errors.New("user_not_found")
}

func (b book) GetUserGroupsContext(context.Context, ...slack.GetUserGroupsOption) ([]slack.UserGroup, error) {
	return b.groups, nil
}

func TestWhoSomebodyIs(t *testing.T) {
	d := directory.New(book{
		listed: []slack.User{
			{ID: "U1", Name: "mina", TeamID: "T1", TZOffset: 9 * 3600, TZ: "Asia/Seoul"},
			{ID: "U2", Name: "gus", TeamID: "T1", IsRestricted: true},
			{ID: "U3", Name: "zed", TeamID: "T2"},
			{ID: "U4", Name: "old", TeamID: "T1", Deleted: true},
			{ID: "U5", Name: "robot", TeamID: "T1", IsBot: true},
			{ID: "U6", Name: "mina2", RealName: "Mina", TeamID: "T1"},
		},
		unlisted: []slack.User{{ID: "U9", Name: "new", TeamID: "T1"}},
		groups:   []slack.UserGroup{{ID: "S1", Users: []string{"U1", "U2"}}},
	})
	d.Of("T1")
	if err := d.Load(t.Context(), true); err != nil {
		t.Fatal(err)
	}
	for id, want := range map[incident.UserID]incident.ActorKind{
		"U1": incident.Person, "U2": incident.Guest, "U3": incident.Stranger, "U4": incident.Deleted,
		"U5": incident.Machine, "U9": incident.Person, "U404": "",
	} {
		if got, err := d.Actor(t.Context(), id); err != nil || got.Kind != want {
			t.Errorf("%s is %q, %v; want %q", id, got.Kind, err, want)
		}
	}
	if actor, _ := d.Actor(t.Context(), "U1"); len(actor.Groups) != 1 || actor.Groups[0] != "S1" {
		t.Errorf("mina's groups: %v", actor.Groups)
	}
	if id, ok := d.ByName("Mina"); !ok || id != "U1" {
		t.Errorf("@Mina is %q: a handle goes before a real name", id)
	}
	if id, ok := d.ByName("old"); ok {
		t.Errorf("@old is %q, who is gone", id)
	}
	if name := d.Zone("U1").String(); name == "UTC" {
		t.Error("mina lives in UTC")
	}
}
