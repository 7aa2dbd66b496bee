package slacksim

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/gorilla/websocket"
)

// Socket Mode's figures.
const (
	maxSockets     = 10
	pingEvery      = 10 * time.Second
	pongWithin     = 35 * time.Second
	ticketLife     = 30 * time.Second
	warningLead    = 10 * time.Second
	ackLimit       = 20_480 // an ack of this many bytes or more is dropped
	connectionTime = 18_060 // what hello says a connection will live, in seconds
	outbox         = 512    // frames that may wait for a slow socket before it counts as dead
)

// Reasons of a disconnect frame.
const (
	DisconnectWarning  = "warning"
	DisconnectRefresh  = "refresh_requested"
	DisconnectTooMany  = "too_many_websockets"
	DisconnectDisabled = "link_disabled"
)

// SocketState is one open socket, for people to look at.
type SocketState struct {
	ID       int       `json:"id"`
	Since    time.Time `json:"since"`
	HalfOpen bool      `json:"half_open,omitempty"`
}

// socket is one Socket Mode connection. Its fields are guarded by the workspace's lock; frames go out through out, whose one
// reader is the writer goroutine.
type socket struct {
	SocketState
	ws   *Workspace
	conn *websocket.Conn
	out  chan frame
	done chan struct{}
	once sync.Once
}

// frame is what the writer sends; leave asks it to hang up so long after.
type frame struct {
	data  []byte
	leave time.Duration
}

// end hangs up. It may be called often, with or without the lock.
func (s *socket) end() { s.once.Do(func() { close(s.done) }) }

// connectionsOpen is apps.connections.open: a URL that opens one socket, once.
func connectionsOpen(c *call) (answer, error) {
	ws := c.ws
	ws.host = c.host
	ticket := ws.newID("K")
	ws.tickets[ticket] = true
	ws.run(func(ctx context.Context) {
		if pause(ctx, ticketLife) {
			ws.mu.Lock()
			delete(ws.tickets, ticket)
			ws.mu.Unlock()
		}
	})
	return answer{"url": "ws://" + c.host + "/socket?ticket=" + ticket + "&app_id=" + appID}, nil
}

// pause waits that long; false means that ctx ended first.
func pause(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}

func (ws *Workspace) serveSocket(w http.ResponseWriter, r *http.Request) {
	if !ws.enter() {
		panic(http.ErrAbortHandler)
	}
	defer ws.leave()
	ticket := r.URL.Query().Get("ticket")
	ws.mu.Lock()
	valid, down := ws.tickets[ticket], ws.down
	delete(ws.tickets, ticket)
	ws.mu.Unlock()
	if down {
		panic(http.ErrAbortHandler)
	}
	if !valid {
		http.Error(w, "invalid or used ticket", http.StatusForbidden)
		return
	}
	// The client library sends api.slack.com as its origin; the ticket is what proves who this is.
	up := websocket.Upgrader{CheckOrigin: func(*http.Request) bool { return true }, WriteBufferSize: 32 << 10}
	conn, err := up.Upgrade(w, r, nil)
	if err != nil {
		return // Upgrade has answered
	}
	s := &socket{ws: ws, conn: conn, out: make(chan frame, outbox), done: make(chan struct{})}
	ws.attach(s, r.Host)
	s.read()
	ws.detach(s)
	_ = conn.Close()
}

// attach counts the socket in and puts hello into its queue, before anything else can get there.
func (ws *Workspace) attach(s *socket, host string) {
	ws.mu.Lock()
	defer ws.mu.Unlock()
	ws.nextSock++
	s.ID, s.Since = ws.nextSock, time.Now()
	ws.run(s.write)
	if len(ws.sockets) >= maxSockets {
		s.out <- frame{data: disconnectFrame(DisconnectTooMany), leave: time.Millisecond}
		return
	}
	if ws.closed || ws.down {
		s.end()
		_ = s.conn.Close()
		return
	}
	ws.sockets = append(ws.sockets, s)
	s.out <- frame{data: toJSON(map[string]any{
		"type": "hello", "num_connections": len(ws.sockets), "connection_info": map[string]any{"app_id": appID},
		"debug_info": map[string]any{"host": host, "build_number": 1, "approximate_connection_time": connectionTime}})}
	ws.note(Entry{Kind: EntrySocket, Method: "hello", Socket: s.ID, OK: true})
	ws.notify(Change{Kind: ChangeSocket})
}

