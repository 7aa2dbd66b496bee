package slacksim

import (
	"slices"
	"time"
)

// each does f to the sockets of these IDs, or to all.
func (ws *Workspace) each(ids []int, f func(*socket)) {
	ws.mu.Lock()
	defer ws.mu.Unlock()
	for _, s := range slices.Clone(ws.sockets) {
		if len(ids) == 0 || slices.Contains(ids, s.ID) {
			f(s)
		}
	}
	ws.notify(Change{Kind: ChangeSocket})
}

// Disconnect sends a disconnect frame to the sockets of these IDs, or to all. After a warning or a request to refresh, Slack
// hangs up about ten seconds later; otherwise at once.
func (ws *Workspace) Disconnect(reason string, ids ...int) {
	lead := time.Millisecond
	if reason == DisconnectWarning || reason == DisconnectRefresh {
		lead = warningLead
	}
	ws.each(ids, func(s *socket) { s.push(frame{data: disconnectFrame(reason), leave: lead}) })
}

// CutSockets ends the connections of these sockets, or of all, without a word.
func (ws *Workspace) CutSockets(ids ...int) {
	ws.each(ids, func(s *socket) {
		s.end()
		if i := slices.Index(ws.sockets, s); i >= 0 {
			ws.sockets = slices.Delete(ws.sockets, i, i+1)
			ws.note(Entry{Kind: EntrySocket, Method: "cut", Socket: s.ID, OK: true})
		}
	})
}

// HalfOpen makes these sockets, or all, look open to the app while nothing passes any more: no pings, no envelopes, no acks.
func (ws *Workspace) HalfOpen(ids ...int) {
	ws.each(ids, func(s *socket) {
		s.HalfOpen = true
		_ = s.conn.SetReadDeadline(time.Time{})
	})
}
