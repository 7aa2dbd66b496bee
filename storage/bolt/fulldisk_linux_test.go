package bolt

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"muster/storage"
)

// TestFullFileSystem fills a real file system under an open store. Once there is room again it goes on without a restart.
func TestFullFileSystem(t *testing.T) {
	folder := t.TempDir()
	if err := syscall.Mount("tmpfs", folder, "tmpfs", 0, "size=4m"); err != nil {
		t.Skipf("a small file system cannot be mounted here (%v)", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(folder, syscall.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	s := mustOpen(t, filepath.Join(folder, "muster.db"), Options{})
	t.Cleanup(func() { _ = s.Close() }) // before the unmounting
	policy := testPolicy(t)
	if _, err := s.Create(context.Background(), "", declare(policy, "Full disk")); err != nil {
		t.Fatal(err)
	}
	filler := filepath.Join(folder, "filler")
	if err := os.WriteFile(filler, make([]byte, 8<<20), 0o600); !errors.Is(err, syscall.ENOSPC) {
		t.Fatalf("filling the file system: got %v, want %v", err, syscall.ENOSPC)
	}
	kept := 0
	var err error
	for ; err == nil && kept < 10_000; kept++ {
		_, err = s.Apply(context.Background(), "INC-1", "", note(policy, strings.Repeat("x", 900)))
	}
	kept--
	if !errors.Is(err, storage.ErrFull) {
		t.Fatalf("got %v, want %v", err, storage.ErrFull)
	}
	wantNotes(t, s, kept)
	if err := os.Remove(filler); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Apply(context.Background(), "INC-1", "", note(policy, "room again")); err != nil {
		t.Fatal(err)
	}
	wantNotes(t, s, kept+1)
}
