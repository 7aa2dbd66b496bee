package slacksim

import "fmt"

// Fills puts what a person has typed or chosen so far into a field of a modal or home, without telling the app: what Slack's
// client keeps until the view is submitted or something in it acts.
func (p *Person) Fills(a Act) error {
	ws := p.ws
	ws.mu.Lock()
	defer ws.mu.Unlock()
	e, err := p.element(a)
	if err != nil {
		return err
	}
	v := ws.openView(a.Target.View, "")
	if v == nil || e.Type == "button" || e.Type == "overflow" {
		return fmt.Errorf("a %s keeps nothing: %w", e.Type, ErrNotYours)
	}
	value, err := e.read(ws, a.Values)
	if err != nil {
		return err
	}
	if v.State[e.BlockID] == nil {
		v.State[e.BlockID] = map[string]Value{}
	}
	v.State[e.BlockID][e.ActionID] = value
	return nil
}
