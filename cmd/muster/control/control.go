// Package control lets one muster command reach the bot that runs on the same database, which only one process can open:
// a socket beside the database file, for its owner only, through which a running bot gives copies, exports and checks. It
// changes nothing.
package control

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"time"

	"muster/bot/paper"
	"muster/incident"
	"muster/storage"
)

// Store is what a running bot shows of its store.
type Store interface {
	paper.Source
	Backup(ctx context.Context, w io.Writer) error
	Check(ctx context.Context) (storage.Report, error)
	Jobs(ctx context.Context, state incident.JobState, limit int) ([]incident.Job, error)
	List(ctx context.Context, query incident.Query) (incident.Page, error)
}

// Path is the socket that belongs to a database file.
func Path(database string) string { return database + ".sock" }

// Health is what a check learns from the store.
type Health struct {
	Report   storage.Report
	Failed   []Failed // undeliverable effects, the oldest first, at most a hundred
	Channels []Room   // of open incidents, the most urgent first, at most fifty
	Running  bool     // a bot runs on the store
	Sockets  int      // how many connections to Slack it has open
}

// Room is the channel of an open incident.
type Room struct {
	Incident incident.ID
	Channel  incident.ChannelID
}

// Failed is one undeliverable effect.
type Failed struct {
	Job      incident.JobID
	Kind     incident.EffectKind
	Incident incident.ID // empty: none
	Reason   string

	Unreadable bool // by this version
}

// Examine makes the health of a store.
func Examine(ctx context.Context, store Store) (Health, error) {
	report, err := store.Check(ctx)
	if err != nil {
		return Health{}, err
	}
	jobs, err := store.Jobs(ctx, incident.JobsFailed, 100)
	if err != nil {
		return Health{}, err
	}
	health := Health{Report: report}
	for _, job := range jobs {
		handling := job.Effect.Handling()
		health.Failed = append(health.Failed, Failed{Job: job.ID, Kind: handling.Kind, Incident: incident.IDOf(handling.Of), Reason: job.LastError, Unreadable: job.Unreadable})
	}
	open, err := store.List(ctx, incident.Query{Scope: incident.ScopeOpen, AllSeen: true, Limit: 50})
	if err != nil {
		return Health{}, err
	}
	for _, in := range open.Incidents {
		if in.Channel.ID != "" {
			health.Channels = append(health.Channels, Room{in.ID, in.Channel.ID})
		}
	}
	return health, nil
}

// Bot is what is asked of a running bot: its store, and how many connections to Slack it has open.
type Bot struct {
	Store   Store
	Sockets func() int
}

// Serve answers on the socket until the context ends; ready is called once it listens. A socket that a killed process left
// behind is replaced.
func Serve(ctx context.Context, path string, bot Bot, ready func()) error {
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("control socket: %w", err)
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "unix", path)
	if err != nil {
		return fmt.Errorf("control socket: %w", err)
	}
	if err := os.Chmod(path, 0o600); err != nil {
		return errors.Join(fmt.Errorf("control socket: %w", err), listener.Close())
	}
	ready()
	server := &http.Server{Handler: handler(bot), ReadHeaderTimeout: 5 * time.Second,
		BaseContext: func(net.Listener) context.Context { return ctx }}
	stop := context.AfterFunc(ctx, func() { _ = server.Close() })
	defer stop()
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("control socket: %w", err)
	}
	return nil
}

func handler(bot Bot) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /backup", func(w http.ResponseWriter, r *http.Request) {
		if err := bot.Store.Backup(r.Context(), w); err != nil {
			panic(http.ErrAbortHandler) // the caller sees a copy that was cut off, not one that looks whole
		}
	})
	mux.HandleFunc("GET /export/{id}", func(w http.ResponseWriter, r *http.Request) {
		doc, err := paper.Collect(r.Context(), bot.Store, incident.ID(r.PathValue("id")))
		answer(w, doc, err)
	})
	mux.HandleFunc("GET /health", func(w http.ResponseWriter, r *http.Request) {
		health, err := Examine(r.Context(), bot.Store)
		health.Running, health.Sockets = true, bot.Sockets()
		answer(w, health, err)
	})
	return mux
}

func answer(w http.ResponseWriter, value any, err error) {
	if err == nil {
		var data []byte
		if data, err = json.Marshal(value); err == nil {
			_, _ = w.Write(data)
			return
		}
	}
	status := http.StatusInternalServerError
	if errors.Is(err, incident.ErrNotFound) {
		status = http.StatusNotFound
	}
	http.Error(w, err.Error(), status)
}
