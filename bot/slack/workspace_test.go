package slack_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"muster/bot/slacksim"
	"muster/incident"
)

// workspace is everything in the workspace, whoever may see it.
type workspace struct {
	Users    []slacksim.User `json:"users"`
	Channels []*room         `json:"channels"`
	Homes    map[string]json.RawMessage

	byKey map[string][]slacksim.Message // our messages that people can see, by the key that they carry
}

type room struct {
	slacksim.Channel
	Messages []slacksim.Message `json:"messages"`
}

func (w *world) workspace() *workspace {
	var data bytes.Buffer
	ws := &workspace{byKey: map[string][]slacksim.Message{}}
	if err := w.ws.Save(&data); err != nil {
		w.Fatal(err)
	}
	if err := json.Unmarshal(data.Bytes(), ws); err != nil {
		w.Fatal(err)
	}
	for _, room := range ws.Channels {
		for _, message := range room.Messages {
			if key := keyOf(message); key != "" && message.EphemeralTo == "" {
				ws.byKey[key] = append(ws.byKey[key], message)
			}
		}
	}
	return ws
}

// keyOf is the key of the effect that a message was posted for.
func keyOf(message slacksim.Message) string {
	var metadata struct {
		Payload struct {
			Key string `json:"key"`
		} `json:"event_payload"`
	}
	if len(message.Metadata) == 0 || json.Unmarshal(message.Metadata, &metadata) != nil {
		return ""
	}
	return metadata.Payload.Key
}

func (ws *workspace) room(id string) *room {
	for _, room := range ws.Channels {
		if room.ID == id {
			return room
		}
	}
	return &room{}
}

func (ws *workspace) user(id incident.UserID) slacksim.User {
	for _, user := range ws.Users {
		if user.ID == string(id) {
			return user
		}
	}
	return slacksim.User{Deleted: true}
}

// told reports whether a message stands in the direct conversation with a person.
func (ws *workspace) told(message slacksim.Message, user incident.UserID) bool {
	room := ws.room(message.Channel)
	return room.IM && slices.Contains(room.Members, string(user))
}

// late is how long Slack may take to tell of something that happened: it brings an event again after one minute and after five.
const late = 10 * time.Minute

// inFlight is how far back something may lie of which Muster need not have heard at a moment. While the bot is stopped or Slack
// is away, nobody hears anything.
func (w *world) inFlight(at time.Time) time.Time {
	back := at.Add(-late)
	for _, gone := range slices.Backward(w.away) {
		if gone.to.After(back) && gone.from.Before(at) {
			back = back.Add(-gone.to.Sub(gone.from))
		}
	}
	return back
}

// span is a stretch of time.
type span struct{ from, to time.Time }

// timeOfTS is when a message was posted.
func timeOfTS(ts string) time.Time {
	var seconds, micros int64
	if _, err := fmt.Sscanf(ts, "%d.%d", &seconds, &micros); err != nil {
		return time.Time{}
	}
	return time.Unix(seconds, micros*1000).UTC()
}
