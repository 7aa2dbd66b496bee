package incident

import "fmt"

// The channel's lane holds whatever needs the channel to exist first. The card, the invitations and the topic are only
// asked for once it does, so that they need not wait for each other.
func channelLane(of ID) string { return key(of, "channel") }

// A person's lane holds what is said to that person.
func personLane(user UserID) string { return "person/" + string(user) }

// key names something of one incident.
func key(of ID, parts ...any) string {
	text := string(of)
	for _, part := range parts {
		text += fmt.Sprintf("/%v", part)
	}
	return text
}

// Effects is what the world must be told of one entry: a pure function of the incident before and after it. What the gate would
// drop is not among them.
func Effects(before, after Incident, entry Entry, p *Policy) []Effect {
	effects := entry.Event.follows(before, after, entry, p)
	if entry.Event.tells(before) == TellsChannel && !after.quiet() {
		effects = append(effects, PostEntry{Of: after.ID, Seq: entry.Seq})
	}
	effects = append(effects, redraws(before, after, entry, p)...)
	var kept []Effect
	for _, effect := range effects {
		// One without an audience is kept for Step, which refuses it.
		if audience := effect.Handling().Audience; audience.IsZero() || Gate(after, audience) != Drop {
			kept = append(kept, effect)
		}
	}
	return kept
}
