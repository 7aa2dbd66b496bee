package slack

import (
	"muster/bot/clock"
	"muster/bot/desk"
	"muster/bot/slack/perform"
)

// Store is everything that the parts of the program keep anything in.
type Store interface {
	desk.Store
	clock.Agenda
	perform.Store
}
