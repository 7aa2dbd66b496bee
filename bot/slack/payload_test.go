package slack

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"muster/bot/desk"
	"muster/bot/slack/directory"
	"muster/incident"
	"muster/storage/local"
	"muster/templates"

	"github.com/robfig/cron/v3"
	"github.com/rs/zerolog"
	"github.com/slack-go/slack"
	"github.com/slack-go/slack/slackevents"
	"github.com/slack-go/slack/socketmode"
)

// nowhere is a network in which nobody answers.
type nowhere struct{}

func (nowhere) RoundTrip(*http.Request) (*http.Response, error) {
	return nil, errors.New("nobody answers")
}

// FuzzPayload hands whatever a payload may be to the handlers: it is acknowledged or left to come again, and never a panic.
func FuzzPayload(f *testing.F) {
	for _, seed := range []string{
		`{"command":"/incident","text":"declare sev1 Checkout is down","user_id":"U1","channel_id":"C1","trigger_id":"1.2","response_url":"https://example.test/r"}`,
		`{"type":"block_actions","user":{"id":"U1"},"actions":[{"action_id":"take_role:INC-1:tech_lead","block_id":"b","type":"button"}],"channel":{"id":"C1"}}`,
		`{"type":"view_submission","user":{"id":"U1"},"view":{"id":"V1","callback_id":"declare::","state":{"values":{"title":{"value":{"type":"plain_text_input","value":"x"}}}}}}`,
		`{"type":"message_action","callback_id":"add_to_timeline","user":{"id":"U1"},"channel":{"id":"C1"},"message":{"ts":"1.2","text":"x","user":"U2"}}`,
		`{"token":"x","type":"event_callback","event_id":"Ev1","event":{"type":"reaction_added","user":"U1","reaction":"pushpin","item":{"type":"message","channel":"C1","ts":"1.2"}}}`,
		`{"type":"event_callback","event_id":"Ev2","event":{"type":"app_home_opened","user":"U1","tab":"home"}}`,
		`{"envelope_id":"e","type":"slash_commands","payload":{"user_id":7}}`,
	} {
		f.Add([]byte(seed))
	}
	// Every button and form, as no card has it: without the incident that it is about.
	for name := range clicks() {
		for _, arg := range []string{"", "tech_lead", "resolve", "1", "status resolve"} {
			f.Add(fmt.Appendf(nil, `{"type":"block_actions","user":{"id":"U1"},"actions":[{"action_id":"%s::%s","block_id":"b","type":"button","selected_user":"U2"}]}`, name, arg))
		}
	}
	for name := range submits() {
		f.Add(fmt.Appendf(nil, `{"type":"view_submission","user":{"id":"U1"},"view":{"id":"V1","callback_id":"%s::resolve","state":{"values":{}}}}`, name))
	}
	b := deafBot(f)
	f.Fuzz(func(t *testing.T, payload []byte) {
		for _, event := range eventsOf(payload) {
			e := &envelope{id: "e", kind: "fuzz", arrived: time.Now(), ack: func(any) {}}
			b.route(t.Context(), e, event)
		}
	})
}

// deafBot is a bot on a real store that reaches nobody and knows three people.
func deafBot(f *testing.F) *Bot {
	f.Helper()
	store, err := local.Open(filepath.Join(f.TempDir(), "muster.db"), local.Options{})
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { _ = store.Close() })
	words, err := templates.Load("en", nil)
	if err != nil {
		f.Fatal(err)
	}
	policy := incident.DefaultPolicy()
	err = policy.Compile(func(spec string) (incident.Schedule, error) { return cron.ParseStandard(spec) })
	if err != nil {
		f.Fatal(err)
	}
	c, err := New(Options{
		BotToken: "xoxb-x", AppToken: "xapp-x", Policy: policy, Words: words, Log: zerolog.Nop(),
		HTTPClient: &http.Client{Transport: nowhere{}},
	})
	if err != nil {
		f.Fatal(err)
	}
	c.slack = slack.New("xoxb-x", slack.OptionHTTPClient(c.http)) // without Slack's rates: nobody waits for an answer that never comes
	c.people = directory.New(directory.Options{Slack: roster{c.slack}, Log: zerolog.Nop()})
	b := c.Door(desk.New(desk.Options{Store: store, People: c.people, Policy: policy, Log: zerolog.Nop()}))
	for _, id := range []string{"U1", "U2", "U3"} {
		b.people.Put(slack.User{ID: id, Name: strings.ToLower(id), TeamID: "T1"})
	}
	return b
}

// eventsOf reads a payload as each kind of envelope that it can be read as.
func eventsOf(payload []byte) []socketmode.Event {
	request := &socketmode.Request{EnvelopeID: "e"}
	events := []socketmode.Event{{Type: socketmode.EventTypeErrorBadMessage, Data: &socketmode.ErrorBadMessage{Message: payload}}}
	var command slack.SlashCommand
	if json.Unmarshal(payload, &command) == nil {
		events = append(events, socketmode.Event{Type: socketmode.EventTypeSlashCommand, Data: command, Request: request})
	}
	var call slack.InteractionCallback
	if json.Unmarshal(payload, &call) == nil {
		events = append(events, socketmode.Event{Type: socketmode.EventTypeInteractive, Data: call, Request: request})
	}
	if event, err := slackevents.ParseEvent(payload, slackevents.OptionNoVerifyToken()); err == nil {
		events = append(events, socketmode.Event{Type: socketmode.EventTypeEventsAPI, Data: event, Request: request})
	}
	return events
}
