package slacksim

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"
)

// The figures of views.
const (
	triggerLife = 3 * time.Second
	maxStack    = 3
	maxView     = 250_000
)

// View is a modal or an App Home as one person sees it now, as a copy. State holds what they have filled in, by block and
// action; Errors what the app, or Slack's client, said about a field, by block.
type View struct {
	ID              string                      `json:"id"`
	Type            string                      `json:"type"` // modal or home
	User            string                      `json:"user"`
	CallbackID      string                      `json:"callback_id,omitempty"`
	ExternalID      string                      `json:"external_id,omitempty"`
	PrivateMetadata string                      `json:"private_metadata,omitempty"`
	Title           *Text                       `json:"title,omitempty"`
	SubmitText      *Text                       `json:"submit,omitempty"`
	CloseText       *Text                       `json:"close,omitempty"`
	Blocks          json.RawMessage             `json:"blocks"`
	NotifyOnClose   bool                        `json:"notify_on_close,omitempty"`
	ClearOnClose    bool                        `json:"clear_on_close,omitempty"`
	Hash            string                      `json:"hash"`
	RootID          string                      `json:"root_view_id"`
	PreviousID      string                      `json:"previous_view_id,omitempty"`
	State           map[string]map[string]Value `json:"state,omitempty"`
	Errors          map[string]string           `json:"errors,omitempty"`

	ws     *Workspace
	locked bool // it is being matched: the caller holds the lock
}

// wireView is a view as the app sends it.
type wireView struct {
	Type            string          `json:"type"`
	Title           *Text           `json:"title"`
	Submit          *Text           `json:"submit"`
	Close           *Text           `json:"close"`
	Blocks          json.RawMessage `json:"blocks"`
	PrivateMetadata string          `json:"private_metadata"`
	CallbackID      string          `json:"callback_id"`
	ExternalID      string          `json:"external_id"`
	ClearOnClose    bool            `json:"clear_on_close"`
	NotifyOnClose   bool            `json:"notify_on_close"`
}

// trigger is the right to open one modal for a user, given by something they did.
type trigger struct {
	user    string
	expires time.Time
	used    bool
	viewID  string // the modal they did it in
}

func (ws *Workspace) newTrigger(user, viewID string) string {
	now := time.Now()
	for id, t := range ws.triggers { // those long gone need not be told apart any more
		if now.Sub(t.expires) > time.Minute {
			delete(ws.triggers, id)
		}
	}
	ws.st.NextID++
	id := fmt.Sprintf("%d.%d.%s", now.UnixMilli(), ws.st.NextID, "51ac")
	ws.triggers[id] = &trigger{user: user, expires: now.Add(triggerLife), viewID: viewID}
	return id
}

// useTrigger spends a trigger. The second result is Slack's error, or "".
func (ws *Workspace) useTrigger(id string) (*trigger, string) {
	t := ws.triggers[id]
	switch {
	case t == nil:
		return nil, "invalid_trigger_id"
	case t.used:
		return nil, "exchanged_trigger_id"
	case time.Now().After(t.expires):
		return nil, "expired_trigger_id"
	}
	t.used = true
	return t, ""
}

// parseView checks a view as Slack does before anything is done with it.
func (ws *Workspace) parseView(raw json.RawMessage, want string) (*View, error) {
	if len(raw) > maxView {
		return nil, refuse("view_too_large")
	}
	var w wireView
	if err := json.Unmarshal(raw, &w); err != nil {
		return nil, refuseBecause("invalid_arguments", "[ERROR] invalid view: "+err.Error())
	}
	if w.Type != want {
		return nil, refuseBecause("invalid_arguments", fmt.Sprintf("[ERROR] a view of type %q is expected here, not %q [json-pointer:/view/type]", want, w.Type))
	}
	if problems := ws.opts.ValidateView(raw); len(problems) > 0 {
		return nil, refuseBecause("invalid_arguments", prefixed(problems)...)
	}
	v := &View{Type: w.Type, CallbackID: w.CallbackID, ExternalID: w.ExternalID, PrivateMetadata: w.PrivateMetadata, Title: w.Title,
		SubmitText: w.Submit, CloseText: w.Close, Blocks: ws.complete(w.Blocks), NotifyOnClose: w.NotifyOnClose, ClearOnClose: w.ClearOnClose}
	return v, nil
}

