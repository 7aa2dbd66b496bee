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
package slacksim
