// Package slacksim is a Slack workspace in one process: people, channels, messages and modals behind Slack's own Web API and
// Socket Mode, good enough to trust a bot that was only ever tried here. It decides what Slack would decide (scopes, limits,
// error codes, rates, ack clocks, redelivery) and fails on request the way Slack fails.
//
// It knows nothing of the bot that lives in it: what the app may do comes from the app's manifest, in Slack's format. It
// imports no Slack library either, so that the bot's library and this package cannot share a misreading of Slack.
//
// One mutex guards the whole workspace; it is never held across the network or while foreign code runs, except for the
// validators of Options, which must be pure. All times come from package time, so a Workspace made inside a testing/synctest
// bubble lives on the bubble's clock.
//
// # What it cannot express
//
// What is not here cannot be tested here. Not there at all: calls, workflows, lists, huddles, reminders, search, link previews, Slack
// Connect as more than a stranger in a channel, Enterprise Grid, tokens of people, distribution to other workspaces, the blocks alert,
// context_actions, card and carousel, legacy buttons of attachments, dialogs, messages that people schedule, drafts.
//
// Simpler than Slack: people's bold and lists stay signs in a text run of their rich_text; emoji are those that package blockkit knows,
// and Options.Emoji; a file's thumbnails are the file; canvases are made of Markdown paragraphs, and the page does not show them; who may
// rename, convert, delete and remove follows from User.Admin and not from a workspace's settings; a deactivated person stays listed in
// their channels; there is one bot token, and no rotation.
//
// Where no source says what Slack does, it does this: an ack counts on whatever socket it comes (Options.AckOnSameSocket), archiving
// leaves the app in the channel (Options.ArchivingExpelsApp), pins.add and conversations.kick in an archived channel say is_archived, an
// empty required argument gets the method's own code, who is put out gets the same line as who leaves, a bot that is put out of a
// channel hears both channel_left and member_left_channel, a conversion is told by its line in the channel only, and an answer to a press
// in a thread that only one person sees stays in the thread.
package slacksim
