//go:build !crashpoints

package main

import "muster/bot/slack"

// underTest changes nothing in the program that people run.
func underTest(*slack.Options) {}
