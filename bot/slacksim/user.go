package slacksim

import (
	"cmp"
	"strings"
	"time"
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

	StatusText  string `json:"status_text,omitempty"`
	StatusEmoji string `json:"status_emoji,omitempty"`
	Snoozed     int64  `json:"snoozed,omitempty"` // until when they are not to be disturbed
	Updated     int64  `json:"updated,omitempty"`
	Locale      string `json:"locale,omitempty"` // en-US if empty
}

// narrow says that the user sees only the channels they are in.
func (u *User) narrow() bool { return u.Guest || u.OneGuest || u.Stranger }

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

// AddUser lets somebody join the workspace and its general channel, with the events Slack sends then. It returns their ID.
func (ws *Workspace) AddUser(u User) string {
	ws.mu.Lock()
	defer ws.mu.Unlock()
	if u.ID == "" {
		u.ID = ws.newID("U")
	}
	ws.addUser(&u)
	return u.ID
}

func (ws *Workspace) addUser(u *User) {
	ws.st.Users = append(ws.st.Users, u)
	ws.emit(event{kind: "team_join", body: map[string]any{"user": ws.wireUser(u), "cache_ts": time.Now().Unix()}})
	for _, c := range ws.st.Channels {
		if c.General && !u.narrow() && !u.Bot {
			ws.join(c, u.ID, "")
		}
	}
	ws.notify(Change{Kind: ChangeUser, User: u.ID})
}

// Deactivate marks a user as having left the workspace: they stay in its history, and can do nothing more.
func (ws *Workspace) Deactivate(handle string) {
	ws.mu.Lock()
	defer ws.mu.Unlock()
	if u := ws.userByName(handle); u != nil {
		u.Deleted = true
		ws.tellUser(u, "user_change")
	}
}

// Reactivate lets a user back in.
func (ws *Workspace) Reactivate(handle string) {
	ws.mu.Lock()
	defer ws.mu.Unlock()
	if u := ws.userByName(handle); u != nil {
		u.Deleted = false
		ws.tellUser(u, "user_change")
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

// wireUser is the user object of users.info.
func (ws *Workspace) wireUser(u *User) map[string]any {
	wire := map[string]any{
		"id": u.ID, "team_id": cmp.Or(u.TeamID, ws.opts.TeamID), "name": u.Handle, "deleted": u.Deleted, "profile": ws.wireProfile(u), "is_bot": u.Bot,
		"is_app_user": false, "updated": max(u.Updated, ws.st.Born),
	}
	if u.Deleted {
		return wire
	}
	if u.Stranger {
		wire["is_stranger"] = true
		return wire
	}
	wire["real_name"], wire["tz"], wire["tz_label"], wire["tz_offset"] = u.RealName, u.TZ, u.TZ, 0
	if zone, err := time.LoadLocation(u.TZ); err == nil && u.TZ != "" {
		_, wire["tz_offset"] = time.Now().In(zone).Zone()
	}
	wire["color"], wire["is_email_confirmed"], wire["who_can_share_contact_card"], wire["has_2fa"] = "9f69e7", !u.Bot, "EVERYONE", false
	wire["is_admin"], wire["is_owner"], wire["is_primary_owner"] = u.Admin, false, false
	wire["is_restricted"], wire["is_ultra_restricted"] = u.Guest || u.OneGuest, u.OneGuest
	return wire
}

// wireProfile is what an account says of its owner. A stranger's is thin, as over Slack Connect.
func (ws *Workspace) wireProfile(u *User) map[string]any {
	first, last, _ := strings.Cut(u.RealName, " ")
	profile := map[string]any{
		"real_name": u.RealName, "real_name_normalized": u.RealName, "display_name": u.Handle, "display_name_normalized": u.Handle,
		"first_name": first, "last_name": last, "title": u.Title, "phone": "", "skype": "", "team": cmp.Or(u.TeamID, ws.opts.TeamID),
		"status_text": u.StatusText, "status_emoji": u.StatusEmoji, "status_expiration": 0, "avatar_hash": "g51ac",
	}
	for _, size := range []string{"24", "32", "48", "72", "192", "512"} {
		profile["image_"+size] = "https://avatars.slacksim.example/" + u.ID + "_" + size + ".png"
	}
	if u.Stranger {
		delete(profile, "title")
	}
	if u.Email != "" && ws.manifest.has("users:read.email") {
		profile["email"] = u.Email
	}
	if other := ws.appOf(u.ID); other != nil {
		profile["bot_id"], profile["api_app_id"] = other.Bot, other.ID
	} else if u.Bot {
		profile["bot_id"], profile["api_app_id"] = botID, appID
	}
	return profile
}
