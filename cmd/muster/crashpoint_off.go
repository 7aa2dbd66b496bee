//go:build !crashpoints

package main

import "muster/bot"

// underTest changes nothing in the program that people run.
func underTest(*bot.Options) {}
