// Package view draws what people see in Slack: messages, modals and the App Home, as pure functions of an incident, the
// policy, the words and a moment.
//
// It decides what stands where, which buttons there are, and that all of it stays within Slack's limits. It has no
// client and no clock, and it words nothing: words come from templates. Whatever is shown to a viewer leaves out what
// that viewer may not know of.
package view

import (
	"muster/incident"
	"muster/templates"

	"github.com/slack-go/slack"
)

// Views draws for one policy, for readers of any language: In chooses theirs. It may be used by many goroutines.
type Views struct {
	Words   *templates.Words
	Policy  *incident.Policy
	Command string // the slash command with its slash: "/incident"
}

// In draws in the language that a reader asks for; templates.Workspace is what many people see.
func (v Views) In(language string) View {
	return View{Teller: templates.Teller{Words: v.Words.In(language), Policy: v.Policy, Command: v.Command}, typed: v.Words.Typed}
}

// View draws in one language.
type View struct {
	templates.Teller
	typed *templates.Typed
}

// Message is a message for Slack. Text is its notification, in mrkdwn with everything typed escaped.
type Message struct {
	Text   string
	Blocks []slack.Block
}
