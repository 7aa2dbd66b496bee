package main

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"muster/cmd/muster/config"
	"muster/cmd/muster/control"
	"muster/incident"
	"muster/storage/local"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"muster": func() { os.Exit(command()) }})
}

// The scripts in testdata/script are what people type and what they get. go test -update-scripts writes their files anew.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 filepath.Join("testdata", "script"),
		RequireExplicitExec: true,
		UpdateScripts:       os.Getenv("UPDATE_SCRIPTS") != "",
		Setup: func(env *testscript.Env) error {
			env.Setenv("XDG_CACHE_HOME", filepath.Join(env.WorkDir, "cache"))
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"database": makeDatabase, "hold": holdDatabase},
	})
}

// makeDatabase is "database FILE": a database with the incident INC-1 in it, and one effect that failed for good.
func makeDatabase(ts *testscript.TestScript, _ bool, args []string) {
	store, err := local.Open(ts.MkAbs(args[0]), local.Options{})
	ts.Check(err)
	defer func() { ts.Check(store.Close()) }()
	ctx, policy := context.Background(), config.Default().Policy
	at := time.Date(2026, 11, 22, 2, 0, 0, 0, time.UTC)
	_, err = store.Create(ctx, "", func(id incident.ID) (incident.Outcome, error) {
		return incident.Step(incident.Incident{}, id, incident.Declare{Title: "Checkout is down", Severity: "sev1"},
			incident.Actor{ID: "U0123456", Kind: incident.Person}, at, policy)
	})
	ts.Check(err)
	jobs, err := store.Claim(ctx, at.Add(time.Hour), 1)
	ts.Check(err)
	for _, job := range jobs {
		_, err := store.Fail(ctx, job, "restricted_action", nil)
		ts.Check(err)
	}
}

// holdDatabase is "hold FILE [alone]": as long as the script runs, the database is in use, by a bot that answers on its
// control socket or, alone, by something that does not.
func holdDatabase(ts *testscript.TestScript, _ bool, args []string) {
	path := ts.MkAbs(args[0])
	store, err := local.Open(path, local.Options{Policy: config.Default().Policy})
	ts.Check(err)
	ctx, cancel := context.WithCancel(context.Background())
	served := make(chan error, 1)
	if len(args) > 1 {
		served <- nil
	} else {
		listening := make(chan struct{})
		go func() {
			bot := control.Bot{Store: store, Sockets: func() int { return 2 }}
			served <- control.Serve(ctx, control.Path(path), bot, func() { close(listening) })
		}()
		select {
		case <-listening:
		case err := <-served:
			ts.Fatalf("control socket: %v", err)
		}
	}
	ts.Defer(func() {
		cancel()
		if err := <-served; err != nil {
			ts.Logf("control socket: %v", err)
		}
		_ = store.Close()
	})
}
