package perform

import (
	"time"

	"github.com/slack-go/slack"
	"golang.org/x/sync/singleflight"

	"muster/bot/slack/pacer"
	"muster/bot/slack/view"
	"muster/bot/worker"
	"muster/incident"
	"muster/incident/ledger"
)

// Options of Slack as a medium. What is not marked optional must be given.
type Options struct {
	Store  Reader
	Client *slack.Client // its requests go through the pacer's transport
	Pacer  *pacer.Pacer
	People People
	Views  view.Views
	Policy *incident.Policy
	// BotUser is whom the messages come from: what it did not post is never taken for ours. It is asked only once Ready is closed.
	BotUser func() incident.UserID
	Ready   <-chan struct{} // optional: closed once Slack has said who we are

	Answer time.Duration // optional: how long a call may take; 20 s
	Linger time.Duration // optional: how long a call may still take effect after its caller has gone or given up; 2 s
}

// Slack performs effects in a workspace.
type Slack struct {
	Options
	memory   *memory
	history  *history
	adopting chan struct{}      // holds one: channels are looked for one at a time
	flights  singleflight.Group // what several jobs would ask Slack at once
}

// New makes Slack the medium that a worker takes. It calls nobody.
func New(options Options) worker.Medium {
	if options.Answer <= 0 {
		options.Answer = 20 * time.Second
	}
	if options.Linger <= 0 {
		options.Linger = 2 * time.Second
	}
	s := &Slack{Options: options, memory: newMemory(), history: newHistory(), adopting: make(chan struct{}, 1)}
	return worker.Medium{Name: ledger.Slack, Performers: s.performers(), Judge: classify, Linger: s.Linger, Ready: s.Ready}
}

// performers is what each type of effect does in Slack.
func (s *Slack) performers() []worker.Performer {
	return []worker.Performer{
		by(s, (*task).createChannel),
		by(s, inRoom(lost, (*task).inviteUsers)),
		by(s, inRoom(lost, (*task).inviteGroup)),
		by(s, inRoom(drawnAnew, (*task).drawCard)),
		by(s, inRoom(drawnAnew, (*task).pinCard)),
		by(s, inRoom(drawnAnew, (*task).drawTopic)),
		by(s, (*task).drawAnnouncement),
		by(s, inRoom(lost, (*task).postEntry)),
		by(s, (*task).sendBrief),
		by(s, (*task).sendReminder),
		by(s, (*task).linkOrigin),
		by(s, (*task).markNoted),
		by(s, (*task).archiveChannel),
		by(s, (*task).restoreChannel),
		by(s, (*task).lookAtChannel),
		by(s, (*task).drawHome).Expendable(),
	}
}

// doing is what performs effects of one type.
type doing[E incident.Effect] func(t *task, effect E) ([]ledger.Command, error)

// by makes a performer of it.
func by[E incident.Effect](s *Slack, do doing[E]) worker.Performer {
	return worker.Performs(func(attempt *worker.Attempt, effect E) ([]ledger.Command, error) {
		return do(newTask(s, attempt), effect)
	})
}
