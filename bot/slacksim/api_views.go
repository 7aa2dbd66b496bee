package slacksim

import (
	"encoding/json"
)

func viewsOpen(c *call) (answer, error) { return c.openModal(false) }

func viewsPush(c *call) (answer, error) { return c.openModal(true) }

func (c *call) openModal(onTop bool) (answer, error) {
	ws := c.ws
	if !c.args.has("trigger_id") {
		return nil, refuseBecause("invalid_arguments", "[ERROR] missing required field: trigger_id")
	}
	v, err := ws.parseView(json.RawMessage(c.args["view"]), "modal")
	if err != nil {
		return nil, err
	}
	if v.ExternalID != "" && ws.openView("", v.ExternalID) != nil {
		return nil, refuse("duplicate_external_id")
	}
	t, code := ws.useTrigger(c.args["trigger_id"])
	if code != "" {
		return nil, refuse(code)
	}
	if onTop && (t.viewID == "" || ws.openView(t.viewID, "") == nil) {
		return nil, refuse("not_found")
	}
	if !onTop {
		ws.modals[t.user] = nil
	}
	if code := ws.push(v, t.user); code != "" {
		return nil, refuse(code)
	}
	c.effect("opened %s for %s", v.ID, t.user)
	return answer{"view": ws.wireView(v)}, nil
}

func viewsUpdate(c *call) (answer, error) {
	ws := c.ws
	if !c.args.has("view_id") && !c.args.has("external_id") {
		return nil, refuseBecause("invalid_arguments", "[ERROR] missing required field: view_id")
	}
	old := ws.openView(c.args["view_id"], c.args["external_id"])
	if old == nil {
		return nil, refuse("not_found")
	}
	if h := c.args["hash"]; h != "" && h != old.Hash {
		return nil, refuse("hash_conflict")
	}
	v, err := ws.parseView(json.RawMessage(c.args["view"]), old.Type)
	if err != nil {
		return nil, err
	}
	if old.Type == "home" {
		return c.publish(v, old.User, old)
	}
	ws.swap(old, v)
	c.effect("updated %s for %s", v.ID, v.User)
	return answer{"view": ws.wireView(v)}, nil
}

func viewsPublish(c *call) (answer, error) {
	ws := c.ws
	u := ws.user(c.args["user_id"])
	switch {
	case !ws.manifest.Features.AppHome.HomeTabEnabled:
		return nil, refuse("not_enabled")
	case u == nil || u.Deleted || u.Bot:
		return nil, refuseBecause("invalid_arguments", "[ERROR] user_id is not a user of this workspace")
	}
	old := ws.st.Homes[u.ID]
	if h := c.args["hash"]; h != "" && (old == nil || h != old.Hash) {
		return nil, refuse("hash_conflict")
	}
	v, err := ws.parseView(json.RawMessage(c.args["view"]), "home")
	if err != nil {
		return nil, err
	}
	return c.publish(v, u.ID, old)
}

func (c *call) publish(v *View, user string, old *View) (answer, error) {
	c.ws.show(v, user, old)
	c.ws.st.Homes[user] = v
	c.ws.notify(Change{Kind: ChangeHome, User: user})
	c.effect("published home of %s", user)
	return answer{"view": c.ws.wireView(v)}, nil
}
