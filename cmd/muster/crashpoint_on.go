//go:build crashpoints

package main

import (
	"os"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"

	"muster/bot"
)

// underTest makes the program kill itself at a named point, the nth time it comes by: MUSTER_CRASH_AT=performed/create_channel:2.
// Slack's rates are left out, for the stand-in of a campaign has none. Only campaigns build the program like this.
func underTest(options *bot.Options) {
	options.Pace = 10000
	where, nth, _ := strings.Cut(os.Getenv("MUSTER_CRASH_AT"), ":")
	if where == "" {
		return
	}
	count, err := strconv.ParseInt(nth, 10, 64)
	if err != nil {
		count = 1
	}
	var passed atomic.Int64
	options.At = func(point string) {
		if strings.HasPrefix(point, where) && passed.Add(1) == count {
			_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
			select {} // nothing more happens
		}
	}
}
