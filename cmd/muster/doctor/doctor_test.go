package doctor_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"muster/bot/slack/manifest"
	"muster/cmd/muster/config"
	"muster/cmd/muster/control"
	"muster/cmd/muster/doctor"
	"muster/incident"
)

// slack answers each method with a body, and every answer with the given headers.
func slack(t *testing.T, headers map[string]string, bodies map[string]string) *doctor.Slack {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for name, value := range headers {
			w.Header().Set(name, value)
		}
		body, known := bodies[strings.TrimPrefix(r.URL.Path, "/")]
		if !known {
			body = `{"ok":true,"team":"Harbour","user":"muster"}`
		}
		fmt.Fprint(w, body)
	}))
	t.Cleanup(server.Close)
	return &doctor.Slack{API: server.URL + "/", BotToken: "xoxb-open-sesame", AppToken: "xapp-open-sesame"}
}

func TestFindings(t *testing.T) {
	granted := strings.Join(manifest.Scopes(), ",")
	less := strings.Replace(granted, "pins:write", "files:write", 1)
	announcing := config.Default().Policy
	announcing.Announcements = "C0123456789"
	for _, c := range []struct {
		name    string
		policy  *incident.Policy
		headers map[string]string
		bodies  map[string]string
		want    doctor.Finding // with the beginning of Says and Do; no Do: nothing is to be done
	}{
		{"all is well", nil, map[string]string{"X-OAuth-Scopes": granted}, nil, doctor.Finding{What: "scopes", Says: "all "}},
		{"a scope is missing", nil, map[string]string{"X-OAuth-Scopes": less}, nil, doctor.Finding{What: "scopes", Says: "missing are pins:write", Do: "paste the output"}},
		{"the clock is a day off", nil, map[string]string{"Date": time.Now().Add(-24 * time.Hour).UTC().Format(http.TimeFormat)}, nil,
			doctor.Finding{What: "clock", Says: "it differs from Slack's by 24h", Do: "set this machine's clock"}},
		{"the token is revoked", nil, nil, map[string]string{"auth.test": `{"ok":false,"error":"token_revoked"}`},
			doctor.Finding{What: "bot token", Says: "Slack refuses it (token_revoked)", Do: "copy the token"}},
		{"the app token lacks its scope", nil, nil, map[string]string{"apps.connections.open": `{"ok":false,"error":"missing_scope","needed":"connections:write"}`},
			doctor.Finding{What: "app token", Says: "it lacks a scope (missing_scope, needed is connections:write)", Do: "make an app-level token"}},
		{"what answers is no Slack", nil, nil, map[string]string{"auth.test": `<html>`},
			doctor.Finding{What: "bot token", Says: "call auth.test: the answer (status 200) is not Slack's", Do: "see whether this machine"}},
		{"the channel is archived", announcing, nil, map[string]string{"conversations.info": `{"ok":true,"channel":{"name":"incidents","is_archived":true}}`},
			doctor.Finding{What: "announcements", Says: "#incidents is archived", Do: "bring it back"}},
		{"the app is not in the channel", announcing, nil, map[string]string{"conversations.info": `{"ok":true,"channel":{"name":"leads","is_private":true}}`},
			doctor.Finding{What: "announcements", Says: "the app is not in #leads", Do: "invite it there"}},
		{"the channel is good", announcing, nil, map[string]string{"conversations.info": `{"ok":true,"channel":{"name":"incidents"}}`},
			doctor.Finding{What: "announcements", Says: "they go to #incidents"}},
	} {
		if c.policy == nil {
			c.policy = config.Default().Policy
		}
		all := doctor.Examine(t.Context(), doctor.Patient{Policy: c.policy, Slack: slack(t, c.headers, c.bodies)})
		if !has(all, c.want) {
			t.Errorf("%s: want %+v, got %+v", c.name, c.want, all)
		}
		if strings.Contains(fmt.Sprint(all), "sesame") {
			t.Errorf("%s: a finding holds a token: %+v", c.name, all)
		}
	}
}

func TestUndeliverableEffectsSayHowTheyAreTriedAgain(t *testing.T) {
	all := doctor.Examine(t.Context(), doctor.Patient{
		Policy: config.Default().Policy, Command: "/incident",
		Database: func(context.Context) (control.Health, error) {
			health := control.Health{Failed: []control.Failed{{Job: 7, Kind: incident.KindPinCard, Incident: "INC-3", Reason: "not_in_channel"}}}
			health.Report.Problems = []string{"an index is wrong"}
			health.Failed = append(health.Failed, control.Failed{Job: 8, Kind: "fax_someone", Reason: "unknown kind", Unreadable: true})
			return health, nil
		},
	})
	for _, want := range []doctor.Finding{
		{What: "effect 7 of INC-3", Says: "pin_card could not be done (not_in_channel)", Do: "bring the app back into the channel, or the channel back, then type \"/incident INC-3 retry\""},
		{What: "effect 8", Says: "fax_someone cannot be read by this version (unknown kind)", Do: "run the version"},
		{What: "database", Says: "an index is wrong", Do: "keep a copy"},
	} {
		if !has(all, want) {
			t.Errorf("want %+v, got %+v", want, all)
		}
	}
	if doctor.Healthy(all) {
		t.Error("it is called healthy")
	}
}

func TestARunningBotIsAskedWhatItHears(t *testing.T) {
	for name, c := range map[string]struct {
		health control.Health
		room   string // what conversations.info answers
		want   doctor.Finding
	}{
		"no bot runs":        {control.Health{}, "", doctor.Finding{What: "sockets", Says: "no bot runs"}},
		"it hears nothing":   {control.Health{Running: true}, "", doctor.Finding{What: "sockets", Says: "the bot runs, and no connection", Do: "look into its log"}},
		"it hears Slack":     {control.Health{Running: true, Sockets: 2}, "", doctor.Finding{What: "sockets", Says: "the bot that runs has 2 open"}},
		"all can be reached": {control.Health{}, `{"ok":true,"channel":{"is_member":true}}`, doctor.Finding{What: "channels", Says: "the app can post to those of all 1"}},
		"a channel is gone":  {control.Health{}, `{"ok":false,"error":"channel_not_found"}`, doctor.Finding{What: "channel of INC-3", Says: "it is gone", Do: "invite the app"}},
		"one is archived": {control.Health{}, `{"ok":true,"channel":{"is_member":true,"is_archived":true}}`,
			doctor.Finding{What: "channel of INC-3", Says: "it is archived", Do: "bring the channel back"}},
		"the app was removed": {control.Health{}, `{"ok":true,"channel":{}}`, doctor.Finding{What: "channel of INC-3", Says: "the app is not in it", Do: "invite the app"}},
	} {
		if c.room != "" {
			c.health.Channels = []control.Room{{Incident: "INC-3", Channel: "C0123456789"}}
		}
		all := doctor.Examine(t.Context(), doctor.Patient{
			Policy: config.Default().Policy, Slack: slack(t, nil, map[string]string{"conversations.info": c.room}),
			Database: func(context.Context) (control.Health, error) { return c.health, nil },
		})
		if !has(all, c.want) {
			t.Errorf("%s: want %+v, got %+v", name, c.want, all)
		}
	}
}

func has(all []doctor.Finding, want doctor.Finding) bool {
	for _, got := range all {
		if got.What == want.What && strings.HasPrefix(got.Says, want.Says) && strings.HasPrefix(got.Do, want.Do) && (want.Do == "") == (got.Do == "") {
			return true
		}
	}
	return false
}
