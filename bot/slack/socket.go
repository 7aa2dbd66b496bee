package slack

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"runtime/debug"
	"sync"
	"time"

	"muster/bot/slack/view"
	"muster/bot/worker"

	"github.com/slack-go/slack"
	"github.com/slack-go/slack/socketmode"
)

const (
	// handlersAtOnce bounds the envelopes under way; what comes beyond waits at the socket.
	handlersAtOnce = 128
	// handlerTime is how long a handler may take. Slack's patience ends after three seconds; what was not committed by
	// then is given up, so that nothing happens that its user was told did not.
	handlerTime = 2500 * time.Millisecond
	// answerTime is how long telling the person who asked may take, once the envelope is acknowledged.
	answerTime = 10 * time.Second
	// slowestRedial is the longest a socket waits before it is dialled again, however long Slack was away, and longestRest the
	// longest if Slack itself asks for more.
	slowestRedial = 15 * time.Second
	longestRest   = 5 * time.Minute
	// ackTime is how long an acknowledgement may wait for a socket; Slack takes none after that.
	ackTime = 3 * time.Second
	// lastAcks is the time that acknowledgements get to leave before the sockets close.
	lastAcks = 200 * time.Millisecond
)

// listen keeps the sockets open until the context ends, then lets the handlers under way finish.
func (b *Bot) listen(ctx context.Context) {
	sockets, closeSockets := context.WithCancel(context.WithoutCancel(ctx))
	defer closeSockets()
	places := make(chan struct{}, handlersAtOnce)
	var open sync.WaitGroup
	for range b.options.Sockets {
		open.Go(func() { b.keepOpen(sockets, ctx, places) })
	}
	<-ctx.Done()
	if fill(places, b.options.Drain) {
		pause(sockets, lastAcks)
	} else {
		b.log.Warn().Msg("requests were still under way when the drain time was over")
	}
	closeSockets()
	open.Wait()
}

// fill takes every place, so that no handler is under way and none can begin; false means that it took too long.
func fill(places chan struct{}, limit time.Duration) bool {
	late := time.NewTimer(limit)
	defer late.Stop()
	for range cap(places) {
		select {
		case places <- struct{}{}:
		case <-late.C:
			return false
		}
	}
	return true
}

// away is the error of a socket that could not be opened for long, with how long it had better not be tried.
type away time.Duration

func (a away) Error() string {
	return "Slack is away, and is asked again in " + time.Duration(a).String()
}

// keepOpen runs one socket for ever: whenever slack-go gives up, or would wait longer than we do, it begins anew. A Slack that
// is away for long is asked seldom: it allows few sockets to be opened in a minute.
func (b *Bot) keepOpen(sockets, work context.Context, places chan struct{}) {
	longestWait := slowestRedial
	var gone away
	for sockets.Err() == nil {
		err := b.runSocket(sockets, work, places, longestWait)
		if sockets.Err() != nil {
			return
		}
		longestWait = slowestRedial
		switch {
		case errors.As(err, &gone):
			longestWait = 0
			b.log.Warn().Err(err).Msg("a socket is left alone for a while")
			pause(sockets, time.Duration(gone))
		case err == nil, errors.Is(err, context.Canceled): // it is dialled anew at once
		case fatalAuth(err):
			b.log.Error().Err(err).Msg("Slack refuses the app token; check SLACK_APP_TOKEN")
			pause(sockets, time.Minute)
		default:
			b.log.Error().Err(err).Msg("a socket ended; it is opened again in a while")
			pause(sockets, slowestRedial)
		}
	}
}

