package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"muster/bot"
	"muster/cmd/muster/config"
	"muster/cmd/muster/control"
	"muster/cmd/muster/doctor"
	"muster/storage"
	"muster/storage/local"
)

type checkCommand struct {
	databaseFlag
	Offline bool `help:"Leave Slack out."`
}

// Run looks at everything, tells each finding, and fails when there is something to do.
func (c *checkCommand) Run(ctx context.Context, p *program) error {
	conf, err := c.load()
	if err != nil {
		return err
	}
	words, err := loadWords(conf)
	if err != nil {
		return err
	}
	source := c.Config
	if source == "" {
		source = "none is given, so all is at its default"
	}
	findings := []doctor.Finding{{What: "configuration", Says: source}}
	if err := bot.Check(conf.Policy, words); err != nil {
		findings = append(findings, doctor.Finding{What: "program", Says: err.Error(), Do: "this version of muster cannot run: take another one, and tell its makers"})
	}
	patient := doctor.Patient{Policy: conf.Policy, Command: conf.Command}
	if _, err := os.Stat(conf.Database); errors.Is(err, os.ErrNotExist) {
		findings = append(findings, doctor.Finding{What: "database", Says: conf.Database + " is not there yet; muster serve makes it"})
	} else {
		patient.Database = func(ctx context.Context) (control.Health, error) { return examineDatabase(ctx, conf) }
	}
	if !c.Offline {
		slack, err := p.credentials()
		if err != nil {
			findings = append(findings, doctor.Finding{What: "tokens", Says: err.Error(), Do: "set them in the environment, or leave Slack out with --offline"})
		} else {
			patient.Slack = &doctor.Slack{API: slack.api, BotToken: slack.bot, AppToken: slack.app}
		}
	}
	findings = append(findings, doctor.Examine(ctx, patient)...)
	for _, finding := range findings {
		mark := "ok      "
		if finding.Do != "" {
			mark = "PROBLEM "
		}
		fmt.Fprintf(p.out, "%s%s: %s\n", mark, finding.What, strings.ReplaceAll(finding.Says, "\n", "\n        "))
		if finding.Do != "" {
			fmt.Fprintf(p.out, "        -> %s\n", finding.Do)
		}
	}
	if !doctor.Healthy(findings) {
		return errProblems
	}
	return nil
}

// examineDatabase looks into the database, through the bot that runs on it if there is one.
func examineDatabase(ctx context.Context, conf config.Config) (health control.Health, err error) {
	err = withDatabase(conf, func(store *storage.Stores) error {
		health, err = control.Examine(ctx, store)
		return err
	}, func(running *control.Client) error {
		health, err = running.Health(ctx)
		return err
	})
	return health, err
}

// withDatabase opens a database that exists and hands it to alone; when a bot runs on it, it hands the bot to shared.
func withDatabase(conf config.Config, alone func(*storage.Stores) error, shared func(*control.Client) error) (err error) {
	path := conf.Database
	if _, err := os.Stat(path); errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("there is no database %s; name one with --database, or a configuration with --config", path)
	}
	store, err := local.Open(path, local.Options{Policy: conf.Policy})
	if errors.Is(err, storage.ErrLocked) {
		if sharedErr := shared(control.Connect(control.Path(path))); sharedErr == nil || !control.Absent(sharedErr) {
			return sharedErr
		}
		return err
	}
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	return alone(store)
}
