// Package pacer stands in front of every Web API call of the process and spends Slack's rates: a call waits until Slack
// would take it, so that no 429 is earned, and no longer than that, so that nothing is slower than Slack allows.
//
// What waits for one rate is let through by urgency, then fairly between incidents (one each, round and round), then in the
// order it came. A 429 that comes nevertheless halts the method that earned it, for messages only the channel, for as long
// as Slack says. It knows nothing of what the calls say, and performs none itself.
package pacer
