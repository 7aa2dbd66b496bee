package slacksim

import (
	"cmp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

const (
	maxTopic   = 250
	maxInvited = 100
)

// member is a conversation that the bot is in and that is not archived.
func (c *call) member() (*channel, error) {
	ch, err := c.channel("channel")
	switch {
	case err != nil:
		return nil, err
	case ch.IM:
		return nil, refuse("method_not_supported_for_channel_type")
	case ch.Archived:
		return nil, refuse("is_archived")
	case !ch.has(botUserID):
		return nil, refuse("not_in_channel")
	}
	return ch, nil
}

func (c *call) channelAnswer(ch *channel) answer { return answer{"channel": c.ws.wireChannel(ch)} }

func conversationsCreate(c *call) (answer, error) {
	ws, name, private := c.ws, c.args["name"], c.args.bool("is_private")
	kind := map[bool]string{true: "private", false: "public"}[private]
	if err := c.allow(kind); err != nil {
		return nil, err
	}
	if code := checkName(name); code != "" {
		return nil, refuse(code)
	}
	if ws.nameTaken(name) && !c.races {
		return nil, refuse("name_taken")
	}
	ch := ws.createChannel(name, botUserID, private)
	c.effect("created %s #%s", ch.ID, name)
	return c.channelAnswer(ch), nil
}

func (ws *Workspace) nameTaken(name string) bool {
	return slices.ContainsFunc(ws.st.Channels, func(ch *channel) bool { return ch.Name == name })
}

func conversationsInfo(c *call) (answer, error) {
	ch, err := c.channel("channel")
	if err != nil {
		return nil, err
	}
	wire := c.ws.wireChannel(ch)
	if c.args.bool("include_num_members") {
		wire["num_members"] = len(ch.Members)
	}
	return answer{"channel": wire}, nil
}

func conversationsList(c *call) (answer, error) {
	return c.listChannels(func(*channel) bool { return true })
}

func usersConversations(c *call) (answer, error) {
	user := cmp.Or(c.args["user"], botUserID)
	if c.ws.user(user) == nil {
		return nil, refuse("user_not_found")
	}
	return c.listChannels(func(ch *channel) bool { return ch.has(user) })
}

// listChannels lists the conversations that the bot may see, of the types asked for.
func (c *call) listChannels(want func(*channel) bool) (answer, error) {
	kinds := map[string]string{"public_channel": "public", "private_channel": "private", "im": "im", "mpim": "mpim"}
	types := c.args.list("types")
	if len(types) == 0 {
		types = []string{"public_channel"}
	}
	asked := map[string]bool{}
	for _, t := range types {
		if kinds[t] == "" {
			return nil, refuse("invalid_types")
		}
		asked[kinds[t]] = true
		if err := c.allow(kinds[t]); err != nil {
			return nil, err
		}
	}
	var found []*channel
	for _, ch := range c.ws.st.Channels {
		mine := ch.kind() == "public" || ch.has(botUserID)
		if asked[ch.kind()] && mine && want(ch) && !(ch.Archived && c.args.bool("exclude_archived")) {
			found = append(found, ch)
		}
	}
	slices.SortFunc(found, func(a, b *channel) int { return strings.Compare(a.ID, b.ID) })
	items, next, err := page(c, found, 100, 1000, func(ch *channel) string { return ch.ID })
	if err != nil {
		return nil, err
	}
	list := make([]map[string]any, len(items))
	for i, ch := range items {
		list[i] = c.ws.wireChannel(ch)
		list[i]["num_members"] = len(ch.Members)
	}
	return answer{"channels": list, "response_metadata": cursorOf(next)}, nil
}

// conversationsOpen opens the direct messages with one user, or a group of several. The bot itself is always in them.
func conversationsOpen(c *call) (answer, error) {
	ws := c.ws
	if id := c.args["channel"]; id != "" {
		ch := ws.channel(id)
		if ch == nil || !ch.has(botUserID) || !ch.IM && !ch.MPIM {
			return nil, refuse("channel_not_found")
		}
		return answer{"channel": map[string]any{"id": ch.ID}, "no_op": true, "already_open": true}, nil
	}
	users := c.args.list("users")
	switch {
	case len(users) == 0:
		return nil, refuse("users_list_not_supplied")
	case len(users) > 8:
		return nil, refuse("too_many_users")
	case !slices.ContainsFunc(users, func(id string) bool { return id != botUserID }):
		return nil, refuse("not_enough_users")
	}
	for _, id := range users {
		u := ws.user(id)
		switch {
		case u == nil:
			return nil, refuse("user_not_found")
		case u.Deleted:
			return nil, refuse("user_disabled")
		}
	}
	kind := "im"
	if len(users) > 1 {
		kind = "mpim"
	}
	if err := c.allow(kind); err != nil {
		return nil, err
	}
	ch, existed := ws.openIM(append(slices.Clone(users), botUserID)...)
	if !existed {
		c.effect("opened %s", ch.ID)
	}
	wire := map[string]any{"id": ch.ID}
	if c.args.bool("return_im") {
		wire = ws.wireChannel(ch)
	}
	return answer{"channel": wire, "no_op": existed, "already_open": existed}, nil
}

func conversationsArchive(c *call) (answer, error) {
	ch, err := c.channel("channel")
	switch {
	case err != nil:
		return nil, err
	case ch.IM || ch.MPIM:
		return nil, refuse("method_not_supported_for_channel_type")
	case ch.Archived:
		return nil, refuse("already_archived")
	case ch.General:
		return nil, refuse("cant_archive_general")
	case !ch.has(botUserID):
		return nil, refuse("not_in_channel")
	}
	c.ws.setArchived(ch, botUserID, true)
	c.effect("archived %s", ch.ID)
	return nil, nil
}

func conversationsUnarchive(c *call) (answer, error) {
	ch, err := c.channel("channel")
	switch {
	case err != nil:
		return nil, err
	case !ch.Archived:
		return nil, refuse("not_archived")
	case !ch.has(botUserID):
		return nil, refuse("not_in_channel")
	}
	c.ws.setArchived(ch, botUserID, false)
	c.effect("unarchived %s", ch.ID)
	return nil, nil
}

func conversationsRename(c *call) (answer, error) {
	ch, err := c.member()
	if err != nil {
		return nil, err
	}
	name := c.args["name"]
	if code := checkName(name); code != "" {
		return nil, refuse(code)
	}
	switch {
	case ch.Creator != botUserID:
		return nil, refuse("not_authorized")
	case name != ch.Name && c.ws.nameTaken(name):
		return nil, refuse("name_taken")
	}
	c.ws.rename(ch, botUserID, name)
	c.effect("renamed %s to #%s", ch.ID, name)
	return c.channelAnswer(ch), nil
}

func conversationsSetTopic(c *call) (answer, error) {
	return c.setTopic("topic", func(ch *channel) *Topic { return &ch.Topic })
}

func conversationsSetPurpose(c *call) (answer, error) {
	return c.setTopic("purpose", func(ch *channel) *Topic { return &ch.Purpose })
}

func (c *call) setTopic(arg string, field func(*channel) *Topic) (answer, error) {
	ch, err := c.member()
	if err != nil {
		return nil, err
	}
	text := c.args[arg]
	if utf8.RuneCountInString(text) > maxTopic {
		return nil, refuse("too_long")
	}
	t := field(ch)
	if t.Value != text {
		*t = Topic{Value: text, Creator: botUserID, LastSet: time.Now().Unix()}
		c.ws.post(ch, &Message{User: botUserID, ByApp: true, Fallback: "set the channel " + arg + ": " + text, Subtype: "channel_" + arg, After: text})
		c.ws.notify(Change{Kind: ChangeChannel, Channel: ch.ID})
		c.effect("set %s of %s", arg, ch.ID)
	}
	out := c.channelAnswer(ch)
	out[strings.ToLower(arg)] = text
	return out, nil
}
