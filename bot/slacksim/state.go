package slacksim

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
)

// stateVersion is the version of the saved form.
const stateVersion = 1

// state is everything that outlives the process: what Save writes and Load reads. Open modals, sockets, triggers and the
// journal do not.
type state struct {
	Version   int                     `json:"version"`
	Born      int64                   `json:"born"`
	LastTS    int64                   `json:"last_ts"` // microseconds
	NextID    int64                   `json:"next_id"`
	Users     []*User                 `json:"users"`
	Groups    []*UserGroup            `json:"user_groups"`
	Channels  []*channel              `json:"channels"`
	Homes     map[string]*View        `json:"homes"`
	Responses map[string]*responseURL `json:"responses"`
	Scheduled []*scheduled            `json:"scheduled,omitempty"`
	Files     []*File                 `json:"files,omitempty"`
	Apps      []*OtherApp             `json:"apps,omitempty"`
	Canvases  []*Canvas               `json:"canvases,omitempty"`
	Revoked   string                  `json:"revoked,omitempty"` // what the bot's token gets for an answer, if it does not work any more
}

// Save writes the whole workspace as JSON.
func (ws *Workspace) Save(w io.Writer) error {
	var data bytes.Buffer
	enc := json.NewEncoder(&data)
	enc.SetEscapeHTML(false) // blocks come back as they were sent
	ws.mu.Lock()
	err := enc.Encode(ws.st)
	ws.mu.Unlock()
	if err != nil {
		return fmt.Errorf("save workspace: %w", err)
	}
	if _, err := w.Write(data.Bytes()); err != nil {
		return fmt.Errorf("save workspace: %w", err)
	}
	return nil
}

// Load takes the place of everything in the workspace with what Save wrote. On an error nothing has changed.
func (ws *Workspace) Load(r io.Reader) error {
	var st state
	if err := json.NewDecoder(r).Decode(&st); err != nil {
		return fmt.Errorf("load workspace: %w", err)
	}
	if st.Version != stateVersion {
		return fmt.Errorf("load workspace: version %d, and this program reads %d", st.Version, stateVersion)
	}
	if st.Homes == nil {
		st.Homes = map[string]*View{}
	}
	if st.Responses == nil {
		st.Responses = map[string]*responseURL{}
	}
	if err := st.check(); err != nil {
		return fmt.Errorf("load workspace: %w", err)
	}
	ws.mu.Lock()
	defer ws.mu.Unlock()
	ws.replace(func() { ws.st = &st })
	for _, s := range st.Scheduled {
		ws.arm(s)
	}
	return nil
}

// check refuses what would make the workspace fail later.
func (st *state) check() error {
	bot := false
	for _, u := range st.Users {
		if u == nil {
			return fmt.Errorf("a user is null")
		}
		bot = bot || u.ID == botUserID
	}
	if !bot {
		return fmt.Errorf("the app's user %s is missing", botUserID)
	}
	for _, c := range st.Channels {
		if c == nil {
			return fmt.Errorf("a channel is null")
		}
		last := ""
		for _, m := range c.Messages {
			if m == nil || last != "" && !tsLess(last, m.TS) {
				return fmt.Errorf("the messages of %s are not in order", c.ID)
			}
			last = m.TS
		}
	}
	for _, list := range []bool{containsNil(st.Groups), containsNil(st.Scheduled), containsNil(st.Files), containsNil(st.Apps), containsNil(st.Canvases)} {
		if list {
			return fmt.Errorf("a list holds null")
		}
	}
	for id, v := range st.Homes {
		if v == nil {
			return fmt.Errorf("the home of %s is null", id)
		}
	}
	for id, r := range st.Responses {
		if r == nil {
			return fmt.Errorf("the response URL %s is null", id)
		}
	}
	return nil
}

func containsNil[T any](list []*T) bool {
	for _, x := range list {
		if x == nil {
			return true
		}
	}
	return false
}
