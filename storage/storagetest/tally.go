package storagetest

import (
	"encoding/json"
	"errors"
	"fmt"
	"testing"
	"time"

	"muster/incident/ledger"
	"muster/incident/registry"
	"muster/storage"
)

// A tally is a small kind of aggregate, so that the suite sees two of them beside each other: it counts things of a name, which
// the command that begins it chooses.
type (
	tallyID string

	tally struct {
		Name  tallyID `json:"name"`
		Total int     `json:"total"`
		Words string  `json:"words,omitempty"` // of the last mark
		Marks uint64  `json:"marks"`
	}

	mark struct {
		Seq   uint64  `json:"seq"`
		Of    tallyID `json:"of"`
		Add   int     `json:"add"`
		Words string  `json:"words,omitempty"`
	}

	tallies      = storage.Store[tallyID, tally, mark]
	tallyOutcome = ledger.Outcome[tally, mark]
)

const tallyName ledger.Aggregate = "tally"

func (id tallyID) ref() ledger.Ref { return ledger.Ref{Aggregate: tallyName, ID: string(id)} }

// tallyKind is how tallies are kept: found by whether they are even, counted, and due an hour after the beginning of the stories
// for each thing.
func tallyKind() storage.Kind[tallyID, tally, mark] {
	return storage.Kind[tallyID, tally, mark]{
		Name: tallyName, Version: 1, Indexes: []string{"parity"},
		ID: func(t tally) tallyID { return t.Name }, Seq: func(t tally) uint64 { return t.Marks },
		Fold: func(t tally, m mark) tally {
			return tally{Name: m.Of, Total: t.Total + m.Add, Words: m.Words, Marks: m.Seq}
		},
		Keys: func(t tally) storage.Keys {
			if t.Name == "" {
				return storage.Keys{}
			}
			return storage.Keys{Index: []storage.Key{{Index: "parity", Key: parity(t.Total) + string(t.Name)}}, Count: parity(t.Total)}
		},
		Due: tallyDue,
		MayBeDue: func(r storage.Reader) []string {
			var ids []string
			cursor := r.Index(tallyName, "parity")
			for key, _ := cursor.Seek(nil); key != nil; key, _ = cursor.Next() {
				ids = append(ids, string(key[len(parity(0)):]))
			}
			return ids
		},
		EntrySeq: func(m mark) uint64 { return m.Seq }, WriteEntry: func(m mark) ([]byte, error) { return json.Marshal(m) },
		ReadEntry: func(data []byte) (m mark, err error) {
			err = json.Unmarshal(data, &m)
			return m, err
		},
	}
}

func parity(n int) string { return []string{"even/", "odd_/"}[n&1] }

func tallyDue(t tally) time.Time {
	if t.Total <= 0 {
		return time.Time{}
	}
	return began().Add(time.Duration(t.Total) * time.Hour)
}

// adds is the decision to count more things; each asks for a ring.
func adds(id tallyID, n int, words string) func(tally) (tallyOutcome, error) {
	return func(before tally) (tallyOutcome, error) {
		if before.Total+n < 0 {
			return tallyOutcome{}, errNegative
		}
		entry := mark{Seq: before.Marks + 1, Of: id, Add: n, Words: words}
		after := tallyKind().Fold(before, entry)
		return tallyOutcome{State: after, Entries: []mark{entry}, Effects: []ledger.Effect{ring{Tally: id, Mark: entry.Seq}}, NextDue: tallyDue(after)}, nil
	}
}

var errNegative = errors.New("there are not so many")

// ring is what is done for a mark: once each.
type ring struct {
	Tally tallyID `json:"tally"`
	Mark  uint64  `json:"mark"`
}

const kindRing ledger.EffectKind = "ring"

// Handling: once a mark.
func (r ring) Handling() ledger.Handling {
	lane := "tally/" + string(r.Tally)
	return ledger.Handling{
		Kind: kindRing, Medium: "bell", Of: r.Tally.ref(), Audience: ledger.ShownToNobody(),
		Key: fmt.Sprintf("%s/%d", lane, r.Mark), Lane: lane, Urgency: ledger.UrgencyUpdate,
	}
}

// effects writes and reads the effects of both kinds.
func effects(t testing.TB) *ledger.EffectCodec {
	t.Helper()
	codec, err := ledger.NewEffectCodec(append(registry.Effects(), ledger.EffectOf[ring]()))
	if err != nil {
		t.Fatal(err)
	}
	return codec
}
