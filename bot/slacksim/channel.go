package slacksim

import (
	"slices"
	"sort"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Channel is a conversation of any kind, as a copy.
type Channel struct {
	ID            string            `json:"id"`
	Name          string            `json:"name,omitempty"`
	Private       bool              `json:"private,omitempty"`
	IM            bool              `json:"im,omitempty"`   // between two
	MPIM          bool              `json:"mpim,omitempty"` // between several
	General       bool              `json:"general,omitempty"`
	Archived      bool              `json:"archived,omitempty"`
	Creator       string            `json:"creator,omitempty"`
	Created       int64             `json:"created"`
	Topic         Topic             `json:"topic"`
	Purpose       Topic             `json:"purpose"`
	Members       []string          `json:"members"`
	PreviousNames []string          `json:"previous_names,omitempty"`
	Bookmarks     []Bookmark        `json:"bookmarks,omitempty"`
	Pins          []string          `json:"pins,omitempty"` // ts of the pinned messages
	Read          map[string]string `json:"read,omitempty"` // user to the ts they read up to
}

// Topic is a channel's topic or purpose.
type Topic struct {
	Value   string `json:"value"`
	Creator string `json:"creator"`
	LastSet int64  `json:"last_set"`
}

// Bookmark is a link at the top of a channel.
type Bookmark struct {
	ID      string `json:"id"`
	Title   string `json:"title"`
	Link    string `json:"link"`
	Emoji   string `json:"emoji"`
	Type    string `json:"type"`
	Created int64  `json:"date_created"`
	Updated int64  `json:"date_updated"`
}

// channel is a Channel with its messages, oldest first. Ephemeral ones stand among them.
type channel struct {
	Channel
	Messages []*Message `json:"messages"`
}

func (c *channel) copy() Channel {
	out := c.Channel
	out.Members, out.Pins, out.Bookmarks = slices.Clone(c.Members), slices.Clone(c.Pins), slices.Clone(c.Bookmarks)
	out.PreviousNames, out.Read = slices.Clone(c.PreviousNames), nil
	return out
}

func (c *channel) has(user string) bool { return slices.Contains(c.Members, user) }

// kind is the word that Slack's scopes and types use: public, private, im or mpim.
func (c *channel) kind() string {
	switch {
	case c.IM:
		return "im"
	case c.MPIM:
		return "mpim"
	case c.Private:
		return "private"
	}
	return "public"
}

// eventKind is the channel_type of events.
func (c *channel) eventKind() string {
	return map[string]string{"public": "channel", "private": "group", "im": "im", "mpim": "mpim"}[c.kind()]
}

func (c *channel) message(ts string) *Message {
	i := sort.Search(len(c.Messages), func(i int) bool { return !tsLess(c.Messages[i].TS, ts) })
	if i < len(c.Messages) && c.Messages[i].TS == ts {
		return c.Messages[i]
	}
	return nil
}

// tsLess compares timestamps, whose seconds have the same number of digits until the year 2286.
func tsLess(a, b string) bool {
	if len(a) != len(b) {
		return len(a) < len(b)
	}
	return a < b
}

func (ws *Workspace) channel(id string) *channel {
	for _, c := range ws.st.Channels {
		if c.ID == id {
			return c
		}
	}
	return nil
}

// channelByName finds a channel by name or ID, with or without the #.
func (ws *Workspace) channelByName(name string) *channel {
	name = strings.TrimPrefix(name, "#")
	for _, c := range ws.st.Channels {
		if c.ID == name || c.Name != "" && c.Name == name {
			return c
		}
	}
	return nil
}

// visible says whether a person sees that the channel exists at all.
func (ws *Workspace) visible(c *channel, user string) bool {
	if c.has(user) {
		return true
	}
	u := ws.user(user)
	return u != nil && c.kind() == "public" && !u.narrow() && !u.Deleted
}

// checkName tells Slack's error for a channel name, or "".
func checkName(name string) string {
	if name == "" {
		return "invalid_name_required"
	}
	if utf8.RuneCountInString(name) > 80 {
		return "invalid_name_maxlength"
	}
	substance := false
	for _, r := range name {
		switch {
		case r == '-' || r == '_':
		case unicode.IsUpper(r) || !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r):
			return "invalid_name_specials"
		default:
			substance = true
		}
	}
	if !substance {
		return "invalid_name_punctuation"
	}
	return ""
}

func (ws *Workspace) createChannel(name, creator string, private bool) *channel {
	now := time.Now().Unix()
	c := &channel{Channel: Channel{ID: ws.newID("C"), Name: name, Private: private, Creator: creator, Created: now, Members: []string{creator}}}
	ws.st.Channels = append(ws.st.Channels, c)
	if !private {
		ws.emit(event{kind: "channel_created", body: map[string]any{"channel": ws.wireNew(c)}})
	}
	ws.notify(Change{Kind: ChangeChannel, Channel: c.ID})
	return c
}

