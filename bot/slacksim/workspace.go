package slacksim

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

// What a person's act can fail with.
var (
	ErrDown     = errors.New("slack is down")
	ErrClosed   = errors.New("the workspace is closed")
	ErrTimeout  = errors.New("the app did not answer within 3 seconds (operation_timeout)")
	ErrNoSocket = errors.New("the app is not connected (dispatch_failed)")
	ErrNotThere = errors.New("no such thing to be seen")
	ErrNotYours = errors.New("this person may not do that here")
)

// Workspace is one Slack workspace with one app installed in it. All its methods may be called from many goroutines.
type Workspace struct {
	opts     Options
	manifest Manifest
	methods  map[string]*method

	mu       sync.Mutex
	st       *state
	changed  chan struct{} // closed and made anew at every change
	noted    chan struct{} // likewise at every entry of the journal
	feeds    map[*Feed]struct{}
	journal  journal
	sockets  []*socket
	tickets  map[string]bool
	waiting  map[string]*envelope
	held     chan struct{} // closed when the next event has gone out
	triggers map[string]*trigger
	offered  map[menu][]Option  // what the app offered somebody in a menu, the last time they typed
	modals   map[string][]*View // the stack of each user, the open one last
	faults   []*Fault
	limits   map[string]*bucket
	random   *rand.Rand
	nextSock int
	host     string // where the app reaches us, for response URLs
	down     bool
	closed   bool

	ctx    context.Context
	cancel context.CancelFunc
	work   sync.WaitGroup
}

// New makes a workspace with the app of o.Manifest installed. Close ends it.
func New(o Options) (*Workspace, error) {
	m, err := ParseManifest(o.Manifest)
	if err != nil {
		return nil, err
	}
	o.fill()
	ws := &Workspace{
		opts: o, manifest: m, methods: methodTable(), changed: make(chan struct{}), noted: make(chan struct{}), held: make(chan struct{}),
		feeds: map[*Feed]struct{}{}, tickets: map[string]bool{}, waiting: map[string]*envelope{},
		triggers: map[string]*trigger{}, offered: map[menu][]Option{}, modals: map[string][]*View{}, limits: map[string]*bucket{},
		random: rand.New(rand.NewPCG(o.Seed, 0x51ac)),
	}
	ws.journal.limit = o.JournalLimit
	ws.ctx, ws.cancel = context.WithCancel(context.Background())
	ws.seed()
	return ws, nil
}

// Close cuts every socket, ends every wait and returns when nothing of the workspace runs any more. Calls that are answered
// at that moment end with the connection.
func (ws *Workspace) Close() {
	ws.mu.Lock()
	ws.closed = true
	for _, s := range ws.sockets {
		s.end()
	}
	ws.cancel()
	ws.mu.Unlock()
	ws.work.Wait()
	ws.mu.Lock()
	defer ws.mu.Unlock()
	for f := range ws.feeds {
		close(f.c)
	}
	clear(ws.feeds)
}

// Reset puts the workspace back to how New made it: no messages, no incidents' channels, no faults. Sockets stay open.
func (ws *Workspace) Reset() {
	ws.mu.Lock()
	defer ws.mu.Unlock()
	ws.replace(func() { ws.seed() })
}

// replace swaps the state and forgets what belonged to the old one.
func (ws *Workspace) replace(swap func()) {
	last := int64(0)
	if ws.st != nil {
		last = ws.st.LastTS
	}
	swap()
	ws.st.LastTS = max(ws.st.LastTS, last)
	clear(ws.triggers)
	clear(ws.modals)
	clear(ws.offered)
	clear(ws.limits)
	ws.faults = nil
	ws.notify(Change{Kind: ChangeReset})
}

// Manifest is the manifest of the installed app.
func (ws *Workspace) Manifest() Manifest { return ws.manifest }

// BotToken and AppToken are what the app has to authenticate by.
func (ws *Workspace) BotToken() string { return ws.opts.BotToken }

// AppToken is the app-level token, for apps.connections.open.
func (ws *Workspace) AppToken() string { return ws.opts.AppToken }

// BotUserID is the user that the app's messages come from.
func (ws *Workspace) BotUserID() string { return botUserID }

// Team is the ID, the name and the domain of the workspace.
func (ws *Workspace) Team() (id, name, domain string) {
	return ws.opts.TeamID, ws.opts.TeamName, ws.opts.TeamDomain
}

// Handler serves the Web API under /api/, the sockets under /socket, response URLs under /response/, uploads
// under /upload/ and files under /files/.
func (ws *Workspace) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/api/{method}", ws.serveAPI)
	mux.HandleFunc("/socket", ws.serveSocket)
	mux.HandleFunc("POST /response/{id}", ws.serveResponse)
	mux.HandleFunc("POST /upload/{id}", ws.serveUpload)
	mux.HandleFunc("GET /files/{id}/{name...}", ws.serveFile)
	return mux
}

// run starts f as work that Close waits for. It must be called with the lock held.
func (ws *Workspace) run(f func(ctx context.Context)) {
	if !ws.closed {
		ws.work.Go(func() { f(ws.ctx) })
	}
}

// enter counts the calling goroutine as work that Close waits for; leave ends that.
func (ws *Workspace) enter() bool {
	ws.mu.Lock()
	defer ws.mu.Unlock()
	if !ws.closed {
		ws.work.Add(1)
	}
	return !ws.closed
}

func (ws *Workspace) leave() { ws.work.Done() }

// newTS is the next message timestamp: the time in microseconds, never the same one twice and never backwards.
func (ws *Workspace) newTS() string {
	ws.st.LastTS = max(time.Now().UnixMicro(), ws.st.LastTS+1)
	return fmt.Sprintf("%d.%06d", ws.st.LastTS/1e6, ws.st.LastTS%1e6)
}

// newID makes an ID as Slack's look: a letter for the kind, and ten characters.
func (ws *Workspace) newID(kind string) string {
	ws.st.NextID++
	s := strings.ToUpper(strconv.FormatInt(ws.st.NextID, 36))
	return kind + "0" + strings.Repeat("0", max(0, 9-len(s))) + s
}

func (ws *Workspace) permalink(c *channel, m *Message) string {
	link := fmt.Sprintf("https://%s.slack.com/archives/%s/p%s", ws.opts.TeamDomain, c.ID, strings.ReplaceAll(m.TS, ".", ""))
	if m.ThreadTS != "" && m.ThreadTS != m.TS {
		link += "?thread_ts=" + m.ThreadTS + "&cid=" + c.ID
	}
	return link
}

// handleOf turns an app's name into a handle: lower-case, without spaces.
func handleOf(name string) string {
	return strings.ReplaceAll(strings.ToLower(name), " ", "")
}
