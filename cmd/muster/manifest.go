package main

import (
	"fmt"

	"muster/bot/slack/manifest"
	"muster/cmd/muster/config"
	"muster/templates"
)

type manifestCommand struct {
	configFlag
	JSON bool `help:"As JSON instead of YAML."`
}

// Run prints the manifest for the command names and the language of the configuration.
func (c *manifestCommand) Run(p *program) error {
	conf, err := c.load()
	if err != nil {
		return err
	}
	words, err := loadWords(conf)
	if err != nil {
		return err
	}
	m := appManifest(conf, words)
	write := m.YAML
	if c.JSON {
		write = m.JSON
	}
	data, err := write()
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(p.out, "%s", data)
	return err
}

// appManifest is the manifest of the app that a configuration runs.
func appManifest(conf config.Config, words *templates.Words) manifest.Manifest {
	program := words.In(templates.Workspace).Program
	return manifest.New(manifest.Options{Command: conf.Command, Alias: conf.Alias, Words: manifest.Words{
		Description:        program.About,
		CommandDescription: program.Command,
		CommandHint:        program.CommandHint,
		Declare:            program.Declare,
		DeclareAbout:       program.DeclareAbout,
		DeclareMessage:     program.DeclareMessage,
		DeclareMessageHelp: program.DeclareMessageAbout,
		AddNote:            program.AddNote,
		AddNoteAbout:       program.AddNoteAbout,
	}})
}
