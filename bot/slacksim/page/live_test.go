package page_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"muster/bot/slacksim"
	"muster/bot/slacksim/page"
)

// patches reads a page's stream: the regions and their HTML as they come.
func patches(t *testing.T, address string) func() (id, html string) {
	t.Helper()
	response, err := http.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = response.Body.Close() })
	lines := bufio.NewReader(response.Body)
	return func() (string, string) {
		for {
			line, err := lines.ReadString('\n')
			if err != nil {
				t.Fatalf("the stream ended: %v", err)
			}
			if data, ok := strings.CutPrefix(line, "data: "); ok {
				var patch struct{ ID, HTML string }
				if err := json.Unmarshal([]byte(data), &patch); err != nil {
					t.Fatal(err)
				}
				return patch.ID, patch.HTML
			}
		}
	}
}

func TestStreamTellsOnlyWhatChanged(t *testing.T) {
	w := newWorld(t, page.Options{})
	next := patches(t, w.base+"/as/alice/live?c="+w.channel("incidents"))
	for range 8 { // everything at first
		next()
	}
	if _, err := w.ws.Person("bob").In("general").Types(t.Context(), "elsewhere"); err != nil {
		t.Fatal(err)
	}
	if id, html := next(); id != "side" || !strings.Contains(html, "unread") {
		t.Errorf("after a message elsewhere came %s", id)
	}
	if _, err := w.ws.Person("bob").In("incidents").Types(t.Context(), "right here"); err != nil {
		t.Fatal(err)
	}
	for {
		if id, html := next(); id == "log" {
			if !strings.Contains(html, "right here") {
				t.Error("the log came without the message")
			}
			break
		}
	}
}

func TestStreamEndsWithTheWorkspace(t *testing.T) {
	w := newWorld(t, page.Options{})
	response, err := http.Get(w.base + "/as/alice/live?c=" + w.channel("incidents"))
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	w.ws.Close()
	if _, err := io.Copy(io.Discard, response.Body); err != nil {
		t.Errorf("the stream broke off: %v", err)
	}
}

// BenchmarkPage renders a page of a channel full of cards.
func BenchmarkPage(b *testing.B) {
	ws, err := slacksim.New(slacksim.Options{Manifest: manifest(b)})
	if err != nil {
		b.Fatal(err)
	}
	defer ws.Close()
	handler, err := page.New(ws, page.Options{})
	if err != nil {
		b.Fatal(err)
	}
	server := httptest.NewServer(ws.Handler())
	defer server.Close()
	c, _ := ws.Person("alice").Channel("incidents")
	bot := &echo{t: b, base: server.URL + "/api/", token: ws.BotToken()}
	for i := range 150 {
		bot.must("chat.postMessage", map[string]any{"channel": c.ID, "text": fmt.Sprint(i), "blocks": widgets()})
	}
	for b.Loop() {
		answer := httptest.NewRecorder()
		handler.ServeHTTP(answer, httptest.NewRequest("GET", "http://localhost/as/alice/c/"+c.ID, nil))
		if answer.Code != http.StatusOK {
			b.Fatal(answer.Code)
		}
	}
}
