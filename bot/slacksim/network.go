package slacksim

import (
	"context"
	"io"
	"net"
	"net/http"
	"os"
	"sync"
	"time"
)

// Network serves a workspace over connections that exist in memory only. In a testing/synctest bubble everything on it is
// durably blocked while it waits, so the bubble's clock moves on.
type Network struct {
	listener *memoryListener
	server   *http.Server
	client   *http.Client
	served   sync.WaitGroup
	mu       sync.Mutex
	conns    map[*pipeEnd]struct{}
}

// Listen starts serving ws in memory. Close the workspace first, then the network.
func Listen(ws *Workspace) *Network {
	n := &Network{listener: &memoryListener{incoming: make(chan net.Conn), done: make(chan struct{})}, conns: map[*pipeEnd]struct{}{}}
	n.server = &http.Server{Handler: ws.Handler(), ReadHeaderTimeout: time.Minute}
	n.client = &http.Client{Transport: &http.Transport{DialContext: n.DialContext, MaxIdleConnsPerHost: 100}}
	n.served.Go(func() { _ = n.server.Serve(n.listener) })
	return n
}

// APIURL is the base of the Web API, for slack.OptionAPIURL and SLACK_API_URL.
func (n *Network) APIURL() string { return "http://slacksim/api/" }

// Client is an HTTP client whose every connection ends in the workspace.
func (n *Network) Client() *http.Client { return n.client }

// DialContext connects to the workspace, whatever the address. It fits http.Transport and websocket.Dialer.
func (n *Network) DialContext(ctx context.Context, _, _ string) (net.Conn, error) {
	ours, theirs := newPipe()
	select {
	case n.listener.incoming <- theirs:
	case <-n.listener.done:
		return nil, &net.OpError{Op: "dial", Net: "memory", Err: net.ErrClosed}
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	for c := range n.conns {
		if c.out.isClosed() && c.in.isClosed() {
			delete(n.conns, c)
		}
	}
	n.conns[ours] = struct{}{}
	return ours, nil
}

// Close ends every connection and returns when nothing is served any more.
func (n *Network) Close() {
	_ = n.server.Close()
	_ = n.listener.Close()
	n.client.CloseIdleConnections()
	n.mu.Lock()
	for c := range n.conns {
		_ = c.Close()
	}
	n.mu.Unlock()
	n.served.Wait()
}

type memoryListener struct {
	incoming chan net.Conn
	done     chan struct{}
	once     sync.Once
}

func (l *memoryListener) Accept() (net.Conn, error) {
	select {
	case c := <-l.incoming:
		return c, nil
	case <-l.done:
		return nil, net.ErrClosed
	}
}

func (l *memoryListener) Close() error {
	l.once.Do(func() { close(l.done) })
	return nil
}

func (l *memoryListener) Addr() net.Addr { return memoryAddr{} }

type memoryAddr struct{}

func (memoryAddr) Network() string { return "memory" }
func (memoryAddr) String() string  { return "slacksim" }

// pipeBuffer is how much may be under way in one direction, like the buffers of a loopback socket.
const pipeBuffer = 256 << 10

// stream is one direction of a connection.
type stream struct {
	mu     sync.Mutex
	wake   *sync.Cond
	data   []byte
	closed bool // by either side: no more writing; reading empties what is left
}

func newStream() *stream {
	s := &stream{}
	s.wake = sync.NewCond(&s.mu)
	return s
}

func (s *stream) isClosed() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.closed
}

func (s *stream) close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
	s.wake.Broadcast()
}

// deadline is the time limit of one side's reads or writes. Its timer wakes those who wait on the stream.
type deadline struct {
	at    time.Time
	timer *time.Timer
}

func (d *deadline) set(s *stream, t time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if d.timer != nil {
		d.timer.Stop()
		d.timer = nil
	}
	d.at = t
	// One that is over already needs no timer. (In a synctest bubble, a timer of no duration crashes the race detector.)
	if left := time.Until(t); !t.IsZero() && left > 0 {
		d.timer = time.AfterFunc(left, func() {
			s.mu.Lock()
			defer s.mu.Unlock()
			s.wake.Broadcast()
		})
	}
	s.wake.Broadcast()
}

func (d *deadline) over() bool { return !d.at.IsZero() && !time.Now().Before(d.at) }

// pipeEnd is one end of a connection in memory.
type pipeEnd struct {
	in, out    *stream
	readLimit  deadline // guarded by in.mu
	writeLimit deadline // guarded by out.mu
	gone       bool     // this end is closed; guarded by in.mu
}

func newPipe() (a, b *pipeEnd) {
	x, y := newStream(), newStream()
	return &pipeEnd{in: x, out: y}, &pipeEnd{in: y, out: x}
}

func (p *pipeEnd) Read(b []byte) (int, error) {
	s := p.in
	s.mu.Lock()
	defer s.mu.Unlock()
	for {
		switch {
		case p.gone:
			return 0, net.ErrClosed
		case p.readLimit.over():
			return 0, os.ErrDeadlineExceeded
		case len(s.data) > 0:
			n := copy(b, s.data)
			s.data = s.data[n:]
			s.wake.Broadcast()
			return n, nil
		case s.closed:
			return 0, io.EOF
		case len(b) == 0:
			return 0, nil
		}
		s.wake.Wait()
	}
}

func (p *pipeEnd) Write(b []byte) (int, error) {
	s := p.out
	s.mu.Lock()
	defer s.mu.Unlock()
	written := 0
	for {
		switch {
		case s.closed:
			return written, io.ErrClosedPipe
		case p.writeLimit.over():
			return written, os.ErrDeadlineExceeded
		case written == len(b):
			return written, nil
		}
		if room := pipeBuffer - len(s.data); room > 0 {
			n := min(room, len(b)-written)
			s.data = append(s.data, b[written:written+n]...)
			written += n
			s.wake.Broadcast()
			continue
		}
		s.wake.Wait()
	}
}

// Close ends both directions. What was written before can still be read at the other end.
func (p *pipeEnd) Close() error {
	p.in.mu.Lock()
	p.gone = true
	p.in.mu.Unlock()
	_ = p.SetDeadline(time.Time{})
	p.in.close()
	p.out.close()
	return nil
}

func (p *pipeEnd) LocalAddr() net.Addr  { return memoryAddr{} }
func (p *pipeEnd) RemoteAddr() net.Addr { return memoryAddr{} }

func (p *pipeEnd) SetDeadline(t time.Time) error {
	p.readLimit.set(p.in, t)
	p.writeLimit.set(p.out, t)
	return nil
}

func (p *pipeEnd) SetReadDeadline(t time.Time) error {
	p.readLimit.set(p.in, t)
	return nil
}

func (p *pipeEnd) SetWriteDeadline(t time.Time) error {
	p.writeLimit.set(p.out, t)
	return nil
}
