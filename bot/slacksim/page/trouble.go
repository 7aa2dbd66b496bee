package page

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"muster/bot/slacksim"
)

// knob is one kind of trouble that the page can make.
type knob struct {
	Name, Title, Words string
	// Options are the strengths to choose from, if there are several.
	Options []string
	// Once marks what happens at once, rather than being switched on and off.
	Once bool
	On   bool
	Hits int
}

// The trouble that the page makes by faults of the workspace, by knob.
func faultOf(name, strength string) (slacksim.Fault, bool) {
	switch name {
	case "slow":
		delay, err := time.ParseDuration(strength)
		if err != nil || delay <= 0 || delay > time.Minute {
			delay = time.Second
		}
		return slacksim.Fault{Kind: slacksim.FaultLatency, Delay: delay}, true
	case "limit":
		return slacksim.Fault{Kind: slacksim.FaultRateLimited, Delay: 3 * time.Second}, true
	case "error":
		return slacksim.Fault{Kind: slacksim.FaultStatus, Status: 500}, true
	case "lose":
		return slacksim.Fault{Kind: slacksim.FaultCutAfter, Probability: 0.5}, true
	case "twice":
		return slacksim.Fault{Kind: slacksim.FaultEnvelopeTwice}, true
	case "late":
		return slacksim.Fault{Kind: slacksim.FaultEnvelopeLate, Delay: 5 * time.Second}, true
	case "acks":
		return slacksim.Fault{Kind: slacksim.FaultAckLost}, true
	}
	return slacksim.Fault{}, false
}

// knobs are all kinds of trouble with their present state.
func (s *server) knobs() []knob {
	all := []knob{
		{Name: "slow", Title: "Slack is slow", Words: "Each answer takes this much longer.", Options: []string{"1s", "3s", "10s"}},
		{Name: "limit", Title: "Slack refuses: 429", Words: "Each call is told to come back in 3 seconds."},
		{Name: "error", Title: "Slack refuses: 500", Words: "Each call fails with an internal error."},
		{Name: "lose", Title: "Answers get lost", Words: "Every second call takes effect, but its answer never arrives."},
		{Name: "twice", Title: "Events arrive twice", Words: "Each event is delivered two times."},
		{Name: "late", Title: "Events arrive late", Words: "Each event comes 5 seconds later."},
		{Name: "acks", Title: "Acknowledgements get lost", Words: "What the app acknowledges does not arrive."},
		{Name: "down", Title: "Slack is down", Words: "Sockets are cut, and no call gets through."},
		{Name: "cut", Title: "Cut the sockets", Words: "Each connection ends this moment, without a word.", Once: true},
		{Name: "refresh", Title: "Ask for new sockets", Words: "Slack announces that it will hang up in ten seconds.", Once: true},
		{Name: "alert", Title: "Another app posts an alert", Words: "A monitor writes to the first channel, with attachments and no text.", Once: true},
		{Name: "gone", Title: "Somebody leaves the company", Words: "Their account is deactivated; Reset brings them back.", Options: s.handles(), Once: true},
		{Name: "clear", Title: "End all trouble", Words: "Everything above is over.", Once: true},
	}
	faults := s.ws.Faults()
	for i := range all {
		if all[i].Name == "down" {
			all[i].On = s.ws.Down()
		}
		like, ok := faultOf(all[i].Name, "")
		for _, f := range faults {
			if ok && f.Kind == like.Kind {
				all[i].On, all[i].Hits = true, all[i].Hits+f.Hits
			}
		}
	}
	return all
}

// trouble switches a knob over.
func (s *server) trouble(name, strength string) error {
	switch name {
	case "down":
		s.ws.SetDown(!s.ws.Down())
		return nil
	case "cut":
		s.ws.CutSockets()
		return nil
	case "refresh":
		s.ws.Disconnect(slacksim.DisconnectRefresh)
		return nil
	case "alert":
		_, err := s.ws.Posts("Grafana", cmp.Or(s.opts.Landing, "general"), slacksim.Alert{Attachments: []byte(alert)})
		return err
	case "gone":
		s.ws.Deactivate(strength)
		return nil
	case "clear":
		s.ws.ClearFaults()
		s.ws.SetDown(false)
		return nil
	}
	fault, ok := faultOf(name, strength)
	if !ok {
		return fmt.Errorf("no trouble is called %q", name)
	}
	var armed []string
	for _, f := range s.ws.Faults() {
		if f.Kind == fault.Kind {
			armed = append(armed, f.ID)
		}
	}
	if len(armed) > 0 {
		s.ws.ClearFaults(armed...)
		return nil
	}
	s.ws.AddFault(fault)
	return nil
}

// alert is what a monitor posts: a coloured line with a title and figures, and no text.
const alert = `[{"color":"danger","title":"[FIRING] Disk full","text":"db-1 is at 97 %","fields":[{"title":"Region","value":"eu-1","short":true}]}]`

// handles are those who can leave.
func (s *server) handles() []string {
	var all []string
	for _, u := range people(s.ws.Users()) {
		all = append(all, u.Handle)
	}
	return all
}

// troubled names the trouble that is on, for the top bar.
func (s *server) troubled() []string {
	var on []string
	for _, k := range s.knobs() {
		if k.On {
			on = append(on, k.Title)
		}
	}
	return slices.Clip(on)
}
