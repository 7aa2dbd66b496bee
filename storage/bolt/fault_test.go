package bolt

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"os"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"go.etcd.io/bbolt"

	"muster/incident"
	"muster/storage"
)

// TestFilesThatCannotBeOpened: each gets its sentence, and stays as it is.
func TestFilesThatCannotBeOpened(t *testing.T) {
	tests := []struct {
		name   string
		want   error
		damage func(t *testing.T, path string)
	}{
		{"a text", storage.ErrForeign, func(t *testing.T, path string) { write(t, path, []byte("dear diary")) }},
		{"a long text", storage.ErrForeign, func(t *testing.T, path string) { write(t, path, bytes.Repeat([]byte("dear diary "), 10_000)) }},
		{"zeros", storage.ErrForeign, func(t *testing.T, path string) { write(t, path, make([]byte, 1<<20)) }},
		{"a bbolt file of another program", storage.ErrForeign, func(t *testing.T, path string) {
			db, err := bbolt.Open(path+".other", 0o600, nil)
			if err != nil {
				t.Fatal(err)
			}
			err = db.Update(func(tx *bbolt.Tx) error { _, err := tx.CreateBucket([]byte("theirs")); return err })
			if err := errors.Join(err, db.Close(), os.Rename(path+".other", path)); err != nil {
				t.Fatal(err)
			}
		}},
		{"cut off", storage.ErrDamaged, func(t *testing.T, path string) {
			_, meta := newestMeta(t, path)
			if err := os.Truncate(path, int64(meta.highWater-1)*meta.pageSize); err != nil {
				t.Fatal(err)
			}
		}},
		{"both meta pages broken", storage.ErrDamaged, func(t *testing.T, path string) {
			_, meta := newestMeta(t, path)
			change(t, path, 40, []byte("broken"))
			change(t, path, meta.pageSize+40, []byte("broken"))
		}},
		{"root page overwritten", storage.ErrDamaged, func(t *testing.T, path string) {
			_, meta := newestMeta(t, path)
			change(t, path, int64(meta.root)*meta.pageSize, bytes.Repeat([]byte{0xff}, int(meta.pageSize)))
		}},
		{"list of free pages overwritten", storage.ErrDamaged, func(t *testing.T, path string) {
			_, meta := newestMeta(t, path)
			change(t, path, int64(meta.freelist)*meta.pageSize, bytes.Repeat([]byte{0xff}, int(meta.pageSize)))
		}},
		{"a tree that leads back into itself", storage.ErrDamaged, func(t *testing.T, path string) {
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
		{"of a newer version", storage.ErrNewer, func(t *testing.T, path string) {
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
			_, err := open(t, path, Options{})
			if !errors.Is(err, tt.want) {
				t.Fatalf("got %v, want %v", err, tt.want)
			}
			if !strings.Contains(err.Error(), path) || strings.Contains(err.Error(), "\n") {
				t.Errorf("the sentence %q does not name the file in one line", err)
			}
			if !bytes.Equal(read(t, path), before) {
				t.Error("the file was changed")
			}
			if _, err := open(t, path, Options{}); errors.Is(err, storage.ErrLocked) {
				t.Error("the failed attempt kept the file locked")
			}
		})
	}
}

func TestLocked(t *testing.T) {
	path := filled(t, 1)
	s := mustOpen(t, path, Options{})
	if _, err := open(t, path, Options{LockWait: time.Millisecond}); !errors.Is(err, storage.ErrLocked) {
		t.Errorf("got %v, want %v", err, storage.ErrLocked)
	}
	if err := restoreTo(t, filled(t, 1), path); !errors.Is(err, storage.ErrLocked) {
		t.Errorf("restore: got %v, want %v", err, storage.ErrLocked)
	}
	if _, err := s.Get(context.Background(), "INC-1"); err != nil {
		t.Errorf("the first one: %v", err)
	}
}

func TestReadOnly(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("needs a folder that not even root may write to")
	}
	if _, err := open(t, "/sys/muster.db", Options{}); !errors.Is(err, storage.ErrReadOnly) {
		t.Errorf("got %v, want %v", err, storage.ErrReadOnly)
	}
	if err := explain(&os.PathError{Op: "open", Path: "x", Err: syscall.EROFS}); !errors.Is(err, storage.ErrReadOnly) {
		t.Errorf("a read-only file system: got %v, want %v", err, storage.ErrReadOnly)
	}
	if _, err := open(t, t.TempDir(), Options{}); !errors.Is(err, storage.ErrForeign) {
		t.Errorf("a folder: got %v, want %v", err, storage.ErrForeign)
	}
}

// TestTornCommit breaks the last meta page, as a power cut in the middle of its write does. The commit before it counts.
func TestTornCommit(t *testing.T) {
	path := filled(t, 3)
	offset, _ := newestMeta(t, path)
	change(t, path, offset+pageHeaderSize+48, []byte{1, 2, 3})
	s := mustOpen(t, path, Options{})
	if report, err := s.Check(context.Background()); err != nil || len(report.Problems) > 0 || report.Aggregates[incident.Aggregate] != 2 {
		t.Errorf("%d incidents, %v, %v; want the 2 of the commits before, and no problem", report.Aggregates[incident.Aggregate], report.Problems, err)
	}
	out, err := s.Create(context.Background(), "", declare(testPolicy(t), "Onwards"))
	if err != nil || out.State.ID != "INC-3" {
		t.Errorf("next: %s and %v, want INC-3", out.State.ID, err)
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
	if !errors.Is(err, storage.ErrFull) {
		t.Fatalf("got %v, want %v", err, storage.ErrFull)
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
	if report, err := s.Check(context.Background()); err != nil || len(report.Problems) > 0 {
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
	if _, err := s.Get(context.Background(), "INC-1"); !errors.Is(err, storage.ErrDamaged) {
		t.Errorf("get: got %v, want %v", err, storage.ErrDamaged)
	}
	if _, err := s.Apply(context.Background(), "INC-1", "", note(testPolicy(t), "x")); err == nil {
		t.Error("a command was acknowledged")
	}
	if report, err := s.Check(context.Background()); err == nil && len(report.Problems) == 0 {
		t.Error("the check found nothing")
	}
}
