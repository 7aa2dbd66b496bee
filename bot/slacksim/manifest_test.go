package slacksim_test

import (
	"encoding/json"
	"net/http/httptest"
	"strings"
	"testing"

	"muster/bot/slacksim"
)

func TestManifestThatSlackRefuses(t *testing.T) {
	good := string(manifest(t, allScopes, "reaction_added"))
	tests := []struct{ from, to, want string }{
		{`"Probe"`, `""`, "display_information.name"},
		{`"commands",`, ``, `need the scope "commands"`},
		{`"reactions:read",`, ``, `needs the scope "reactions:read"`},
		{`"/probe"`, `"probe"`, "must be a slash"},
		{`"/probe"`, `"/escaped"`, "stands twice"},
		{`"global"`, `"local"`, "global or message"},
		{`"socket_mode_enabled":true`, `"socket_mode_enabled":false`, "socket_mode_enabled"},
		{`"reaction_added"`, `"reaction_invented"`, "not known"},
		{`{`, `[`, "app manifest"},
	}
	for _, tt := range tests {
		_, err := slacksim.ParseManifest([]byte(strings.Replace(good, tt.from, tt.to, 1)))
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("with %s for %s: got %v, want %q", tt.to, tt.from, err, tt.want)
		}
	}
	if _, err := slacksim.ParseManifest([]byte(good)); err != nil {
		t.Error(err)
	}
}

func FuzzManifest(f *testing.F) {
	f.Add(manifest(f, allScopes, "reaction_added"))
	f.Add([]byte(`{"features":{"slash_commands":[{"command":"/"}]}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		m, err := slacksim.ParseManifest(data)
		if err != nil {
			return
		}
		again, err := json.Marshal(m)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := slacksim.ParseManifest(again); err != nil {
			t.Errorf("accepted once, then not: %v", err)
		}
	})
}

// FuzzCall sends any body of any type to any method: the answer is always JSON with ok, and the workspace still works.
func FuzzCall(f *testing.F) {
	ws, err := slacksim.New(slacksim.Options{Manifest: manifest(f, allScopes)})
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(ws.Close)
	f.Add("chat.postMessage", "application/json", `{"channel":"#general","text":"x","blocks":[{"type":"actions","elements":[{"type":"button"}]}]}`)
	f.Add("chat.postMessage", "application/x-www-form-urlencoded", "channel=%23general&text=%3C!channel%3E&metadata={}")
	f.Add("views.publish", "application/json", `{"user_id":"U0ALICE001","view":{"type":"home","blocks":[{"type":"input","element":{}}]}}`)
	f.Add("conversations.create", "multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data; name=\"name\"\r\n\r\nn\r\n--x--")
	f.Add("conversations.list", "application/json", `{"limit":-1,"cursor":"dXA6QzAwOTk=","types":["im"]}`)
	f.Add("files.list", "application/x-www-form-urlencoded", "count=9223372036854775807&page=9223372036854775807")
	f.Add("chat.postMessage", "application/json", `{"channel":"#general","attachments":[null,{"blocks":[{"type":"actions","elements":[{}]}]}],"metadata":{"event_type":"e","event_payload":{"a":[{"b":1}]}}}`)
	f.Add("canvases.create", "application/json", `{"document_content":{"type":"markdown","markdown":"# a\n\nb"}}`)
	f.Add("usergroups.create", "application/json", `{"name":"x","handle":"general"}`)
	f.Fuzz(func(t *testing.T, method, kind, body string) {
		if strings.ContainsAny(method, "/?#%\x00 \n\r") || method == "" || method == "." || method == ".." {
			return
		}
		r := httptest.NewRequest("POST", "/api/x", strings.NewReader(body))
		r.URL.Path = "/api/" + method
		r.Header.Set("Content-Type", kind)
		r.Header.Set("Authorization", "Bearer "+ws.BotToken())
		w := httptest.NewRecorder()
		ws.Handler().ServeHTTP(w, r)
		var a struct {
			OK    *bool  `json:"ok"`
			Error string `json:"error"`
		}
		if err := json.Unmarshal(w.Body.Bytes(), &a); err != nil || a.OK == nil || !*a.OK && a.Error == "" {
			t.Fatalf("%s %q %q: %d %s (%v)", method, kind, body, w.Code, w.Body, err)
		}
		if a.Error == "internal_error" {
			t.Fatalf("%s %q %q: %s", method, kind, body, w.Body)
		}
		alice := ws.Person("alice")
		for _, m := range alice.SeesAll() {
			_ = m.Text()
			_ = m.Elements()
		}
	})
}
