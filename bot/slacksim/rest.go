package slacksim

import (
	"cmp"
	"time"
)

// SetsStatus puts a line and an emoji beside the person's name; two empty ones take them away.
func (p *Person) SetsStatus(text, emoji string) error {
	return p.alters(func(u *User) { u.StatusText, u.StatusEmoji = text, emoji }, "user_change", "user_status_changed", "user_profile_changed")
}

// Snoozes makes the person not to be disturbed for so long; 0 ends it.
func (p *Person) Snoozes(d time.Duration) error {
	return p.alters(func(u *User) {
		u.Snoozed = 0
		if d > 0 {
			u.Snoozed = time.Now().Add(d).Unix()
		}
	}, "dnd_updated_user")
}

// alters changes what the person's account says, with the events of these kinds.
func (p *Person) alters(change func(*User), kinds ...string) error {
	ws := p.ws
	ws.mu.Lock()
	defer ws.mu.Unlock()
	if err := p.able(); err != nil {
		return err
	}
	u := ws.user(p.ID)
	change(u)
	ws.tellUser(u, kinds...)
	return nil
}

func (ws *Workspace) tellUser(u *User, kinds ...string) {
	u.Updated = time.Now().Unix()
	for _, kind := range kinds {
		body := map[string]any{"user": ws.wireUser(u), "cache_ts": u.Updated}
		if kind == "dnd_updated_user" {
			body = map[string]any{"user": u.ID, "dnd_status": u.wireRest()}
		}
		ws.emit(event{kind: kind, body: body})
	}
	ws.notify(Change{Kind: ChangeUser, User: u.ID})
}

// wireRest says when the user is not to be disturbed. Others do not learn of a snooze; its time reads like one that is due anyway.
func (u *User) wireRest() map[string]any {
	if u.Snoozed <= time.Now().Unix() {
		return map[string]any{"dnd_enabled": false, "next_dnd_start_ts": 1, "next_dnd_end_ts": 1}
	}
	return map[string]any{"dnd_enabled": true, "next_dnd_start_ts": time.Now().Unix(), "next_dnd_end_ts": u.Snoozed}
}

func dndInfo(c *call) (answer, error) {
	u := c.ws.user(c.args["user"])
	if u == nil {
		return nil, refuse("user_not_found")
	}
	return answer(u.wireRest()), nil
}

func usersProfileGet(c *call) (answer, error) {
	u := c.ws.user(cmp.Or(c.args["user"], botUserID))
	if u == nil {
		return nil, refuse("user_not_found")
	}
	return answer{"profile": c.ws.wireProfile(u)}, nil
}
