package slacksim

import "context"

// ChangeKind says what has changed in the workspace.
type ChangeKind string

// The kinds of change that a feed tells.
const (
	ChangePosted   ChangeKind = "posted"
	ChangeEdited   ChangeKind = "edited"
	ChangeDeleted  ChangeKind = "deleted"
	ChangeReaction ChangeKind = "reaction"
	ChangePin      ChangeKind = "pin"
	ChangeChannel  ChangeKind = "channel" // made, renamed, archived, topic, bookmarks, members
	ChangeView     ChangeKind = "view"    // a modal opened, updated or closed for User
	ChangeHome     ChangeKind = "home"
	ChangeUser     ChangeKind = "user"
	ChangeRead     ChangeKind = "read"
	ChangeSocket   ChangeKind = "socket"
	ChangeJournal  ChangeKind = "journal"
	ChangeFault    ChangeKind = "fault"
	ChangeReset    ChangeKind = "reset"
)

// Change tells where to look; what stands there now is read from the workspace. User is set where only one person is concerned.
type Change struct {
	Kind    ChangeKind `json:"kind"`
	Channel string     `json:"channel,omitempty"`
	TS      string     `json:"ts,omitempty"`
	Thread  string     `json:"thread,omitempty"`
	User    string     `json:"user,omitempty"`
	Seq     int64      `json:"seq,omitempty"` // of the journal's entry
}

// Feed is a subscription to the changes of a workspace. It is bounded: a reader that falls behind gets one Change of kind
// ChangeReset in place of those it missed, and must read everything anew.
type Feed struct {
	C      <-chan Change
	c      chan Change
	missed bool
	ws     *Workspace
}

// Subscribe opens a feed that holds up to size changes.
func (ws *Workspace) Subscribe(size int) *Feed {
	c := make(chan Change, max(size, 1))
	f := &Feed{C: c, c: c, ws: ws}
	ws.mu.Lock()
	defer ws.mu.Unlock()
	if ws.closed {
		close(c)
		return f
	}
	ws.feeds[f] = struct{}{}
	return f
}

// Close ends the feed and closes C.
func (f *Feed) Close() {
	f.ws.mu.Lock()
	defer f.ws.mu.Unlock()
	if _, ok := f.ws.feeds[f]; ok {
		delete(f.ws.feeds, f)
		close(f.c)
	}
}

func (f *Feed) tell(c Change) {
	if f.missed {
		c = Change{Kind: ChangeReset}
	}
	select {
	case f.c <- c:
		f.missed = false
	default:
		f.missed = true
	}
}

// notify wakes everybody who waits for the workspace to look different. It must be called with the lock held.
func (ws *Workspace) notify(c Change) {
	wake := &ws.changed
	if c.Kind == ChangeJournal { // those who look at the workspace need not look again
		wake = &ws.noted
	}
	close(*wake)
	*wake = make(chan struct{})
	for f := range ws.feeds {
		f.tell(c)
	}
}

// wait returns when look says true. It calls look with the workspace locked, now and after every change.
func (ws *Workspace) wait(ctx context.Context, look func() bool) error {
	return ws.waitOn(ctx, &ws.changed, look)
}

func (ws *Workspace) waitOn(ctx context.Context, sign *chan struct{}, look func() bool) error {
	for {
		ws.mu.Lock()
		ok, changed, closed := look(), *sign, ws.closed
		ws.mu.Unlock()
		switch {
		case ok:
			return nil
		case closed:
			return ErrClosed
		}
		select {
		case <-changed:
		case <-ws.ctx.Done():
			return ErrClosed
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}
