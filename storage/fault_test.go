package storage

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/robfig/cron/v3"
	"go.etcd.io/bbolt"

	"muster/incident"
)

func testPolicy(t testing.TB) *incident.Policy {
	t.Helper()
	policy := incident.DefaultPolicy()
	if err := policy.Compile(func(spec string) (incident.Schedule, error) { return cron.ParseStandard(spec) }); err != nil {
		t.Fatal(err)
	}
	return policy
}

func declare(policy *incident.Policy, title string) func(incident.ID) (incident.Outcome, error) {
	return func(id incident.ID) (incident.Outcome, error) {
		actor := incident.Actor{ID: "U0ALICE", Kind: incident.Person}
		return incident.Step(incident.Incident{}, id, incident.Declare{Title: title, Severity: "sev1"}, actor, time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC), policy)
	}
}

func note(policy *incident.Policy, text string) FollowUp {
	return func(current incident.Incident) (incident.Outcome, error) {
		actor := incident.Actor{ID: "U0ALICE", Kind: incident.Person}
		return incident.Step(current, current.ID, incident.AddNote{Text: text}, actor, time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC), policy)
	}
}

func mustOpen(t testing.TB, path string, options Options) *Store {
	t.Helper()
	s, err := Open(path, options)
	if err != nil {
		t.Fatalf("open: %v", err)
	}
	t.Cleanup(func() { _ = s.Close() }) // a test that means to close it looks at the error itself
	return s
}

