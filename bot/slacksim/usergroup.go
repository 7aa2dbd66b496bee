package slacksim

import (
	"fmt"
	"slices"
	"time"
)

// UserGroup is a group that people mention by its handle. Users holds handles in Options, and IDs in the workspace.
type UserGroup struct {
	ID       string   `json:"id"`
	Handle   string   `json:"handle"`
	Name     string   `json:"name"`
	Users    []string `json:"users"`
	Updated  int64    `json:"updated,omitempty"`
	Disabled int64    `json:"disabled,omitempty"` // when; nobody is called by it any more
}

// UserGroups are the groups of the workspace.
func (ws *Workspace) UserGroups() []UserGroup {
	ws.mu.Lock()
	defer ws.mu.Unlock()
	all := make([]UserGroup, len(ws.st.Groups))
	for i, g := range ws.st.Groups {
		all[i] = *g
		all[i].Users = slices.Clone(g.Users)
	}
	return all
}

// AddGroup makes a group of these people, by their handles, with the event that Slack sends. It returns its ID.
func (ws *Workspace) AddGroup(handle, name string, users ...string) string {
	ws.mu.Lock()
	defer ws.mu.Unlock()
	g := ws.addGroup(handle, name)
	g.Users = ws.idsOf(users)
	ws.tellGroup("subteam_created", g)
	return g.ID
}

// SetGroup changes who is in a group, with the events that Slack sends.
func (ws *Workspace) SetGroup(handle string, users ...string) error {
	ws.mu.Lock()
	defer ws.mu.Unlock()
	g := ws.group(handle)
	if g == nil {
		return fmt.Errorf("user group %q: %w", handle, ErrNotThere)
	}
	ws.setMembers(g, ws.idsOf(users))
	return nil
}

// DisableGroup takes a group out of use: nobody is called by its handle any more.
func (ws *Workspace) DisableGroup(handle string) error {
	ws.mu.Lock()
	defer ws.mu.Unlock()
	g := ws.group(handle)
	if g == nil {
		return fmt.Errorf("user group %q: %w", handle, ErrNotThere)
	}
	g.Disabled = time.Now().Unix()
	ws.tellGroup("subteam_updated", g)
	return nil
}

func (ws *Workspace) addGroup(handle, name string) *UserGroup {
	g := &UserGroup{ID: ws.newID("S"), Handle: handle, Name: name}
	ws.st.Groups = append(ws.st.Groups, g)
	return g
}

func (ws *Workspace) idsOf(handles []string) []string {
	ids := []string{}
	for _, h := range handles {
		if u := ws.userByName(h); u != nil && !slices.Contains(ids, u.ID) {
			ids = append(ids, u.ID)
		}
	}
	return ids
}

// setMembers changes who is in a group, and tells of it twice, as Slack does.
func (ws *Workspace) setMembers(g *UserGroup, ids []string) {
	without := func(all, some []string) []string {
		return slices.DeleteFunc(append([]string{}, all...), func(id string) bool { return slices.Contains(some, id) })
	}
	added, removed, before := without(ids, g.Users), without(g.Users, ids), max(g.Updated, ws.st.Born)
	g.Users = ids
	ws.tellGroup("subteam_updated", g)
	ws.emit(event{kind: "subteam_members_changed", body: map[string]any{
		"subteam_id": g.ID, "team_id": ws.opts.TeamID, "date_previous_update": before, "date_update": g.Updated, "added_users": added,
		"added_users_count": len(added), "removed_users": removed, "removed_users_count": len(removed)}})
}

func (ws *Workspace) tellGroup(kind string, g *UserGroup) {
	g.Updated = time.Now().Unix()
	ws.emit(event{kind: kind, body: map[string]any{"subteam": ws.wireGroup(g, true)}})
	ws.notify(Change{Kind: ChangeUser})
}

// group is the group of this ID or handle.
func (ws *Workspace) group(name string) *UserGroup {
	for _, g := range ws.st.Groups {
		if g.ID == name || g.Handle == name {
			return g
		}
	}
	return nil
}

func (ws *Workspace) wireGroup(g *UserGroup, users bool) map[string]any {
	wire := map[string]any{"id": g.ID, "team_id": ws.opts.TeamID, "is_usergroup": true, "is_subteam": true, "name": g.Name, "handle": g.Handle,
		"description": "", "is_external": false, "date_create": ws.st.Born, "date_update": max(g.Updated, ws.st.Born), "date_delete": g.Disabled,
		"auto_type": nil, "auto_provision": false, "created_by": slackbot, "updated_by": slackbot, "deleted_by": nil, "user_count": len(g.Users),
		"channel_count": 0, "prefs": map[string]any{"channels": []string{}, "groups": []string{}}}
	if users {
		wire["users"] = append([]string{}, g.Users...)
	}
	return wire
}

func usergroupsList(c *call) (answer, error) {
	list := []map[string]any{}
	for _, g := range c.ws.st.Groups {
		if g.Disabled == 0 || c.args.bool("include_disabled") {
			list = append(list, c.ws.wireGroup(g, c.args.bool("include_users")))
		}
	}
	return answer{"usergroups": list}, nil
}

// subteam is the group of the call.
func (c *call) subteam() (*UserGroup, error) {
	g := c.ws.group(c.args["usergroup"])
	if g == nil || g.ID != c.args["usergroup"] {
		return nil, refuse("no_such_subteam")
	}
	return g, nil
}

func usergroupsUsersList(c *call) (answer, error) {
	g, err := c.subteam()
	if err != nil {
		return nil, err
	}
	return answer{"users": append([]string{}, g.Users...)}, nil
}

func usergroupsUsersUpdate(c *call) (answer, error) {
	g, err := c.subteam()
	if err != nil {
		return nil, err
	}
	ids := c.args.list("users")
	switch {
	case len(ids) == 0:
		return nil, refuse("no_users_provided")
	case slices.ContainsFunc(ids, func(id string) bool { return c.ws.user(id) == nil }):
		return nil, refuse("invalid_users")
	}
	c.ws.setMembers(g, slices.Compact(slices.Sorted(slices.Values(ids))))
	c.effect("set members of %s", g.ID)
	return answer{"usergroup": c.ws.wireGroup(g, true)}, nil
}

func usergroupsCreate(c *call) (answer, error) {
	name, handle := c.args["name"], c.args["handle"]
	if handle == "" {
		handle = handleOf(name)
	}
	for _, g := range c.ws.st.Groups {
		switch {
		case g.Name == name:
			return nil, refuse("name_already_exists")
		case g.Handle == handle:
			return nil, refuse("handle_already_exists")
		}
	}
	g := c.ws.addGroup(handle, name)
	c.ws.tellGroup("subteam_created", g)
	c.effect("created %s", g.ID)
	return answer{"usergroup": c.ws.wireGroup(g, false)}, nil
}

func usergroupsUpdate(c *call) (answer, error) {
	g, err := c.subteam()
	if err != nil {
		return nil, err
	}
	for arg, field := range map[string]*string{"name": &g.Name, "handle": &g.Handle} {
		if c.args.has(arg) {
			*field = c.args[arg]
		}
	}
	c.ws.tellGroup("subteam_updated", g)
	c.effect("changed %s", g.ID)
	return answer{"usergroup": c.ws.wireGroup(g, false)}, nil
}
