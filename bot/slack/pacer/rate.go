package pacer

import "time"

// postMessage is the one method whose rate counts for each channel by itself.
const postMessage = "chat.postMessage"

// Rate is how often Slack lets something happen: Burst at once, then one more after each Every.
type Rate struct {
	Burst int
	Every time.Duration
}

// perMinute is a tier: so many calls a minute, all of them at once if need be.
func perMinute(calls int) (Rate, bool) {
	return Rate{calls, time.Minute / time.Duration(calls)}, true
}

// RateOf is Slack's rate of a method that the bot calls with its bot token; any other is not paced. The rate of
// chat.postMessage is that of one channel.
func RateOf(method string) (rate Rate, paced bool) {
	switch method {
	case postMessage:
		return Rate{5, time.Second}, true
	case "conversations.create", "conversations.setTopic", "conversations.setPurpose", "conversations.archive",
		"conversations.unarchive", "conversations.rename", "conversations.list", "users.conversations", "users.list",
		"pins.add", "pins.remove", "bookmarks.add", "usergroups.list", "usergroups.users.list", "reactions.remove":
		return perMinute(20)
	case "conversations.invite", "conversations.join", "conversations.info", "conversations.history",
		"conversations.replies", "conversations.kick", "conversations.open", "chat.update", "chat.delete",
		"chat.scheduleMessage", "reactions.add", "users.lookupByEmail", "bots.info", "team.info":
		return perMinute(50)
	case "users.info", "conversations.members", "chat.postEphemeral", "views.open", "views.push", "views.update",
		"views.publish", "files.getUploadURLExternal", "files.completeUploadExternal":
		return perMinute(100)
	case "auth.test", "chat.getPermalink":
		return perMinute(600)
	}
	return Rate{}, false
}
