package bolt

import (
	"context"
	"errors"

	"go.etcd.io/bbolt"

	"muster/incident"
)

// Create makes an incident of the outcome that decide answers for the next number. A refusal, which is any error of
// decide, comes back wrapped, keeps nothing and uses up no number. A once-key that was seen already answers
// *incident.SeenError with the incident of the first time; an empty one is no key.
func (s *Store) Create(ctx context.Context, once string, decide func(id incident.ID) (incident.Outcome, error)) (incident.Outcome, error) {
	var out incident.Outcome
	err := s.write(ctx, "create incident", func(tx *writeTx) (err error) {
		if err := s.checkOnce(tx.Tx, once); err != nil {
			return err
		}
		number := last(tx.Tx, metaLastIncident) + 1
		if out, err = s.decide(func() (incident.Outcome, error) { return decide(incident.NewID(number)) }); err != nil {
			return err
		}
		if len(out.Entries) == 0 {
			return errors.New("a new incident must have entries")
		}
		records, err := s.encode(incident.Incident{}, number, out)
		if err != nil {
			return err
		}
		if err := tx.keep(incident.Incident{}, number, out, records, ""); err != nil {
			return err
		}
		if err := tx.put(bucketMeta, []byte(metaLastIncident), numberKey(number)); err != nil {
			return err
		}
		return tx.remember(once, number)
	})
	return result(out, err)
}

// Apply keeps the outcome that decide answers for the newest state of an incident. Errors: incident.ErrNotFound,
// *incident.SeenError as with Create, and any refusal of decide, which keeps nothing. An outcome without entries keeps
// nothing but the once-key. decide runs beside that of others, again if it was overtaken, and must not call the store.
func (s *Store) Apply(ctx context.Context, id incident.ID, once string, decide func(current incident.Incident) (incident.Outcome, error)) (incident.Outcome, error) {
	operation := "apply to " + string(id)
	d, err := s.ahead(ctx, operation, once, id, decide)
	if err != nil {
		return incident.Outcome{}, err
	}
	err = s.write(ctx, operation, func(tx *writeTx) error {
		if err := s.checkOnce(tx.Tx, once); err != nil {
			return err
		}
		if err := d.on(tx.Tx); err != nil {
			return err
		}
		if err := d.keep(tx, ""); err != nil {
			return err
		}
		return tx.remember(once, d.number)
	})
	return result(d.out, err)
}

// result is the outcome, or none when it was not kept.
func result(out incident.Outcome, err error) (incident.Outcome, error) {
	if err != nil {
		return incident.Outcome{}, err
	}
	return out, nil
}

// Get reads an incident; incident.ErrNotFound when there is none.
func (s *Store) Get(ctx context.Context, id incident.ID) (incident.Incident, error) {
	var in incident.Incident
	err := s.view(ctx, "get "+string(id), func(tx *bbolt.Tx) (err error) {
		in, err = loadIncident(tx, id.Number())
		return err
	})
	return in, err
}

// ByChannel reads the incident whose own channel this is; incident.ErrNotFound when it is nobody's.
func (s *Store) ByChannel(ctx context.Context, channel incident.ChannelID) (incident.Incident, error) {
	var in incident.Incident
	err := s.view(ctx, "get the incident of channel "+string(channel), func(tx *bbolt.Tx) (err error) {
		number, ok := readNumber(tx.Bucket([]byte(bucketChannel)).Get([]byte(channel)))
		if !ok {
			return incident.ErrNotFound
		}
		in, err = loadIncident(tx, number)
		return err
	})
	return in, err
}
