// Command muster runs major incidents inside Slack. It reads flags and configuration and wires the rooms together; what an
// incident is and what Slack is told, others decide.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
	_ "time/tzdata" // so that time zones are known on a machine that has none installed
)

func main() { os.Exit(command()) }

// command runs the program once. It is apart from main so that deferred calls run before the process ends.
func command() int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // a second signal ends the program at once
	return run(ctx, &program{out: os.Stdout, errors: os.Stderr, environment: os.Getenv}, os.Args[1:])
}
