package slacksim

// Scope lists by kind of conversation, as Slack groups them.
func writeScopes(public ...string) scopes {
	return scopes{kinds: map[string][]string{
		"public": public, "private": {"groups:write"}, "im": {"im:write"}, "mpim": {"mpim:write"}}}
}

func readScopes(verb string) scopes {
	return scopes{kinds: map[string][]string{
		"public": {"channels:" + verb}, "private": {"groups:" + verb}, "im": {"im:" + verb}, "mpim": {"mpim:" + verb}}}
}

func oneOf(any ...string) scopes { return scopes{any: any} }

// methodTable holds every method that this workspace answers; any other is unknown_method.
func methodTable() map[string]*method {
	manage := func(more ...string) scopes { return writeScopes(append([]string{"channels:manage"}, more...)...) }
	invite, topic := manage("channels:write.invites"), manage("channels:write.topic")
	invite.kinds["private"] = append(invite.kinds["private"], "groups:write.invites")
	for _, k := range [][2]string{{"private", "groups:write.topic"}, {"im", "im:write.topic"}, {"mpim", "mpim:write.topic"}} {
		topic.kinds[k[0]] = append(topic.kinds[k[0]], k[1])
	}
	chat, read, history := oneOf("chat:write"), readScopes("read"), readScopes("history")
	req := func(args ...string) []string { return args }
	rows := []*method{
		{"auth.test", scopes{}, botToken, tierAuth, nil, authTest},
		{"apps.connections.open", scopes{}, appToken, tier3, nil, connectionsOpen},
		{"bots.info", oneOf("users:read"), botToken, tier3, nil, botsInfo},
		{"team.info", oneOf("team:read"), botToken, tier3, nil, teamInfo},
		{"users.info", oneOf("users:read"), botToken, tier4, req("user"), usersInfo},
		{"users.list", oneOf("users:read"), botToken, tier2, nil, usersList},
		{"users.lookupByEmail", oneOf("users:read.email"), botToken, tier3, req("email"), usersLookupByEmail},
		{"users.conversations", read, botToken, tier3, nil, usersConversations},
		{"usergroups.list", oneOf("usergroups:read"), botToken, tier2, nil, usergroupsList},
		{"usergroups.users.list", oneOf("usergroups:read"), botToken, tier2, req("usergroup"), usergroupsUsersList},
		{"usergroups.users.update", oneOf("usergroups:write"), botToken, tier2, req("usergroup", "users"), usergroupsUsersUpdate},
		{"usergroups.create", oneOf("usergroups:write"), botToken, tier2, req("name"), usergroupsCreate},
		{"usergroups.update", oneOf("usergroups:write"), botToken, tier2, req("usergroup"), usergroupsUpdate},
		{"users.profile.get", oneOf("users.profile:read"), botToken, tier4, nil, usersProfileGet},
		{"dnd.info", oneOf("dnd:read"), botToken, tier3, req("user"), dndInfo},
		{"emoji.list", oneOf("emoji:read"), botToken, tier2, nil, emojiList},

		{"chat.postMessage", chat, botToken, postsPerMinute, req("channel"), chatPostMessage},
		{"chat.postEphemeral", chat, botToken, tier4, req("channel", "user"), chatPostEphemeral},
		{"chat.update", chat, botToken, tier3, req("channel", "ts"), chatUpdate},
		{"chat.delete", chat, botToken, tier3, req("channel", "ts"), chatDelete},
		{"chat.getPermalink", scopes{}, botToken, tierAuth, req("channel", "message_ts"), chatGetPermalink},
		{"chat.scheduleMessage", chat, botToken, tier3, req("channel", "post_at"), chatScheduleMessage},
		{"chat.deleteScheduledMessage", chat, botToken, tier3, req("channel", "scheduled_message_id"), chatDeleteScheduledMessage},
		{"chat.scheduledMessages.list", scopes{}, botToken, tier3, nil, chatScheduledMessagesList},

		{"conversations.create", manage(), botToken, tier2, req("name"), conversationsCreate},
		{"conversations.invite", invite, botToken, tier3, req("channel", "users"), conversationsInvite},
		{"conversations.kick", manage(), botToken, tier3, req("channel", "user"), conversationsKick},
		{"conversations.join", oneOf("channels:join"), botToken, tier3, req("channel"), conversationsJoin},
		{"conversations.leave", manage(), botToken, tier3, req("channel"), conversationsLeave},
		{"conversations.info", read, botToken, tier3, req("channel"), conversationsInfo},
		{"conversations.list", read, botToken, tier2, nil, conversationsList},
		{"conversations.members", read, botToken, tier4, req("channel"), conversationsMembers},
		{"conversations.history", history, botToken, tier3, req("channel"), conversationsHistory},
		{"conversations.replies", history, botToken, tier3, req("channel", "ts"), conversationsReplies},
		{"conversations.open", manage(), botToken, tier3, nil, conversationsOpen},
		{"conversations.archive", manage(), botToken, tier2, req("channel"), conversationsArchive},
		{"conversations.unarchive", manage(), botToken, tier2, req("channel"), conversationsUnarchive},
		{"conversations.rename", manage(), botToken, tier2, req("channel", "name"), conversationsRename},
		{"conversations.setTopic", topic, botToken, tier2, req("channel", "topic"), conversationsSetTopic},
		{"conversations.setPurpose", topic, botToken, tier2, req("channel", "purpose"), conversationsSetPurpose},

		{"pins.add", oneOf("pins:write"), botToken, tier2, req("channel"), pinsAdd},
		{"pins.remove", oneOf("pins:write"), botToken, tier2, req("channel"), pinsRemove},
		{"pins.list", oneOf("pins:read"), botToken, tier2, req("channel"), pinsList},
		{"bookmarks.add", oneOf("bookmarks:write"), botToken, tier2, req("channel_id", "title", "type"), bookmarksAdd},
		{"bookmarks.edit", oneOf("bookmarks:write"), botToken, tier2, req("channel_id", "bookmark_id"), bookmarksEdit},
		{"bookmarks.remove", oneOf("bookmarks:write"), botToken, tier2, req("channel_id", "bookmark_id"), bookmarksRemove},
		{"bookmarks.list", oneOf("bookmarks:read"), botToken, tier3, req("channel_id"), bookmarksList},
		{"reactions.add", oneOf("reactions:write"), botToken, tier3, req("channel", "name", "timestamp"), reactionsAdd},
		{"reactions.remove", oneOf("reactions:write"), botToken, tier2, req("name"), reactionsRemove},
		{"reactions.get", oneOf("reactions:read"), botToken, tier3, nil, reactionsGet},

		{"views.open", scopes{}, botToken, tier4, req("view"), viewsOpen},
		{"views.push", scopes{}, botToken, tier4, req("view"), viewsPush},
		{"views.update", scopes{}, botToken, tier4, req("view"), viewsUpdate},
		{"views.publish", scopes{}, botToken, tier4, req("user_id", "view"), viewsPublish},

		{"files.getUploadURLExternal", oneOf("files:write"), botToken, tier4, req("filename", "length"), filesGetUploadURL},
		{"files.completeUploadExternal", oneOf("files:write"), botToken, tier4, req("files"), filesCompleteUpload},
		{"files.info", oneOf("files:read"), botToken, tier4, req("file"), filesInfo},
		{"files.list", oneOf("files:read"), botToken, tier3, nil, filesList},
		{"files.delete", oneOf("files:write"), botToken, tier3, req("file"), filesDelete},
	}
	canvas := oneOf("canvases:write")
	rows = append(rows, []*method{
		{"conversations.canvases.create", canvas, botToken, tier2, req("channel_id"), conversationsCanvasesCreate},
		{"canvases.create", canvas, botToken, tier2, nil, canvasesCreate},
		{"canvases.edit", canvas, botToken, tier3, req("canvas_id", "changes"), canvasesEdit},
		{"canvases.delete", canvas, botToken, tier3, req("canvas_id"), canvasesDelete},
		{"canvases.access.set", canvas, botToken, tier3, req("canvas_id", "access_level"), canvasesAccessSet},
		{"canvases.sections.lookup", oneOf("canvases:read"), botToken, tier3, req("canvas_id", "criteria"), canvasesSectionsLookup},
	}...)
	table := make(map[string]*method, len(rows))
	for _, m := range rows {
		table[m.name] = m
	}
	return table
}

// formOnly says whether a method does not read a JSON body.
func formOnly(method string) bool {
	switch method {
	case "bots.info", "users.info", "users.list", "users.lookupByEmail", "users.conversations", "usergroups.list", "usergroups.users.list",
		"conversations.info", "conversations.members", "conversations.replies", "conversations.list", "chat.getPermalink", "pins.list",
		"reactions.get", "files.getUploadURLExternal", "files.info", "files.list",
		"users.profile.get", "dnd.info", "emoji.list":
		return true
	}
	return false
}
