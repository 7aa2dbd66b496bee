//go:build !crashpoints

package main

import (
	"muster/bot"
	"muster/storage"
)

// underTest changes nothing in the program that people run.
func underTest(*bot.Options, *storage.Stores) {}
