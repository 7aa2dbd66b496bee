package slack_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing/synctest"

	"muster/bot/slacksim"
	"muster/incident"
	"muster/storage"
)

// logBook keeps what the bot logs.
type logBook struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *logBook) Write(line []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(line)
}

// String is the whole log.
func (l *logBook) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// lines are the log's lines, decoded.
func (h *house) lines() []map[string]any {
	h.Helper()
	var all []map[string]any
	for line := range strings.Lines(h.log.String()) {
		var fields map[string]any
		if err := json.Unmarshal([]byte(line), &fields); err != nil {
			h.Fatalf("a line of the log is not JSON: %q", line)
		}
		all = append(all, fields)
	}
	return all
}

// review checks what must hold at the end of every story.
func (h *house) review() {
	h.Helper()
	synctest.Wait()
	h.reviewLog()
	page, err := h.store.List(h.Context(), incident.Query{Scope: incident.ScopeAll, AllSeen: true, Limit: 1000})
	if errors.Is(err, storage.ErrClosed) {
		return
	}
	if err != nil {
		h.Fatal(err)
	}
	for _, in := range page.Incidents {
		h.holds(in.ID)
	}
	for _, entry := range h.ws.Journal(0) {
		if entry.Kind == slacksim.EntryAck && strings.Contains(entry.Error, "dropped") {
			h.Errorf("an acknowledgement was too large: %s", entry.Error)
		}
	}
	if h.rough {
		return
	}
	if failed, err := h.store.Jobs(h.Context(), incident.JobsFailed, 10); err != nil || len(failed) != 0 {
		h.Errorf("effects failed: %+v, %v", failed, err)
	}
	for _, call := range slacksim.Calls(h.ws.Journal(0)) {
		if call.Status == 429 {
			h.Errorf("Slack was asked too often: %s", call.Method)
		}
		if slices.Contains([]string{"invalid_blocks", "invalid_arguments", "missing_scope", "unknown_method", "msg_blocks_too_long", "channel_not_found"}, call.Error) {
			h.Errorf("%s was refused: %s", call.Method, call.Error)
		}
	}
}

// reviewLog checks that the log is JSON, that nothing went wrong that the story did not break, and that no secret and no word
// that a person wrote stands in it.
func (h *house) reviewLog() {
	h.Helper()
	for _, line := range h.lines() {
		if level, _ := line["level"].(string); level == "error" && !h.rough {
			h.Errorf("the log tells of an error: %v", line)
		}
	}
	log := h.log.String()
	for _, secret := range []string{"xoxb-", "xapp-", "/response/", "ticket="} {
		if strings.Contains(log, secret) {
			h.Errorf("the log holds a secret (%s): %s", secret, around(log, secret))
		}
	}
	for _, text := range h.typed {
		for _, phrase := range phrases(text) {
			if strings.Contains(log, phrase) {
				h.Errorf("the log holds what a person wrote: %s", around(log, phrase))
			}
		}
	}
}

// phrases are the pairs of words of a text that cannot stand anywhere by chance.
func phrases(text string) []string {
	words := strings.Fields(text)
	var pairs []string
	for i := 1; i < len(words); i++ {
		if pair := words[i-1] + " " + words[i]; len(pair) >= 8 {
			pairs = append(pairs, pair)
		}
	}
	return pairs
}

func around(text, part string) string {
	at := strings.Index(text, part)
	return text[max(0, at-100):min(len(text), at+100)]
}

// kept is everything that the store keeps of incidents, to see that nothing has changed.
func (h *house) kept() string {
	h.Helper()
	synctest.Wait()
	page, err := h.store.List(h.Context(), incident.Query{Scope: incident.ScopeAll, AllSeen: true, Limit: 1000})
	if err != nil {
		h.Fatal(err)
	}
	data, err := json.Marshal(page.Incidents)
	if err != nil {
		h.Fatal(err)
	}
	return string(data)
}

// changesNothing runs an act after which the store must hold what it held before.
func (h *house) changesNothing(what string, act func()) {
	h.Helper()
	before := h.kept()
	act()
	if after := h.kept(); after != before {
		h.Errorf("%s changed something:\nbefore %s\nafter  %s", what, before, after)
	}
}

// reads fails the story unless an answer holds every part.
func (h *house) reads(what, answer string, parts ...string) {
	h.Helper()
	for _, part := range parts {
		if !strings.Contains(answer, part) {
			h.Errorf("%s: got %q, want %q in it", what, answer, part)
		}
	}
	if strings.Contains(answer, "Something went wrong") {
		h.Errorf("%s: an internal error: %q", what, answer)
	}
}

// told is the newest message that the person alone was shown, once everything has settled.
func (p person) told() string {
	p.h.Helper()
	synctest.Wait()
	message, found := p.Looks(slacksim.OnlyForMe())
	if !found {
		p.h.Fatalf("%s was told nothing", p.Handle)
	}
	return message.Text()
}

// says writes an ordinary message.
func (p person) says(channel, text string) slacksim.Message {
	p.h.Helper()
	p.h.typed = append(p.h.typed, text)
	reply, err := p.In(channel).Types(p.h.Context(), text)
	if err != nil {
		p.h.Fatalf("%s says %q: %v", p.Handle, text, err)
	}
	return reply.Message
}

// card is an incident's card as it stands now.
func (h *house) card(in incident.Incident) slacksim.Message {
	h.Helper()
	h.settle()
	in = h.get(in.ID)
	for _, user := range h.ws.Users() {
		message, found := h.person(user.ID).Looks(func(m slacksim.Message) bool {
			return m.Channel == string(in.Card.Channel) && m.TS == string(in.Card.TS)
		})
		if found {
			return message
		}
	}
	h.Fatalf("nobody sees the card of %s", in.ID)
	return slacksim.Message{}
}

// timeline is all that an incident's timeline holds.
func (h *house) timeline(id incident.ID) []incident.Entry {
	h.Helper()
	entries, err := h.store.Timeline(h.Context(), id, 0, 100000)
	if err != nil {
		h.Fatal(err)
	}
	return entries
}

// events are the events of one kind on a timeline.
func events[E incident.Event](h *house, id incident.ID) []E {
	h.Helper()
	var all []E
	for _, entry := range h.timeline(id) {
		if event, ok := entry.Event.(E); ok {
			all = append(all, event)
		}
	}
	return all
}

// callAsApp calls a method with the app's own token, as somebody else who has it could.
func (h *house) callAsApp(method string, args map[string]string) {
	h.Helper()
	form := url.Values{"token": {h.ws.BotToken()}}
	for name, value := range args {
		form.Set(name, value)
	}
	response, err := h.net.Client().PostForm(h.net.APIURL()+method, form)
	if err != nil {
		h.Fatal(err)
	}
	defer response.Body.Close()
	var answer struct {
		OK    bool   `json:"ok"`
		Error string `json:"error"`
	}
	if err := json.NewDecoder(response.Body).Decode(&answer); err != nil || !answer.OK {
		h.Fatalf("%s: %v, %s", method, err, answer.Error)
	}
}
