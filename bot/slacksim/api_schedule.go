package slacksim

import (
	"context"
	"slices"
	"time"
)

// scheduled is a message that waits for its time.
type scheduled struct {
	ID      string  `json:"id"`
	Channel string  `json:"channel"`
	PostAt  int64   `json:"post_at"`
	Message Message `json:"message"`
}

func chatScheduleMessage(c *call) (answer, error) {
	at, ok := c.args.int("post_at", 0)
	wait := time.Until(time.Unix(at, 0))
	switch {
	case !ok:
		return nil, refuse("invalid_time")
	case wait < soonest:
		return nil, refuse("time_in_past")
	case wait > latest:
		return nil, refuse("time_too_far")
	}
	ch, m, err := c.compose()
	if err != nil {
		return nil, err
	}
	s := &scheduled{ID: c.ws.newID("Q"), Channel: ch.ID, PostAt: at, Message: *m}
	c.ws.st.Scheduled = append(c.ws.st.Scheduled, s)
	c.ws.arm(s)
	c.effect("scheduled %s in %s", s.ID, ch.ID)
	return answer{"channel": ch.ID, "scheduled_message_id": s.ID, "post_at": at, "message": c.ws.wireMessage(ch, m, true)}, nil
}

// arm posts a scheduled message at its time, unless it has been deleted by then.
func (ws *Workspace) arm(s *scheduled) {
	ws.run(func(ctx context.Context) {
		if !pause(ctx, max(time.Until(time.Unix(s.PostAt, 0)), time.Millisecond)) {
			return
		}
		ws.mu.Lock()
		defer ws.mu.Unlock()
		i := slices.Index(ws.st.Scheduled, s)
		if i < 0 {
			return
		}
		ws.st.Scheduled = slices.Delete(ws.st.Scheduled, i, i+1)
		if ch := ws.channel(s.Channel); ch != nil && !ch.Archived {
			m := s.Message
			ws.post(ch, &m)
		}
	})
}

func chatDeleteScheduledMessage(c *call) (answer, error) {
	all := c.ws.st.Scheduled
	i := slices.IndexFunc(all, func(s *scheduled) bool {
		return s.ID == c.args["scheduled_message_id"] && s.Channel == c.args["channel"]
	})
	if i < 0 {
		return nil, refuse("invalid_scheduled_message_id")
	}
	c.ws.st.Scheduled = slices.Delete(all, i, i+1)
	c.effect("unscheduled %s", c.args["scheduled_message_id"])
	return nil, nil
}

func chatScheduledMessagesList(c *call) (answer, error) {
	list := []map[string]any{}
	for _, s := range c.ws.st.Scheduled {
		if ch := c.args["channel"]; ch == "" || ch == s.Channel {
			list = append(list, map[string]any{"id": s.ID, "channel_id": s.Channel, "post_at": s.PostAt, "text": s.Message.Fallback})
		}
	}
	items, next, err := page(c, list, 100, 100, func(s map[string]any) string { return s["id"].(string) })
	return answer{"scheduled_messages": items, "response_metadata": cursorOf(next)}, err
}
