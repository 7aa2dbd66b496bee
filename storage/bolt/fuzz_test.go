package bolt

import (
	"bytes"
	"context"
	"errors"
	"testing"
	"time"

	"go.etcd.io/bbolt"

	"muster/incident"
	"muster/storage/keys"
)

// FuzzDamagedFile changes bytes of a good file: whatever comes of it, nothing crashes.
func FuzzDamagedFile(f *testing.F) {
	good := read(f, filled(f, 20))
	_, meta := newestMeta(f, writeTemp(f, good))
	size := int(meta.highWater) * int(meta.pageSize)
	good = good[:size]
	policy := testPolicy(f)
	f.Add(uint32(16), []byte{0, 0, 0, 0}, uint32(0))
	f.Add(uint32(5*4096+10), []byte{0xff, 0xff}, uint32(0))
	f.Add(uint32(7*4096+16), []byte{0xff, 0xff, 0xff, 0x7f}, uint32(0))
	f.Add(uint32(0), []byte{}, uint32(5000))
	f.Fuzz(func(t *testing.T, offset uint32, data []byte, cut uint32) {
		bad := bytes.Clone(good)
		copy(bad[int(offset)%len(bad):], data)
		bad = bad[:len(bad)-int(cut)%len(bad)]
		path := writeTemp(t, bad)
		s, err := open(t, path, Options{})
		if err != nil {
			return
		}
		defer s.Close()
		ctx := context.Background()
		_, _ = s.Check(ctx) // whatever they answer, they come back
		_, _ = s.List(ctx, incident.Query{AllSeen: true, Scope: incident.ScopeAll})
		_, _ = s.Apply(ctx, "INC-1", "once", note(policy, "x"))
		_, _ = s.Claim(ctx, time.Now(), 10)
		_, _ = s.Timeline(ctx, "INC-2", 0, 0)
		_ = s.Reindex(ctx)
	})
}

// FuzzRecords puts foreign bytes in place of records, as another version or a bad disk would.
func FuzzRecords(f *testing.F) {
	f.Add([]byte(`{"id":"INC-1"}`), []byte(`{"effect":{"kind":"fax_someone","effect":{}},"attempt":3}`), []byte(`{"seq":1,"kind":"sneezed","event":{}}`))
	f.Add([]byte(`null`), []byte(`[]`), []byte(`{`))
	f.Add([]byte(`{"id":"INC-1","roles":7}`), []byte(`{"effect":{"kind":"draw_card","effect":[]}}`), []byte(`{"seq":"x"}`))
	good := read(f, filled(f, 2))
	policy := testPolicy(f)
	f.Fuzz(func(t *testing.T, snapshot, job, entry []byte) {
		path := writeTemp(t, good)
		s := mustOpen(t, path, Options{})
		err := s.db.Update(func(tx *bbolt.Tx) error {
			return errors.Join(inTx(tx, "incident/incidents").Put(keys.Number(1), snapshot), tx.Bucket([]byte(bucketJobs)).Put(keys.Number(1), job),
				inTx(tx, "incident/timeline").Put(append(keys.Number(2), keys.Number(1)...), entry), tx.Bucket([]byte(bucketSeen)).Put([]byte("cmd/0"), entry),
				tx.Bucket([]byte(bucketDueOf)).Put(append(keys.AppendText(nil, "incident"), keys.Number(1)...), job))
		})
		if err := errors.Join(err, s.Close()); err != nil {
			t.Fatal(err)
		}
		s = mustOpen(t, path, Options{})
		ctx := context.Background()
		if _, err := s.Check(ctx); err != nil {
			t.Errorf("check: %v", err)
		}
		if _, err := s.List(ctx, incident.Query{AllSeen: true}); err != nil {
			t.Errorf("list: %v", err)
		}
		_, _ = s.Apply(ctx, "INC-1", "cmd/0", note(policy, "x")) // may answer anything
		_, _ = s.Apply(ctx, "INC-2", "", note(policy, "x"))
		if _, err := s.Create(ctx, "", declare(policy, "Onwards")); err != nil {
			t.Errorf("create: %v", err)
		}
		for _, j := range s.queue.claim(time.Now().Add(1<<40), 100) {
			if _, err := s.Complete(ctx, j, nil); err != nil {
				t.Errorf("complete %d: %v", j.ID, err)
			}
		}
	})
}
