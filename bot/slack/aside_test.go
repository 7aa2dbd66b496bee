package slack_test

import (
	"encoding/binary"
	"path/filepath"
	"testing"

	"go.etcd.io/bbolt"

	"muster/bot/slacksim"
)

// A newer version of Muster has left something to do that this one has never heard of. The people of the incident are told, the
// bot goes on, and the button says what to do instead.
func TestWhatAnotherVersionLeft(t *testing.T) {
	inHouse(t, setup{rough: true}, func(h *house) {
		in := h.declared("sev1 Checkout is down")
		h.stop()
		db, err := bbolt.Open(filepath.Join(h.dir, "muster.db"), 0o600, nil)
		if err != nil {
			t.Fatal(err)
		}
		for job, record := range map[uint64]string{
			1000: `{"of":{"aggregate":"incident","id":"INC-1"},"effect":{"kind":"fax_someone","effect":{"of":"INC-1"}},"created_at":"2026-11-02T09:00:00Z"}`,
			1001: `{"of":{"aggregate":"incident","id":"INC-99"},"effect":{"kind":"fax_someone","effect":{"of":"INC-99"}},"created_at":"2026-11-02T09:00:00Z"}`,
			1002: `no record at all`,
		} {
			err := db.Update(func(tx *bbolt.Tx) error {
				return tx.Bucket([]byte("jobs")).Put(binary.BigEndian.AppendUint64(nil, job), []byte(record))
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
		alice := h.person("alice")
		for range 2 { // told once, however often it starts
			h.start()
			h.settle()
			told := alice.SeesAll(slacksim.Inside(in.Channel.Name), slacksim.Says("I could not fax someone. Another version of Muster left it"), slacksim.WithButton("Retry"))
			if len(told) != 2 { // in words, and on the card
				t.Fatalf("%d messages tell of it, want the card and one more", len(told))
			}
			h.stop()
		}
		h.start()
		h.reads("retry", alice.types(in.Channel.Name, "/incident retry"), "Run the version that wrote it")
		if troubles := h.get(in.ID).Troubles; len(troubles) != 1 {
			t.Errorf("troubles: %+v, want the one", troubles)
		}
	})
}
