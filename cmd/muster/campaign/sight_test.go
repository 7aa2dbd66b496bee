package campaign

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"muster/bot/slacksim"
)

// sight is what people see in Slack.
type sight struct {
	messages map[string]slacksim.Message   // by channel and time
	jobs     map[string][]slacksim.Message // ours, by the job that they were posted for
	effects  map[string][]slacksim.Message // ours, by the key of the effect, whichever job it was
	channels map[string]slacksim.Channel
	handles  map[string]string             // by user
	byReader map[string][]slacksim.Message // ours that each user sees
}

func place(channel, ts string) string { return channel + "/" + ts }

// look is all that anybody sees.
func (p *program) look() sight {
	p.Helper()
	all := sight{messages: map[string]slacksim.Message{}, jobs: map[string][]slacksim.Message{}, effects: map[string][]slacksim.Message{},
		channels: map[string]slacksim.Channel{}, handles: map[string]string{}, byReader: map[string][]slacksim.Message{}}
	for _, user := range slacksim.DefaultUsers() {
		all.handles[user.ID] = user.Handle
		for _, channel := range p.ws.Person(user.Handle).Channels() {
			all.channels[channel.ID] = channel
		}
		for _, message := range p.ws.Person(user.Handle).SeesAll() {
			if message.ByApp {
				all.byReader[user.ID] = append(all.byReader[user.ID], message)
			}
			at := place(message.Channel, message.TS)
			if _, known := all.messages[at]; known {
				continue
			}
			all.messages[at] = message
			var metadata struct {
				Payload struct {
					Key string `json:"key"`
				} `json:"event_payload"`
			}
			if !message.ByApp || json.Unmarshal(message.Metadata, &metadata) != nil || metadata.Payload.Key == "" {
				continue
			}
			job := metadata.Payload.Key
			effect, number, _ := strings.Cut(job, "#")
			if _, instead, other := strings.Cut(number, "/"); other {
				effect += "/" + instead // what was posted in its place
			}
			all.jobs[job] = append(all.jobs[job], message)
			all.effects[effect] = append(all.effects[effect], message)
		}
	}
	return all
}

// since reports whether a message was posted at or after an instant.
func since(message slacksim.Message, at time.Time) bool {
	return message.TS >= fmt.Sprintf("%d.%06d", at.Unix(), at.Nanosecond()/1000) // both of ten digits before the point
}
