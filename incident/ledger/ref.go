package ledger

// Aggregate is the persisted name of a kind of aggregate: "incident".
type Aggregate string

// Ref names one aggregate: which kind, and which one of that kind.
type Ref struct {
	Aggregate Aggregate `json:"aggregate"`
	ID        string    `json:"id"`
}

// IsZero reports whether the reference names nothing, as that of a home that a person opened does.
func (r Ref) IsZero() bool { return r == Ref{} }

// String is for logs: "incident/INC-42".
func (r Ref) String() string {
	if r.IsZero() {
		return ""
	}
	return string(r.Aggregate) + "/" + r.ID
}

// Identities that Slack hands out. Aggregates compare them and never read meaning into them.
type (
	UserID    string // a person: "U024BE7LH"
	GroupID   string // a user group: "S0614TZR7"
	ChannelID string // a channel or direct message: "C024BE91L"
	MessageTS string // a message within its channel: "1355517523.000005"
)

// MessageRef points at one message.
type MessageRef struct {
	Channel ChannelID `json:"channel,omitempty"`
	TS      MessageTS `json:"ts,omitempty"`
}

// Posted reports whether the reference points at a message at all.
func (m MessageRef) Posted() bool { return m.TS != "" }