// wireNew is what Slack tells of a public channel that somebody made.
func (ws *Workspace) wireNew(c *channel) map[string]any {
	wire := map[string]any{"id": c.ID, "name": c.Name, "name_normalized": c.Name, "created": c.Created, "creator": c.Creator, "is_channel": true,
		"context_team_id": ws.opts.TeamID, "updated": c.Created * 1000, "unlinked": 0, "parent_conversation": nil,
		"shared_team_ids": []string{ws.opts.TeamID}, "pending_shared": []string{}, "pending_connected_team_ids": []string{}, "previous_names": []string{}}
	for _, no := range []string{"is_archived", "is_ext_shared", "is_frozen", "is_general", "is_group", "is_im", "is_mpim", "is_org_shared",
		"is_pending_ext_shared", "is_private", "is_shared"} {
		wire[no] = false
	}
	return wire
}

// openIM is the direct conversation of these users, made if there is none yet.
func (ws *Workspace) openIM(users ...string) (c *channel, existed bool) {
	slices.Sort(users)
	users = slices.Compact(users)
	for _, c := range ws.st.Channels {
		if (c.IM || c.MPIM) && slices.Equal(slices.Sorted(slices.Values(c.Members)), users) {
			return c, true
		}
	}
	c = &channel{Channel: Channel{IM: len(users) <= 2, MPIM: len(users) > 2, Created: time.Now().Unix(), Members: users}}
	if c.IM {
		c.ID = ws.newID("D")
	} else {
		c.ID = ws.newID("G")
	}
	ws.st.Channels = append(ws.st.Channels, c)
	ws.notify(Change{Kind: ChangeChannel, Channel: c.ID})
	return c, false
}

// join puts a user into a channel, with the line people see and the event. Being there already is fine.
func (ws *Workspace) join(c *channel, user, inviter string) {
	if c.has(user) {
		return
	}
	c.Members = append(c.Members, user)
	text := "<@" + user + "> has joined the channel"
	ws.post(c, &Message{User: user, Fallback: text, Subtype: "channel_join", Inviter: inviter})
	body := map[string]any{"user": user, "channel": c.ID, "channel_type": string([]rune(c.ID)[0]), "team": ws.opts.TeamID}
	if inviter != "" {
		body["inviter"] = inviter
	}
	ws.emit(event{kind: "member_joined_channel", channel: c, body: body})
	ws.notify(Change{Kind: ChangeChannel, Channel: c.ID})
}

func (ws *Workspace) setArchived(c *channel, by string, archived bool) {
	c.Archived = archived
	verb := map[bool]string{true: "archive", false: "unarchive"}[archived]
	kind := "channel_" + verb
	if c.Private {
		kind = "group_" + verb
	}
	ws.post(c, &Message{User: by, Fallback: "<@" + by + "> " + verb + "d the channel", Subtype: "channel_" + verb})
	ws.emit(event{kind: kind, channel: c, everywhere: true, body: map[string]any{"channel": c.ID, "user": by, "actor_id": by, "is_moved": 0}})
	if archived && ws.opts.ArchivingExpelsApp {
		c.Members = slices.DeleteFunc(c.Members, func(member string) bool { return member == botUserID })
	}
	ws.notify(Change{Kind: ChangeChannel, Channel: c.ID})
}

// wireChannel is the conversation object as the bot sees it.
func (ws *Workspace) wireChannel(c *channel) map[string]any {
	wire := map[string]any{
		"id": c.ID, "created": c.Created, "is_archived": c.Archived, "is_im": c.IM, "is_mpim": c.MPIM, "is_private": c.kind() != "public",
		"is_shared": false, "is_ext_shared": false, "is_org_shared": false, "unlinked": 0, "context_team_id": ws.opts.TeamID,
	}
	if c.IM {
		wire["is_user_deleted"] = false
		for _, m := range c.Members {
			if m != botUserID {
				wire["user"] = m
				if u := ws.user(m); u != nil {
					wire["is_user_deleted"] = u.Deleted
				}
			}
		}
		return wire
	}
	names := c.PreviousNames
	if names == nil {
		names = []string{}
	}
	wire["name"], wire["name_normalized"], wire["creator"] = c.Name, c.Name, c.Creator
	wire["is_channel"], wire["is_group"], wire["is_general"] = !c.MPIM, false, c.General
	wire["is_member"], wire["topic"], wire["purpose"], wire["previous_names"] = c.has(botUserID), c.Topic, c.Purpose, names
	return wire
}
