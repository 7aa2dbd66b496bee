package main

import (
	"context"
	"errors"
	"time"

	"muster/bot/paper"
	"muster/cmd/muster/control"
	"muster/incident"
	"muster/storage"
	"muster/templates"
)

type exportCommand struct {
	databaseFlag
	Incident string       `arg:"" help:"Which one, such as INC-42."`
	Format   paper.Format `enum:"md,json,html" default:"md" help:"md, json or html."`
}

// Run prints one incident.
func (c *exportCommand) Run(ctx context.Context, p *program) error {
	id, err := incident.ParseID(c.Incident)
	if err != nil {
		return wrongUse("%q is not the ID of an incident; write it like INC-42", c.Incident)
	}
	conf, err := c.load()
	if err != nil {
		return err
	}
	words, err := loadWords(conf)
	if err != nil {
		return err
	}
	var doc paper.Document
	err = withDatabase(conf, func(store *storage.Stores) error {
		doc, err = paper.Collect(ctx, store, id)
		return err
	}, func(running *control.Client) error {
		doc, err = running.Export(ctx, id)
		return err
	})
	if errors.Is(err, incident.ErrNotFound) {
		return wrongUse("there is no incident %s in %s", id, conf.Database)
	}
	if err != nil {
		return err
	}
	data, err := paper.Writer{Words: words.In(templates.Workspace), Policy: conf.Policy, Now: time.Now()}.Write(doc, c.Format)
	if err != nil {
		return err
	}
	_, err = p.out.Write(data)
	return err
}
