package storage

import (
	"context"
	"time"

	"muster/incident"
	"muster/storage/keys"
)

// IncidentKind is how incidents are kept. Without a policy it cannot be told when they are due.
func IncidentKind(policy *incident.Policy) Kind[incident.ID, incident.Incident, incident.Entry] {
	kind := Kind[incident.ID, incident.Incident, incident.Entry]{
		Name: incident.Aggregate, Version: 2, // 2: of an update, only what the card shows; the newest pins
		NewID: incident.NewID, Number: incident.ID.Number,
		Indexes: []string{indexQueue, indexStatus, indexSeverity, indexPerson, indexChannel, indexWatched},
		ID:      func(in incident.Incident) incident.ID { return in.ID },
		Seq:     func(in incident.Incident) uint64 { return in.Seq },
		Fold:    incident.Fold, Keys: incidentKeys,
		EntrySeq:   func(entry incident.Entry) uint64 { return entry.Seq },
		WriteEntry: incident.Entry.MarshalJSON,
		ReadEntry:  incident.NewEntryDecoder().Decode,
	}
	if policy != nil {
		kind.Due = func(in incident.Incident) time.Time { return incident.NextDue(in, policy) }
		kind.MayBeDue = mayBeDue(policy)
	}
	return kind
}

// Incidents is the store of incidents, with what only incidents are asked for.
type Incidents struct {
	*Store[incident.ID, incident.Incident, incident.Entry]
	onProblem func(error)
}

// NewIncidents is the store of incidents. onProblem is told of what cannot be read and is left out of a list.
func NewIncidents(engine Engine, kind Kind[incident.ID, incident.Incident, incident.Entry], onProblem func(error)) *Incidents {
	return &Incidents{Store: NewStore(engine, kind), onProblem: onProblem}
}

// ByChannel reads the incident whose own channel this is; incident.ErrNotFound when it is nobody's.
func (s *Incidents) ByChannel(ctx context.Context, channel incident.ChannelID) (incident.Incident, error) {
	var in incident.Incident
	err := s.engine.View(ctx, "get the incident of channel "+string(channel), func(r Reader) (err error) {
		key, value := r.Index(incident.Aggregate, indexChannel).Seek([]byte(channel))
		number, ok := keys.ReadNumber(value)
		if !ok || string(key) != string(channel) {
			return incident.ErrNotFound
		}
		in, err = s.load(r, incident.NewID(number))
		return err
	})
	return in, err
}
