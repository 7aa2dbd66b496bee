// Package page is the browser page of a slacksim workspace: a person's view of it, live, with modals, threads and
// shortcuts, and beside it two panels, one that shows what passes between the app and the workspace, one that makes
// trouble. It knows the workspace, and nothing of the app that lives in it: whatever bot the manifest names works here.
//
// Everything is rendered on the server. A page holds one stream of server-sent events open; after a change the server
// renders what may look different and sends the parts that do.
package page

import (
	"context"
	"embed"
	"fmt"
	"html/template"
	"io/fs"
	"net"
	"net/http"
	"strings"

	"muster/bot/slacksim"
)

//go:embed html static
var files embed.FS

// Options say what the page shows beside the workspace. The zero value is a plain workspace on loopback.
type Options struct {
	// Landing is the channel that opens first; the first one a person is in when empty.
	Landing string
	// Person is the handle of whoever the page begins as; the first of the workspace when empty.
	Person string
	// Hint tells a newcomer what to do first, as mrkdwn. Empty means none.
	Hint string
	// Note stands in the top bar, such as "time runs 60 times as fast".
	Note string
	// OutboxColumns and Outbox show a table of whatever the app has still to do. Outbox may be nil; it is called about
	// once a second while somebody looks, and must be quick.
	OutboxColumns []string
	Outbox        func() []OutboxRow
	// Controls stand in the trouble panel, such as one that stops the bot.
	Controls []Control
	// Reset puts everything back to how it began, when somebody asks for it. nil means Workspace.Reset.
	Reset func(ctx context.Context) error
	// Hosts are names and addresses beside loopback under which the page may be asked for.
	Hosts []string
}

// OutboxRow is one row of the outbox. State colours it: "waiting", "running", "failed", "done".
type OutboxRow struct {
	Cells []string
	State string
}

// Control is a switch that the page offers and somebody else works.
type Control struct {
	// Name stands in requests, Label and Words on the page.
	Name, Label, Words string
	// Do is called when the button is pressed. Its error is shown.
	Do func(ctx context.Context) error
	// State is shown beside the button, such as "running"; may be nil.
	State func() string
	// Hidden says that there is nothing to press now, such as a start button while all runs; may be nil.
	Hidden func() bool
}

type server struct {
	ws        *slacksim.Workspace
	opts      Options
	templates *template.Template
	hosts     map[string]bool
	contents  *contents
}

// New serves the page of a workspace. The handler answers requests only for loopback and Options.Hosts, and only those
// that come from itself. Its streams end when the client goes or the workspace is closed.
func New(ws *slacksim.Workspace, opts Options) (http.Handler, error) {
	templates, err := template.ParseFS(files, "html/*.tmpl")
	if err != nil {
		return nil, fmt.Errorf("read page templates: %w", err)
	}
	static, err := fs.Sub(files, "static")
	if err != nil {
		return nil, fmt.Errorf("read page files: %w", err)
	}
	s := &server{ws: ws, opts: opts, templates: templates, hosts: map[string]bool{"localhost": true}, contents: newContents()}
	for _, host := range opts.Hosts {
		s.hosts[strings.ToLower(host)] = true
	}
	mux := http.NewServeMux()
	mux.Handle("GET /static/", http.StripPrefix("/static/", http.FileServerFS(static)))
	mux.HandleFunc("GET /{$}", s.serveStart)
	mux.HandleFunc("GET /as/{who}", s.servePerson)
	mux.HandleFunc("GET /as/{who}/{$}", s.servePerson)
	mux.HandleFunc("GET /as/{who}/c/{channel}", s.servePlace)
	mux.HandleFunc("GET /as/{who}/home", s.servePlace)
	mux.HandleFunc("GET /as/{who}/dm/{with}", s.serveDM)
	mux.HandleFunc("GET /as/{who}/live", s.serveLive)
	mux.HandleFunc("GET /as/{who}/offers", s.serveOffers)
	mux.HandleFunc("POST /as/{who}/act/{verb}", s.serveAct)
	mux.HandleFunc("GET /as/{who}/entry/{seq}", s.serveEntry)
	mux.HandleFunc("GET /as/{who}/file/{id}", s.serveFile)
	return s.guard(mux), nil
}

// guard refuses what does not come from this page on this machine, and says what the page may load.
func (s *server) guard(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "+
			"img-src 'self' https: http: data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cache-Control", "no-store")
		if why := s.refuse(r); why != "" {
			http.Error(w, why, http.StatusForbidden)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// refuse says why a request is not answered, or "". A foreign Host is a name that was pointed at this machine (DNS
// rebinding); a foreign Origin is another page that sends in this person's name.
func (s *server) refuse(r *http.Request) string {
	host := r.Host
	if h, _, err := net.SplitHostPort(host); err == nil {
		host = h
	}
	host = strings.ToLower(strings.Trim(host, "[]"))
	if ip := net.ParseIP(host); !s.hosts[host] && (ip == nil || !ip.IsLoopback()) {
		return "this page answers only on this machine: ask for localhost"
	}
	if origin := r.Header.Get("Origin"); origin != "" && origin != "http://"+r.Host && origin != "https://"+r.Host {
		return "another page may not act here"
	}
	if site := r.Header.Get("Sec-Fetch-Site"); r.Method != http.MethodGet && site != "" && site != "same-origin" {
		return "another page may not act here"
	}
	return ""
}
