package incident

import (
	"time"

	"muster/incident/ledger"
)

// Update is an internal update as the card shows it. All of its text is in the log, where it may be long.
type Update struct {
	At   time.Time  `json:"at"`
	By   UserID     `json:"by"`
	Text UpdateText `json:"text"`
}

// UpdateText is what an internal update says (PROCESS: Communications). A one-line update has only a State.
type UpdateText struct {
	State   string `json:"state"`             // state and impact
	Current string `json:"current,omitempty"` // current status, a point a line
	Next    string `json:"next,omitempty"`    // next steps, a point a line
}

// PostUpdate posts an internal update and starts the cadence anew (PROCESS: step 8).
type PostUpdate struct {
	Text   UpdateText
	NextIn time.Duration // until the next update, this once; 0: the cadence decides
}

func (PostUpdate) Aggregate() ledger.Aggregate { return Aggregate }
func (PostUpdate) needs() Need                 { return permission(ActUpdate) }
func (PostUpdate) stands(in Incident) error    { return in.stillOpen() }

// decide posts an internal update. Only a State is required.
func (c PostUpdate) decide(_ Incident, by circumstances) ([]Event, error) {
	text := UpdateText{State: paragraph(c.Text.State), Current: paragraph(c.Text.Current), Next: paragraph(c.Text.Next)}
	if text.State == "" {
		return nil, &Refusal{Code: RefuseTextEmpty, Text: "update"}
	}
	for _, part := range []string{text.State, text.Current, text.Next} {
		if err := within("update", part, MaxText); err != nil {
			return nil, err
		}
	}
	event := EventUpdatePosted{Text: text}
	if c.NextIn != 0 {
		if err := checkPause(c.NextIn); err != nil {
			return nil, err
		}
		event.Next = by.now.Add(c.NextIn)
	}
	return []Event{event}, nil
}

// EventUpdatePosted: an internal update went out.
type EventUpdatePosted struct {
	Text UpdateText `json:"text"`
	Next time.Time  `json:"next,omitzero"` // when the next one was promised, if not by the cadence
}

func (EventUpdatePosted) EventKind() EventKind { return KindUpdatePosted }

func (e EventUpdatePosted) fold(in *Incident, entry Entry) {
	in.LastUpdate = Update{At: entry.At, By: entry.Actor.ID, Text: UpdateText{State: e.Text.State}}
	in.Updates++
	in.restartCadence(entry.At)
	in.Reminders.NextUpdate = e.Next
}

func (EventUpdatePosted) follows(_, _ Incident, _ Entry, _ *Policy) []Effect { return nil }
func (EventUpdatePosted) tells(Incident) Telling                             { return TellsChannel }

// PostEntry tells the channel of one timeline entry, once; without a channel, the declarer.
type PostEntry struct {
	Of  ID     `json:"of"`
	Seq uint64 `json:"seq"`
}

// Handling: once an entry.
func (e PostEntry) Handling() Handling {
	return Handling{
		Kind: KindPostEntry, Medium: ledger.Slack, Of: e.Of.Ref(), Audience: ledger.ShownInRoom(),
		Key: key(e.Of, "entry", e.Seq), Lane: channelLane(e.Of), Urgency: UrgencyUpdate,
	}
}
