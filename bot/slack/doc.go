// Package slack talks: it is everything between Slack and the state machine.
//
// A socket brings an envelope (socket.go), route.go finds the handler, the handler makes an incident.Command of it and has
// the store apply it, and only after the commit the envelope is acknowledged, with the words that its user sees. What the
// world must be told then lies in the store's outbox, where bot/worker finds it; what comes later lies in the store's due
// index, where reminder.go finds it.
//
// The package decides nothing about incidents and knows no words: incident decides, templates speak.
package slack
