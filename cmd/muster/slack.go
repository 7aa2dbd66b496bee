package main

import (
	"net/url"
	"strings"
)

// credentials are what the environment says about Slack.
type credentials struct {
	bot, app string
	api      string // ends in a slash; empty: Slack's own
}

const (
	whereBot = "it is the Bot User OAuth Token (xoxb-...) that your app's page shows under OAuth & Permissions once it is installed"
	whereApp = "it is an app-level token (xapp-...) with the scope connections:write, made on your app's page under Basic Information"
)

// credentials reads the environment and refuses what cannot be right before anybody is asked. It never repeats a token.
func (p *program) credentials() (credentials, error) {
	c := credentials{bot: strings.TrimSpace(p.environment("SLACK_BOT_TOKEN")), app: strings.TrimSpace(p.environment("SLACK_APP_TOKEN"))}
	switch {
	case strings.HasPrefix(c.bot, "xapp-") && strings.HasPrefix(c.app, "xoxb-"):
		return c, wrongUse("SLACK_BOT_TOKEN and SLACK_APP_TOKEN are swapped: the bot token begins with xoxb-, the app token with xapp-")
	case c.bot == "":
		return c, wrongUse("SLACK_BOT_TOKEN is not set: %s", whereBot)
	case !strings.HasPrefix(c.bot, "xoxb-"):
		return c, wrongUse("SLACK_BOT_TOKEN does not begin with xoxb-: %s", whereBot)
	case c.app == "":
		return c, wrongUse("SLACK_APP_TOKEN is not set: %s", whereApp)
	case !strings.HasPrefix(c.app, "xapp-"):
		return c, wrongUse("SLACK_APP_TOKEN does not begin with xapp-: %s", whereApp)
	}
	api, err := baseURL(p.environment("SLACK_API_URL"))
	c.api = api
	return c, err
}

// baseURL checks the base of the Web API; Slack's libraries want it to end in a slash.
func baseURL(text string) (string, error) {
	if text == "" {
		return "", nil
	}
	base, err := url.Parse(text)
	if err != nil || (base.Scheme != "http" && base.Scheme != "https") || base.Host == "" || base.RawQuery != "" {
		return "", wrongUse("SLACK_API_URL is not the base of a Web API: write it like https://slack-gov.com/api/")
	}
	return strings.TrimSuffix(base.String(), "/") + "/", nil
}
