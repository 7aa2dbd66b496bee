package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"
)

func (d *demo) file() string { return filepath.Join(d.folder, "workspace.json") }

// load brings back the workspace of an earlier run, if there is one.
func (d *demo) load() error {
	data, err := os.ReadFile(d.file())
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err == nil {
		err = d.ws.Load(bytes.NewReader(data))
	}
	if err != nil {
		return fmt.Errorf("%s cannot be used (%w): give another folder with --data, or remove this one", d.file(), err)
	}
	return nil
}

// saveRegularly saves the workspace until the context ends. What goes wrong is in the log; at the end it is told.
func (d *demo) saveRegularly(ctx context.Context) {
	tick := time.NewTicker(savesEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			d.keep()
		}
	}
}

func (d *demo) keep() {
	if err := d.save(); err != nil {
		d.bot.service.log.Error().Err(err).Msg("the workspace could not be saved")
	}
}

// keeping saves the workspace before the bot hears what came of a call. Slack never forgets what it has answered, and whoever
// kills the demo must not find a bot that remembers more than its Slack.
func (d *demo) keeping(slack http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/api/") {
			w = &keptAnswer{ResponseWriter: w, keep: sync.OnceFunc(d.keep)}
		}
		slack.ServeHTTP(w, r)
	})
}

// keptAnswer is an answer that leaves only once keep has been called.
type keptAnswer struct {
	http.ResponseWriter
	keep func()
}

func (k *keptAnswer) WriteHeader(status int) {
	k.keep()
	k.ResponseWriter.WriteHeader(status)
}

func (k *keptAnswer) Write(data []byte) (int, error) {
	k.keep()
	return k.ResponseWriter.Write(data)
}

// save writes the workspace if it has changed. The file is always whole: it is replaced, never written into.
func (d *demo) save() error {
	d.saving.Lock()
	defer d.saving.Unlock()
	var now bytes.Buffer
	if err := d.ws.Save(&now); err != nil {
		return err
	}
	if bytes.Equal(now.Bytes(), d.saved) {
		return nil
	}
	partial := d.file() + ".partial"
	if err := os.WriteFile(partial, now.Bytes(), 0o600); err != nil {
		return fmt.Errorf("save workspace: %w", err)
	}
	if err := os.Rename(partial, d.file()); err != nil {
		return fmt.Errorf("save workspace: %w", err)
	}
	d.saved = now.Bytes()
	return nil
}
