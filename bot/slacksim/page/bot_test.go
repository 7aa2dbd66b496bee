package page_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"
)

// echo is a bot of raw JSON: one socket, no library. It answers with whatever the test has told it to.
type echo struct {
	t     testing.TB
	base  string // of the Web API, with the last slash
	token string
	// answer gets each envelope and may return the payload of its ack.
	answer func(kind string, payload map[string]any) any

	mu   sync.Mutex
	seen []map[string]any
}

// start connects the bot, and again whenever its socket ends, until the test ends.
func (b *echo) start(appToken string) {
	ctx, cancel := context.WithCancel(context.Background())
	var work sync.WaitGroup
	work.Go(func() {
		for ctx.Err() == nil {
			conn := b.dial(appToken)
			if conn == nil {
				select {
				case <-time.After(30 * time.Millisecond):
				case <-ctx.Done():
				}
				continue
			}
			stop := context.AfterFunc(ctx, func() { _ = conn.Close() }) // reading ends then
			for b.serve(conn) == nil {
			}
			stop()
			_ = conn.Close() // it may be closed already
		}
	})
	b.t.Cleanup(func() {
		cancel()
		work.Wait()
	})
}

func (b *echo) dial(appToken string) *websocket.Conn {
	request, err := http.NewRequest(http.MethodPost, b.base+"apps.connections.open", nil)
	if err != nil {
		b.t.Error(err)
		return nil
	}
	request.Header.Set("Authorization", "Bearer "+appToken)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return nil // the test is over, or Slack is down
	}
	defer response.Body.Close()
	var opened struct{ URL string }
	if json.NewDecoder(response.Body).Decode(&opened) != nil || opened.URL == "" {
		return nil
	}
	conn, _, err := websocket.DefaultDialer.Dial(opened.URL, nil)
	if err != nil {
		return nil
	}
	return conn
}

// serve reads one frame and acknowledges it.
func (b *echo) serve(conn *websocket.Conn) error {
	var frame struct {
		Type       string
		EnvelopeID string `json:"envelope_id"`
		Payload    map[string]any
	}
	if err := conn.ReadJSON(&frame); err != nil {
		return err
	}
	if frame.EnvelopeID == "" {
		return nil
	}
	b.mu.Lock()
	b.seen = append(b.seen, frame.Payload)
	b.mu.Unlock()
	ack := map[string]any{"envelope_id": frame.EnvelopeID}
	if payload := b.answer(frame.Type, frame.Payload); payload != nil {
		ack["payload"] = payload
	}
	return conn.WriteJSON(ack)
}

// call calls a Web API method with a form, as Slack's clients do. Values that are no strings go as JSON.
func (b *echo) call(method string, args map[string]any) map[string]any {
	form := url.Values{"token": {b.token}}
	for name, value := range args {
		s, ok := value.(string)
		if !ok {
			raw, err := json.Marshal(value)
			if err != nil {
				b.t.Errorf("%s: %v", method, err)
			}
			s = string(raw)
		}
		form.Set(name, s)
	}
	response, err := http.Post(b.base+method, "application/x-www-form-urlencoded", strings.NewReader(form.Encode()))
	if err != nil {
		return map[string]any{"error": err.Error()}
	}
	defer response.Body.Close()
	answer := map[string]any{}
	if err := json.NewDecoder(response.Body).Decode(&answer); err != nil {
		answer["error"] = err.Error()
	}
	return answer
}

// must calls a method that has to succeed.
func (b *echo) must(method string, args map[string]any) map[string]any {
	b.t.Helper()
	answer := b.call(method, args)
	if answer["ok"] != true {
		b.t.Errorf("%s: %v", method, answer)
	}
	return answer
}

// heard says whether the bot got a payload in which all parts occur.
func (b *echo) heard(parts ...string) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, payload := range b.seen {
		raw, err := json.Marshal(payload)
		all := err == nil
		for _, part := range parts {
			all = all && strings.Contains(string(raw), part)
		}
		if all {
			return true
		}
	}
	return false
}
