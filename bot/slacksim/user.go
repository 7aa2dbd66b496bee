package slacksim

import (
	"slices"
	"strings"
)

// User is a person or a bot of the workspace. Handle is the name that people type behind an @.
type User struct {
	ID       string `json:"id"`
	Handle   string `json:"handle"`
	RealName string `json:"real_name"`
	Title    string `json:"title,omitempty"`
	Email    string `json:"email,omitempty"`
	TZ       string `json:"tz,omitempty"`
	TeamID   string `json:"team_id,omitempty"` // empty: the workspace's own
	Bot      bool   `json:"bot,omitempty"`
	Admin    bool   `json:"admin,omitempty"`
	Guest    bool   `json:"guest,omitempty"`        // multi-channel guest (is_restricted)
	OneGuest bool   `json:"single_guest,omitempty"` // single-channel guest (is_ultra_restricted)
	Stranger bool   `json:"stranger,omitempty"`     // of another organisation, here through Slack Connect
	Deleted  bool   `json:"deleted,omitempty"`
}

// narrow says that the user sees only the channels they are in.
func (u *User) narrow() bool { return u.Guest || u.OneGuest || u.Stranger }

// UserGroup is a group that people mention by its handle. Users holds handles in Options, and IDs in the workspace.
type UserGroup struct {
	ID     string   `json:"id"`
	Handle string   `json:"handle"`
	Name   string   `json:"name"`
	Users  []string `json:"users"`
}

// DefaultUsers are the made-up people of an outage: engineers, communications, support, managers, guests, a stranger from
// another organisation and somebody who has left.
func DefaultUsers() []User {
	seoul, berlin := "Asia/Seoul", "Europe/Berlin"
	return []User{
		{ID: "U0ALICE001", Handle: "alice", RealName: "Alice Meyer", Title: "Site reliability engineer", TZ: berlin, Admin: true},
		{ID: "U0BOB00002", Handle: "bob", RealName: "Bob Okafor", Title: "Backend engineer, payments", TZ: berlin},
		{ID: "U0CAROL003", Handle: "carol", RealName: "Carol Jensen", Title: "Head of engineering", TZ: berlin},
		{ID: "U0DAVE0004", Handle: "dave", RealName: "Dave Rossi", Title: "Database engineer", TZ: berlin},
		{ID: "U0MINJUN05", Handle: "minjun", RealName: "김민준", Title: "인시던트 관리자", TZ: seoul},
		{ID: "U0SEOYEON6", Handle: "seoyeon", RealName: "이서연", Title: "커뮤니케이션 관리자", TZ: seoul},
		{ID: "U0JIHO0007", Handle: "jiho", RealName: "박지호", Title: "플랫폼 엔지니어", TZ: seoul},
		{ID: "U0HAEUN008", Handle: "haeun", RealName: "최하은", Title: "고객 지원 리더", TZ: seoul},
		{ID: "U0ERIN0009", Handle: "erin", RealName: "Erin Walsh", Title: "Support agent", TZ: berlin},
		{ID: "U0FRANK010", Handle: "frank", RealName: "Frank Moreau", Title: "Social media", TZ: berlin},
		{ID: "U0GRACE011", Handle: "grace", RealName: "Grace Hall", Title: "Problem manager", TZ: berlin},
		{ID: "U0HEIDI012", Handle: "heidi", RealName: "Heidi Brandt", Title: "Security engineer", TZ: berlin},
		{ID: "U0GUEST013", Handle: "gina", RealName: "Gina Guest", Title: "Contractor", TZ: berlin, Guest: true},
		{ID: "U0SINGL014", Handle: "sam", RealName: "Sam Single", Title: "Vendor contact", TZ: berlin, OneGuest: true},
		{ID: "U0STRAN015", Handle: "stella", RealName: "Stella Stranger", Title: "", TeamID: "T0OTHERORG", Stranger: true},
		{ID: "U0GONE0016", Handle: "gone", RealName: "Greta Gone", Title: "Left in spring", TZ: berlin, Deleted: true},
	}
}

