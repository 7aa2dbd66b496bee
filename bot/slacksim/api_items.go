package slacksim

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"
)

// item is the message that pins and reactions are about.
func (c *call) item() (*channel, *Message, error) {
	ch, err := c.channel("channel")
	ts := c.args["timestamp"]
	switch {
	case err != nil:
		return nil, nil, err
	case ts == "":
		return nil, nil, refuse("no_item_specified")
	case !isTS(ts):
		return nil, nil, refuse("bad_timestamp")
	}
	m := ch.message(ts)
	if m == nil || m.EphemeralTo != "" {
		return nil, nil, refuse("message_not_found")
	}
	return ch, m, nil
}

func pinsAdd(c *call) (answer, error)    { return c.pin(true) }
func pinsRemove(c *call) (answer, error) { return c.pin(false) }

func (c *call) pin(add bool) (answer, error) {
	ch, m, err := c.item()
	switch {
	case err != nil:
		return nil, err
	case !ch.has(botUserID):
		return nil, refuse("not_in_channel")
	case ch.Archived:
		return nil, refuse("is_archived")
	}
	if code := c.ws.pin(ch, m, botUserID, add); code != "" {
		return nil, refuse(code)
	}
	c.effect("%s %s in %s", map[bool]string{true: "pinned", false: "unpinned"}[add], m.TS, ch.ID)
	return nil, nil
}

func pinsList(c *call) (answer, error) {
	ch, err := c.channel("channel")
	if err != nil {
		return nil, err
	}
	items := []map[string]any{}
	for _, ts := range slices.Backward(ch.Pins) {
		if m := ch.message(ts); m != nil {
			items = append(items, map[string]any{"type": "message", "channel": ch.ID, "message": c.ws.wireMessage(ch, m, false)})
		}
	}
	return answer{"items": items}, nil
}

func reactionsAdd(c *call) (answer, error)    { return c.react(true) }
func reactionsRemove(c *call) (answer, error) { return c.react(false) }

func (c *call) react(add bool) (answer, error) {
	ch, m, err := c.item()
	switch {
	case err != nil:
		return nil, err
	case !ch.has(botUserID):
		return nil, refuse("no_access")
	case ch.Archived:
		return nil, refuse("is_archived")
	}
	if code := c.ws.react(ch, m, botUserID, c.args["name"], add); code != "" {
		return nil, refuse(code)
	}
	c.effect("%s %s on %s", map[bool]string{true: "reacted", false: "took back"}[add], c.args["name"], m.TS)
	return nil, nil
}

func reactionsGet(c *call) (answer, error) {
	ch, m, err := c.item()
	if err != nil {
		return nil, err
	}
	return answer{"type": "message", "channel": ch.ID, "message": c.ws.wireMessage(ch, m, false)}, nil
}

// bookmarked is the channel of bookmark calls, and the place of the bookmark that is named, or -1.
func (c *call) bookmarked() (*channel, int, error) {
	ch, err := c.channel("channel_id")
	if err != nil {
		return nil, -1, err
	}
	if !ch.has(botUserID) {
		return nil, -1, refuse("permission_denied")
	}
	return ch, slices.IndexFunc(ch.Bookmarks, func(b Bookmark) bool { return b.ID == c.args["bookmark_id"] }), nil
}

func validLink(link string) bool {
	u, err := url.Parse(link)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != ""
}

func (c *call) wireBookmark(ch *channel, b Bookmark) map[string]any {
	return map[string]any{"id": b.ID, "channel_id": ch.ID, "title": b.Title, "link": b.Link, "emoji": b.Emoji, "icon_url": "", "type": b.Type,
		"entity_id": nil, "date_created": b.Created, "date_updated": b.Updated, "rank": "g", "last_updated_by_user_id": botUserID,
		"last_updated_by_team_id": c.ws.opts.TeamID, "shortcut_id": nil, "app_id": appID}
}

// emojiOrNone says whether a bookmark may have this emoji, whose name stands between colons.
func (ws *Workspace) emojiOrNone(name string) bool {
	return name == "" || ws.knowsEmoji(strings.Trim(name, ":"))
}

func bookmarksAdd(c *call) (answer, error) {
	ch, _, err := c.bookmarked()
	switch {
	case err != nil:
		return nil, err
	case c.args["type"] != "link":
		return nil, refuse("invalid_bookmark_type")
	case strings.TrimSpace(c.args["title"]) == "":
		return nil, refuseBecause("invalid_arguments", "[ERROR] must be more than 0 characters: title")
	case !validLink(c.args["link"]):
		return nil, refuse("invalid_link")
	case !c.ws.emojiOrNone(c.args["emoji"]):
		return nil, refuse("invalid_emoji")
	case len(ch.Bookmarks) >= 100:
		return nil, refuse("too_many_bookmarks")
	}
	b := Bookmark{ID: c.ws.newID("Bk"), Title: c.args["title"], Link: c.args["link"], Emoji: c.args["emoji"], Type: "link", Created: time.Now().Unix()}
	ch.Bookmarks = append(ch.Bookmarks, b)
	c.ws.notify(Change{Kind: ChangeChannel, Channel: ch.ID})
	c.effect("bookmarked %s in %s", b.ID, ch.ID)
	return answer{"bookmark": c.wireBookmark(ch, b)}, nil
}

func bookmarksEdit(c *call) (answer, error) {
	ch, i, err := c.bookmarked()
	link, relink := c.args["link"]
	switch {
	case err != nil:
		return nil, err
	case i < 0:
		return nil, refuse("not_found")
	case relink && !validLink(link):
		return nil, refuse("invalid_link")
	case !c.ws.emojiOrNone(c.args["emoji"]):
		return nil, refuse("invalid_emoji")
	}
	b := &ch.Bookmarks[i]
	for arg, field := range map[string]*string{"title": &b.Title, "link": &b.Link, "emoji": &b.Emoji} {
		if v, ok := c.args[arg]; ok {
			*field = v
		}
	}
	b.Updated = time.Now().Unix()
	c.ws.notify(Change{Kind: ChangeChannel, Channel: ch.ID})
	c.effect("edited bookmark %s in %s", b.ID, ch.ID)
	return answer{"bookmark": c.wireBookmark(ch, *b)}, nil
}

func bookmarksRemove(c *call) (answer, error) {
	ch, i, err := c.bookmarked()
	switch {
	case err != nil:
		return nil, err
	case i < 0:
		return nil, refuse("not_found")
	}
	c.effect("removed bookmark %s in %s", ch.Bookmarks[i].ID, ch.ID)
	ch.Bookmarks = slices.Delete(ch.Bookmarks, i, i+1)
	c.ws.notify(Change{Kind: ChangeChannel, Channel: ch.ID})
	return nil, nil
}

func bookmarksList(c *call) (answer, error) {
	ch, _, err := c.bookmarked()
	if err != nil {
		return nil, err
	}
	list := []map[string]any{}
	for _, b := range ch.Bookmarks {
		list = append(list, c.wireBookmark(ch, b))
	}
	return answer{"bookmarks": list}, nil
}

// emojiList tells of the workspace's own emoji; the common ones are not in it.
func emojiList(c *call) (answer, error) {
	own := map[string]string{}
	for _, name := range c.ws.opts.Emoji {
		own[name] = "https://emoji.slacksim.example/" + name + ".png"
	}
	return answer{"emoji": own, "cache_ts": fmt.Sprintf("%d.000000", c.ws.st.Born)}, nil
}
