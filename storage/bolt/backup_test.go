package bolt

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"muster/incident"
	"muster/storage"
)

func TestBackupAndRestore(t *testing.T) {
	ctx, policy := context.Background(), testPolicy(t)
	path := filled(t, 3)
	s := mustOpen(t, path, Options{})
	var copied bytes.Buffer
	err := s.Backup(ctx, writerFunc(func(data []byte) (int, error) {
		if copied.Len() == 0 { // somebody writes while it is copied
			if _, err := s.Create(ctx, "", declare(policy, "Meanwhile")); err != nil {
				return 0, err
			}
		}
		return copied.Write(data)
	}))
	if err != nil {
		t.Fatal(err)
	}
	backup := writeTemp(t, copied.Bytes())
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	replaced := read(t, path)
	for range 2 {
		if err := restoreTo(t, backup, path); err != nil {
			t.Fatal(err)
		}
	}
	s = mustOpen(t, path, Options{})
	if report, err := s.Check(ctx); err != nil || len(report.Problems) > 0 || report.Aggregates[incident.Aggregate] != 3 {
		t.Errorf("restored: %+v and %v, want the 3 incidents of before", report, err)
	}
	if !bytes.Equal(read(t, path+replacedCopy), replaced) {
		t.Error("the replaced file is not kept as it was")
	}
	names, err := filepath.Glob(path + "*")
	if err != nil || len(names) != 3 {
		t.Errorf("left behind: %v, want the store and the two it replaced", names)
	}
}

type writerFunc func([]byte) (int, error)

func (f writerFunc) Write(data []byte) (int, error) { return f(data) }

func TestBackupIsCanceled(t *testing.T) {
	s := mustOpen(t, filled(t, 1), Options{})
	ctx, cancel := context.WithCancel(context.Background())
	err := s.Backup(ctx, writerFunc(func(data []byte) (int, error) {
		cancel()
		return len(data), nil
	}))
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want %v", err, context.Canceled)
	}
}

func TestRestoreIntoNothing(t *testing.T) {
	to := filepath.Join(t.TempDir(), "new", "muster.db")
	if err := restoreTo(t, filled(t, 2), to); err != nil {
		t.Fatal(err)
	}
	s := mustOpen(t, to, Options{})
	if _, err := s.Get(context.Background(), "INC-2"); err != nil {
		t.Error(err)
	}
}

func TestRestoreOfADamagedFileIsFine(t *testing.T) {
	path := filled(t, 1)
	write(t, path, []byte("what a disk may do"))
	if err := restoreTo(t, filled(t, 2), path); err != nil {
		t.Error(err)
	}
}

// TestBadBackups: none of them replaces a store.
func TestBadBackups(t *testing.T) {
	good := read(t, filled(t, 30))
	_, meta := newestMeta(t, writeTemp(t, good))
	good = good[:int64(meta.highWater)*meta.pageSize]
	damaged := bytes.Clone(good)
	copy(damaged[len(damaged)/2:], bytes.Repeat([]byte("damage"), 2000))
	for name, tt := range map[string]struct {
		data []byte
		want error
	}{
		"empty":    {nil, storage.ErrForeign},
		"a text":   {[]byte("dear diary"), storage.ErrForeign},
		"cut off":  {good[:len(good)/2], storage.ErrDamaged},
		"damaged":  {damaged, storage.ErrDamaged},
		"no tail":  {good[:len(good)-1], storage.ErrDamaged},
		"only one": {good[:100], nil},
	} {
		t.Run(name, func(t *testing.T) {
			path := filled(t, 1)
			before := read(t, path)
			err := restoreTo(t, writeTemp(t, tt.data), path)
			if err == nil || (tt.want != nil && !errors.Is(err, tt.want)) {
				t.Errorf("got %v, want %v", err, tt.want)
			}
			if !bytes.Equal(read(t, path), before) {
				t.Error("the store was changed")
			}
			if names, _ := filepath.Glob(path + "*"); len(names) != 1 {
				t.Errorf("left behind: %v", names)
			}
		})
	}
	if err := restoreTo(t, filepath.Join(t.TempDir(), "missing"), filled(t, 1)); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a missing backup: got %v, want %v", err, os.ErrNotExist)
	}
}