// runSocket keeps a socket open until it ends for good. It is away when slack-go would wait longer than longestWait before the
// first connection, or longer than slowestRedial after it.
func (b *Bot) runSocket(sockets, work context.Context, places chan struct{}, longestWait time.Duration) error {
	ctx, cancel := context.WithCancel(sockets)
	defer cancel()
	var settings []socketmode.Option
	if b.options.Dialer != nil {
		settings = append(settings, socketmode.OptionDialer(b.options.Dialer))
	}
	client := socketmode.New(b.slack, settings...)
	ended := make(chan error, 1)
	go func() { ended <- client.RunContext(ctx) }()
	connected := false
	mark := func(now bool) {
		if now == connected {
			return
		}
		connected = now
		if now {
			b.observe.Sockets(int(b.connected.Add(1)))
		} else {
			b.observe.Sockets(int(b.connected.Add(-1)))
		}
	}
	defer mark(false)
	for {
		select {
		case err := <-ended:
			return err
		case event := <-client.Events:
			switch event.Type {
			case socketmode.EventTypeConnected:
				mark(true)
				longestWait = slowestRedial
			case socketmode.EventTypeConnecting, socketmode.EventTypeDisconnect:
				mark(false)
			case socketmode.EventTypeConnectionError:
				if failed, ok := event.Data.(*slack.ConnectionErrorEvent); ok {
					b.log.Warn().Err(failed.ErrorObj).Msg("a socket could not be opened")
					if failed.Backoff > longestWait {
						cancel()
						<-ended
						return away(restOf(failed))
					}
				}
			default:
				b.accept(work, client, event, places)
			}
		}
	}
}

// restOf is how long a socket is left alone: as long as Slack asks for, within reason.
func restOf(failed *slack.ConnectionErrorEvent) time.Duration {
	var limited *slack.RateLimitedError
	if errors.As(failed.ErrorObj, &limited) {
		return min(max(limited.RetryAfter, slowestRedial), longestRest)
	}
	return slowestRedial
}

// accept hands an envelope to a handler, once there is a place for it. After the context has ended nothing is accepted:
// Slack delivers events again, and a person who typed sees that it did not work.
func (b *Bot) accept(ctx context.Context, client *socketmode.Client, event socketmode.Event, places chan struct{}) {
	if event.Request == nil && event.Type != socketmode.EventTypeErrorBadMessage {
		return
	}
	select {
	case <-ctx.Done():
		return
	case places <- struct{}{}:
	}
	if ctx.Err() != nil {
		<-places
		return
	}
	arrived := time.Now()
	go func() {
		defer func() { <-places }()
		// What runs may finish after the context has ended.
		b.handle(context.WithoutCancel(ctx), client, event, arrived)
	}()
}

// handle runs one envelope's handler and acknowledges it. A panic is contained: whoever waits for an answer gets an
// apology with a reference, and everything else goes on.
func (b *Bot) handle(ctx context.Context, client *socketmode.Client, event socketmode.Event, arrived time.Time) {
	e := &envelope{kind: string(event.Type), arrived: arrived}
	if event.Request != nil {
		e.id = event.Request.EnvelopeID
	}
	e.ack = func(payload any) {
		if e.acked || e.id == "" {
			return
		}
		e.acked = true
		// A socket that is gone for good takes no acknowledgement any more.
		ctx, cancel := context.WithTimeout(ctx, ackTime)
		defer cancel()
		if err := client.AckCtx(ctx, e.id, payload); err != nil {
			b.log.Error().Err(err).Str("envelope", e.kind).Msg("an acknowledgement could not be sent")
			return
		}
		b.observe.Acked(e.kind, time.Since(arrived))
	}
	defer func() {
		if cause := recover(); cause != nil {
			b.log.Error().Str("envelope", e.kind).Bytes("stack", debug.Stack()).Msg("a handler panicked")
			b.apologize(ctx, e, event, fmt.Errorf("panic: %s", worker.PanicOf(cause)))
		}
	}()
	b.route(ctx, e, event)
}

// envelope is one delivery of Slack's and its acknowledgement.
type envelope struct {
	id       string
	kind     string
	arrived  time.Time
	happened time.Time         // what it tells of, by Slack's clock; zero: now
	ack      func(payload any) // at most once; nil for no words
	acked    bool
}

// ackLimit keeps an acknowledgement below the 20,480 bytes above which Slack drops it.
const ackLimit = 20000

// ackMessage is a slash command's acknowledgement with words in it, for the person alone.
type ackMessage struct {
	ResponseType string       `json:"response_type"`
	Text         string       `json:"text"`
	Blocks       slack.Blocks `json:"blocks"`
}

// words makes an acknowledgement of a message; ok is false when it would be too large.
func words(message view.Message) (payload ackMessage, ok bool) {
	payload = ackMessage{slack.ResponseTypeEphemeral, message.Text, slack.Blocks{BlockSet: message.Blocks}}
	data, err := json.Marshal(payload)
	return payload, err == nil && len(data) < ackLimit
}
