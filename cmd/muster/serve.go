package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"sync"
	"time"

	"github.com/rs/zerolog"

	"muster/bot"
	"muster/cmd/muster/config"
	"muster/cmd/muster/control"
	"muster/cmd/muster/metrics"
	"muster/incident/ledger"
	"muster/storage"
	"muster/storage/local"
	"muster/templates"
)

type serveCommand struct {
	databaseFlag
}

// Run runs the bot until the context ends.
func (c *serveCommand) Run(ctx context.Context, p *program) error {
	conf, err := c.load()
	if err != nil {
		return err
	}
	words, err := loadWords(conf)
	if err != nil {
		return err
	}
	slack, err := p.credentials()
	if err != nil {
		return err
	}
	log := logger(p.errors, conf.LogLevel)
	service := &service{conf: conf, words: words, slack: slack, log: log}
	log.Info().Str("version", version()).Str("database", conf.Database).Msg("starting")
	err = service.run(ctx)
	log.Info().Msg("stopped")
	return err
}

// logger writes JSON lines.
func logger(to io.Writer, level zerolog.Level) zerolog.Logger {
	return zerolog.New(to).Level(level).With().Timestamp().Logger()
}

// loadWords loads the language and whatever replaces its texts.
func loadWords(conf config.Config) (*templates.Words, error) {
	if conf.Templates == "" {
		return templates.Load(conf.Language, nil)
	}
	if info, err := os.Stat(conf.Templates); err != nil || !info.IsDir() {
		return nil, wrongUse("templates: %s is not a folder", conf.Templates)
	}
	words, err := templates.Load(conf.Language, os.DirFS(conf.Templates))
	if err != nil {
		return nil, usageError{err}
	}
	return words, nil
}

// service is the bot with its store and what stands beside it.
type service struct {
	conf  config.Config
	words *templates.Words
	slack credentials
	log   zerolog.Logger

	ready   func(*storage.Stores) // optional: called once the store is open
	closing func()                // optional: called before the store is closed
}

// run opens the store, runs the bot and what stands beside it until the context ends, and closes the store.
func (s *service) run(ctx context.Context) (err error) {
	figures := metrics.New()
	store, err := local.Open(s.conf.Database, local.Options{
		Policy:   s.conf.Policy,
		OnCommit: figures.Committed,
		OnProblem: func(problem error) {
			figures.Unreadable()
			s.log.Error().Err(problem).Msg("a record cannot be read; muster check tells more")
		},
		OnRebuild: func(of ledger.Aggregate, done, total int) {
			s.log.Info().Str("of", string(of)).Int("done", done).Int("total", total).Msg("bringing the database to this version")
		},
	})
	if err != nil {
		return err
	}
	defer func() {
		if s.closing != nil {
			s.closing()
		}
		err = errors.Join(err, store.Close())
	}()
	figures.Watch(store)
	begin := time.Now()
	if err := store.Reindex(ctx); err != nil {
		return fmt.Errorf("rebuild the reminders: %w", err)
	}
	s.log.Debug().Dur("took", time.Since(begin)).Msg("reminders rebuilt")
	if s.ready != nil {
		s.ready(store)
	}
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.MaxIdleConnsPerHost = 20 // calls of many lanes go out side by side
	defer transport.CloseIdleConnections()
	options := bot.Options{
		HTTPClient: &http.Client{Transport: transport, Timeout: 30 * time.Second},
		BotToken:   s.slack.bot, AppToken: s.slack.app, APIURL: s.slack.api, Store: store, Policy: s.conf.Policy, Words: s.words,
		Log: s.log, Command: s.conf.Command, Sockets: s.conf.Sockets, Drain: s.conf.Drain, Observer: figures,
	}
	underTest(&options, store)
	b, err := bot.New(options)
	if err != nil {
		return err
	}
	return s.beside(ctx, store, figures, b.Run)
}

// beside runs the bot with the figures and the control socket at its side. When the bot ends, they do; when the figures
// cannot be served or the store can write nothing any more, the bot does.
func (s *service) beside(ctx context.Context, store *storage.Stores, figures *metrics.Figures, bot func(context.Context) error) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var beside sync.WaitGroup
	if s.conf.Metrics != "" {
		beside.Go(func() {
			err := figures.Serve(ctx, s.conf.Metrics, store, func(at net.Addr) { s.log.Info().Stringer("address", at).Msg("serving figures") })
			if err != nil {
				cancel(err)
			}
		})
	}
	running := control.Bot{Store: store, Sockets: figures.Connected}
	beside.Go(func() {
		// Without it, backup, export and check have to wait until the bot is stopped; that is no reason to stop it.
		if err := control.Serve(ctx, control.Path(s.conf.Database), running, func() {}); err != nil {
			s.log.Warn().Err(err).Msg("no control socket: backup, export and check do not work while the bot runs")
		}
	})
	beside.Go(func() {
		if err := store.AwaitBroken(ctx); err != nil {
			cancel(err) // whoever keeps the program running starts it again, which reads what is on disk
		}
	})
	err := bot(ctx)
	if cause := context.Cause(ctx); err == nil && !errors.Is(cause, context.Canceled) {
		err = cause
	}
	cancel(nil)
	beside.Wait()
	return err
}