// filled is the path of a closed store with some incidents in it.
func filled(t testing.TB, incidents int) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "muster.db")
	s := mustOpen(t, path, Options{})
	policy := testPolicy(t)
	for i := range incidents {
		if _, err := s.Create(context.Background(), fmt.Sprintf("cmd/%d", i), declare(policy, fmt.Sprintf("Outage %d", i))); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

// change writes bytes into a file.
func change(t testing.TB, path string, offset int64, data []byte) {
	t.Helper()
	file, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := file.WriteAt(data, offset); err != nil {
		t.Fatal(err)
	}
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
}

func newestMeta(t testing.TB, path string) (offset int64, meta metaPage) {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	meta = metas(file)[0]
	return int64(meta.txid%2) * meta.pageSize, meta
}

// TestFilesThatCannotBeOpened: each gets its sentence, and stays as it is.
func TestFilesThatCannotBeOpened(t *testing.T) {
	tests := []struct {
		name   string
		want   error
		damage func(t *testing.T, path string)
	}{
		{"a text", ErrForeign, func(t *testing.T, path string) { write(t, path, []byte("dear diary")) }},
		{"a long text", ErrForeign, func(t *testing.T, path string) { write(t, path, bytes.Repeat([]byte("dear diary "), 10_000)) }},
		{"zeros", ErrForeign, func(t *testing.T, path string) { write(t, path, make([]byte, 1<<20)) }},
		{"a bbolt file of another program", ErrForeign, func(t *testing.T, path string) {
			db, err := bbolt.Open(path+".other", 0o600, nil)
			if err != nil {
				t.Fatal(err)
			}
			err = db.Update(func(tx *bbolt.Tx) error { _, err := tx.CreateBucket([]byte("theirs")); return err })
			if err := errors.Join(err, db.Close(), os.Rename(path+".other", path)); err != nil {
				t.Fatal(err)
			}
		}},
		{"cut off", ErrDamaged, func(t *testing.T, path string) {
			_, meta := newestMeta(t, path)
			if err := os.Truncate(path, int64(meta.highWater-1)*meta.pageSize); err != nil {
				t.Fatal(err)
			}
		}},
		{"both meta pages broken", ErrDamaged, func(t *testing.T, path string) {
			_, meta := newestMeta(t, path)
			change(t, path, 40, []byte("broken"))
			change(t, path, meta.pageSize+40, []byte("broken"))
		}},
		{"root page overwritten", ErrDamaged, func(t *testing.T, path string) {
			_, meta := newestMeta(t, path)
			change(t, path, int64(meta.root)*meta.pageSize, bytes.Repeat([]byte{0xff}, int(meta.pageSize)))
		}},
		{"list of free pages overwritten", ErrDamaged, func(t *testing.T, path string) {
			_, meta := newestMeta(t, path)
			change(t, path, int64(meta.freelist)*meta.pageSize, bytes.Repeat([]byte{0xff}, int(meta.pageSize)))
		}},
		{"a tree that leads back into itself", ErrDamaged, func(t *testing.T, path string) {
			data := read(t, path)
			_, meta := newestMeta(t, path)
			changed := 0
			for id := int64(2); id < int64(meta.highWater); id++ {
				at := id * meta.pageSize
				if binary.NativeEndian.Uint16(data[at+8:]) == pageBranch {
					change(t, path, at+pageHeaderSize+8, binary.NativeEndian.AppendUint64(nil, uint64(id)))
					changed++
				}
			}
			if changed == 0 {
				t.Fatal("the store has no branches yet")
			}
		}},
		{"of a newer version", ErrNewer, func(t *testing.T, path string) {
			s := mustOpen(t, path, Options{migrations: append(migrations(), migration{"tomorrow", func(*bbolt.Tx) error { return nil }})})
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			path := filled(t, 60)
			tt.damage(t, path)
			before := read(t, path)
			_, err := Open(path, Options{})
			if !errors.Is(err, tt.want) {
				t.Fatalf("got %v, want %v", err, tt.want)
			}
			if !strings.Contains(err.Error(), path) || strings.Contains(err.Error(), "\n") {
				t.Errorf("the sentence %q does not name the file in one line", err)
			}
			if !bytes.Equal(read(t, path), before) {
				t.Error("the file was changed")
			}
			if _, err := Open(path, Options{}); errors.Is(err, ErrLocked) {
				t.Error("the failed attempt kept the file locked")
			}
		})
	}
}

func write(t testing.TB, path string, data []byte) {
	t.Helper()
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
}

func read(t testing.TB, path string) []byte {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestLocked(t *testing.T) {
	path := filled(t, 1)
	s := mustOpen(t, path, Options{})
	if _, err := Open(path, Options{LockWait: time.Millisecond}); !errors.Is(err, ErrLocked) {
		t.Errorf("got %v, want %v", err, ErrLocked)
	}
	if err := Restore(filled(t, 1), path); !errors.Is(err, ErrLocked) {
		t.Errorf("restore: got %v, want %v", err, ErrLocked)
	}
	if _, err := s.Get(context.Background(), "INC-1"); err != nil {
		t.Errorf("the first one: %v", err)
	}
}

func TestReadOnly(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("needs a folder that not even root may write to")
	}
	if _, err := Open("/sys/muster.db", Options{}); !errors.Is(err, ErrReadOnly) {
		t.Errorf("got %v, want %v", err, ErrReadOnly)
	}
	if err := explain(&os.PathError{Op: "open", Path: "x", Err: syscall.EROFS}); !errors.Is(err, ErrReadOnly) {
		t.Errorf("a read-only file system: got %v, want %v", err, ErrReadOnly)
	}
	if _, err := Open(t.TempDir(), Options{}); !errors.Is(err, ErrForeign) {
		t.Errorf("a folder: got %v, want %v", err, ErrForeign)
	}
}

// TestTornCommit breaks the last meta page, as a power cut in the middle of its write does. The commit before it counts.
func TestTornCommit(t *testing.T) {
	path := filled(t, 3)
	offset, _ := newestMeta(t, path)
	change(t, path, offset+pageHeaderSize+48, []byte{1, 2, 3})
	s := mustOpen(t, path, Options{})
	if report, err := s.Check(context.Background(), testPolicy(t)); err != nil || len(report.Problems) > 0 || report.Incidents != 2 {
		t.Errorf("%d incidents, %v, %v; want the 2 of the commits before, and no problem", report.Incidents, report.Problems, err)
	}
	out, err := s.Create(context.Background(), "", declare(testPolicy(t), "Onwards"))
	if err != nil || out.Incident.ID != "INC-3" {
		t.Errorf("next: %s and %v, want INC-3", out.Incident.ID, err)
	}
}

// TestFullDisk fills the store up to its greatest size: nothing is kept of what was refused, all that was kept before can
// be read, and with room it goes on.
func TestFullDisk(t *testing.T) {
	path := filled(t, 3)
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	s := mustOpen(t, path, Options{maxSize: int(info.Size())})
	policy := testPolicy(t)
	err = s.db.Update(func(tx *bbolt.Tx) error { // most of the room is taken
		return tx.Bucket([]byte(bucketMeta)).Put([]byte("filler"), make([]byte, info.Size()-tx.Size()-200_000))
	})
	text := strings.Repeat("x", 900)
	kept := 0
	for ; err == nil; kept++ {
		_, err = s.Apply(context.Background(), "INC-1", "", note(policy, text))
	}
	kept--
	if !errors.Is(err, ErrFull) {
		t.Fatalf("got %v, want %v", err, ErrFull)
	}
	wantNotes(t, s, kept)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = mustOpen(t, path, Options{})
	wantNotes(t, s, kept)
	if _, err := s.Apply(context.Background(), "INC-1", "", note(policy, "room again")); err != nil {
		t.Fatal(err)
	}
	wantNotes(t, s, kept+1)
}

func wantNotes(t *testing.T, s *Store, want int) {
	t.Helper()
	in, err := s.Get(context.Background(), "INC-1")
	if err != nil || in.Notes != want {
		t.Errorf("%d notes and %v, want %d", in.Notes, err, want)
	}
	if report, err := s.Check(context.Background(), testPolicy(t)); err != nil || len(report.Problems) > 0 {
		t.Errorf("check: %v, %v", report.Problems, err)
	}
}

// TestCutWhileOpen takes the pages away from under an open store: an error, and no crash.
func TestCutWhileOpen(t *testing.T) {
	path := filled(t, 50)
	s := mustOpen(t, path, Options{})
	if err := os.Truncate(path, 2*int64(os.Getpagesize())); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Get(context.Background(), "INC-1"); !errors.Is(err, ErrDamaged) {
		t.Errorf("get: got %v, want %v", err, ErrDamaged)
	}
	if _, err := s.Apply(context.Background(), "INC-1", "", note(testPolicy(t), "x")); err == nil {
		t.Error("a command was acknowledged")
	}
	if report, err := s.Check(context.Background(), nil); err == nil && len(report.Problems) == 0 {
		t.Error("the check found nothing")
	}
}

// TestFailedWriteIsAlone: of calls that share a transaction, the one that cannot be written fails, and no other.
func TestFailedWriteIsAlone(t *testing.T) {
	s := mustOpen(t, filled(t, 1), Options{})
	policy := testPolicy(t)
	bad := func(current incident.Incident) (incident.Outcome, error) {
		out, err := note(policy, "bad")(current)
		out.Incident.Channel.ID = incident.ChannelID(strings.Repeat("C", 40_000)) // too long for a key
		return out, err
	}
	inside, leave := make(chan struct{}), make(chan struct{})
	errs := make(chan error, 3)
	go func() {
		_, err := s.Create(context.Background(), "", func(id incident.ID) (incident.Outcome, error) {
			close(inside)
			<-leave
			return declare(policy, "Busy")(id)
		})
		errs <- err
	}()
	<-inside
	for _, decide := range []FollowUp{note(policy, "a"), bad, note(policy, "b")} {
		go func() {
			_, err := s.Apply(context.Background(), "INC-1", "", decide)
			errs <- err
		}()
	}
	for len(waitingCalls(s)) < 3 {
		runtime.Gosched()
	}
	close(leave)
	failed := 0
	for range 4 {
		if err := <-errs; err != nil {
			failed++
		}
	}
	if in, err := s.Get(context.Background(), "INC-1"); failed != 1 || err != nil || in.Notes != 2 {
		t.Errorf("%d failed, %d notes and %v; want 1 and 2", failed, in.Notes, err)
	}
}

func waitingCalls(s *Store) []*request {
	s.writer.mu.Lock()
	defer s.writer.mu.Unlock()
	return s.writer.waiting
}

// TestUnknownCommit: after a write that may or may not have reached the disk, nothing more is written until a restart.
func TestUnknownCommit(t *testing.T) {
	s := mustOpen(t, filled(t, 1), Options{})
	cause := errors.New("input/output error")
	if err := s.writer.breakOn(cause); !errors.Is(err, ErrBroken) || !errors.Is(err, cause) {
		t.Fatalf("got %v", err)
	}
	if _, err := s.Apply(context.Background(), "INC-1", "", note(testPolicy(t), "x")); !errors.Is(err, ErrBroken) {
		t.Errorf("got %v, want %v", err, ErrBroken)
	}
	if _, err := s.Get(context.Background(), "INC-1"); err != nil {
		t.Errorf("reading goes on: %v", err)
	}
}

func TestClosed(t *testing.T) {
	s := mustOpen(t, filled(t, 1), Options{})
	for range 2 {
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := s.Apply(context.Background(), "INC-1", "", note(testPolicy(t), "x")); !errors.Is(err, ErrClosed) {
		t.Errorf("apply: got %v, want %v", err, ErrClosed)
	}
	if _, err := s.Get(context.Background(), "INC-1"); !errors.Is(err, ErrClosed) {
		t.Errorf("get: got %v, want %v", err, ErrClosed)
	}
}

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
		s, err := Open(path, Options{})
		if err != nil {
			return
		}
		defer s.Close()
		ctx := context.Background()
		_, _ = s.Check(ctx, policy) // whatever they answer, they come back
		_, _ = s.List(ctx, incident.Query{AllSeen: true, Scope: incident.ScopeAll})
		_, _ = s.Apply(ctx, "INC-1", "once", note(policy, "x"))
		_, _ = s.Claim(ctx, time.Now(), 10)
		_, _ = s.Timeline(ctx, "INC-2", 0, 0)
		_ = s.Reindex(ctx, policy)
	})
}

