// Package config reads config.yaml: strictly, over defaults with which Muster runs without any. It answers settings of the
// program and a compiled incident.Policy, or every mistake with its file, line and column and what would be right. It opens no
// database, calls no Slack, and takes no secrets: those come from the environment.
package config

import (
	"fmt"
	"io/fs"
	"os"
	"time"

	"github.com/rs/zerolog"

	"muster/incident"
)

// Config is everything that can be set, checked.
type Config struct {
	Language  string // of the words people read
	Templates string // folder of texts that replace built-in ones; empty: none
	Command   string // with its slash
	Alias     string // a second name of the command, with its slash; empty: none
	Database  string // path of the database file
	Sockets   int    // how many Socket Mode connections stand side by side
	Drain     time.Duration
	LogLevel  zerolog.Level
	Metrics   string           // address of /metrics, /healthz and /readyz; empty: not served
	Policy    *incident.Policy // compiled
}

// Default is the configuration without a file.
func Default() Config {
	c := defaults()
	if err := c.Policy.Compile(ParseCadence); err != nil {
		panic(fmt.Sprintf("default policy: %v", err)) // a mistake in incident.DefaultPolicy, which its tests rule out
	}
	return c
}

func defaults() Config {
	policy := incident.DefaultPolicy()
	policy.Location = time.UTC
	return Config{
		Language: "en", Command: "/incident", Database: "muster.db", Sockets: 2, Drain: 8 * time.Second,
		LogLevel: zerolog.InfoLevel, Policy: policy,
	}
}

// Load reads a file. The error is Problems when something in it is wrong.
func Load(path string) (Config, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		if pathErr, ok := err.(*fs.PathError); ok {
			err = pathErr.Err
		}
		return Config{}, fmt.Errorf("cannot read the configuration %s: %w", path, err)
	}
	return Parse(path, data)
}

// Parse reads the text of a file; path is only for the errors.
func Parse(path string, data []byte) (Config, error) {
	doc, places, problems := decode(data)
	c := defaults()
	if len(problems) == 0 {
		b := &builder{places: places, config: &c}
		b.build(doc)
		problems = b.problems
	}
	if len(problems) > 0 {
		return Config{}, finish(path, problems)
	}
	if err := c.Policy.Compile(ParseCadence); err != nil {
		return Config{}, fmt.Errorf("%s: %w", path, err)
	}
	return c, nil
}
