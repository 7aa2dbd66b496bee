package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"muster/cmd/muster/control"
	"muster/storage"
	"muster/storage/local"
)

type backupCommand struct {
	databaseFlag
	File string `arg:"" help:"Where the copy goes; must not exist yet."`
}

// Run copies the database. The file has its name only once it is whole and on the disk.
func (c *backupCommand) Run(ctx context.Context, p *program) (err error) {
	conf, err := c.load()
	if err != nil {
		return err
	}
	if _, err := os.Lstat(c.File); err == nil {
		return wrongUse("%s exists already; give another name, so that no backup is lost", c.File)
	}
	partial, err := os.CreateTemp(filepath.Dir(c.File), filepath.Base(c.File)+".partial-*")
	if err != nil {
		return fmt.Errorf("back up: %w", err)
	}
	defer func() { err = errors.Join(err, ignoreMissing(os.Remove(partial.Name()))) }()
	copyTo := func(to io.Writer) error {
		return withDatabase(conf, func(store *storage.Stores) error { return store.Backup(ctx, to) },
			func(running *control.Client) error { return running.Backup(ctx, to) })
	}
	if err := errors.Join(copyTo(partial), partial.Sync(), partial.Close()); err != nil {
		return fmt.Errorf("back up: %w", err)
	}
	if err := os.Link(partial.Name(), c.File); err != nil {
		return fmt.Errorf("back up: %w", err)
	}
	_, err = fmt.Fprintf(p.out, "%s holds a copy of %s\n", c.File, conf.Database)
	return err
}

func ignoreMissing(err error) error {
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	return err
}

type restoreCommand struct {
	databaseFlag
	File string `arg:"" help:"The backup."`
}

// Run replaces the database with a backup; the one that is replaced is kept beside it.
func (c *restoreCommand) Run(p *program) error {
	conf, err := c.load()
	if err != nil {
		return err
	}
	_, statErr := os.Stat(conf.Database)
	if err := local.Restore(c.File, conf.Database); err != nil {
		return err
	}
	fmt.Fprintf(p.out, "%s is the backup %s now\n", conf.Database, c.File)
	if statErr == nil {
		fmt.Fprintf(p.out, "what it replaced is kept beside it, as %s.replaced\n", filepath.Base(conf.Database))
	}
	return nil
}
