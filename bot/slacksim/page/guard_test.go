package page_test

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"muster/bot/slacksim/page"
)

func TestOnlyThisPageMayAsk(t *testing.T) {
	w := newWorld(t, page.Options{Hosts: []string{"demo.test"}})
	for name, test := range map[string]struct {
		method, host string
		headers      map[string]string
		want         int
	}{
		"by address":          {"GET", "127.0.0.1:8025", nil, 200},
		"by name":             {"GET", "localhost:8025", nil, 200},
		"by IPv6":             {"GET", "[::1]:8025", nil, 200},
		"by a name allowed":   {"GET", "demo.test", nil, 200},
		"rebound name":        {"GET", "evil.example:8025", nil, 403},
		"another machine":     {"GET", "10.0.0.7:8025", nil, 403},
		"own origin":          {"POST", "localhost:8025", map[string]string{"Origin": "http://localhost:8025"}, 200},
		"foreign origin":      {"POST", "localhost:8025", map[string]string{"Origin": "http://evil.example"}, 403},
		"other port":          {"POST", "localhost:8025", map[string]string{"Origin": "http://localhost:9999"}, 403},
		"null origin":         {"POST", "localhost:8025", map[string]string{"Origin": "null"}, 403},
		"cross-site":          {"POST", "localhost:8025", map[string]string{"Sec-Fetch-Site": "cross-site"}, 403},
		"same-site, not same": {"POST", "localhost:8025", map[string]string{"Sec-Fetch-Site": "same-site"}, 403},
	} {
		t.Run(name, func(t *testing.T) {
			url, body := w.as("alice", "incidents"), io.Reader(nil)
			if test.method == "POST" {
				url, body = w.base+"/as/alice/act/read", strings.NewReader(`{"channel":"`+w.channel("incidents")+`"}`)
			}
			request, err := http.NewRequest(test.method, url, body)
			if err != nil {
				t.Fatal(err)
			}
			request.Host = test.host
			for name, value := range test.headers {
				request.Header.Set(name, value)
			}
			response, err := http.DefaultClient.Do(request)
			if err != nil {
				t.Fatal(err)
			}
			defer response.Body.Close()
			if response.StatusCode != test.want {
				t.Errorf("status %d, want %d", response.StatusCode, test.want)
			}
			policy := response.Header.Get("Content-Security-Policy")
			if !strings.Contains(policy, "script-src 'self';") || strings.Contains(policy, "unsafe") {
				t.Errorf("Content-Security-Policy %q lets scripts in", policy)
			}
		})
	}
}

// get is what the page answers to a GET.
func (w *world) get(path string) (status int, body string) {
	w.bot.t.Helper()
	response, err := http.Get(w.base + path)
	if err != nil {
		w.bot.t.Fatal(err)
	}
	defer response.Body.Close()
	raw, err := io.ReadAll(response.Body)
	if err != nil {
		w.bot.t.Fatal(err)
	}
	return response.StatusCode, string(raw)
}

// act sends a deed and returns what went wrong with it.
func (w *world) act(who, verb, body string) string {
	w.bot.t.Helper()
	response, err := http.Post(w.base+"/as/"+who+"/act/"+verb, "application/json", strings.NewReader(body))
	if err != nil {
		w.bot.t.Fatal(err)
	}
	defer response.Body.Close()
	var outcome struct{ Error string }
	if err := json.NewDecoder(response.Body).Decode(&outcome); err != nil {
		return "status " + response.Status
	}
	return outcome.Error
}

func TestBadDeeds(t *testing.T) {
	w := newWorld(t, page.Options{})
	incidents, leads := w.channel("incidents"), "C_NONE"
	if c, ok := w.ws.Person("carol").Channel("leads"); ok {
		leads = c.ID
	}
	for name, test := range map[string]struct{ who, verb, body, want string }{
		"no JSON":               {"alice", "send", `{`, "400"},
		"nobody":                {"nobody", "send", `{"channel":"` + incidents + `","text":"x"}`, "nobody is called"},
		"unknown verb":          {"alice", "fly", `{}`, "nothing here is called"},
		"unknown trouble":       {"alice", "trouble", `{"name":"locusts"}`, "no trouble is called"},
		"unknown control":       {"alice", "control", `{"name":"x"}`, "nothing here is called"},
		"a channel not hers":    {"alice", "send", `{"channel":"` + leads + `","text":"x"}`, "no such thing"},
		"unknown command":       {"alice", "send", `{"channel":"` + incidents + `","text":"/nope"}`, "not a valid command"},
		"no message":            {"alice", "pin", `{"channel":"` + incidents + `","ts":"1.2","on":true}`, "no such thing"},
		"no view":               {"alice", "submit", `{"view":"V1"}`, "closed already"},
		"no element":            {"alice", "click", `{"channel":"` + incidents + `","ts":"1.2","action":"x"}`, "no such thing"},
		"no name for a channel": {"alice", "channel", `{"text":"Not A Name"}`, "invalid_name_specials"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := w.act(test.who, test.verb, test.body); !strings.Contains(got, test.want) {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func TestPrivateStaysPrivate(t *testing.T) {
	w := newWorld(t, page.Options{})
	carol := w.ws.Person("carol")
	leads, ok := carol.Channel("leads")
	if !ok {
		t.Fatal("there is no channel leads")
	}
	if _, err := carol.In("leads").Types(t.Context(), "the secret plan"); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"/as/alice/c/" + leads.ID, "/as/alice/c/" + w.channel("incidents") + "?thread=1", "/as/alice/offers?q=%23le", "/as/gina/c/" + w.channel("incidents")} {
		if _, body := w.get(path); strings.Contains(body, "secret plan") || strings.Contains(body, "#leads") {
			t.Errorf("%s shows what is private", path)
		}
	}
	if _, body := w.get("/as/carol/c/" + leads.ID); !strings.Contains(body, "the secret plan") {
		t.Error("carol does not see her own channel")
	}
	if status, _ := w.get("/as/nobody/c/" + leads.ID); status != http.StatusNotFound {
		t.Errorf("nobody gets status %d", status)
	}
}

func TestOffers(t *testing.T) {
	w := newWorld(t, page.Options{})
	for q, want := range map[string]string{
		"/ec": `"insert":"/echo "`, "/echo say": `"label":"/echo [words]"`, "@ali": `"insert":"@alice "`, "@김": `"insert":"@minjun "`,
		"@sr": `"insert":"@sre "`, "@he": `"insert":"@here "`, "#inc": `"insert":"#incidents "`, ":fir": `"insert":":fire: "`, "@zzz": "[]", "": "[]",
	} {
		_, body := w.get("/as/alice/offers?q=" + strings.NewReplacer("#", "%23", " ", "+", "/", "%2F").Replace(q))
		if !strings.Contains(body, want) {
			t.Errorf("offers for %q: %s, want %s", q, body, want)
		}
	}
}
