package perform

import (
	"sync"
	"time"

	"muster/incident"
)

// memory is what this process remembers of its own doing. All of it may be lost: then the worker asks Slack once more.
type memory struct {
	mu      sync.Mutex
	drawn   map[string]uint64                      // by a redraw's key: the entry up to which it was drawn
	topics  map[incident.ChannelID]string          // as they were last set
	told    map[incident.ChannelID]time.Time       // when a channel was last told of a delay
	direct  map[incident.UserID]incident.ChannelID // direct messages
	adopted map[incident.ChannelID]incident.ID     // channels taken over, or about to be
}

func newMemory() *memory {
	return &memory{
		drawn: map[string]uint64{}, topics: map[incident.ChannelID]string{},
		told: map[incident.ChannelID]time.Time{}, direct: map[incident.UserID]incident.ChannelID{},
		adopted: map[incident.ChannelID]incident.ID{},
	}
}

func (m *memory) drawnUpTo(key string) uint64 {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.drawn[key]
}

func (m *memory) draw(key string, seq uint64) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.drawn[key] = max(m.drawn[key], seq)
}

func (m *memory) topic(channel incident.ChannelID) (string, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	topic, known := m.topics[channel]
	return topic, known
}

func (m *memory) setTopic(channel incident.ChannelID, topic string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.topics[channel] = topic
}

func (m *memory) forgetTopic(channel incident.ChannelID) {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.topics, channel)
}

// toldSince reports whether a channel was told of a delay after a moment; known is false if this process cannot say.
func (m *memory) toldSince(channel incident.ChannelID, moment time.Time) (told, known bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	at, known := m.told[channel]
	return known && !at.Before(moment), known
}

func (m *memory) tell(channel incident.ChannelID, at time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.told[channel] = at
}

func (m *memory) directTo(user incident.UserID) (incident.ChannelID, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	channel, known := m.direct[user]
	return channel, known
}

func (m *memory) setDirect(user incident.UserID, channel incident.ChannelID) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.direct[user] = channel
}

// adopt claims an orphaned channel for an incident; false means that another one has it already.
func (m *memory) adopt(channel incident.ChannelID, of incident.ID) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	if owner, taken := m.adopted[channel]; taken && owner != of {
		return false
	}
	m.adopted[channel] = of
	return true
}

// free reports whether adopt would succeed.
func (m *memory) free(channel incident.ChannelID, of incident.ID) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	owner, taken := m.adopted[channel]
	return !taken || owner == of
}

// forget drops everything about an incident's channel, which is about to be archived.
func (m *memory) forget(in incident.Incident) {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.topics, in.Channel.ID)
	delete(m.told, in.Channel.ID)
	delete(m.adopted, in.Channel.ID)
	for _, effect := range []incident.Effect{incident.DrawCard{Of: in.ID}, incident.DrawAnnouncement{Of: in.ID}} {
		delete(m.drawn, effect.Handling().Key)
	}
}