// show puts a parsed view in front of a user; old, if set, is the one that it takes the place of, and whose inputs it keeps.
func (ws *Workspace) show(v *View, user string, old *View) {
	v.User, v.Hash = user, ws.newTS()
	v.State = map[string]map[string]Value{}
	for _, e := range parseElements(v.Blocks) {
		if e.Type == "button" || e.Type == "overflow" {
			continue
		}
		value := e.initial()
		if old != nil {
			if kept, ok := old.State[e.BlockID][e.ActionID]; ok && kept.Type == e.Type {
				value = kept
			}
		}
		if v.State[e.BlockID] == nil {
			v.State[e.BlockID] = map[string]Value{}
		}
		v.State[e.BlockID][e.ActionID] = value
	}
	if old != nil {
		v.ID, v.RootID, v.PreviousID = old.ID, old.RootID, old.PreviousID
		return
	}
	v.ID = ws.newID("V")
	v.RootID = v.ID
}

// push opens a modal on top of the user's stack. It reports Slack's error, or "".
func (ws *Workspace) push(v *View, user string) string {
	stack := ws.modals[user]
	if len(stack) >= maxStack {
		return "push_limit_reached"
	}
	ws.show(v, user, nil)
	if len(stack) > 0 {
		v.RootID, v.PreviousID = stack[0].ID, stack[len(stack)-1].ID
	}
	ws.modals[user] = append(stack, v)
	ws.notify(Change{Kind: ChangeView, User: user})
	return ""
}

// swap puts a parsed view in the place of an open one.
func (ws *Workspace) swap(old, v *View) {
	ws.show(v, old.User, old)
	stack := ws.modals[old.User]
	for i := range stack {
		if stack[i] == old {
			stack[i] = v
		}
	}
	ws.notify(Change{Kind: ChangeView, User: old.User})
}

// openView finds an open modal by ID or external ID.
func (ws *Workspace) openView(id, external string) *View {
	for _, stack := range ws.modals {
		for _, v := range stack {
			if id != "" && v.ID == id || external != "" && v.ExternalID == external {
				return v
			}
		}
	}
	for _, v := range ws.st.Homes {
		if id != "" && v.ID == id || external != "" && v.ExternalID == external {
			return v
		}
	}
	return nil
}

// popTo drops the modals of a user above keep.
func (ws *Workspace) popTo(user string, keep int) {
	for _, closed := range ws.modals[user][keep:] {
		maps.DeleteFunc(ws.offered, func(m menu, _ []Option) bool { return m.at.View == closed.ID })
	}
	ws.modals[user] = ws.modals[user][:keep]
	if keep == 0 {
		delete(ws.modals, user)
	}
	ws.notify(Change{Kind: ChangeView, User: user})
}

func (ws *Workspace) copyView(v *View) View {
	out := *v
	out.ws = ws
	out.State = map[string]map[string]Value{}
	for b, actions := range v.State {
		out.State[b] = map[string]Value{}
		for a, value := range actions {
			out.State[b][a] = value
		}
	}
	return out
}

// wireState is a view's state as the app gets it: input blocks always, other elements once they hold something.
func wireState(state map[string]map[string]Value) map[string]any {
	values := map[string]any{}
	for b, actions := range state {
		inner := map[string]any{}
		for a, v := range actions {
			inner[a] = v.wire(map[string]any{})
		}
		values[b] = inner
	}
	return map[string]any{"values": values}
}

func (ws *Workspace) wireView(v *View) map[string]any {
	wire := map[string]any{
		"id": v.ID, "team_id": ws.opts.TeamID, "type": v.Type, "blocks": v.Blocks, "private_metadata": v.PrivateMetadata, "callback_id": v.CallbackID,
		"external_id": v.ExternalID, "state": wireState(v.State), "hash": v.Hash, "clear_on_close": v.ClearOnClose, "notify_on_close": v.NotifyOnClose,
		"root_view_id": v.RootID, "previous_view_id": nil, "app_id": appID, "app_installed_team_id": ws.opts.TeamID, "bot_id": botID,
		"title": v.Title, "submit": v.SubmitText, "close": v.CloseText,
	}
	if v.Type == "home" {
		wire["title"] = Text{Type: "plain_text", Text: "View Title", Emoji: true} // as Slack fills it in
	}
	if v.PreviousID != "" {
		wire["previous_view_id"] = v.PreviousID
	}
	return wire
}

// stackIndex is the place of a view in its user's stack, or -1.
func (ws *Workspace) stackIndex(v *View) int { return slices.Index(ws.modals[v.User], v) }