func (ws *Workspace) detach(s *socket) {
	s.end()
	ws.mu.Lock()
	defer ws.mu.Unlock()
	i := slices.Index(ws.sockets, s)
	if i < 0 {
		return
	}
	ws.sockets = slices.Delete(ws.sockets, i, i+1)
	ws.note(Entry{Kind: EntrySocket, Method: "closed", Socket: s.ID, OK: true})
	ws.notify(Change{Kind: ChangeSocket})
}

// write sends frames and pings until the socket ends, and then closes the connection, which ends the reader too.
func (s *socket) write(ctx context.Context) {
	defer func() { _ = s.conn.Close() }()
	ping := time.NewTicker(pingEvery)
	defer ping.Stop()
	var leave, old <-chan time.Time
	if life := s.ws.opts.SocketLife; life > 0 {
		t := time.NewTimer(life)
		defer t.Stop()
		old = t.C
	}
	for {
		select {
		case <-old:
			s.push(frame{data: disconnectFrame(DisconnectWarning), leave: warningLead})
		case <-ctx.Done():
			return
		case <-s.done:
			return
		case <-leave:
			return
		case f := <-s.out:
			if f.leave > 0 {
				t := time.NewTimer(f.leave)
				defer t.Stop()
				leave = t.C
			}
			if s.halfOpen() {
				continue
			}
			_ = s.conn.SetWriteDeadline(time.Now().Add(pingEvery))
			if s.conn.WriteMessage(websocket.TextMessage, f.data) != nil {
				return
			}
		case <-ping.C:
			if s.halfOpen() {
				continue
			}
			if s.conn.WriteControl(websocket.PingMessage, []byte("Ping from slacksim"), time.Now().Add(pingEvery)) != nil {
				return
			}
		}
	}
}

// read takes acks until the connection ends. A half-open socket reads too, to notice its end, and heeds nothing.
func (s *socket) read() {
	s.conn.SetReadLimit(1 << 20)
	awake := func() {
		if s.halfOpen() {
			_ = s.conn.SetReadDeadline(time.Time{})
		} else {
			_ = s.conn.SetReadDeadline(time.Now().Add(pongWithin))
		}
	}
	s.conn.SetPongHandler(func(string) error { awake(); return nil })
	answer := s.conn.PingHandler()
	s.conn.SetPingHandler(func(data string) error {
		if s.halfOpen() {
			return nil // nothing passes any more, the client's own pings neither
		}
		awake()
		return answer(data)
	})
	for awake(); ; awake() {
		_, data, err := s.conn.ReadMessage()
		if err != nil {
			return
		}
		if !s.halfOpen() {
			s.ws.ack(s, data)
		}
	}
}

func (s *socket) halfOpen() bool {
	s.ws.mu.Lock()
	defer s.ws.mu.Unlock()
	return s.HalfOpen
}

// push puts a frame into the socket's queue. A socket whose queue is full counts as dead.
func (s *socket) push(f frame) bool {
	select {
	case s.out <- f:
		return true
	default:
		s.end()
		return false
	}
}

func disconnectFrame(reason string) []byte {
	return toJSON(map[string]any{"type": "disconnect", "reason": reason, "debug_info": map[string]any{"host": "slacksim"}})
}

// Sockets are the open sockets, oldest first.
func (ws *Workspace) Sockets() []SocketState {
	ws.mu.Lock()
	defer ws.mu.Unlock()
	out := make([]SocketState, len(ws.sockets))
	for i, s := range ws.sockets {
		out[i] = s.SocketState
	}
	return out
}

// AwaitSockets returns when n sockets or more are open.
func (ws *Workspace) AwaitSockets(ctx context.Context, n int) error {
	return ws.wait(ctx, func() bool { return len(ws.sockets) >= n })
}

// wireAck is what the app sends back on a socket.
type wireAck struct {
	EnvelopeID string          `json:"envelope_id"`
	Payload    json.RawMessage `json:"payload"`
}