func writeTemp(t testing.TB, data []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "muster.db")
	write(t, path, data)
	return path
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
			return errors.Join(tx.Bucket([]byte(bucketIncidents)).Put(numberKey(1), snapshot), tx.Bucket([]byte(bucketJobs)).Put(numberKey(1), job),
				tx.Bucket([]byte(bucketTimeline)).Put(entryKey(2, 1), entry), tx.Bucket([]byte(bucketSeen)).Put([]byte("cmd/0"), entry),
				tx.Bucket([]byte(bucketDueOf)).Put(numberKey(1), job))
		})
		if err := errors.Join(err, s.Close()); err != nil {
			t.Fatal(err)
		}
		s = mustOpen(t, path, Options{})
		ctx := context.Background()
		if _, err := s.Check(ctx, policy); err != nil {
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

// TestUnreadableJob: set aside and told, and performed by whoever can read it.
func TestUnreadableJob(t *testing.T) {
	ctx := context.Background()
	path := filled(t, 1)
	s := mustOpen(t, path, Options{})
	record := []byte(`{"effect":{"kind":"fax_someone","effect":{"of":"INC-1"}},"created_at":"2026-11-02T09:00:00Z"}`)
	err := s.db.Update(func(tx *bbolt.Tx) error {
		return tx.Bucket([]byte(bucketJobs)).Put(binary.BigEndian.AppendUint64(nil, 1), record)
	})
	if err := errors.Join(err, s.Close()); err != nil {
		t.Fatal(err)
	}
	s = mustOpen(t, path, Options{})
	jobs, err := s.Unreadable(ctx)
	if err != nil || len(jobs) != 1 || jobs[0].Effect.Handling().Kind != "fax_someone" || !strings.Contains(jobs[0].LastError, "fax_someone") || !jobs[0].Failed {
		t.Fatalf("unreadable: %+v and %v", jobs, err)
	}
	for _, job := range s.queue.claim(time.Now(), 100) {
		if job.ID == jobs[0].ID {
			t.Error("it was claimed")
		}
	}
	if err := s.Requeue(ctx, jobs[0].ID); err == nil {
		t.Error("it was requeued")
	}
	if report, err := s.Check(ctx, nil); err != nil || len(report.Problems) != 1 || !strings.Contains(report.Problems[0], "job 1 ") {
		t.Errorf("check: %v and %v, want one problem with job 1", report.Problems, err)
	}
	err = s.db.View(func(tx *bbolt.Tx) error {
		if got := tx.Bucket([]byte(bucketJobs)).Get(numberKey(1)); !bytes.Equal(got, record) {
			return fmt.Errorf("the record became %s", got)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
	if err := s.Discard(ctx, jobs[0].ID); err != nil {
		t.Error(err)
	}
}
