package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/alecthomas/kong"

	"muster/cmd/muster/config"
)

// What the program answers to its caller.
const (
	exitDone   = 0
	exitFailed = 1 // it was tried and did not work; for check: there are problems
	exitUsage  = 2 // flags, environment or configuration are wrong; nothing was tried
)

// program is what a command may use of the process.
type program struct {
	out, errors io.Writer
	environment func(name string) string
}

// usageError is an error of the person who called the program.
type usageError struct{ error }

func (e usageError) Unwrap() error { return e.error }

func wrongUse(format string, args ...any) error { return usageError{fmt.Errorf(format, args...)} }

// errProblems ends a check that found something; it was told already.
var errProblems = errors.New("there are problems")

type commands struct {
	Demo     demoCommand     `cmd:"" help:"Run a whole Slack workspace in the browser, with the bot in it. No account, no tokens."`
	Serve    serveCommand    `cmd:"" help:"Run the bot on Slack, until SIGTERM."`
	Check    checkCommand    `cmd:"" help:"Check configuration, tokens, scopes, channels, clock, database and undelivered effects, and say what to do."`
	Manifest manifestCommand `cmd:"" help:"Print the Slack app manifest, to paste at \"Create an app from a manifest\"."`
	Export   exportCommand   `cmd:"" help:"Print one incident, whole."`
	Backup   backupCommand   `cmd:"" help:"Copy the database to a file, also while the bot runs."`
	Restore  restoreCommand  `cmd:"" help:"Replace the database with a backup, once the backup has proven sound."`
	Version  versionCommand  `cmd:"" help:"Print the version."`
}

const about = `Major incidents in Slack: from /incident declare to the last update, nothing lost.

SLACK_BOT_TOKEN (xoxb-...) and SLACK_APP_TOKEN (xapp-...) come from the environment; SLACK_API_URL points to another base
than https://slack.com/api/. Everything else can be set in a file (config.example.yaml); no file is needed.

Exit codes: 0 done, 1 it did not work, 2 flags, environment or configuration are wrong.`

// configFlag is the configuration of the commands that use one.
type configFlag struct {
	Config string `short:"c" placeholder:"FILE" help:"Configuration; without it, all is at its default."`
}

// load reads the configuration.
func (f configFlag) load() (config.Config, error) {
	if f.Config == "" {
		return config.Default(), nil
	}
	c, err := config.Load(f.Config)
	if err != nil {
		return c, usageError{err}
	}
	return c, nil
}

// databaseFlag is the configuration of the commands that work on a database.
type databaseFlag struct {
	configFlag
	Database string `placeholder:"FILE" help:"Database; without it, the one of the configuration."`
}

func (f databaseFlag) load() (config.Config, error) {
	c, err := f.configFlag.load()
	if f.Database != "" {
		c.Database = f.Database
	}
	return c, err
}

// exit carries kong's wish to end the program out of its parser.
type exit int

// run runs one command line and answers the exit code.
func run(ctx context.Context, p *program, args []string) (code int) {
	defer func() {
		if cause := recover(); cause != nil {
			wish, ok := cause.(exit)
			if !ok {
				panic(cause)
			}
			code = int(wish)
		}
	}()
	parser, err := kong.New(&commands{}, kong.Name("muster"), kong.Description(about), kong.Writers(p.out, p.errors),
		kong.Exit(func(code int) { panic(exit(code)) }), kong.ConfigureHelp(kong.HelpOptions{Compact: true, WrapUpperBound: 110}),
		kong.BindTo(ctx, (*context.Context)(nil)), kong.Bind(p))
	if err != nil {
		return p.fail(err)
	}
	if len(args) == 0 || args[0] == "help" {
		args = append(slices.Clone(args[min(1, len(args)):]), "--help")
	}
	line, err := parser.Parse(args)
	if err != nil {
		return p.fail(wrongUse("%w; muster --help tells what there is", err))
	}
	return p.fail(line.Run())
}

// fail tells an error and answers the exit code.
func (p *program) fail(err error) int {
	var usage usageError
	switch {
	case err == nil:
		return exitDone
	case errors.Is(err, errProblems):
		return exitFailed
	case errors.As(err, &usage):
		fmt.Fprintf(p.errors, "muster: %v\n", err)
		return exitUsage
	}
	fmt.Fprintf(p.errors, "muster: %v\n", err)
	return exitFailed
}
