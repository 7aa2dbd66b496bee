package slacksim_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"muster/bot/slacksim"
)

func TestSomebodyLeavesTheCompany(t *testing.T) {
	inWorld(t, slacksim.Options{Manifest: manifest(t, allScopes, "user_change")}, func(w *world) {
		w.connect(nil)
		for _, gone := range []bool{true, false} {
			if gone {
				w.Deactivate("bob")
			} else {
				w.Reactivate("bob")
			}
			user := w.event("user_change")["user"].(map[string]any)
			if user["id"] != w.Person("bob").ID || user["deleted"] != gone {
				t.Errorf("deleted %v: %v", gone, user)
			}
		}
	})
}

func TestSomebodyIsNotToBeDisturbed(t *testing.T) {
	inWorld(t, slacksim.Options{Manifest: manifest(t, allScopes, "user_change", "dnd_updated_user")}, func(w *world) {
		w.connect(nil)
		bob := w.Person("bob")
		rests := func() any { return w.raw("dnd.info", "user", bob.ID)["dnd_enabled"] }
		got := []any{rests()}
		w.must(bob.Snoozes(time.Hour))
		got = append(got, rests(), w.event("dnd_updated_user")["user"])
		w.pass(61 * time.Minute)
		got = append(got, rests())
		w.must(bob.SetsStatus("On holiday", ":palm_tree:"))
		got = append(got, w.event("user_change")["user"].(map[string]any)["id"], w.raw("users.profile.get", "user", bob.ID)["profile"].(map[string]any)["status_text"])
		if diff := cmp.Diff([]any{false, true, bob.ID, false, bob.ID, "On holiday"}, got); diff != "" {
			t.Errorf("before, snoozing, told of, after, the status (-want +got):\n%s", diff)
		}
	})
}

func TestAGroupChangesItsMembers(t *testing.T) {
	inWorld(t, slacksim.Options{Manifest: manifest(t, allScopes, "subteam_created", "subteam_updated", "subteam_members_changed")}, func(w *world) {
		w.connect(nil)
		w.must(w.SetGroup("sre", "alice", "bob"))
		changed := w.event("subteam_members_changed")
		got := []any{changed["added_users"], changed["removed_users"], changed["added_users_count"], changed["removed_users_count"]}
		want := []any{[]any{w.Person("bob").ID}, []any{w.Person("dave").ID, w.Person("jiho").ID}, 1.0, 2.0}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("subteam_members_changed (-want +got):\n%s", diff)
		}
		id := w.AddGroup("dba", "Databases", "dave")
		if made := w.event("subteam_created")["subteam"].(map[string]any); made["id"] != id || made["handle"] != "dba" {
			t.Errorf("subteam_created: %v", made)
		}
		w.call("usergroups.users.update", "usergroup", id, "users", w.Person("jiho").ID)
		if users := w.raw("usergroups.users.list", "usergroup", id)["users"]; !slices.Equal(users.([]any), []any{w.Person("jiho").ID}) {
			t.Errorf("the app set its members: %v", users)
		}
		steps := []struct{ what, got, want string }{
			{"a handle that is taken", w.call("usergroups.create", "name", "Others", "handle", "dba").Error, "handle_already_exists"},
			{"nobody in it", w.call("usergroups.users.update", "usergroup", id, "users", "").Error, "no_users_provided"},
			{"no such group", w.call("usergroups.users.update", "usergroup", "S0", "users", w.Person("jiho").ID).Error, "no_such_subteam"},
			{"another name", w.call("usergroups.update", "usergroup", id, "name", "Data").Error, ""},
		}
		for _, s := range steps {
			if s.got != s.want {
				t.Errorf("%s: got %q, want %q", s.what, s.got, s.want)
			}
		}
		w.heard()
		w.must(w.DisableGroup("dba"))
		if told := w.event("subteam_updated")["subteam"].(map[string]any); told["date_delete"] == 0.0 || told["name"] != "Data" {
			t.Errorf("out of use: %v", told)
		}
		if got := len(w.raw("usergroups.list")["usergroups"].([]any)); got != 4 {
			t.Errorf("%d groups are listed, want the four in use", got)
		}
	})
}

func TestTheAppIsUninstalled(t *testing.T) {
	inWorld(t, slacksim.Options{Manifest: manifest(t, allScopes, "app_uninstalled", "tokens_revoked", "member_left_channel")}, func(w *world) {
		w.connect(nil)
		w.Uninstall()
		if got := w.heard(); !slices.Equal(got, []string{"tokens_revoked", "app_uninstalled"}) {
			t.Errorf("heard %v", got)
		}
		if got := w.call("auth.test").Error; got != "account_inactive" {
			t.Errorf("the token: %q", got)
		}
		if _, err := w.Person("alice").In("general").Types(w.ctx, "/probe"); err == nil {
			t.Error("the command is still there")
		}
		w.Install()
		if got := w.call("auth.test").Error; got != "" {
			t.Errorf("installed again: %q", got)
		}
		w.RevokeToken()
		if got := w.call("auth.test").Error; got != "token_revoked" {
			t.Errorf("a token that was revoked: %q", got)
		}
	})
}