// DefaultUserGroups are the groups of DefaultUsers.
func DefaultUserGroups() []UserGroup {
	return []UserGroup{
		{ID: "S0SRE00001", Handle: "sre", Name: "Site reliability", Users: []string{"alice", "dave", "jiho"}},
		{ID: "S0COMMS002", Handle: "comms", Name: "Communications", Users: []string{"seoyeon", "frank"}},
		{ID: "S0LEADS003", Handle: "leads", Name: "Engineering leads", Users: []string{"carol", "minjun"}},
		{ID: "S0SUPPORT4", Handle: "support-leads", Name: "Support leads", Users: []string{"haeun", "erin"}},
	}
}

// Users are all users of the workspace, the bot's own included, in the order they came.
func (ws *Workspace) Users() []User {
	ws.mu.Lock()
	defer ws.mu.Unlock()
	all := make([]User, len(ws.st.Users))
	for i, u := range ws.st.Users {
		all[i] = *u
	}
	return all
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

// AddUser lets somebody join the workspace and its general channel, with the events Slack sends then. It returns their ID.
func (ws *Workspace) AddUser(u User) string {
	ws.mu.Lock()
	defer ws.mu.Unlock()
	if u.ID == "" {
		u.ID = ws.newID("U")
	}
	ws.st.Users = append(ws.st.Users, &u)
	ws.emit(event{kind: "team_join", body: map[string]any{"user": ws.wireUser(&u)}})
	for _, c := range ws.st.Channels {
		if c.General && !u.narrow() {
			ws.join(c, u.ID, "")
		}
	}
	ws.notify(Change{Kind: ChangeUser, User: u.ID})
	return u.ID
}

// Deactivate marks a user as having left the workspace: they stay in its history, and can do nothing more.
func (ws *Workspace) Deactivate(handle string) {
	ws.mu.Lock()
	defer ws.mu.Unlock()
	if u := ws.userByName(handle); u != nil {
		u.Deleted = true
		ws.emit(event{kind: "user_change", body: map[string]any{"user": ws.wireUser(u)}})
		ws.notify(Change{Kind: ChangeUser, User: u.ID})
	}
}

func (ws *Workspace) user(id string) *User {
	for _, u := range ws.st.Users {
		if u.ID == id {
			return u
		}
	}
	return nil
}

// userByName finds a user by handle or ID, with or without the @.
func (ws *Workspace) userByName(name string) *User {
	name = strings.TrimPrefix(name, "@")
	for _, u := range ws.st.Users {
		if u.Handle == name || u.ID == name {
			return u
		}
	}
	return nil
}

func (ws *Workspace) group(name string) *UserGroup {
	for _, g := range ws.st.Groups {
		if g.ID == name || g.Handle == name {
			return g
		}
	}
	return nil
}

// wireUser is the user object of users.info. A stranger's profile is thin, as over Slack Connect.
func (ws *Workspace) wireUser(u *User) map[string]any {
	team := u.TeamID
	if team == "" {
		team = ws.opts.TeamID
	}
	profile := map[string]any{
		"real_name": u.RealName, "real_name_normalized": u.RealName, "display_name": u.Handle, "display_name_normalized": u.Handle,
		"title": u.Title, "team": team, "status_text": "", "status_emoji": "",
	}
	if u.Email != "" && ws.manifest.has("users:read.email") {
		profile["email"] = u.Email
	}
	if u.Bot {
		profile["bot_id"], profile["api_app_id"] = botID, appID
	}
	wire := map[string]any{
		"id": u.ID, "team_id": team, "name": u.Handle, "deleted": u.Deleted, "profile": profile, "is_bot": u.Bot, "is_app_user": false,
		"updated": ws.st.Born,
	}
	if u.Deleted {
		return wire
	}
	if u.Stranger {
		wire["is_stranger"] = true
		delete(profile, "title")
		return wire
	}
	wire["real_name"], wire["tz"], wire["tz_label"] = u.RealName, u.TZ, u.TZ
	wire["is_admin"], wire["is_owner"], wire["is_primary_owner"] = u.Admin, false, false
	wire["is_restricted"], wire["is_ultra_restricted"] = u.Guest || u.OneGuest, u.OneGuest
	return wire
}
